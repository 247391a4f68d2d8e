// The day's deliveries: pick a day, filter by verdict, pick one.

import { h, oncePerFrame, roveWithArrows, setChildren } from '/app/dom.js';
import { onLanguage, ruleName, t } from '/app/i18n.js';
import { addDays, clock, dayClock, endName, longDay, number } from '/app/format.js';
import { provisionalMark, verdictChip, verdictIcon } from '/app/marks.js';

const filters = ['all', 'suspicious', 'insufficient_data', 'clear'];
const filterNames = { all: 'filterAll', insufficient_data: 'insufficient_short' };
const rowsAtFirst = 150;

export class DeliveryList {
  selected = null;
  #root;
  #deliveries;
  #registers;
  #onPick;
  #filter = 'all';
  #shown = rowsAtFirst;
  #failed = false;
  /** What was drawn last, `{row, isSelected, element}` by delivery: many come in, and most rows stay as they are. */
  #drawn = new Map();
  #soon = oncePerFrame(() => this.#draw());

  constructor(root, deliveries, registers, onPick) {
    this.#root = root;
    this.#deliveries = deliveries;
    this.#registers = registers;
    this.#onPick = onPick;
    this.#head = h('div', { class: 'list-head' });
    this.#list = h('div', { class: 'rows', role: 'list' });
    root.append(this.#head, this.#list);
    roveWithArrows(this.#list, '.row');
    deliveries.on('loading', () => this.#again(false));
    deliveries.on('changed', () => this.#again(false));
    deliveries.on('failed', () => this.#again(true));
    const anew = () => {
      this.#drawn = new Map();
      this.#soon();
    };
    registers.on('changed', anew);
    onLanguage(anew);
    this.#soon();
  }

  #head;
  #list;

  select(id) {
    this.selected = id;
    this.#soon();
  }

  #again(failed) {
    this.#failed = failed;
    this.#soon();
  }

  #draw() {
    const rows = this.#deliveries.sorted();
    const focused = this.#root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.#head.replaceChildren(this.#days(), this.#filters(rows), this.#deliveries.isCut ? cutLine(rows.length) : '');
    const wanted = this.#filter === 'all' ? rows : rows.filter((row) => row.verdict === this.#filter);
    const drawn = new Map(wanted.slice(0, this.#shown).map((row) => [row.delivery_id, this.#kept(row)]));
    this.#drawn = drawn;
    const children = [...drawn.values()].map(({ element }) => element);
    if (!wanted.length) children.push(this.#empty(rows.length > 0));
    if (wanted.length > this.#shown) {
      const more = { type: 'button', class: 'more', 'data-key': 'more', onclick: () => this.#more() };
      children.push(h('button', more, t('more')));
    }
    setChildren(this.#list, children);
    if (!focused || document.activeElement?.dataset.key === focused) return;
    this.#root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #more() {
    this.#shown += rowsAtFirst;
    this.#draw();
  }

  #empty(isFiltered) {
    const text = this.#failed ? t('failed') : this.#deliveries.isLoading ? t('loading')
      : isFiltered ? t('emptyFilter') : t('emptyDay');
    return h('p', { class: 'empty' }, text);
  }

  #days() {
    const { day, isFollowing } = this.#deliveries;
    const go = (target, following) => {
      this.#shown = rowsAtFirst;
      this.#deliveries.show(target, { following }).catch(() => {});
    };
    const step = (sign, count, key) => h('button', {
      type: 'button', class: 'step', 'data-key': key, 'aria-label': t(key), title: t(key), disabled: !day,
      onclick: () => go(addDays(day, count), false),
    }, sign);
    return h('div', { class: 'days' },
      step('‹', -1, 'previousDay'),
      h('label', { class: 'day' },
        h('span', { class: 'day-text' }, day ? longDay(day) : '—'),
        h('input', {
          type: 'date', value: day ?? '', 'aria-label': t('day'), 'data-key': 'date',
          onchange: (event) => event.target.value && go(event.target.value, false),
        })),
      step('›', 1, 'nextDay'),
      h('button', {
        type: 'button', class: 'latest', 'data-key': 'latest', 'aria-pressed': String(isFollowing),
        onclick: () => go(null, true),
      }, t('latestDay')));
  }

  #filters(rows) {
    const count = (filter) => (filter === 'all' ? rows.length : rows.filter((row) => row.verdict === filter).length);
    return h('div', { class: 'filters', role: 'group' }, filters.map((filter) => h('button', {
      type: 'button', class: `filter ${filter}`, 'data-key': `filter-${filter}`,
      'aria-pressed': String(filter === this.#filter),
      onclick: () => {
        this.#filter = filter;
        this.#shown = rowsAtFirst;
        this.#draw();
      },
    }, filter === 'all' ? null : verdictIcon(filter), t(filterNames[filter] ?? filter),
    h('b', {}, `${count(filter)}${this.#deliveries.isCut ? '+' : ''}`))));
  }

  #kept(row) {
    const isSelected = row.delivery_id === this.selected;
    const before = this.#drawn.get(row.delivery_id);
    if (before?.row === row && before.isSelected === isSelected) return before;
    return { row, isSelected, element: this.#row(row) };
  }

  #row(row) {
    const start = row.load_end ?? row.load_start;
    const name = row.plate ?? row.terminal;
    const end = (side) => h('span', {
      class: row[`${side}_kind`] === 'unknown' || row[`${side}_kind`] === 'suspected_plant' ? 'end odd' : 'end',
    }, endName(row, side, this.#registers));
    return h('div', { role: 'listitem' }, h('button', {
      type: 'button', class: 'row', 'data-key': row.delivery_id,
      'aria-current': row.delivery_id === this.selected ? 'true' : null,
      onclick: () => this.#onPick(row.delivery_id),
    },
    h('span', { class: 'row-top' },
      h('b', { class: 'plate' }, name), verdictChip(row.verdict),
      h('span', { class: 'times' },
        start ? dayClock(start, row.unload_start) : '··', ' → ', clock(row.unload_start))),
    h('span', { class: 'route' },
      end('origin'), h('span', { class: 'to', 'aria-hidden': 'true' }, '→'), end('destination')),
    row.suspicions.length || row.distance_km !== null || !row.is_final
      ? h('span', { class: 'row-end' },
        row.suspicions.map((code) => h('span', { class: 'rule' }, ruleName(code))),
        row.distance_km === null ? null : h('span', { class: 'small' }, `${number(row.distance_km, 1)} km`),
        row.is_final ? null : provisionalMark())
      : null));
  }
}

const cutLine = (count) => h('p', { class: 'small cut' }, t('deliveriesCut').replace('#', number(count)));
