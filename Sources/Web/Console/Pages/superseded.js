// That a delivery was judged otherwise since, or is derived no more: when, why, and what it is now.

import { h } from '/app/dom.js';
import { ofBoth, ruleName, t } from '/app/i18n.js';
import { clock, dayOf, number } from '/app/format.js';
import { verdictChip } from '/app/marks.js';

const when = (time) => `${dayOf(time)} ${clock(time)}`;

/** A chip in words, for lists; null for what stands and is suspicious. */
export function stateChip(state) {
  const key = { superseded: 'supersededShort', no_longer_suspicious: 'noLongerSuspicious' }[state];
  return key ? h('span', { class: 'chip superseded' }, t(key)) : null;
}

/** `record` is a delivery, or what changed of a case's item: `superseded_at`, `earlier_forms`, `successors`. */
export function supersededNotice(record) {
  const forms = record.earlier_forms ?? [];
  if (!record.superseded_at && !forms.length) return null;
  const last = forms.at(-1);
  return h('section', { class: 'superseded-notice', role: 'note' },
    record.superseded_at
      ? h('p', {}, h('b', {}, t('supersededTitle')), ` ${when(record.superseded_at)} · ${last ? ofBoth(last) : ''}`)
      : null,
    record.superseded_at ? successors(record.successors) : null,
    earlier(record.superseded_at ? forms.slice(0, -1) : forms));
}

function successors(list) {
  if (!list.length) return h('p', {}, t('successorsNone'));
  return [h('p', {}, t('successors')), h('ul', { class: 'items' }, list.map((one) => h('li', {},
    h('a', { href: `/delivery/${encodeURIComponent(one.delivery_id)}` }, one.delivery_id), verdictChip(one.verdict),
    h('span', { class: 'small' }, [when(one.unload_start), ...one.suspicions.map(ruleName)].join(' · ')))))];
}

/** How it stood before, the earliest first, each with why it stood no longer. */
function earlier(forms) {
  if (!forms.length) return null;
  return [h('p', {}, h('b', {}, t('judgedAgain'))), h('ul', { class: 'items' }, forms.map((form) => h('li', {},
    h('span', { class: 'small' }, `${t('until')} ${when(form.until)}`), verdictChip(form.verdict),
    h('span', { class: 'small' },
      [`${t('score')} ${number(form.score, 1)}`, ...form.suspicions.map(ruleName), ofBoth(form)].join(' · ')))))];
}
