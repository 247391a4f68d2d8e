// One case: stage, terms, what it is about, and the file of all that happened.

import { byID, h, keepingFocus } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { get } from '/app/api.js';
import { clock, dayOf } from '/app/format.js';
import { change, may, session } from '/app/session.js';
import { attempt, say, startPage } from '/app/desk.js';
import { supersededNotice } from '/app/superseded.js';
import { dueMark } from '/app/due.js';
import { appealForm, itemForm, noteForm, removeForm, stageForm, termForm } from '/app/case_forms.js';

const id = decodeURIComponent(location.pathname.split('/').at(-1));
const address = `/api/v1/cases/${encodeURIComponent(id)}`;
const known = await session;
const mayChange = may(known, 'cases.change');
let file = null;

startPage('/cases', draw);
try {
  file = await get(address);
} catch (error) {
  say(error.message);
}
draw();

function send(body) {
  return attempt(async () => {
    file = await change(`${address}/entries`, body);
    keepingFocus(draw);
    say(t('done'), true);
  });
}

function draw() {
  if (!file) return;
  byID('main').replaceChildren(
    h('a', { class: 'back', href: '/cases' }, `‹ ${t('casesTitle')}`),
    h('section', { class: 'card' },
      h('div', { class: 'queued-head' },
        h('div', { class: 'queued-title' }, h('h2', {}, file.title),
          h('p', { class: 'small' }, `${file.case_id} · ${dayOf(file.opened_at)} ${clock(file.opened_at)} · ${file.opened_by}`)),
        h('span', { class: `chip stage-${file.status}` }, t(`stage_${file.status}`))),
      mayChange ? stageForm(file, send) : null),
    h('div', { class: 'columns' },
      h('section', { class: 'card' }, h('h2', {}, t('caseItems')), items(), mayChange ? itemForm(send) : null),
      h('section', { class: 'card' }, h('h2', {}, t('deadlines')), terms(), mayChange ? termForm(send) : null)),
    h('section', { class: 'card' }, h('h2', {}, t('caseHistory')), h('ol', { class: 'history' }, file.entries.map(entry)),
      mayChange ? noteForm(send) : null, mayChange ? appealForm(send) : null));
}

function items() {
  return [
    file.items.length
      ? h('ul', { class: 'items' }, file.items.map((item) => h('li', {},
        h('span', { class: 'small' }, t(`item_${item.kind}`)), link(item), mayChange ? removeForm(item, send) : null,
        changed(item))))
      : h('p', { class: 'small' }, t('caseItemsNone')),
    file.withdrawn_items.length ? h('h3', {}, t('caseWithdrawn')) : null,
    file.withdrawn_items.length ? h('ul', { class: 'items withdrawn' }, file.withdrawn_items.map(withdrawn)) : null,
  ];
}

/** That it was judged otherwise, or is derived no more, since it was put in. */
function changed(item) {
  const change = file.item_changes.find((one) => one.kind === item.kind && one.id === item.id);
  return change ? supersededNotice(change) : null;
}

/** Taken out, with who, when and why: what was looked at stays in the record. */
function withdrawn(item) {
  return h('li', {}, h('span', { class: 'small' }, t(`item_${item.kind}`)), h('s', {}, link(item)),
    h('span', { class: 'small' }, `${dayOf(item.at)} ${clock(item.at)} · ${item.by}`),
    h('span', { class: 'note-text' }, item.note));
}

function link(item) {
  const path = {
    delivery: `/delivery/${encodeURIComponent(item.id)}`, suspected_plant: `/queue#${encodeURIComponent(item.id)}`,
  }[item.kind];
  return path ? h('a', { href: path }, item.id) : h('span', {}, item.id);
}

function terms() {
  if (!file.deadlines.length) return h('p', { class: 'small' }, t('termsNone'));
  return h('ul', { class: 'items' }, file.deadlines.map((term) => h('li', {},
    h('span', {}, t(`term_${term.term}`), term.label ? ` · ${term.label}` : ''),
    h('span', { class: 'small' }, `${dayOf(term.due_at)} `),
    termMark(term),
    term.met_at || term.ended_at || !mayChange ? null : h('button', {
      type: 'button', class: 'quick', onclick: () => send({ kind: 'deadline_met', entry_id: term.entry_id }),
    }, t('termMark')))));
}

/** Met, in time or late; ended with the case; or how long there is still. */
function termMark(term) {
  if (term.ended_at) return h('span', { class: 'chip' }, t('termEnded'));
  if (!term.met_at) return dueMark(term.due_at);
  return h('span', { class: 'chip clear' }, t(Date.parse(term.met_at) > Date.parse(term.due_at) ? 'termMetLate' : 'termMet'));
}

function entry(one) {
  const what = {
    item: () => [`${t(`item_${one.item?.kind}`)} `, link(one.item)],
    item_removed: () => [`${t(`item_${one.item?.kind}`)} `, link(one.item)],
    note: () => [], deadline: () => [`${t(`term_${one.term}`)} ${dayOf(one.due_at)}`],
    deadline_met: () => [termOf(one.of_entry)], status: () => [t(`stage_${one.status}`)],
    appeal: () => [t(`appeal_${one.appeal}`)],
  }[one.kind]();
  return h('li', {}, h('span', { class: 'small' }, `${dayOf(one.at)} ${clock(one.at)} · ${one.by}`),
    h('b', {}, `${t(`entry_${one.kind}`)} `), ...what, one.note ? h('span', { class: 'note-text' }, one.note) : null);
}

function termOf(entryID) {
  const set = file.entries.find((one) => one.entry_id === entryID);
  return set ? t(`term_${set.term}`) : '';
}
