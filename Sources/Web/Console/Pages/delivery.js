// The page of one delivery: map with trail and the fences as they were, timeline with playback, what the rules say, the
// registers as they were, what to check, and what is decided.

import { byID, focusOn, h, keepingFocus } from '/app/dom.js';
import { ofBoth, onLanguage, t } from '/app/i18n.js';
import { delivery as readDelivery, get, getAll } from '/app/api.js';
import { iso } from '/app/format.js';
import { Registers } from '/app/registers.js';
import { look, trail as readTrail } from '/app/purpose.js';
import { change, may, session } from '/app/session.js';
import { deliveryDetails } from '/app/details.js';
import { evidenceForm } from '/app/evidence.js';
import { decisionPanel } from '/app/decisions.js';
import { registerState } from '/app/register_state.js';
import { startPage, say } from '/app/desk.js';
import { supersededNotice } from '/app/superseded.js';
import { Timeline } from '/app/timeline.js';
import { makeScene } from '/app/scene.js';

const id = decodeURIComponent(location.pathname.split('/').at(-1));
const address = `/api/v1/deliveries/${encodeURIComponent(id)}`;
const registers = new Registers();
const state = { delivery: null, timeline: null, trail: null, decisions: [], cases: [], isLooking: false };
const known = await session;
const timeline = new Timeline(byID('timeline'));
let scene = null;

startPage('/queue', draw);
onLanguage(() => timeline.draw());
registers.on('changed', draw);
await load();

async function load() {
  try {
    state.delivery = await readDelivery(id);
    state.decisions = (await get(`${address}/decisions`)).items;
    if (may(known, 'cases.read')) state.cases = await openCases();
  } catch (error) {
    byID('findings').replaceChildren(h('p', { class: 'empty' }, `${t('failedOnce')} ${error.message}`));
    return;
  }
  draw();
  try {
    scene = await makeScene(byID('map'), registers);
  } catch (error) {
    console.warn(error);
  }
  // The fences as they were when the truck was loaded; the map draws them once they are there.
  registers.load(Date.parse(state.delivery.load_end ?? state.delivery.unload_start)).catch(() => {});
  await lookAtTrail();
}

/** The cases that something can still be put into, however many there are. */
async function openCases() {
  return (await getAll('/api/v1/cases')).filter((one) => !['closed', 'withdrawn'].includes(one.status));
}

/** Where the truck was is shown for a purpose that is logged; without one the rest of the page still stands. */
async function lookAtTrail() {
  state.isLooking = true;
  draw();
  try {
    state.timeline = await look(`${address}/timeline`);
    state.trail = await readTrail(state.delivery.terminal, iso(Date.parse(state.timeline.from)), iso(Date.parse(state.timeline.to)));
    scene?.show(state.trail, state.delivery);
    timeline.show(state.trail.properties, state.timeline, state.delivery, (moment) => scene?.moveTo(moment));
  } catch (error) {
    say(error.message);
  }
  state.isLooking = false;
  draw();
  // The form that asked for the purpose is gone, and so is the button that led to it.
  if (known.access !== 'open' && document.activeElement === document.body) focusOn(heading());
}

function heading() {
  return byID('findings').querySelector('h2, h3');
}

async function decide(body) {
  state.decisions = (await change(`${address}/decisions`, body)).items;
  if (may(known, 'cases.read')) state.cases = await openCases();
  say(t('done'), true);
  draw();
  // The buttons are others now: what was decided has the focus.
  focusOn([...byID('findings').querySelectorAll('.decided')].at(-1));
}

function draw() {
  const { delivery } = state;
  if (!delivery) return;
  const mayDecide = may(known, 'suspicions.change');
  const box = byID('findings');
  const top = box.scrollTop;
  const typed = box.querySelector('textarea')?.value ?? '';
  const hadFocus = box.contains(document.activeElement);
  keepingFocus(() => box.replaceChildren(...[
    h('a', { class: 'back', href: '/queue' }, `‹ ${t('toQueue')}`),
    supersededNotice(delivery),
    ...deliveryDetails(delivery, registers),
    ...decisionPanel(state.decisions, { mayDecide, cases: state.cases, send: decide }),
    ...registerState(delivery, registers, state.timeline),
    state.timeline ? h('h3', {}, t('checks')) : null,
    state.timeline ? h('ul', { class: 'checks' }, state.timeline.checks.map((check) => h('li', {}, ofBoth(check)))) : null,
    state.timeline || state.isLooking ? null
      : h('button', { type: 'button', class: 'more', onclick: lookAtTrail }, t('lookAgain')),
    state.isLooking ? h('p', { class: 'trail-line', role: 'status' }, t('looking')) : null,
    may(known, 'evidence.read') ? evidenceForm(delivery) : null,
  ].filter(Boolean)));
  if (hadFocus && !box.contains(document.activeElement)) focusOn(heading());
  if (typed && box.querySelector('textarea')) box.querySelector('textarea').value = typed;
  box.scrollTop = top;
}
