// What the rules say of a delivery: hits first, each with facts for and against and the parameters used.

import { h } from '/app/dom.js';
import { ofBoth, ruleName, t } from '/app/i18n.js';
import { number, span } from '/app/format.js';

export function judgements(delivery) {
  const all = sorted(delivery.judgements);
  const hits = all.filter((said) => said.outcome === 'hit');
  const others = all.filter((said) => said.outcome !== 'hit');
  return [...hits.map(judgement), others.length
    ? h('details', { class: 'others' }, h('summary', {}, `${t('otherRules')} (${others.length})`), others.map(judgement))
    : null];
}

const outcomeOrder = { hit: 0, insufficient: 1, no: 2 };

const sorted = (list) => [...list].sort((one, other) =>
  outcomeOrder[one.outcome] - outcomeOrder[other.outcome] || other.severity - one.severity);

function judgement(said) {
  const parameters = Object.entries(said.parameters);
  return h('details', { class: `judgement ${said.outcome}`, open: said.outcome === 'hit' },
    h('summary', {},
      h('span', { class: 'outcome' }, t(said.outcome)),
      h('b', {}, ruleName(said.rule)),
      said.outcome === 'hit' ? h('span', { class: 'severity' }, t(`severity${said.severity}`)) : null),
    statements(t('facts'), said.facts),
    said.outcome === 'hit' || said.counterfacts.length
      ? statements(t('counterfacts'), said.counterfacts, t('noCounterfacts')) : null,
    parameters.length
      ? h('p', { class: 'small parameters' }, `${t('parameters')}: `,
        parameters.map(([name, value]) => parameter(name, value)).join(t('semicolon')))
      : null);
}

function statements(title, list, otherwise) {
  if (!list.length && !otherwise) return null;
  return h('div', { class: 'statements' }, h('h4', {}, title),
    list.length
      ? h('ul', {}, list.map((statement) => h('li', {}, ofBoth(statement)))) : h('p', { class: 'small' }, otherwise));
}

/** A parameter in words with its unit; the end of its name says which: `margin_m`, `wait_s`, `limit_min`, `speed_kmh`. */
export function parameter(name, value) {
  const unit = /_(m|s|min|kmh|kg|c)$/.exec(name)?.[1];
  const amount = {
    m: () => `${number(value, 1)} m`, s: () => span(value), min: () => `${number(value, 1)} ${t('minutes')}`,
    kmh: () => `${number(value, 1)} km/h`, kg: () => `${number(value)} kg`, c: () => `${number(value, 1)} °C`,
  }[unit]?.() ?? number(value, 3);
  return `${t(`parameter_${name}`, name)} ${amount}`;
}
