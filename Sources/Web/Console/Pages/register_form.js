// The form of one thing of a register: every period it has, each with its columns and its fence.

import { h } from '/app/dom.js';
import { language, ofBoth, t } from '/app/i18n.js';
import { change } from '/app/session.js';
import { attempt, field, say } from '/app/desk.js';
import { entryAPI, fenceText, geometry, hasDates, labelOf, textOf } from '/app/register_fields.js';
import { fenceEditor } from '/app/fence_editor.js';

/**
 * `item` is `{id, version, rows}`, without `id` for a new one; `done(hasMoved)` is called when it was stored, with
 * `true` where the thing is no more under its id.
 */
export function entryForm(register, item, done, cancel = null) {
  const rows = item.rows.map((row) => ({ ...row }));
  const hasFence = register.columns.some(({ name }) => name === 'fence_wkt');
  const periods = h('div', {});
  const reason = h('input', { name: 'reason', maxlength: '200', autocomplete: 'off' });
  const faults = h('div', { class: 'faults', role: 'alert' });
  let shown = rows.length - 1;
  let fence = null;

  const send = async (sent, isRehearsal) => {
    const path = item.id ? entryAPI(register.kind, item.id) : `/api/v1/registers/${register.kind}/entries`;
    return change(path, {
      rows: sent.map(filled), version: item.version, reason: reason.value, rehearsal: isRehearsal,
    });
  };

  const save = async (isRehearsal, sent = rows) => {
    faults.replaceChildren();
    mark([]);
    const isDone = await attempt(async () => {
      try {
        const outcome = await send(sent, isRehearsal);
        mark(outcome.errors);
        if (isRehearsal && !outcome.errors.length) say(t('registerFine') + words(outcome), true);
        warn(outcome.warnings);
      } catch (error) {
        mark(error.problem?.errors ?? []);
        throw error.problem?.errors ? new Error(`${error.problem.errors.length} ${t('registerWrong')}`) : error;
      }
    });
    if (!isDone || isRehearsal) return;
    fence?.remove();
    await done(!sent.length || register.kind === 'tickets');
  };

  /** Says at each field what is wrong with it, and the rest above. */
  function mark(errors) {
    for (const place of periods.querySelectorAll('[aria-invalid]')) place.removeAttribute('aria-invalid');
    for (const error of errors) {
      const place = periods.querySelector(`[data-row="${error.line - 1}"][name="${error.column}"]`);
      place?.setAttribute('aria-invalid', 'true');
      const column = register.columns.find(({ name }) => name === error.column);
      const where = [rows.length > 1 ? `${t('registerPeriod')} ${error.line}` : '', column ? labelOf(column) : error.column ?? '']
        .filter(Boolean).join(' · ');
      faults.append(h('p', { class: 'odd' }, `${where}: ${ofBoth(error)}`));
    }
    periods.querySelector('[aria-invalid]')?.focus();
  }

  function warn(warnings) {
    for (const warning of warnings) faults.append(h('p', { class: 'small' }, ofBoth(warning)));
  }

  function draw() {
    fence?.remove();
    fence = hasFence && rows[shown] ? fenceEditor(register, rows[shown]) : null;
    periods.replaceChildren(...rows.map((row, index) => period(row, index)));
  }

  function period(row, index) {
    const fields = register.columns.filter(({ name }) => !geometry.includes(name) || !hasFence)
      .map((column) => input(column, row, index));
    const fenceBox = hasFence ? h('div', { class: 'fence-box' }, h('h3', {}, t('fence')), index === shown
      ? fence.element
      : h('div', { class: 'act-line' }, h('span', {}, fenceText(row)), h('button', {
        type: 'button', class: 'quick', onclick: () => {
          shown = index;
          draw();
          focusOnShown();
        },
      }, t('fenceChange')))) : null;
    const title = rows.length > 1 ? h('legend', {}, `${t('registerPeriod')} ${index + 1}`) : null;
    const drop = rows.length > 1 ? h('button', { type: 'button', class: 'quick', onclick: () => remove(index) }, t('registerDropPeriod')) : null;
    return h('fieldset', { class: 'period' }, title, h('div', { class: 'inputs' }, fields), fenceBox, drop);
  }

  function input(column, row, index) {
    const isID = column === register.columns[0] && item.id && register.kind !== 'tickets';
    const common = {
      name: column.name, 'data-row': String(index), disabled: Boolean(isID), 'aria-required': column.required ? 'true' : null,
      oninput: (event) => { row[column.name] = event.target.value; },
    };
    const control = column.choices.length
      ? h('select', common, ['', ...column.choices].map((value) => h('option', { value, selected: value === (row[column.name] ?? '') },
        value ? textOf(column, value) : '—')))
      : h('input', { ...common, value: row[column.name] ?? '', autocomplete: 'off', placeholder: hint(column.name) });
    return field(labelOf(column) + (column.required ? ' *' : ''), control);
  }

  /** The new period goes on from today; the last one ends the day before. */
  function addPeriod() {
    const [from, to] = 'registered_from' in rows.at(-1) || register.kind === 'vehicles'
      ? ['registered_from', 'registered_to'] : ['valid_from', 'valid_to'];
    const day = (offset) => new Date(Date.now() + (8 * 3600 + offset * 86400) * 1000).toISOString().slice(0, 10);
    const last = rows.at(-1);
    rows.push({ ...last, [from]: day(0), [to]: '' });
    if (!last[to]) last[to] = day(-1);
    shown = rows.length - 1;
    draw();
    focusOnShown();
  }

  /** What was pressed is drawn anew, or gone: the focus is in the period that is shown. */
  function focusOnShown() {
    periods.querySelector(`[data-row="${shown}"]:not([disabled])`)?.focus();
  }

  function remove(index) {
    rows.splice(index, 1);
    shown = Math.min(shown, rows.length - 1);
    draw();
    focusOnShown();
  }

  draw();
  // Once the form is on the page: the button that asked for a new thing is not there any more.
  if (!item.id) queueMicrotask(() => document.activeElement === document.body && focusOnShown());
  const button = (key, kind, work) => h('button', { type: 'button', class: kind, onclick: work }, t(key));
  return h('form', {
    class: 'card entry', onsubmit: (event) => {
      event.preventDefault();
      save(false);
    },
  }, faults, periods, hasDates(register.columns) ? button('registerNewPeriod', 'plain-button', addPeriod) : null,
  h('div', { class: 'act-line' }, field(t('registerReason'), reason),
    h('button', { type: 'submit', class: 'primary' }, t('registerSave')),
    button('registerCheck', 'plain-button', () => save(true)), cancel ? button('cancel', 'plain-button', cancel) : null,
    item.id ? button('registerWithdraw', 'plain-button withdraw', () => confirm(t('registerWithdrawAsk')) && save(false, [])) : null));

  function words(outcome) {
    return ['added', 'changed', 'unchanged', 'withdrawn'].filter((name) => outcome[name])
      .map((name) => `${t(`import${name[0].toUpperCase()}${name.slice(1)}`)} ${outcome[name]}`).join(', ');
  }
}

const filled = (row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '' && value !== undefined));

function hint(name) {
  if (/_(from|to)$/.test(name)) return '2026-03-31';
  if (/_at$/.test(name)) return '2026-03-31T08:15:00+08:00';
  if (['from', 'to'].includes(name)) return '07:00';
  if (['approved_plants', 'days', 'permit_plates'].includes(name)) return language() === 'en' ? 'A;B' : 'A;B（以 ; 分隔）';
  return null;
}
