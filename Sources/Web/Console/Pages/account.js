// One's own account; and for the three duties: accounts, what they are for, and the audit log.

import { byID, h } from '/app/dom.js';
import { get } from '/app/api.js';
import { t } from '/app/i18n.js';
import { change, may, session } from '/app/session.js';
import { actionName } from '/app/audit_texts.js';
import { clockWithSeconds, dayOf } from '/app/format.js';
import { passwordList } from '/app/passwords.js';
import { attempt, say, startPage } from '/app/desk.js';

const roles = ['operator', 'enforcement_officer', 'safety_officer', 'company', 'site', 'insurer', 'administrator',
  'security_administrator', 'auditor'];
const accountHeads = ['accountName', 'shownName', 'duty', 'belongsTo', 'state', 'doing'];
const auditHeads = ['auditNumber', 'auditTime', 'auditActor', 'duty', 'auditAction', 'auditSubject', 'auditPurpose',
  'auditOutcome', 'auditFrom'];
const known = await session;

startPage('/account', draw);

function draw() {
  drawOwn();
  if (may(known, 'accounts.read')) drawAccounts();
  if (may(known, 'audit.read')) drawAudit();
}

function field(id, label, attributes = {}) {
  return h('div', {}, h('label', { for: id }, label), h('input', { id, autocomplete: 'off', ...attributes }));
}

function submitting(work) {
  return (event) => {
    event.preventDefault();
    attempt(work);
  };
}

function drawOwn() {
  if (known.access === 'open') {
    byID('own').replaceChildren(h('h2', {}, t('openMode')), h('p', {}, t('openModeLong')));
    return;
  }
  const setPassword = async () => {
    await change('/api/v1/session/password', { old: byID('old').value, new: byID('new').value });
    location.reload();
  };
  byID('own').replaceChildren(
    h('h2', {}, `${known.name} · ${t(`role_${known.role}`)}`),
    known.role ? '' : h('p', { class: 'lead' }, t('noDutyLong')),
    h('form', { class: 'form-line', onsubmit: submitting(setPassword) },
      field('old', t('oldPassword'), { type: 'password', autocomplete: 'current-password', required: true }),
      field('new', t('newPassword'), {
        type: 'password', autocomplete: 'new-password', minlength: '12', maxlength: '200', required: true,
      }),
      h('button', { type: 'submit', class: 'plain-button' }, t('changePassword'))));
  attempt(async () => byID('own').append(await passwordList()));
}

async function drawAccounts() {
  const { items } = await get('/api/v1/accounts');
  const box = byID('accounts');
  box.hidden = false;
  const add = async () => {
    const made = await change('/api/v1/accounts', { name: byID('new-name').value, display_name: byID('shown').value });
    await drawAccounts();
    say(`${made.name}: ${t('oneTime')} ${made.one_time_password}`, true);
  };
  box.replaceChildren(...[
    h('h2', {}, t('accounts')),
    may(known, 'accounts.change') ? h('form', { class: 'form-line', onsubmit: submitting(add) },
      field('new-name', t('accountName'), { required: true, maxlength: '64' }), field('shown', t('shownName')),
      h('button', { type: 'submit', class: 'plain-button' }, t('addAccount'))) : null,
    h('div', { class: 'scroll' }, h('table', { class: 'stacking' }, headRow(accountHeads),
      h('tbody', {}, ...items.map(accountRow))))].filter(Boolean));
}

function accountRow(account) {
  const path = `/api/v1/accounts/${encodeURIComponent(account.name)}`;
  const doing = [];
  if (may(known, 'accounts.change')) {
    const flip = async () => {
      await change(`${path}/state`, { disabled: !account.disabled });
      await drawAccounts();
    };
    const reset = async () => {
      const made = await change(`${path}/password`);
      say(`${made.name}: ${t('oneTime')} ${made.one_time_password}`, true);
    };
    doing.push(
      h('button', { type: 'button', class: 'plain-button', onclick: () => attempt(flip) },
        t(account.disabled ? 'enable' : 'disable')),
      h('button', { type: 'button', class: 'plain-button', onclick: () => attempt(reset) }, t('resetPassword')));
  }
  if (may(known, 'duties.change')) doing.push(dutyForm(account, path));
  return row(accountHeads, [account.name, account.display_name,
    account.role ? t(`role_${account.role}`) : t('role_null'),
    account.district ?? account.company ?? account.site ?? '', t(account.disabled ? 'disabled' : 'inUse'),
    h('div', { class: 'form-line' }, ...doing)]);
}

function headRow(keys) {
  return h('thead', {}, h('tr', {}, ...keys.map((key) => h('th', { scope: 'col' }, t(key)))));
}

/** On a telephone every cell says by itself what it is. */
function row(keys, cells) {
  return h('tr', {}, ...cells.map((cell, index) => h('td', { 'data-head': t(keys[index]) }, cell)));
}

const scopes = {
  company: 'company', site: 'site', operator: 'district', enforcement_officer: 'district', safety_officer: 'district',
};
const places = new Map();

/** What the registers name, by kind; asked for once. */
function placesOf(kind) {
  if (!places.has(kind)) {
    const asked = get('/api/v1/accounts/places', { kind }).then(({ items }) => items);
    places.set(kind, asked);
    asked.catch(() => places.delete(kind));
  }
  return places.get(kind);
}

/** What a duty is confined to is taken from the registers: which kind it is, the duty says. */
function dutyForm(account, path) {
  const choice = h('select', { 'aria-label': t('duty') },
    h('option', { value: '' }, t('role_null')),
    ...roles.map((role) => h('option', { value: role, selected: role === account.role }, t(`role_${role}`))));
  const place = h('select', { 'aria-label': t('belongsTo') });
  const holder = h('div', {}, place);
  const offer = async () => {
    const kind = scopes[choice.value];
    const now = kind ? account[kind] : null;
    holder.hidden = !kind;
    place.required = kind === 'company' || kind === 'site';
    const none = h('option', { value: '' }, t(place.required ? `choose_${kind}` : 'wholeCity'));
    place.replaceChildren(none);
    const known = kind ? await placesOf(kind) : [];
    // Another duty was chosen meanwhile.
    if (scopes[choice.value] !== kind) return;
    place.replaceChildren(none, ...known.map(({ id, name }) => h('option', { value: id, selected: id === now },
      name && name !== id ? `${id} ${name}` : id)));
  };
  choice.addEventListener('change', () => attempt(offer));
  attempt(offer);
  const give = async () => {
    const role = choice.value || null;
    const scope = scopes[role];
    await change(`${path}/duty`, { role, ...(scope && place.value ? { [scope]: place.value } : {}) });
    await drawAccounts();
    say(`${account.name}: ${t('dutyGiven')}`, true);
  };
  return h('form', { class: 'form-line', onsubmit: submitting(give) }, h('div', {}, choice), holder,
    h('button', { type: 'submit', class: 'plain-button' }, t('giveDuty')));
}

function drawAudit() {
  const box = byID('audit');
  box.hidden = false;
  const rows = h('tbody', {});
  const more = h('button', { type: 'button', class: 'plain-button', hidden: true }, t('more'));
  let next;
  const load = async (after) => {
    const asked = Object.fromEntries(['actor', 'action', 'subject', 'outcome'].map((name) => [name, byID(`find-${name}`).value])
      .filter(([, value]) => value));
    const midnight = (id, days) => byID(id).value
      && new Date(Date.parse(`${byID(id).value}T00:00:00+08:00`) + days * 86400000).toISOString();
    const [from, to] = [midnight('find-since', 0), midnight('find-until', 1)];
    if (from) asked.from = from;
    if (to) asked.to = to;
    const page = await get('/api/v1/audit', { ...asked, limit: 100, ...(after ? { after } : {}) });
    if (!after) rows.replaceChildren();
    rows.append(...page.items.map(auditRow));
    next = page.next;
    more.hidden = !next;
  };
  more.addEventListener('click', () => attempt(() => load(next)));
  box.replaceChildren(
    h('h2', {}, t('auditLog')),
    h('form', { class: 'form-line', onsubmit: submitting(() => load()) },
      field('find-actor', t('auditActor')), field('find-action', t('auditAction')),
      field('find-subject', t('auditSubject')), outcomeChoice(), field('find-since', t('auditSince'), { type: 'date' }),
      field('find-until', t('auditUntil'), { type: 'date' }), h('button', { type: 'submit', class: 'plain-button' }, t('find'))),
    h('div', { class: 'scroll' }, h('table', { class: 'audit stacking' }, headRow(auditHeads), rows)), more);
  attempt(() => load());
}

function outcomeChoice() {
  return h('div', {}, h('label', { for: 'find-outcome' }, t('auditOutcome')),
    h('select', { id: 'find-outcome' }, h('option', { value: '' }, t('outcomeAll')),
      ...['done', 'refused', 'not_found'].map((name) => h('option', { value: name }, t(`outcome_${name}`)))));
}

/** The time that was looked at, in times of China; an end may be open. */
function auditPeriod(period) {
  const [from, to] = period.split('/').map((end) => end === '..' ? '…' : `${dayOf(end)} ${clockWithSeconds(end)}`);
  return h('span', { class: 'small' }, from === to ? from : `${from} – ${to}`);
}

function auditRow(entry) {
  const name = actionName(entry.action);
  const isLook = ['trail.read', 'evidence.export'].includes(entry.action);
  // Times of China, as the days that are searched by.
  return row(auditHeads, [String(entry.number), `${dayOf(entry.time)} ${clockWithSeconds(entry.time)}`,
    t(`actor_${entry.actor}`, entry.actor), entry.role ? t(`role_${entry.role}`) : '',
    name === entry.action ? name : h('span', {}, name, ' ', h('span', { class: 'small' }, entry.action)),
    entry.period ? h('span', {}, entry.subject, ' ', auditPeriod(entry.period)) : entry.subject,
    entry.purpose || (isLook ? h('i', {}, t('purposeNone')) : ''), t(`outcome_${entry.outcome}`),
    entry.address || t(`by_${entry.interface}`, entry.interface)]);
}
