// The alert rail: by severity, with the clocks that run, usable by keyboard alone.

import { h, oncePerFrame, roveWithArrows } from '/app/dom.js';
import { onLanguage, ruleName, t } from '/app/i18n.js';
import { dayClock } from '/app/format.js';
import { fold } from '/app/alert_folds.js';
import { alertDue, dueMark } from '/app/due.js';
import { sound, soundIsOn, switchSound } from '/app/sound.js';

const severities = [4, 3, 2, 1];
const rowsAtFirst = 120;

/** A severity's sign: number and shape, so that it can be told without colour. */
export const severityChip = (severity) =>
  h('span', { class: `sev sev${severity}` }, h('b', { 'aria-hidden': 'true' }, '!'.repeat(severity)),
    t(`severity${severity}`));

export class AlertList {
  selected = null;
  #root;
  #alerts;
  #onPick;
  #severity = 0;
  #only = null;
  #shown = rowsAtFirst;
  /** The oldest of each row that was opened: newer ones come to it, the oldest stays. */
  #opened = new Set();
  #said = '';
  #soon = oncePerFrame(() => this.#draw());
  #head = h('div', { class: 'list-head' });
  #list = h('div', { class: 'rows', role: 'list' });

  constructor(root, alerts, onPick) {
    this.#root = root;
    this.#alerts = alerts;
    this.#onPick = onPick;
    root.append(this.#head, this.#list);
    roveWithArrows(this.#list, '.row');
    this.#list.addEventListener('keydown', (event) => this.#key(event));
    alerts.on('changed', this.#soon);
    alerts.on('new', (alert) => sound(alert.severity));
    onLanguage(this.#soon);
    // The clocks run on.
    setInterval(this.#soon, 15_000);
  }

  select(id) {
    this.selected = id;
    this.#soon();
  }

  #key(event) {
    const id = event.target.closest('.row')?.dataset.key;
    if (!id || event.key.toLowerCase() !== 'a' || event.ctrlKey || event.metaKey || event.altKey) return;
    const folded = event.target.closest('.row').dataset.folded?.split(' ') ?? [id];
    if (this.#alerts.rows.get(id)?.handling?.state === 'new') this.#acknowledge(folded);
  }

  /** One after the other, each with its own entry in the log; what one refuses stops the rest. */
  async #acknowledge(ids) {
    try {
      this.#said = '';
      for (const id of ids) await this.#alerts.act(id, { action: 'acknowledge' });
    } catch (error) {
      this.#said = error.message;
      this.#soon();
    }
  }

  #draw() {
    if (!this.#root.offsetParent && this.#root.hidden) {
      this.#count();
      return;
    }
    const focused = this.#root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const rows = this.#alerts.sorted();
    const wanted = rows.filter((row) => (!this.#severity || row.severity === this.#severity) && this.#keeps(row));
    this.#head.replaceChildren(this.#filters(rows),
      ...(this.#said ? [h('p', { class: 'said small', role: 'alert' }, this.#said)] : []),
      ...(this.#alerts.isCut ? [h('p', { class: 'small cut' }, t('alertsCut'))] : []));
    const groups = fold(wanted);
    const children = groups.slice(0, this.#shown).flatMap((group) => this.#group(group));
    if (!wanted.length) children.push(h('p', { class: 'empty' }, t(rows.length ? 'alertsNoneFiltered' : 'alertsNone')));
    if (groups.length > this.#shown) {
      children.push(h('button', { type: 'button', class: 'more', 'data-key': 'more', onclick: () => this.#more() },
        t('more')));
    }
    const top = this.#list.scrollTop;
    this.#list.replaceChildren(...children);
    this.#list.scrollTop = top;
    if (focused) this.#root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    this.#count();
  }

  /** The number of unseen alerts stands on the tab. */
  #count() {
    const unseen = [...this.#alerts.rows.values()].filter((row) => row.handling?.state === 'new');
    const badge = document.getElementById('alert-count');
    if (!badge) return;
    badge.textContent = unseen.length > 999 ? '999+' : String(unseen.length);
    badge.hidden = !unseen.length;
    badge.className = `badge sev${Math.max(1, ...unseen.map((row) => row.severity))}`;
  }

  #keeps(row) {
    if (this.#only === 'new') return row.handling?.state === 'new';
    if (this.#only === 'mine') return row.handling?.assignee === this.#alerts.me;
    return true;
  }

  #more() {
    this.#shown += rowsAtFirst;
    this.#draw();
  }

  #filters(rows) {
    const button = (name, isPressed, press, ...content) => h('button', {
      type: 'button', class: 'filter', 'data-key': `alert-${name}`, 'aria-pressed': String(isPressed),
      onclick: () => {
        press();
        this.#shown = rowsAtFirst;
        this.#draw();
      },
    }, ...content);
    const only = (name, key) =>
      button(name, this.#only === name, () => { this.#only = this.#only === name ? null : name; }, t(key));
    return h('div', { class: 'filters rail', role: 'group' },
      severities.map((severity) => button(`sev${severity}`, this.#severity === severity,
        () => { this.#severity = this.#severity === severity ? 0 : severity; },
        severityChip(severity), h('b', {}, String(rows.filter((row) => row.severity === severity).length)))),
      this.#alerts.mayAct ? only('new', 'filterNew') : null,
      this.#alerts.mayAct && this.#alerts.me ? only('mine', 'filterMine') : null,
      button('sound', soundIsOn(), switchSound, t(soundIsOn() ? 'soundOn' : 'soundOff')));
  }

  /** One row for all, or, opened, a row for each. */
  #group(group) {
    const key = group.at(-1).alert_id;
    if (group.length === 1) return [this.#row(group[0])];
    const isOpen = this.#opened.has(key) || group.slice(1).some((row) => row.alert_id === this.selected);
    const fold = h('button', {
      type: 'button', class: 'fold', 'data-key': `fold-${key}`, 'aria-expanded': String(isOpen), title: t('foldWhy'),
      onclick: () => {
        if (isOpen) this.#opened.delete(key);
        else this.#opened.add(key);
        this.#draw();
      },
    }, t(isOpen ? 'foldClose' : 'foldOpen').replace('#', String(group.length)));
    const [first, ...rest] = isOpen ? group.map((row) => this.#row(row)) : [this.#row(group[0], group)];
    first.append(fold);
    for (const row of rest) row.classList.add('folded');
    return [first, ...rest];
  }

  /** @param group those that the row stands for. */
  #row(row, group = [row]) {
    const due = alertDue(row);
    const { state, assignee } = row.handling ?? {};
    return h('div', { role: 'listitem', class: `alert-row ${state ?? ''}` },
      h('button', {
        type: 'button', class: `row alert sev${row.severity}-edge`, 'data-key': row.alert_id,
        'data-folded': group.length > 1 ? group.map((one) => one.alert_id).join(' ') : null,
        'aria-current': row.alert_id === this.selected ? 'true' : null, onclick: () => this.#onPick(row.alert_id),
      },
      h('span', { class: 'row-top' }, severityChip(row.severity), h('b', { class: 'plate' }, ruleName(row.rule)),
        h('span', { class: 'times' }, dayClock(row.opened_at, Date.now()))),
      h('span', { class: 'row-end' },
        h('span', {}, row.plate ?? row.terminal),
        state ? h('span', { class: `chip alert-state ${state}` }, t(`state_${state}`)) : null,
        assignee ? h('span', { class: 'small' }, `@${assignee}`) : null,
        row.status === 'closed' ? h('span', { class: 'small' }, t('conditionOver')) : null,
        due ? h('span', { class: 'small' }, `${t(due.key)} `, dueMark(due.due)) : null)),
      state === 'new' && this.#alerts.mayAct
        ? h('button', {
          type: 'button', class: 'quick', 'data-key': `ack-${row.alert_id}`, title: t('acknowledgeKey'),
          onclick: () => this.#acknowledge(group.map((one) => one.alert_id)),
        }, t('acknowledge') + (group.length > 1 ? ` ×${group.length}` : '')) : null);
  }
}
