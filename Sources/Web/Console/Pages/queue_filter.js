// Which suspicions the queue shows: open or decided, of one rule, unloaded in a span of days. The address of the page
// holds it, so that a list can be sent to a colleague and stays after a reload.

import { h } from '/app/dom.js';
import { ruleName, t } from '/app/i18n.js';
import { addDays, iso, startOfDay } from '/app/format.js';
import { field } from '/app/desk.js';

// A year that is being typed is none yet.
const isDay = (text) => /^2\d{3}-\d{2}-\d{2}$/.test(text ?? '') && !Number.isNaN(startOfDay(text));

export class QueueFilter {
  decided = 'open';
  /** A rule's code; empty: of any. */
  rule = '';
  /** Days in Asia/Shanghai, `to` included; empty: without an end. */
  from = '';
  to = '';
  /** The rules by which deliveries are judged: each delivery names them all. */
  #rules = [];
  #onChange;
  #states = [];
  #narrow;
  #rule;
  #clear;

  constructor(address, onChange) {
    const query = new URLSearchParams(address);
    this.#onChange = onChange;
    if (query.get('state') === 'decided') this.decided = 'decided';
    this.rule = query.get('rule') ?? '';
    if (isDay(query.get('from'))) this.from = query.get('from');
    if (isDay(query.get('to'))) this.to = query.get('to');
  }

  /** Whether deliveries are left out that wait like those that are shown. */
  get isNarrow() {
    return Boolean(this.rule || this.from || this.to);
  }

  /** What the API is asked. */
  get parameters() {
    return {
      state: this.decided, rule: this.rule || undefined,
      from: this.from ? iso(startOfDay(this.from)) : undefined,
      to: this.to ? iso(startOfDay(addDays(this.to, 1))) : undefined,
    };
  }

  learn(items) {
    for (const { delivery } of items.slice(0, 1)) this.#rules = delivery.judgements.map((judgement) => judgement.rule);
  }

  /**
   * Fills `host` for the language, once: what somebody is typing into stays in the page while the list comes and goes.
   */
  build(host) {
    this.#states = [['open', 'queueOpen'], ['decided', 'queueDecided']].map(([value, key]) => h('button', {
      type: 'button', class: 'filter', value, onclick: () => this.#set('decided', value),
    }, t(key)));
    this.#rule = h('select', { name: 'rule', onchange: ({ target }) => this.#set('rule', target.value) });
    const day = (name, key) => field(t(key), h('input', {
      type: 'date', name, value: this[name], onchange: ({ target }) => this.#set(name, isDay(target.value) ? target.value : ''),
    }));
    this.#clear = h('button', { type: 'button', class: 'quick', onclick: () => this.#showAll() }, t('queueAll'));
    this.#narrow = h('div', { class: 'queue-narrow' },
      field(t('queueRule'), this.#rule), day('from', 'queueFrom'), day('to', 'queueTo'), this.#clear);
    host.replaceChildren(
      h('div', { class: 'filters', role: 'group', 'aria-label': t('state') }, this.#states), this.#narrow);
  }

  /** `isAboutDeliveries`: suspected plants have neither one rule nor one day. */
  update(isAboutDeliveries) {
    for (const button of this.#states) button.setAttribute('aria-pressed', String(button.value === this.decided));
    this.#narrow.hidden = !isAboutDeliveries;
    this.#clear.hidden = !this.isNarrow;
    const codes = ['', ...new Set([...this.#rules, this.rule].filter(Boolean))];
    if (String([...this.#rule.options].map((option) => option.value)) !== String(codes)) {
      this.#rule.replaceChildren(...codes.map((code) => h('option', { value: code }, code ? ruleName(code) : t('queueAnyRule'))));
    }
    this.#rule.value = this.rule;
  }

  #showAll() {
    this.rule = this.from = this.to = '';
    for (const input of this.#narrow.querySelectorAll('input')) input.value = '';
    this.#rule.focus();
    this.#changed();
  }

  #set(name, value) {
    if (this[name] === value) return;
    this[name] = value;
    this.#changed();
  }

  #changed() {
    const query = new URLSearchParams(Object.entries({
      state: this.decided === 'decided' ? 'decided' : '', rule: this.rule, from: this.from, to: this.to,
    }).filter(([, value]) => value));
    history.replaceState(null, '', query.size ? `?${query}` : location.pathname);
    this.#onChange();
  }
}
