// The queue: suspicious deliveries and suspected plants, ranked, with why and why not; and how often rules were right.

import { byID, h, roveWithArrows } from '/app/dom.js';
import { language, ruleName, t } from '/app/i18n.js';
import { get, getAll } from '/app/api.js';
import { clockWithSeconds, number, percent } from '/app/format.js';
import { Registers } from '/app/registers.js';
import { may, session } from '/app/session.js';
import { say, startPage } from '/app/desk.js';
import { deliveryCard } from '/app/queue_delivery.js';
import { QueueFilter } from '/app/queue_filter.js';
import { suspectCard } from '/app/queue_suspect.js';

const known = await session;
const registers = new Registers();
const tabs = [['deliveries', 'queueDeliveries'], ['suspects', 'queueSuspects'], ['rules', 'queueRules']]
  .filter(([name]) => name !== 'suspects' || may(known, 'suspects.read'));
let map = null;
// A case links to a suspected plant by its id.
const wanted = decodeURIComponent(location.hash.slice(1));
const state = { tab: wanted ? 'suspects' : 'deliveries', items: [], next: null, suspects: [], rules: [], at: null };
const filter = new QueueFilter(location.search, () => load());
const parts = {};
// Two filters set one after the other: the answer to the first must not stand as that to the second.
let newest = 0;

startPage('/queue', draw);
registers.on('changed', draw);
registers.load().catch(() => {});
load();
makeMap();

async function load(after) {
  const mine = ++newest;
  const { decided } = filter;
  try {
    const page = await get('/api/v1/queue', { ...filter.parameters, limit: 50, after });
    const rules = (await get('/api/v1/rules/precision')).items;
    const suspects = may(known, 'suspects.read')
      ? await getAll('/api/v1/suspected-plants', decided === 'open' ? { status: 'open' } : {}) : [];
    if (mine !== newest) return;
    filter.learn(page.items);
    // One that has fallen in rank since the page before stands where it is now.
    const ids = new Set(page.items.map((item) => item.delivery.delivery_id));
    state.items = [...(after ? state.items.filter((item) => !ids.has(item.delivery.delivery_id)) : []), ...page.items];
    state.next = page.next;
    state.rules = rules;
    state.suspects = decided === 'open'
      ? suspects : suspects.filter((one) => ['confirmed', 'dismissed'].includes(one.status));
    state.at = Date.now();
    say('');
  } catch (error) {
    if (mine !== newest) return;
    say(error.message);
  }
  draw();
  if (!wanted || after || byID(wanted)) {
    byID(wanted)?.scrollIntoView();
  } else if (filter.decided === 'open') {
    filter.decided = 'decided';
    load();
  }
}

function draw() {
  const counts = { deliveries: state.items.length + (state.next ? '+' : ''), suspects: state.suspects.length };
  const list = h('div', { class: 'tabs', role: 'tablist' }, tabs.map(([name, key]) => h('button', {
    type: 'button', role: 'tab', id: `tab-${name}`, 'aria-selected': String(state.tab === name),
    tabindex: state.tab === name ? 0 : -1, onclick: () => show(name), 'data-tab': name,
  }, t(key), counts[name] === undefined ? null : h('b', { class: 'badge' }, String(counts[name])))));
  roveWithArrows(list, '[role=tab]');
  const focused = document.activeElement?.dataset?.tab;
  if (language() !== parts.language) build();
  parts.head.replaceChildren(
    h('h2', { class: 'page-title' }, t('queueTitle')), h('p', { class: 'lead' }, t('queueLead')), freshness(), list);
  parts.filter.hidden = state.tab === 'rules';
  filter.update(state.tab === 'deliveries');
  parts.panel.setAttribute('aria-labelledby', `tab-${state.tab}`);
  parts.panel.replaceChildren(...content());
  if (focused) byID(`tab-${focused}`)?.focus();
  if (byID('map-side')) byID('map-side').hidden = state.tab === 'rules';
  map?.show(places());
}

/** What is drawn again leaves the filter alone, which somebody may be typing into. */
function build() {
  Object.assign(parts, {
    language: language(), head: h('div'), filter: h('div', { class: 'queue-filter' }), panel: h('div', { role: 'tabpanel' }),
  });
  filter.build(parts.filter);
  byID('list').replaceChildren(parts.head, parts.filter, parts.panel);
}

/** The list must do where Leaflet is missing. */
async function makeMap() {
  try {
    const { makeQueueMap } = await import('/app/queue_map.js');
    map = await makeQueueMap(byID('map'), registers, (key) => {
      const card = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      card?.scrollIntoView({ block: 'center' });
      (card?.querySelector('a') ?? card)?.focus({ preventScroll: true });
    });
  } catch (error) {
    console.warn(error);
    byID('map-side').remove();
    return;
  }
  for (const event of ['focusin', 'mouseover']) {
    byID('list').addEventListener(event, ({ target }) => map.mark(target.closest('.queued')?.dataset.key));
  }
  map.show(places());
}

/** Where the items of the list are: a delivery at the end that is in no register, else where it was unloaded. */
function places() {
  if (state.tab === 'suspects') {
    return state.suspects.map((one, index) => ({
      key: one.suspected_plant_id, rank: index + 1, name: one.suspected_plant_id, at: [one.lat, one.lon], from: null,
    }));
  }
  return state.items.flatMap(({ delivery }, index) => {
    const end = (name) => (delivery[`${name}_lat`] === null ? null : [delivery[`${name}_lat`], delivery[`${name}_lon`]]);
    const isOddOrigin = ['unknown', 'suspected_plant'].includes(delivery.origin_kind) && end('origin');
    const [at, from] = isOddOrigin ? [end('origin'), end('destination')] : [end('destination'), end('origin')];
    return at
      ? [{ key: delivery.delivery_id, rank: index + 1, name: delivery.plate ?? delivery.terminal, at, from }] : [];
  });
}

function show(name) {
  state.tab = name;
  draw();
  byID(`tab-${name}`).focus();
}

/** The list is of the moment at which it was read. */
function freshness() {
  return h('p', { class: 'small as-of' }, state.at ? `${t('dataAt')} ${clockWithSeconds(state.at)} ` : t('loading'),
    h('button', { type: 'button', class: 'quick', onclick: () => load() }, t('reload')));
}

function content() {
  if (state.tab === 'rules') return [precisionTable()];
  const cards = state.tab === 'deliveries'
    ? state.items.map((item, index) => deliveryCard(item, index + 1, registers))
    : state.suspects.map((one, index) => suspectCard(one, index + 1, may(known, 'suspects.change'), replaceSuspect));
  if (!cards.length) cards.push(h('p', { class: 'empty' }, t(filter.isNarrow && state.tab === 'deliveries' ? 'queueNone' : 'queueEmpty')));
  if (state.tab === 'deliveries' && state.next) {
    cards.push(h('button', { type: 'button', class: 'more', onclick: () => load(state.next) }, t('more')));
  }
  return cards;
}

function replaceSuspect(changed) {
  state.suspects = state.suspects.map((one) => (
    one.suspected_plant_id === changed.suspected_plant_id ? changed : one));
  draw();
}

function precisionTable() {
  const head = ['ruleName', 'upheld', 'dismissed', 'precision', 'interval95'];
  return h('section', { class: 'card' }, h('p', { class: 'small' }, t('precisionLong')),
    state.rules.length
      ? h('table', { class: 'stacking' },
        h('thead', {}, h('tr', {}, head.map((key) => h('th', {}, t(key))))),
        h('tbody', {}, state.rules.map((row) => h('tr', {}, [
          ruleName(row.rule), number(row.upheld), number(row.dismissed), percent(row.precision), intervalBar(row),
        ].map((cell, index) => h('td', { 'data-head': t(head[index]) }, cell))))))
      : h('p', { class: 'empty' }, t('precisionNone')));
}

/** The interval as a bar from 0 to 100 %, and in figures. */
function intervalBar(row) {
  const bar = h('span', { class: 'interval-bar', 'aria-hidden': 'true' }, h('span', {}));
  bar.firstChild.style.left = `${row.low_95 * 100}%`;
  bar.firstChild.style.width = `${Math.max(1, (row.high_95 - row.low_95) * 100)}%`;
  return h('span', { class: 'interval' }, bar, `${percent(row.low_95)} – ${percent(row.high_95)}`);
}
