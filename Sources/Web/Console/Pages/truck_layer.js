// The trucks on the map: where they are, where they head, how they do. They glide from report to report.

import * as L from '/leaflet/leaflet.js';
import { onLanguage, t } from '/app/i18n.js';
import { oncePerFrame } from '/app/dom.js';
import { number, truckName } from '/app/format.js';
import { colours } from '/app/palette.js';
import { stampTruck } from '/app/glyphs.js';

const glideFor = 900; // milliseconds
const glideAtMost = 400; // trucks at one time; more jump
const glideFrom = 3; // pixels: nobody sees less
const tailsAtMost = 400;
const avoidedAtMost = 300;
const namesFrom = 12;

const Mark = L.CircleMarker.extend({
  options: { radius: 16, weight: 2, bubblingMouseEvents: false },
  _updatePath() {
    if (this._renderer._drawing && !this._empty()) stampTruck(this._renderer._ctx, this._point, this.look);
  },
  // The mark is smaller than the room it needs for its ring and its badge.
  _containsPoint(point) {
    return point.distanceTo(this._point) <= 12 + this._clickTolerance();
  },
});

export class TruckLayer {
  selected = null;
  #view;
  #fleet;
  #marks = new Map();
  #tails = new Map();
  #glides = new Map();
  #onPick;
  #isStill = window.matchMedia('(prefers-reduced-motion: reduce)');
  #name = oncePerFrame(() => this.#setNames());

  constructor(view, fleet, onPick) {
    this.#view = view;
    this.#fleet = fleet;
    this.#onPick = onPick;
    fleet.on('changed', (trucks) => this.#change(trucks));
    fleet.on('all', () => this.refresh());
    view.map.on('zoomend moveend', () => this.#name());
    view.labels.avoid(() =>
      (this.#marks.size > avoidedAtMost ? [] : [...this.#marks.values()].map((mark) => mark.getLatLng())));
    onLanguage(() => this.refresh());
  }

  select(terminal) {
    const previous = this.selected;
    this.selected = terminal;
    for (const each of [previous, terminal]) if (this.#fleet.trucks.has(each)) this.#show(this.#fleet.trucks.get(each));
    this.#name();
  }

  places() {
    return [...this.#fleet.trucks.values()].filter((truck) => truck.at).map((truck) => truck.at);
  }

  /** Looks at every truck again: with time alone a truck falls silent. */
  refresh() {
    for (const truck of this.#fleet.trucks.values()) this.#show(truck);
    for (const terminal of [...this.#marks.keys()]) {
      if (!this.#fleet.trucks.has(terminal)) this.#forget(terminal);
    }
    this.#name();
  }

  #forget(terminal) {
    for (const layers of [this.#marks, this.#tails]) {
      layers.get(terminal)?.remove();
      layers.delete(terminal);
    }
  }

  #change(trucks) {
    const mayGlide = trucks.length <= glideAtMost && !this.#isStill.matches && !document.hidden;
    for (const truck of trucks) {
      const mark = this.#marks.get(truck.terminal);
      const from = mayGlide && mark ? mark.getLatLng() : null;
      this.#show(truck, Boolean(from));
      if (this.#glidesTo(truck, from)) this.#glides.set(truck.terminal, { from, to: L.latLng(truck.at), start: performance.now() });
      else if (truck.at) this.#marks.get(truck.terminal)?.setLatLng(truck.at);
    }
    if (this.#glides.size) this.#step();
    this.#name();
  }

  /** Whether the way from `from` is one that somebody would see the truck drive. */
  #glidesTo(truck, from) {
    const { map } = this.#view;
    if (!from || !truck.at || map.distance(from, truck.at) >= 5000) return false;
    const pixels = map.latLngToContainerPoint(from).distanceTo(map.latLngToContainerPoint(truck.at));
    return pixels >= glideFrom && map.getBounds().contains(truck.at);
  }

  #step = oncePerFrame(() => {
    const now = performance.now();
    for (const [terminal, glide] of this.#glides) {
      const share = Math.min(1, (now - glide.start) / glideFor);
      const mark = this.#marks.get(terminal);
      if (share >= 1 || !mark) this.#glides.delete(terminal);
      mark?.setLatLng([
        glide.from.lat + (glide.to.lat - glide.from.lat) * share,
        glide.from.lng + (glide.to.lng - glide.from.lng) * share]);
    }
    if (this.#glides.size) this.#step();
  });

  #show(truck, keepsPlace = false) {
    if (!truck.at || !this.#fleet.keeps(truck)) {
      this.#forget(truck.terminal);
      return;
    }
    let mark = this.#marks.get(truck.terminal);
    if (!mark) {
      mark = new Mark(truck.at, { renderer: this.#view.marks });
      mark.bindTooltip(() => this.#tooltip(truck.terminal), { direction: 'top', offset: [0, -12] });
      mark.on('click', () => this.#onPick(truck.terminal));
      this.#marks.set(truck.terminal, mark);
      mark.addTo(this.#view.map);
    }
    mark.look = {
      state: this.#fleet.state(truck), heading: truck.heading, camera: truck.camera.state, load: truck.load,
      isSelected: truck.terminal === this.selected,
    };
    if (keepsPlace) mark.redraw();
    else mark.setLatLng(truck.at);
    this.#showTail(truck);
  }

  #showTail(truck) {
    const tail = this.#tails.get(truck.terminal);
    if (tail) tail.setLatLngs(truck.tail);
    else if (truck.tail.length > 1 && this.#tails.size < tailsAtMost) {
      const style = { renderer: this.#view.lines, color: colours.moving, weight: 3, opacity: 0.28, interactive: false };
      this.#tails.set(truck.terminal, L.polyline(truck.tail, style).addTo(this.#view.map));
    }
  }

  #tooltip(terminal) {
    const truck = this.#fleet.trucks.get(terminal);
    const text = document.createElement('span');
    if (!truck) return text;
    const speed = truck.shownSpeed === null ? '' : ` · ${number(truck.shownSpeed)} km/h`;
    text.textContent = [truckName(truck), t(this.#fleet.state(truck)), truck.load ? t(`load_${truck.load}`) : null]
      .filter(Boolean).join(' · ') + speed;
    return text;
  }

  #setNames() {
    const isNear = this.#view.map.getZoom() >= namesFrom;
    const bounds = this.#view.map.getBounds().pad(0.1);
    const names = [];
    for (const truck of this.#fleet.trucks.values()) {
      const isSelected = truck.terminal === this.selected;
      if (!truck.at || !this.#marks.has(truck.terminal) || !(isNear || isSelected) || !bounds.contains(truck.at) || names.length > 500) continue;
      names.push({
        at: this.#marks.get(truck.terminal)?.getLatLng() ?? truck.at, text: truckName(truck),
        colour: colours.ink, rank: isSelected ? 0 : 3, bold: isSelected,
        offset: isSelected || truck.camera.state !== 'ok' ? 19 : 14,
      });
    }
    this.#view.labels.set('trucks', names);
  }
}
