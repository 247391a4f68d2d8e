// All trucks in a list: the way to them without a mouse.

import { h, oncePerFrame, roveWithArrows } from '/app/dom.js';
import { onLanguage, t } from '/app/i18n.js';
import { ago, number, truckName } from '/app/format.js';
import { byName, filters } from '/app/fleet.js';
import { truckIcon } from '/app/marks.js';

const order = { moving: 0, standing: 1, nofix: 2, stale: 3 };
const rowsAtMost = 300;

export class TruckList {
  selected = null;
  #root;
  #fleet;
  #onPick;
  #last = 0;
  #head = h('div', { class: 'list-head' });
  #list = h('div', { class: 'rows' });

  constructor(root, fleet, onPick) {
    this.#root = root;
    this.#fleet = fleet;
    this.#onPick = onPick;
    root.append(this.#head, this.#list);
    roveWithArrows(this.#list, '.row');
    const soon = oncePerFrame(() => this.#draw());
    fleet.on('all', soon);
    // Trucks report many times a second; a list that moves that often cannot be read.
    fleet.on('changed', () => {
      if (performance.now() - this.#last > 2000) soon();
    });
    onLanguage(soon);
    this.refresh = soon;
  }

  select(terminal) {
    this.selected = terminal;
    this.refresh();
  }

  #draw() {
    if (this.#root.hidden) return;
    this.#last = performance.now();
    const all = [...this.#fleet.trucks.values()];
    const trucks = all.filter((truck) => this.#fleet.keeps(truck)).map((truck) => ({ truck, state: this.#fleet.state(truck) }))
      .sort((one, other) => order[one.state] - order[other.state] || byName(one.truck, other.truck));
    const focused = this.#root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const rows = trucks.slice(0, rowsAtMost).map(({ truck, state }) => this.#row(truck, state));
    this.#head.replaceChildren(this.#filters(all));
    const top = this.#list.scrollTop;
    if (trucks.length > rowsAtMost) {
      rows.push(h('p', { class: 'empty' },
        t('trucksCut').replace('#', number(rowsAtMost)).replace('#', number(trucks.length))));
    }
    this.#list.replaceChildren(
      ...(rows.length ? rows : [h('p', { class: 'empty' }, t(all.length ? 'emptyTruckFilter' : 'emptyTrucks'))]));
    this.#list.scrollTop = top;
    if (focused) this.#root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  /** Of the list and of the map alike. */
  #filters(all) {
    const states = all.map((truck) => [truck, this.#fleet.state(truck)]);
    return h('div', { class: 'filters', role: 'group', 'aria-label': t('truckFilter') },
      Object.entries(filters).map(([name, keeps]) => h('button', {
        type: 'button', class: 'filter', 'data-key': `trucks-${name}`, 'aria-pressed': String(this.#fleet.filter === name),
        onclick: () => this.#fleet.show(this.#fleet.filter === name ? null : name),
      }, t(`trucks_${name}`), h('b', {}, String(states.filter(([truck, state]) => keeps(truck, state)).length)))));
  }

  #row(truck, state) {
    const late = (this.#fleet.reference() - truck.time) / 1000;
    const speed = state === 'moving' && truck.shownSpeed !== null ? ` · ${number(truck.shownSpeed)} km/h` : '';
    return h('button', {
      type: 'button', class: 'row truck', 'data-key': truck.terminal,
      'aria-current': truck.terminal === this.selected ? 'true' : null, onclick: () => this.#onPick(truck.terminal),
    },
    truckIcon({ state, heading: truck.heading, camera: truck.camera.state, load: truck.load }),
    h('span', { class: 'truck-text' },
      h('span', { class: 'row-top' }, h('b', { class: 'plate' }, truckName(truck)),
        h('span', { class: 'times' }, ago(late))),
      h('span', { class: 'small' }, t(state), truck.load ? ` · ${t(`load_${truck.load}`)}` : '', speed,
        truck.camera.state === 'ok' ? '' : ` · ${t(`camera_${truck.camera.state}`)}`),
      h('span', { class: 'small' }, truck.plate ? truck.company ?? '' : t('unregistered'))));
  }
}
