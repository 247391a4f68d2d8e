// What became known when, by whom, and what was judged again because of it.

import { h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { clock, dayOf, number } from '/app/format.js';
import { fenceText, geometry, labelOf, periodOf, textOf } from '/app/register_fields.js';

export function historyCard(register, item) {
  return h('section', { class: 'card' }, h('h3', {}, t('registerHistory')),
    h('ol', { class: 'history' }, item.history.map((revision) => entry(register, revision))));
}

function entry(register, revision) {
  const who = `${dayOf(revision.at)} ${clock(revision.at)} · ${revision.by ?? t('registerSomebody')}`;
  return h('li', {}, h('span', { class: 'small' }, revision.source ? `${who} · ${revision.source}` : who),
    h('div', { class: 'differences' }, differences(register, revision)), effect(revision.effect));
}

/** Rows that began together are one row that changed; the rest came or went. */
function differences(register, { added, removed }) {
  const periods = (rows) => rows.map(periodOf).filter(Boolean).join('; ');
  if (!removed.length) return [line(`${t('registerFirst')} ${periods(added)}`)];
  if (!added.length) return [line(`${t('registerEnded')} ${periods(removed)}`)];
  const start = (row) => row.valid_from ?? row.registered_from ?? '';
  const rest = [...removed];
  const lines = added.flatMap((row) => {
    const index = Math.max(0, rest.findIndex((old) => start(old) === start(row)));
    const [old] = rest.splice(index, 1);
    if (!old) return [line(`+ ${periodOf(row) ?? ''}`)];
    const isFence = register.columns.some(({ name }) => name === 'fence_wkt');
    const differs = ({ name }) => old[name] !== row[name];
    const columns = register.columns.filter((column) => differs(column) && !(isFence && geometry.includes(column.name)));
    const lines = columns.map((column) => became(labelOf(column), textOf(column, old[column.name]), textOf(column, row[column.name])));
    const hasMoved = isFence && register.columns.some((column) => geometry.includes(column.name) && differs(column));
    return hasMoved ? [...lines, became(t('fence'), fenceText(old), fenceText(row))] : lines;
  });
  return [...lines, ...rest.map((row) => line(`− ${periodOf(row) ?? ''}`))];
}

const became = (label, old, now) => h('div', {}, h('b', {}, `${label} `), h('del', {}, short(old)), ' → ', h('ins', {}, short(now)));
const line = (text) => h('div', {}, text.trim());
const short = (text) => (text.length > 90 ? `${text.slice(0, 90)}…` : text);

function effect(made) {
  if (!made) return h('span', { class: 'small' }, t('registerEffectNone'));
  const parts = [['vehicles', 'effectVehicles'], ['deliveries', 'effectDeliveries'], ['changed', 'effectChanged']];
  return h('span', { class: 'small effect' }, t('registerEffect'),
    parts.map(([name, key]) => `${number(made[name])} ${t(key)}`).join(' · '), deliveries(made));
}

/** Those that came out otherwise and that the reader may open; at most the first hundred are told. */
function deliveries(made) {
  if (!made.changed_deliveries.length) return null;
  return h('details', {}, h('summary', {}, t('effectWhich')),
    h('ul', { class: 'items' }, made.changed_deliveries.map((id) =>
      h('li', {}, h('a', { href: `/delivery/${encodeURIComponent(id)}` }, id)))),
    made.changed > made.changed_deliveries.length ? h('p', {}, t('effectMore')) : null);
}
