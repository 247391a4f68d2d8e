// Rates of accidents, for those who read aggregates and nothing else: no truck, no person, no company.

import { byID, h } from '/app/dom.js';
import { ofBoth, t } from '/app/i18n.js';
import { get } from '/app/api.js';
import { number, percent } from '/app/format.js';
import { attempt, field, form, select, startPage } from '/app/desk.js';

const numerators = ['accidents', 'fatal_accidents', 'deaths_30d'];
const head = ['rateOf', 'rateCount', 'rateExposure', 'rateRate', 'rateRatio', 'coverage'];
const state = { year: '', baseline: '', per: 'vehicle_km', rows: null };

startPage('/rates', draw);
load();

/** One request a numerator: each has its own sentence and cautions. */
async function load() {
  await attempt(async () => {
    const { year, baseline, per } = state;
    const asked = { per, ...(year ? { year } : {}), ...(baseline ? { baseline } : {}) };
    const answers = await Promise.all(numerators.map((numerator) => get('/api/v1/safety/rates', { ...asked, numerator })));
    state.rows = answers.map(({ items }, index) => ({ numerator: numerators[index], row: items[0] })).filter(({ row }) => row);
  });
  draw();
}

function draw() {
  byID('main').replaceChildren(
    h('h2', { class: 'page-title' }, t('ratesTitle')), h('p', { class: 'lead' }, t('ratesLead')), choices(),
    h('section', { class: 'card' }, state.rows?.length ? table() : h('p', { class: 'empty' }, t(state.rows ? 'ratesNone' : 'loading'))));
}

function choices() {
  const year = (name, label) => field(t(label), h('input', {
    name, type: 'number', min: '1950', max: '9998', value: state[name], autocomplete: 'off',
  }));
  const per = select('per', ['vehicle_km', 'vehicles', 'volume_m3'].map((unit) => [unit, t(`per_${unit}`)]));
  per.value = state.per;
  return form({ class: 'find rates-find' }, async (values) => {
    Object.assign(state, values);
    await load();
    document.querySelector('form.find button')?.focus();
  }, year('year', 'rateYear'), year('baseline', 'rateBaseline'), field(t('ratePer'), per),
  h('button', { type: 'submit', class: 'plain-button' }, t('find')));
}

function table() {
  return [
    h('div', { class: 'scroll' }, h('table', { class: 'stacking' },
      h('thead', {}, h('tr', {}, head.map((key) => h('th', { scope: 'col' }, t(key))))),
      h('tbody', {}, state.rows.map(line)))),
    ...state.rows.map(({ numerator, row }) => h('div', { class: 'rate-said' },
      h('h3', {}, `${t(`rate_${numerator}`)} · ${row.period_from} – ${row.period_to}`),
      row.sentence ? h('p', {}, ofBoth(row.sentence)) : null,
      row.cautions?.length ? h('ul', {}, row.cautions.map((caution) => h('li', { class: 'small' }, ofBoth(caution)))) : null,
      h('p', { class: 'small definition' }, `${t('rateDefinition')} ${row.definition}`))),
  ];
}

function line({ numerator, row }) {
  const cells = [
    t(`rate_${numerator}`), figure(row.count, 0), `${figure(row.exposure, 0)} ${t(`unit_${row.exposure_unit}`, row.exposure_unit)}`,
    `${figure(row.rate, 2)}${limits(row.low, row.high)}`, `${figure(row.ratio, 2)}${limits(row.ratio_low, row.ratio_high)}`,
    row.coverage === null ? '—' : percent(row.coverage),
  ];
  return h('tr', {}, cells.map((cell, index) => h('td', { 'data-head': t(head[index]) }, cell)));
}

const figure = (value, digits) => (value === null ? '—' : value === 'inf' ? '∞' : number(value, digits));
const limits = (low, high) => (low === null ? '' : ` (95 %: ${figure(low, 2)} – ${figure(high, 2)})`);
