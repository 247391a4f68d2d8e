// What is picked now: a delivery, a truck, or a place; its details in the panel and its trail on the map.

import { Emitter } from '/app/emitter.js';
import { byID, h } from '/app/dom.js';
import { onLanguage, t } from '/app/i18n.js';
import { iso } from '/app/format.js';
import { delivery as readDelivery, trail as readTrail } from '/app/api.js';
import { deliveryDetails, placeDetails, trailText, truckDetails } from '/app/details.js';

const margin = 5 * 60e3; // around a delivery
const beforeUnseenLoad = 2 * 3600e3;
const truckTrail = 2 * 3600e3;

/** Emits `changed` with `{delivery, terminal}`, the ids that lists mark. */
export class Selection extends Emitter {
  #fleet;
  #registers;
  #stage;
  #draw = null;
  #request = null;
  #delivery = null;
  #truck = null;
  #returnTo = null;

  constructor({ fleet, registers, stage }) {
    super();
    this.#fleet = fleet;
    this.#registers = registers;
    this.#stage = stage;
    onLanguage(() => this.#draw?.());
    fleet.on('changed', (trucks) => {
      if (this.#truck && trucks.some((truck) => truck.terminal === this.#truck)) this.#draw();
    });
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !byID('details').hidden && !byID('search').contains(event.target)) this.clear();
    });
  }

  async pickDelivery(id) {
    const signal = this.#begin({ delivery: id });
    this.#delivery = id;
    this.#show(() => [h('p', { class: 'empty' }, t('loading'))]);
    try {
      const delivery = await readDelivery(id, signal);
      let line = () => t('trailLoading');
      this.#show(() => [
        ...deliveryDetails(delivery, this.#registers), h('p', { class: 'trail-line', role: 'status' }, line())]);
      this.emit('changed', { delivery: id, terminal: delivery.terminal });
      this.#stage?.trucks.select(delivery.terminal);
      const [from, to] = stretchOf(delivery);
      const feature = await readTrail(delivery.terminal, iso(from), iso(to), signal);
      line = () => trailText(feature, t('trailShown'));
      this.#drawTrail(feature, delivery);
      this.#draw();
    } catch (error) {
      this.#fail(error, signal, () => this.pickDelivery(id));
    }
  }

  /** A delivery that is shown was judged again. */
  refreshDelivery(id) {
    if (id === this.#delivery) this.pickDelivery(id);
  }

  async pickTruck(terminal) {
    const truck = this.#fleet.trucks.get(terminal);
    if (!truck) return;
    const signal = this.#begin({ terminal });
    let line = () => t('trailLoading');
    this.#truck = terminal;
    this.#show(() => truckDetails(truck, this.#fleet, line()));
    this.#stage?.trucks.select(terminal);
    try {
      const feature = await readTrail(terminal, iso(truck.time - truckTrail), iso(truck.time + 1000), signal);
      line = () => trailText(feature, t('lastTwoHours'));
      const bounds = this.#stage?.trail.show(feature);
      if (bounds) this.#stage.fit(bounds);
      else if (truck.at) this.#stage?.focus(truck.at);
      this.#draw();
    } catch (error) {
      this.#fail(error, signal, () => this.pickTruck(terminal));
    }
  }

  pickPlace(kind, feature) {
    this.#begin({});
    this.#show(() => placeDetails(kind, feature, this.#registers));
  }

  clear() {
    this.#begin({});
    this.#draw = null;
    byID('details').hidden = true;
    byID('lists').hidden = false;
    const back = this.#returnTo && document.querySelector(`[data-key="${CSS.escape(this.#returnTo)}"]`);
    (back ?? byID('panel')).focus({ preventScroll: !back });
    this.#returnTo = null;
  }

  /** Ends what was picked before. */
  #begin(ids) {
    this.#request?.abort();
    this.#request = new AbortController();
    this.#delivery = null;
    this.#truck = null;
    this.#stage?.trail.clear();
    this.#stage?.trucks.select(ids.terminal ?? null);
    this.emit('changed', ids);
    return this.#request.signal;
  }

  #show(content) {
    const box = byID('details');
    const isOpening = box.hidden;
    if (isOpening) this.#returnTo = document.activeElement?.dataset?.key ?? null;
    this.#draw = () => {
      const back = h('button', { type: 'button', class: 'back', onclick: () => this.clear() }, `‹ ${t('back')}`);
      const hadFocus = box.contains(document.activeElement);
      box.replaceChildren(back, ...content());
      if (hadFocus || isOpening) back.focus({ preventScroll: true });
    };
    byID('lists').hidden = true;
    box.hidden = false;
    this.#draw();
    box.scrollTop = 0;
  }

  #drawTrail(feature, delivery) {
    if (!this.#stage) return;
    const loaded = delivery.load_end ? [Date.parse(delivery.load_end), Date.parse(delivery.unload_start)] : null;
    const ends = [['origin', 'badgeLoad'], ['destination', 'badgeUnload']]
      .filter(([end]) => delivery[`${end}_lat`] !== null)
      .map(([end, key]) => ({ at: [delivery[`${end}_lat`], delivery[`${end}_lon`]], text: () => t(key) }));
    this.#stage.fit(this.#stage.trail.show(feature, { loaded, ends }));
  }

  #fail(error, signal, again) {
    if (signal.aborted) return;
    const said = error.problem?.title ?? '';
    this.#show(() => [
      h('p', { class: 'empty' }, `${t('failedOnce')} ${said}`),
      h('button', { type: 'button', class: 'more', onclick: again }, t('retry'))]);
  }
}

function stretchOf(delivery) {
  const unloadStart = Date.parse(delivery.unload_start);
  const start = delivery.load_start ?? delivery.load_end;
  return [
    (start ? Date.parse(start) : unloadStart - beforeUnseenLoad) - margin,
    Date.parse(delivery.unload_end ?? delivery.unload_start) + margin];
}
