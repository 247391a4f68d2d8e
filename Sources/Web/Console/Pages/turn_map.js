// Black spots: right turns and blind-spot alarms as a heat map, with the worst cells as a list that can be driven to.

import { byID, h, keepingFocus } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { get } from '/app/api.js';
import { addDays, dayOf, number, percent } from '/app/format.js';
import { Registers } from '/app/registers.js';
import { field, form, say, startPage } from '/app/desk.js';

const most = 5000; // cells that are asked for
const listed = 30;
const measures = [
  ['without_working_camera', 'turnsBlind'], ['turns', 'turnsAll'], ['too_fast', 'turnsFast'],
  ['bsd_alarms', 'turnsAlarms'],
];
const columns = [['turns', 'turnsAll'], ['without_working_camera', 'turnsNoCamera'], ['camera_unknown', 'turnsUnknown'],
  ['too_fast', 'turnsTooFast'], ['bsd_alarms', 'turnsAlarmsShort']];

const registers = new Registers();
const asked = new URLSearchParams(location.search);
const today = dayOf(Date.now());
const state = {
  from: asked.get('from') ?? addDays(today, -364), to: asked.get('to') ?? today, measure: measures[0][0], cells: null,
  coverage: null,
};
let map = null;

startPage('/safety', draw);
registers.load().catch(() => {});
load();
makeMap();

async function load() {
  try {
    const found = await get('/api/v1/safety/right-turns', { from: state.from, to: state.to, limit: most });
    state.coverage = found.turn_coverage;
    state.cells = found.features.map(({ geometry: { coordinates: [lon, lat] }, properties }) => ({
      key: `${lat.toFixed(4)}, ${lon.toFixed(4)}`, at: [lat, lon], ...properties,
    }));
    // What there is, where nothing was without a camera.
    if (!spots().length) state.measure = measures.find(([name]) => spots(name).length)?.[0] ?? state.measure;
    say('');
  } catch (error) {
    say(error.message);
  }
  keepingFocus(draw);
}

/** The cells that have any of the measure, most first. */
function spots(measure = state.measure) {
  return (state.cells ?? []).filter((cell) => cell[measure] > 0).sort((one, other) => other[measure] - one[measure]);
}

function draw() {
  const focused = document.activeElement?.dataset?.measure;
  const found = spots();
  byID('list').replaceChildren(
    h('h2', { class: 'page-title' }, t('turnMapTitle')),
    h('p', { class: 'lead' }, t('turnMapLead'), h('br'), `${t('turnMapCoverage')} ${coverage()}`,
      state.cells?.length === most ? ` · ${t('turnMapCut')}` : null),
    period(), choice(), table(found));
  if (focused) document.querySelector(`[data-measure="${focused}"]`)?.focus();
  map?.show(found.map((cell) => ({ at: cell.at, value: cell[state.measure] })), ranked(found));
}

function coverage() {
  return state.coverage === null ? '—' : percent(state.coverage);
}

function ranked(found) {
  const what = t(measures.find(([name]) => name === state.measure)[1]);
  return found.slice(0, listed).map((cell, index) => ({
    key: cell.key, rank: index + 1, at: cell.at, name: `#${index + 1} ${what} ${number(cell[state.measure])}`,
  }));
}

function period() {
  const day = (name, key) => field(t(key), h('input', { type: 'date', name, required: true, value: state[name] }));
  return h('section', { class: 'card' }, form({ class: 'act-line' }, async (values) => {
    Object.assign(state, { from: values.from, to: values.to });
    history.replaceState(null, '', `?${new URLSearchParams({ from: state.from, to: state.to })}`);
    await load();
  }, day('from', 'turnsFrom'), day('to', 'turnsTo'),
  h('button', { type: 'submit', class: 'plain-button' }, t('turnsShow'))));
}

function choice() {
  return h('div', { class: 'filters', role: 'group' }, measures.map(([name, key]) => h('button', {
    type: 'button', class: 'filter', 'aria-pressed': String(state.measure === name), 'data-measure': name,
    onclick: () => {
      state.measure = name;
      draw();
    },
  }, t(key))));
}

function table(found) {
  if (!state.cells) return '';
  if (!found.length) return h('p', { class: 'empty' }, t('turnsNone'));
  const heads = [t('turnsPlace'), ...columns.map(([, key]) => t(key))];
  return h('section', { class: 'card' }, h('div', { class: 'scroll' }, h('table', { class: 'stacking' },
    h('thead', {}, h('tr', {}, heads.map((head) => h('th', {}, head)))),
    h('tbody', {}, found.slice(0, listed).map((cell, index) => h('tr', { 'data-key': cell.key },
      h('td', { 'data-head': heads[0] }, h('button', {
        type: 'button', class: 'quick', onclick: () => map?.mark(cell.key, true),
      }, `#${index + 1} ${cell.key}`)),
      columns.map(([name], place) => h('td', { 'data-head': heads[place + 1] }, number(cell[name])))))))));
}

/** The list must do where Leaflet is missing. */
async function makeMap() {
  try {
    const { makeHeatMap } = await import('/app/turn_heat.js');
    map = await makeHeatMap(byID('map'), registers, (key) => {
      const row = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      row?.scrollIntoView({ block: 'center' });
      row?.querySelector('button')?.focus({ preventScroll: true });
    });
  } catch (error) {
    console.warn(error);
    byID('map-side').remove();
    return;
  }
  for (const event of ['focusin', 'mouseover']) {
    byID('list').addEventListener(event, ({ target }) => {
      const key = target.closest('[data-key]')?.dataset.key;
      if (key) map.mark(key);
    });
  }
  draw();
}
