// What can be added to a case; each form sends one entry.

import { h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { field, form, select } from '/app/desk.js';
import { iso, startOfDay } from '/app/format.js';

const terms = [
  'preservation', 'hearing_request', 'decision', 'complaint', 'rectification', 'review', 'lawsuit', 'limitation', 'other'];
const appeals = ['defence', 'hearing', 'review', 'lawsuit'];
const kinds = ['delivery', 'suspected_plant', 'alert'];
const note = (attributes = {}) => h('input', { name: 'note', maxlength: '2000', autocomplete: 'off', ...attributes });
const submit = (key) => h('button', { type: 'submit', class: 'plain-button' }, t(key));

export const stageForm = (file, send) => form({ class: 'act', name: 'stage' },
  (values) => send({ kind: 'status', status: values.status, note: values.note }),
  h('div', { class: 'act-line' }, field(t('note'), note()), file.may_become.map((status) => h('button', {
    type: 'submit', name: 'status', value: status, class: 'plain-button',
  }, `${t('stageNext')} ${t(`stage_${status}`)}`))),
  h('p', { class: 'small' }, t('reasonClosing')));

export const itemForm = (send) => form({ class: 'act', name: 'item' },
  (values) => send({ kind: 'item', item: { kind: values.item_kind, id: values.item_id.trim() } }),
  h('div', { class: 'act-line' },
    field(t('itemKind'), select('item_kind', kinds.map((kind) => [kind, t(`item_${kind}`)]))),
    field(t('itemID'), h('input', { name: 'item_id', required: true, maxlength: '200', autocomplete: 'off' })),
    submit('itemAdd')));

/** Opens below the item that it takes out: nothing goes without a reason. */
export const removeForm = (item, send) => h('details', { class: 'remove' },
  h('summary', { class: 'quick', 'aria-label': `${t('itemRemove')} ${item.id}` }, t('itemRemove')),
  form({ class: 'act', name: 'remove' },
    async (values) => {
      const isDone = await send({ kind: 'item_removed', item: { kind: item.kind, id: item.id }, note: values.note });
      if (isDone) document.querySelector('form[name=item] select')?.focus();
    },
    h('div', { class: 'act-line' }, field(t('itemRemoveWhy'), note({ required: true })), submit('itemRemoveDo'))));

export const termForm = (send) => form({ class: 'act', name: 'term' },
  (values) => send({
    kind: 'deadline', term: values.term, note: values.note,
    starts_at: values.start ? iso(startOfDay(values.start)) : undefined,
  }),
  h('div', { class: 'act-line' },
    field(t('termKind'), select('term', terms.map((term) => [term, t(`term_${term}`)]))),
    field(t('termStarts'), h('input', { name: 'start', type: 'date' })), field(t('note'), note()), submit('termAdd')),
  h('p', { class: 'small' }, t('termHolidays')));

export const noteForm = (send) => form({ class: 'act', name: 'note' },
  (values) => send({ kind: 'note', note: values.note }),
  h('div', { class: 'act-line' }, field(t('note'), note({ required: true })), submit('noteAdd')));

export const appealForm = (send) => form({ class: 'act', name: 'appeal' },
  (values) => send({ kind: 'appeal', appeal: values.appeal, note: values.note }),
  h('div', { class: 'act-line' },
    field(t('appealKind'), select('appeal', appeals.map((kind) => [kind, t(`appeal_${kind}`)]))),
    field(t('note'), note({ required: true })), submit('appealAdd')));
