// One thing of a register: what stands, since when, its place, its history; and a form for those who keep it.

import { byID, h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { get } from '/app/api.js';
import { may, session } from '/app/session.js';
import { attempt, say, startPage } from '/app/desk.js';
import { entryAPI, geometry, hasDates, headingOf, labelOf, periodOf, registers, standingOf, textOf, titleOf } from '/app/register_fields.js';
import { historyCard } from '/app/register_history.js';
import { entryForm } from '/app/register_form.js';
import { fenceEditor } from '/app/fence_editor.js';
import { accidentCard } from '/app/accident_card.js';

const [, , kind, encoded] = location.pathname.split('/');
const id = decodeURIComponent(encoded);
const [known, all] = await Promise.all([session, registers]);
const register = all.find((one) => one.kind === kind) ?? all[0];
const state = { item: null, isEditing: false };
const hasFence = register.columns.some(({ name }) => name === 'fence_wkt');
let fence = null;

startPage('/registers', draw);
attempt(load);

async function load() {
  state.item = await get(entryAPI(register.kind, id));
  state.isEditing = false;
  draw();
}

function draw() {
  const { item } = state;
  fence?.remove();
  fence = null;
  const back = h('a', { class: 'back', href: `/registers/${register.kind}` }, `← ${headingOf(register)}`);
  if (!item) {
    byID('main').replaceChildren(back, h('p', { class: 'empty' }, t('loading')));
    return;
  }
  const newest = item.rows.at(-1) ?? item.history[0]?.removed[0] ?? {};
  byID('main').replaceChildren(back, h('div', { class: 'title' },
    h('h2', { class: 'page-title' }, titleOf(register.kind, newest, id)),
    may(known, `${register.keeper}.change`) && !state.isEditing && item.rows.length
      ? h('button', { type: 'button', class: 'plain-button', id: 'edit', onclick: edit }, t('registerEdit')) : null),
  ...(state.isEditing ? [form()] : standing(item)), historyCard(register, item));
}

function edit() {
  state.isEditing = true;
  draw();
  byID('main').querySelector('form input, form select')?.focus();
}

function form() {
  const done = async (moved) => {
    if (moved) return location.assign(`/registers/${register.kind}`);
    await attempt(load);
    say(t('registerSaved'), true);
    return byID('edit')?.focus();
  };
  const cancel = () => {
    state.isEditing = false;
    draw();
    byID('edit')?.focus();
  };
  return entryForm(register, { ...state.item, id }, done, cancel);
}

function standing(item) {
  if (!item.rows.length) return [h('p', { class: 'lead' }, t('registerGone'))];
  // An accident has a place and no fence.
  const withFence = hasFence ? item.rows.findLast((row) => row.lat || row.fence_wkt) : null;
  if (withFence) fence = fenceEditor(register, withFence, { isReadOnly: true });
  return [
    hasDates(register.columns) ? timeline(item.rows) : '',
    h('div', { class: withFence ? 'columns' : '' },
      h('section', { class: 'card' }, h('h3', {}, t('registerNow')), [...item.rows].reverse().map((row, index, all) => facts(row, index ? all[index - 1] : null))),
      fence ? h('section', { class: 'card' }, h('h3', {}, t('fence')), fence.element) : ''),
    register.kind === 'accidents' && may(known, 'safety.read') ? accidentCard(id, item.rows.at(-1).occurred_at) : '',
  ];
}

/** All of the newest period; of each one before it what was otherwise. */
function facts(row, next) {
  const period = periodOf(row);
  const list = register.columns.filter(({ name }) => !(hasFence && geometry.includes(name)) && !/_(from|to)$/.test(name)
    && (next ? row[name] !== next[name] : row[name] !== undefined));
  return h('div', { class: 'register-row' }, period ? h('h4', {}, period) : null,
    !next && row.status ? h('span', { class: `chip register-${standingOf(row).look}` }, standingOf(row).words) : null,
    h('dl', { class: 'facts' }, list.map((column) => h('div', {}, h('dt', {}, labelOf(column)),
      h('dd', {}, textOf(column, row[column.name]))))));
}

/** The rows one after the other, each as long as it holds; an open end reaches a little past today. */
function timeline(rows) {
  const day = 86400000;
  const today = Date.now();
  const from = (row) => Date.parse(row.valid_from ?? row.registered_from ?? '');
  const to = (row) => Date.parse(row.valid_to ?? row.registered_to ?? '') + day;
  const starts = rows.map(from).filter(Number.isFinite);
  const first = Math.min(...starts, today - 365 * day);
  const last = Math.max(...rows.map(to).filter(Number.isFinite), today + 120 * day);
  const share = (time) => ((time - first) / (last - first)) * 100;
  const bar = h('div', { class: 'validity', role: 'img', 'aria-label': rows.map((row) => `${periodOf(row) ?? ''} ${word(row)}`).join('; ') });
  for (const row of rows) {
    const [begin, end] = [Number.isFinite(from(row)) ? from(row) : first, Number.isFinite(to(row)) ? to(row) : last];
    const part = h('span', { class: `part register-${row.status ?? 'valid'}`, title: `${periodOf(row) ?? ''} ${word(row)}` }, word(row));
    part.style.left = `${share(begin)}%`;
    part.style.width = `${Math.max(0.6, share(end) - share(begin))}%`;
    bar.append(part);
  }
  const now = h('span', { class: 'today' });
  now.style.left = `${share(today)}%`;
  bar.append(now);
  const year = (time) => String(new Date(time).getFullYear());
  return h('section', { class: 'card' }, h('h3', {}, t('registerTimeline')), bar,
    h('div', { class: 'years small', 'aria-hidden': 'true' }, h('span', {}, year(first)), h('span', {}, year(last))));
}

function word(row) {
  const column = register.columns.find(({ name }) => name === 'status');
  return column ? textOf(column, row.status) : row.company ?? row.terminal ?? '';
}
