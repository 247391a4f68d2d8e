// What was decided about a delivery, and what can be decided now.

import { h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { clock, dayOf } from '/app/format.js';
import { attempt, field, form, reasonSelect, select } from '/app/desk.js';

const reasons = ['register_behind', 'position_fault', 'innocent_stop', 'exempt', 'ticket_late', 'checked_on_site', 'other'];

/** What may follow upon a decision; the server has the last word. */
const followers = {
  none: ['dispatch', 'confirm', 'dismiss', 'case'], dispatch: ['confirm', 'dismiss', 'case', 'reopen'],
  confirm: ['case', 'reopen'], dismiss: ['reopen'], case: ['reopen'],
};

export function decisionLine(record) {
  return h('p', { class: `decided ${record.decision}` },
    h('b', {}, t(`decide_${record.decision}`)),
    record.reason ? ` · ${t(`dismiss_${record.reason}`)}` : null,
    record.case_id ? h('a', { href: `/case/${encodeURIComponent(record.case_id)}` }, ` ${record.case_id}`) : null,
    record.note ? ` · ${record.note}` : null,
    h('span', { class: 'small' }, ` ${dayOf(record.at)} ${clock(record.at)} · ${record.by}`));
}

/** `records` oldest first; `cases` to choose from; `send(body)` decides. */
export function decisionPanel(records, { mayDecide, cases, send }) {
  const last = records.at(-1);
  const possible = followers[!last || last.decision === 'reopen' ? 'none' : last.decision];
  return [
    h('h3', {}, t('decision')),
    ...(records.length ? records.map(decisionLine) : [h('p', { class: 'small' }, t('decideNone'))]),
    mayDecide ? decide(possible, cases, send) : null,
  ];
}

function decide(possible, cases, send) {
  const button = (kind) => h('button', {
    type: 'submit', name: 'decision', value: kind, formnovalidate: kind !== 'dismiss', class: kind === 'dispatch' || kind === 'confirm' ? 'primary' : 'plain-button',
  }, t(`decide_${kind}`));
  return form({ class: 'act' }, (values) => attempt(async () => {
    const body = { decision: values.decision, note: values.note || undefined };
    if (values.decision === 'dismiss') body.reason = values.reason;
    if (values.decision === 'case') body.case_id = values.case_id || undefined;
    await send(body);
  }),
  field(t('note'), h('textarea', { name: 'note', rows: '2', maxlength: '2000' })),
  h('div', { class: 'act-line' }, possible.filter((kind) => !['dismiss', 'case'].includes(kind)).map(button)),
  possible.includes('dismiss')
    ? h('div', { class: 'act-line' },
      field(t('dismissReason'), reasonSelect(reasons.map((code) => [code, t(`dismiss_${code}`)]))), button('dismiss'))
    : null,
  possible.includes('case')
    ? h('div', { class: 'act-line' },
      field(t('caseChoose'), select('case_id', [['', t('caseNew')],
        ...cases.map((one) => [one.case_id, `${one.case_id} ${one.title}`])])), button('case')) : null);
}
