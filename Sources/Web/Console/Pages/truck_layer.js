// The trucks on the map: where they are, where they head, how they do. They glide from report to report.

import * as L from '/leaflet/leaflet.js';
import { onLanguage, t } from '/app/i18n.js';
import { oncePerFrame } from '/app/dom.js';
import { number, truckName } from '/app/format.js';
import { colours } from '/app/palette.js';
import { drawTruck, truckStamp } from '/app/glyphs.js';
import { Painting, worldOf } from '/app/painting.js';

const glideFor = 900; // milliseconds
const glideAtMost = 400; // trucks at one time; more jump
const glideFrom = 3; // pixels: nobody sees less
const glideBelow = 5000; // metres
const equator = 40_075_017; // metres
const restPerTruck = 0.1; // milliseconds between two pictures for each in view: of many, each moves little
const restAtMost = 125; // milliseconds
const frame = 17; // milliseconds
const tailsAtMost = 400; // in view; of more nobody could tell whose is whose
const avoidedAtMost = 300;
const namesFrom = 12;
const reach = 12; // pixels
const room = 2 ** 14; // pixels, more than any canvas has

/** What the mouse finds of the trucks on the canvas that takes all clicks; it draws nothing there. */
const Touch = L.Path.extend({
  options: { weight: 2, bubblingMouseEvents: false },
  initialize(options) {
    L.setOptions(this, options);
  },
  _project() {},
  _update() {},
  _updatePath() {},
  _containsPoint(point) {
    return Boolean(this.options.find(point));
  },
});

export class TruckLayer {
  selected = null;
  #view;
  #fleet;
  /**
   * By terminal: the `truck`, its `look` and its `stamp`; `at`, and in the world `x`, `y`, where it is; `from`, `fromX`,
   * `fromY`, where it came from when it started to glide at `start`; `left`, `top`, where on the canvas it was painted.
   */
  #marks = new Map();
  #painting;
  #tails;
  #touch;
  #tooltip = L.tooltip({ direction: 'top', offset: [0, -12] });
  #hovered = null;
  #inView = 0;
  #painted = 0;
  #isWaiting = false;
  #hasTails = false;
  #hasNames = false;
  #isStill = window.matchMedia('(prefers-reduced-motion: reduce)');
  #name = oncePerFrame(() => this.#setNames());

  constructor(view, fleet, onPick) {
    this.#view = view;
    this.#fleet = fleet;
    const { map } = view;
    const painting = (pane, paint) => new Painting({ pane, padding: 0.2, paint }).addTo(map);
    this.#tails = painting('tails', (context, frame) => this.#paintTails(context, frame));
    this.#painting = painting('trucks', (context, frame) => this.#paint(context, frame));
    this.#touch = new Touch({ renderer: view.marks, find: (point) => this.#find(point) }).addTo(map);
    this.#touch.on('click', ({ layerPoint }) => onPick(this.#find(layerPoint).truck.terminal));
    this.#touch.on('mouseover mousemove', ({ layerPoint }) => this.#hover(this.#find(layerPoint)));
    this.#touch.on('mouseout', () => this.#hover(null));
    fleet.on('changed', (trucks) => this.#change(trucks));
    fleet.on('all', () => this.refresh());
    map.on('zoomend moveend', () => this.#name());
    view.labels.avoid(() => (this.#marks.size > avoidedAtMost ? [] : [...this.#marks.values()].map(placeOf)));
    onLanguage(() => this.refresh());
    // They may have come before the map did.
    this.refresh();
  }

  select(terminal) {
    const previous = this.selected;
    this.selected = terminal;
    for (const each of [previous, terminal]) if (this.#fleet.trucks.has(each)) this.#show(this.#fleet.trucks.get(each));
    this.#painting.repaint();
    this.#name();
  }

  places() {
    return [...this.#fleet.trucks.values()].filter((truck) => truck.at).map((truck) => truck.at);
  }

  /** Looks at every truck again: with time alone a truck falls silent. */
  refresh() {
    for (const truck of this.#fleet.trucks.values()) this.#show(truck);
    for (const terminal of [...this.#marks.keys()]) {
      if (!this.#fleet.trucks.has(terminal)) this.#marks.delete(terminal);
    }
    this.#painting.repaint();
    this.#tails.repaint();
    this.#name();
  }

  #change(trucks) {
    const mayGlide = trucks.length <= glideAtMost && !this.#isStill.matches && !document.hidden;
    for (const truck of trucks) this.#show(truck, mayGlide);
    this.#paintSoon();
    if (this.#hasTails || this.#inView <= tailsAtMost) this.#tails.repaint();
    this.#name();
  }

  #show(truck, mayGlide = false) {
    const mark = this.#marks.get(truck.terminal) ?? { x: NaN, y: NaN, start: 0 };
    if (!truck.at || !this.#fleet.keeps(truck)) {
      this.#marks.delete(truck.terminal);
      return;
    }
    if (mark.at?.[0] !== truck.at[0] || mark.at[1] !== truck.at[1]) this.#move(mark, truck.at, mayGlide);
    mark.truck = truck;
    mark.look = {
      state: this.#fleet.state(truck), heading: truck.heading, camera: truck.camera.state, load: truck.load,
      isSelected: truck.terminal === this.selected,
    };
    mark.stamp = truckStamp(mark.look);
    this.#marks.set(truck.terminal, mark);
  }

  /** Lets the mark glide to where its truck is now, if that is a way that somebody would see it drive. */
  #move(mark, at, mayGlide) {
    const from = mark.at && placeOf(mark);
    const { x: fromX, y: fromY } = worldSpot(mark, rest(mark));
    const { x, y } = worldOf(at);
    Object.assign(mark, { at, x, y, start: 0 });
    if (!mayGlide || !from) return;
    const way = Math.hypot(x - fromX, y - fromY);
    const metres = way * equator * Math.cos((at[0] * Math.PI) / 180);
    const pixels = way * L.CRS.EPSG3857.scale(this.#view.map.getZoom());
    if (pixels < glideFrom || metres >= glideBelow) return;
    Object.assign(mark, { from, fromX, fromY, start: performance.now() });
  }

  /** Paints with the next frame; the more are in view, the fewer pictures a second. */
  #paintSoon() {
    if (this.#isWaiting) return;
    const wait = Math.min(this.#inView * restPerTruck, restAtMost) - (performance.now() - this.#painted);
    if (wait <= frame) {
      this.#painting.repaint();
      return;
    }
    this.#isWaiting = true;
    setTimeout(() => {
      this.#isWaiting = false;
      this.#painting.repaint();
    }, wait);
  }

  #paint(context, { scale, origin, min, max }) {
    const now = performance.now();
    let isGliding = false;
    this.#inView = 0;
    let selected = null;
    const painted = new Set();
    for (const mark of this.#marks.values()) {
      const left = rest(mark, now);
      const { x, y } = worldSpot(mark, left);
      mark.left = Math.round(x * scale - origin.x);
      mark.top = Math.round(y * scale - origin.y);
      const { number: kind, image, half } = mark.stamp;
      const isSeen = mark.left >= min.x - half && mark.left <= max.x + half
        && mark.top >= min.y - half && mark.top <= max.y + half;
      if (!isSeen) continue;
      this.#inView += 1;
      isGliding ||= left > 0;
      // Of those that look alike and stand at one pixel, as in a yard seen from far, one is painted.
      const spot = (kind * room + mark.left - min.x + half) * room + mark.top - min.y + half;
      if (mark.look.isSelected) selected = mark;
      else if (!painted.has(spot)) context.drawImage(image, mark.left - half, mark.top - half, 2 * half, 2 * half);
      if (!mark.look.isSelected) painted.add(spot);
    }
    // Above all others.
    if (selected) drawTruck(context, { x: selected.left, y: selected.top }, selected.look);
    if (this.#hovered) this.#hover(this.#marks.get(this.#hovered));
    this.#painted = now;
    if (isGliding) this.#paintSoon();
  }

  #paintTails(context, { scale, origin, min, max }) {
    const toPixels = ({ x, y }) => [x * scale - origin.x, y * scale - origin.y];
    const shown = [...this.#marks.values()].filter((mark) => {
      const [x, y] = toPixels(mark);
      return x >= min.x && x <= max.x && y >= min.y && y <= max.y;
    });
    this.#hasTails = shown.length <= tailsAtMost;
    if (!this.#hasTails) return;
    context.beginPath();
    for (const { truck: { tail } } of shown) {
      if (tail.length < 2) continue;
      tail.forEach((at, index) => context[index ? 'lineTo' : 'moveTo'](...toPixels(worldOf(at))));
    }
    context.lineCap = context.lineJoin = 'round';
    context.lineWidth = 3;
    context.strokeStyle = colours.moving;
    context.globalAlpha = 0.28;
    context.stroke();
    context.globalAlpha = 1;
  }

  /** The mark that is nearest to a pixel of the canvas, among those within reach. */
  #find(point) {
    let nearest = null;
    let least = reach + this.#touch._clickTolerance();
    for (const mark of this.#marks.values()) {
      const distance = Math.hypot(mark.left - point.x, mark.top - point.y);
      if (distance <= least) [nearest, least] = [mark, distance];
    }
    return nearest;
  }

  #hover(mark) {
    const { map } = this.#view;
    if (!mark) {
      this.#hovered = null;
      map.closeTooltip(this.#tooltip);
      return;
    }
    const { terminal } = mark.truck;
    this.#tooltip.setLatLng(placeOf(mark));
    if (this.#hovered !== terminal) this.#tooltip.setContent(this.#textOf(mark.truck));
    this.#hovered = terminal;
    if (!map.hasLayer(this.#tooltip)) map.openTooltip(this.#tooltip);
  }

  #textOf(truck) {
    const text = document.createElement('span');
    const speed = truck.shownSpeed === null ? '' : ` · ${number(truck.shownSpeed)} km/h`;
    text.textContent = [truckName(truck), t(this.#fleet.state(truck)), truck.load ? t(`load_${truck.load}`) : null]
      .filter(Boolean).join(' · ') + speed;
    return text;
  }

  #setNames() {
    const isNear = this.#view.map.getZoom() >= namesFrom;
    const bounds = this.#view.map.getBounds().pad(0.1);
    const wanted = isNear ? this.#marks.values() : [this.#marks.get(this.selected)].filter(Boolean);
    const names = [];
    for (const mark of wanted) {
      const { truck } = mark;
      const isSelected = truck.terminal === this.selected;
      if (!bounds.contains(truck.at) || names.length > 500) continue;
      names.push({
        at: placeOf(mark), text: truckName(truck), colour: colours.ink, rank: isSelected ? 0 : 3, bold: isSelected,
        offset: isSelected || truck.camera.state !== 'ok' ? 19 : 14,
      });
    }
    // Without names of trucks, and without trucks that other names make room for, nothing changes.
    if (names.length || this.#hasNames || this.#marks.size <= avoidedAtMost) this.#view.labels.set('trucks', names);
    this.#hasNames = names.length > 0;
  }
}

/** How much of its way, 1…0, a mark has still to glide. */
const rest = (mark, now = performance.now()) => (mark.start ? Math.max(0, 1 - (now - mark.start) / glideFor) : 0);

/** Where in the world a mark is that has `left` of its way still to glide. */
const worldSpot = (mark, left) => (left
  ? { x: mark.x + (mark.fromX - mark.x) * left, y: mark.y + (mark.fromY - mark.y) * left } : { x: mark.x, y: mark.y });

/** `[lat, lon]` where the mark is seen now. */
function placeOf(mark) {
  const left = rest(mark);
  return left ? mark.at.map((to, index) => to + (mark.from[index] - to) * left) : mark.at;
}
