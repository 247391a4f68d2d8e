// One alert: what it says, who did what about it, and what can be done.

import { h } from '/app/dom.js';
import { ofBoth, ruleName, t } from '/app/i18n.js';
import { clock, dayClock, dayOf } from '/app/format.js';
import { fact } from '/app/marks.js';
import { alertDue, dueMark } from '/app/due.js';
import { field, form, reasonSelect, select } from '/app/desk.js';
import { severityChip } from '/app/alert_list.js';

const reasons = ['handled', 'forwarded', 'known', 'duplicate', 'device_fault', 'false_alarm', 'other'];

/** What was typed, by alert: the panel is drawn anew whenever the alert changes. */
const drafts = new Map();

/** `alert` with its `actions`; `act(body)` sends an action; `colleagues` may be given work. */
export function alertDetails(alert, { mayAct, me, colleagues, act, said, maySeeDelivery }) {
  const { handling } = alert;
  const due = alertDue(alert);
  const when = (time) => `${dayOf(time)} ${clock(time)}`;
  return [
    h('div', { class: 'title' }, h('h2', {}, ruleName(alert.rule)), severityChip(alert.severity)),
    h('p', { class: 'lead' }, h('b', {}, t('lead')), ' ', t('leadLong')),
    h('ul', { class: 'statements alert-facts' }, alert.facts.map((statement) => h('li', {}, ofBoth(statement)))),
    h('dl', { class: 'facts' },
      fact(t('vehicleThen'), alert.plate ?? alert.terminal),
      fact(t('openedAt'), when(alert.opened_at)),
      fact(t('condition'), alert.status === 'closed'
        ? `${t('conditionOver')}${alert.closed_at ? ` ${dayClock(alert.closed_at, alert.opened_at)}` : ''}`
        : t('conditionOn')),
      handling ? fact(t('status'), t(`state_${handling.state}`)) : null,
      handling ? fact(t('assignee'), handling.assignee ?? t('nobody')) : null,
      due ? fact(t('deadlines'), h('span', {}, `${t(due.key)} `, dueMark(due.due))) : null),
    alert.delivery_id && maySeeDelivery
      ? h('a', { class: 'more', href: `/delivery/${encodeURIComponent(alert.delivery_id)}` }, t('openDelivery')) : null,
    mayAct ? actions(alert, { me, colleagues, act, said }) : null,
    handling ? h('h3', {}, t('history')) : null,
    !handling ? null : alert.actions?.length
      ? h('ol', { class: 'history' }, alert.actions.map(entry)) : h('p', { class: 'small' }, t('historyNone')),
  ];
}

function entry(action) {
  const said = [
    t(action.action), action.assignee ? `→ ${action.assignee}` : '', action.reason ? t(`reason_${action.reason}`) : '',
  ].filter(Boolean).join(' ');
  return h('li', {}, h('span', { class: 'small' }, `${dayOf(action.at)} ${clock(action.at)} · ${action.by}`),
    h('b', {}, said), action.note ? h('span', { class: 'note-text' }, action.note) : null);
}

/** A colleague of one district is told by it: alerts of elsewhere are not his to see. */
const called = ({ name, display_name: shown, district }) => (shown || name) + (district ? ` · ${district}` : '');

function actions(alert, { me, colleagues, act, said }) {
  const draft = drafts.get(alert.alert_id) ?? { note: '', reason: '', assignee: '' };
  drafts.set(alert.alert_id, draft);
  const { state } = alert.handling;
  const note = h('textarea', {
    name: 'note', rows: '2', maxlength: '2000', oninput: (event) => { draft.note = event.target.value; },
  }, draft.note);
  const people = colleagues.length ? colleagues.map((one) => [one.name, called(one)]) : [[me ?? '', me ?? '—']];
  const assignee = select('assignee', people);
  assignee.value = draft.assignee || (me && people.some(([name]) => name === me) ? me : people[0][0]);
  assignee.addEventListener('change', () => { draft.assignee = assignee.value; });
  const reason = reasonSelect(reasons.map((code) => [code, t(`reason_${code}`)]));
  if (draft.reason) reason.value = draft.reason;
  reason.addEventListener('change', () => { draft.reason = reason.value; });
  const button = (value, key, isMain = false) =>
    h('button', {
      type: 'submit', name: 'action', value, formnovalidate: value !== 'close', class: isMain ? 'primary' : 'plain-button',
    }, t(key));
  return form({ class: 'act' }, async (values) => {
    const body = { action: values.action, note: values.note || undefined };
    if (values.action === 'assign') body.assignee = values.assignee;
    if (values.action === 'close') body.reason = values.reason;
    if (await act(body)) drafts.delete(alert.alert_id);
  },
  state === 'new' ? button('acknowledge', 'acknowledge', true) : null,
  state === 'closed' || !people[0][0] ? null
    : h('div', { class: 'act-line' }, field(t('assignTo'), assignee), button('assign', 'assign')),
  state === 'closed' ? null : h('div', { class: 'act-line' }, field(t('closeReason'), reason), button('close', 'close')),
  field(t('note'), note),
  h('div', { class: 'act-line' }, button('comment', 'comment'), state === 'closed' ? button('reopen', 'reopen') : null),
  h('p', { class: 'said small', role: 'alert' }, said ?? ''));
}
