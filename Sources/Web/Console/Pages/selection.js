// What is picked now: a delivery, a truck, or a place; its details in the panel and its trail on the map.

import { Emitter } from '/app/emitter.js';
import { byID, h } from '/app/dom.js';
import { onLanguage, t } from '/app/i18n.js';
import { iso } from '/app/format.js';
import { delivery as readDelivery } from '/app/api.js';
import { trail as readTrail } from '/app/purpose.js';
import { deliveryDetails, placeDetails, trailText, truckDetails } from '/app/details.js';
import { evidenceForm } from '/app/evidence.js';
import { session } from '/app/session.js';
import { AlertPick } from '/app/alert_pick.js';

let rights = [];
session.then((known) => { rights = known.rights; }, () => {});

const margin = 5 * 60e3; // around a delivery
const beforeUnseenLoad = 2 * 3600e3;
const truckTrail = 2 * 3600e3;

/** Emits `changed` with `{delivery, terminal, alert}`, the ids that lists mark. */
export class Selection extends Emitter {
  #fleet;
  #registers;
  #stage;
  #draw = null;
  #request = null;
  #pick = null;
  #truck = null;
  #returnTo = null;
  #alert = null;

  constructor({ fleet, registers, stage, alerts }) {
    super();
    this.#fleet = fleet;
    this.#registers = registers;
    this.#stage = stage;
    this.#alert = new AlertPick(alerts);
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
    this.#pick = { id, signal, delivery: null, trail: null, isStale: true, isReading: false };
    this.#show(() => [h('p', { class: 'empty' }, t('loading'))]);
    await this.#read(this.#pick);
  }

  /** A delivery that is shown was judged again: it is read again, and what is seen stays until then. */
  refreshDelivery(id) {
    if (id !== this.#pick?.id) return;
    this.#pick.isStale = true;
    this.#read(this.#pick);
  }

  async #read(pick) {
    if (pick.isReading) return;
    pick.isReading = true;
    let failure = null;
    try {
      while (pick.isStale && !pick.signal.aborted) {
        pick.isStale = false;
        await this.#readOnce(pick);
      }
    } catch (error) {
      failure = error;
    }
    pick.isReading = false;
    if (!failure || pick.signal.aborted) return;
    // What is shown already stays, unless there is no such delivery any more.
    if (pick.delivery && failure.status !== 404) this.#draw();
    else this.#fail(failure, pick.signal, () => this.pickDelivery(pick.id));
  }

  async #readOnce(pick) {
    const isFirst = !pick.delivery;
    pick.delivery = await readDelivery(pick.id, pick.signal);
    const { delivery } = pick;
    if (isFirst) {
      this.#show(() => [
        ...deliveryDetails(pick.delivery, this.#registers, furtherOf(pick.delivery)),
        h('p', { class: 'trail-line', role: 'status' },
          pick.trail ? trailText(pick.trail, t('trailShown')) : t(pick.isReading ? 'trailLoading' : 'failedOnce'))]);
      this.emit('changed', { delivery: pick.id, terminal: delivery.terminal });
      this.#stage?.trucks.select(delivery.terminal);
    }
    const [from, to] = stretchOf(delivery);
    const hadTrail = Boolean(pick.trail);
    pick.trail = await readTrail(delivery.terminal, iso(from), iso(to), pick.signal);
    const bounds = this.#drawTrail(pick.trail, delivery);
    if (!hadTrail) this.#stage?.fit(bounds);
    this.#draw();
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

  async pickAlert(id) {
    const signal = this.#begin({ alert: id });
    this.#show(() => this.#alert.content());
    try {
      const row = await this.#alert.read(id, () => !signal.aborted && this.#draw(), signal);
      this.#stage?.trucks.select(row.terminal);
      if (row.lat !== null) this.#stage?.focus([row.lat, row.lon]);
    } catch (error) {
      this.#fail(error, signal, () => this.pickAlert(id));
    }
  }

  /** An alert that is shown was handled by somebody. */
  refreshAlert(id) {
    if (id === this.#alert.id) this.#alert.again();
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
    this.#pick = null;
    this.#truck = null;
    this.#alert.leave();
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
      box.replaceChildren(back, ...content().filter(Boolean));
      if (hadFocus || isOpening) back.focus({ preventScroll: true });
    };
    byID('lists').hidden = true;
    box.hidden = false;
    this.#draw();
    box.scrollTop = 0;
  }

  #drawTrail(feature, delivery) {
    if (!this.#stage) return null;
    const loaded = delivery.load_end ? [Date.parse(delivery.load_end), Date.parse(delivery.unload_start)] : null;
    const ends = [['origin', 'badgeLoad'], ['destination', 'badgeUnload']]
      .filter(([end]) => delivery[`${end}_lat`] !== null)
      .map(([end, key]) => ({ at: [delivery[`${end}_lat`], delivery[`${end}_lon`]], text: () => t(key) }));
    return this.#stage.trail.show(feature, { loaded, ends });
  }

  #fail(error, signal, again) {
    if (signal.aborted) return;
    const said = error.problem?.title ?? '';
    this.#show(() => [
      h('p', { class: 'empty' }, `${t('failedOnce')} ${said}`),
      h('button', { type: 'button', class: 'more', onclick: again }, t('retry'))]);
  }
}

/** The evidence package and the page of the delivery, for those who may have them. */
function furtherOf(delivery) {
  return [
    rights.includes('suspicions.read')
      ? h('a', { class: 'more inspect-link', href: `/delivery/${encodeURIComponent(delivery.delivery_id)}` },
        t('deliveryPage')) : null,
    rights.includes('evidence.read') ? evidenceForm(delivery) : null,
  ];
}

function stretchOf(delivery) {
  const unloadStart = Date.parse(delivery.unload_start);
  const start = delivery.load_start ?? delivery.load_end;
  return [
    (start ? Date.parse(start) : unloadStart - beforeUnseenLoad) - margin,
    Date.parse(delivery.unload_end ?? delivery.unload_start) + margin];
}
