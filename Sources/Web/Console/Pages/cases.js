// All cases: number, title, stage, the next term; and a new one.

import { byID, h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { get } from '/app/api.js';
import { clock, dayOf, number } from '/app/format.js';
import { change, may, session } from '/app/session.js';
import { attempt, field, form, say, startPage } from '/app/desk.js';
import { dueMark } from '/app/due.js';

const known = await session;
const state = { items: [], next: null, isLoaded: false };

startPage('/cases', draw);
load();

async function load(after) {
  try {
    const page = await get('/api/v1/cases', { limit: 100, after });
    state.items = after ? [...state.items, ...page.items] : page.items;
    [state.next, state.isLoaded] = [page.next, true];
  } catch (error) {
    say(error.message);
  }
  drawList();
}

function draw() {
  byID('main').replaceChildren(
    h('h2', { class: 'page-title' }, t('casesTitle')), may(known, 'cases.change') ? newCase() : '',
    h('section', { class: 'card', id: 'list' }));
  drawList();
}

/** By itself: what somebody types into the form stays when the list comes. */
function drawList() {
  const head = ['caseNumber', 'caseTitle', 'caseStatus', 'caseItems', 'caseNext', 'caseOpened'];
  const more = h('button', { type: 'button', class: 'more', onclick: () => load(state.next) }, t('more'));
  byID('list').replaceChildren(
    state.items.length
      ? h('table', { class: 'stacking' }, h('thead', {}, h('tr', {}, head.map((key) => h('th', {}, t(key))))),
        h('tbody', {}, state.items.map((one) => row(one, head))))
      : h('p', { class: 'empty' }, t(state.isLoaded ? 'casesNone' : 'loading')),
    ...(state.next ? [more] : []));
}

function row(one, head) {
  const next = one.next_deadline;
  const cells = [
    h('a', { class: 'unbroken', href: `/case/${encodeURIComponent(one.case_id)}` }, one.case_id), one.title,
    h('span', { class: `chip stage-${one.status}` }, t(`stage_${one.status}`)), number(one.items.length),
    next ? h('span', {}, `${t(`term_${next.term}`)} `, dueMark(next.due_at)) : '—',
    `${dayOf(one.opened_at)} ${clock(one.opened_at)} · ${one.opened_by}`,
  ];
  return h('tr', {}, cells.map((cell, index) => h('td', { 'data-head': t(head[index]) }, cell)));
}

function newCase() {
  const open = (values) => attempt(async () => {
    const made = await change('/api/v1/cases', { title: values.title });
    location.assign(`/case/${encodeURIComponent(made.case_id)}`);
  });
  return form({ class: 'card act' }, open, h('div', { class: 'act-line' },
    field(t('caseTitle'), h('input', { name: 'title', required: true, maxlength: '200', autocomplete: 'off' })),
    h('button', { type: 'submit', class: 'primary' }, t('openCase'))));
}
