// One trail on the map: a road travelled, with arrows along it and the time now and then.

import * as L from '/leaflet/leaflet.js';
import { dayClock } from '/app/format.js';
import { onLanguage } from '/app/i18n.js';
import { colours } from '/app/palette.js';
import { drawBadge } from '/app/glyphs.js';

const arrowEvery = 90; // pixels
const nameEvery = 200; // metres: a truck that stands gets one time, not a heap of them
const lateDashes = '9 6'; // of what the terminal kept and sent later
const timeSteps = [300, 600, 1800, 3600, 7200, 14400]; // seconds

/** A line with arrowheads along it. */
const ArrowLine = L.Polyline.extend({
  _updatePath() {
    L.Polyline.prototype._updatePath.call(this);
    if (!this._renderer._drawing) return;
    const context = this._renderer._ctx;
    context.save();
    context.setLineDash([]);
    context.strokeStyle = '#fff';
    context.globalAlpha = 1;
    context.lineWidth = 1.6;
    for (const part of this._parts) arrows(context, part);
    context.restore();
  },
});

const Pin = L.CircleMarker.extend({
  options: { radius: 10, weight: 2, interactive: false },
  _updatePath() {
    if (this._renderer._drawing && !this._empty()) drawBadge(this._renderer._ctx, this._point, this.options.look());
  },
});

function arrows(context, points) {
  let since = arrowEvery / 2;
  for (let index = 1; index < points.length; index += 1) {
    const [from, to] = [points[index - 1], points[index]];
    const length = from.distanceTo(to);
    if (!length) continue;
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    for (let at = arrowEvery - since; at < length; at += arrowEvery) {
      const share = at / length;
      arrow(context, from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share, angle);
    }
    since = (since + length) % arrowEvery;
  }
}

function arrow(context, x, y, angle) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const corner = (along, across) => [x + along * cos - across * sin, y + along * sin + across * cos];
  context.beginPath();
  context.moveTo(...corner(-2.2, -2.6));
  context.lineTo(...corner(1.6, 0));
  context.lineTo(...corner(-2.2, 2.6));
  context.stroke();
}

export class TrailLayer {
  #view;
  #group = L.layerGroup();

  constructor(view) {
    this.#view = view;
    this.#group.addTo(view.map);
    onLanguage(() => this.#group.eachLayer((layer) => layer.redraw()));
  }

  clear() {
    this.#group.clearLayers();
    this.#view.labels.set('trail', []);
  }

  /**
   * Draws a feature of `/api/v1/trails`. `loaded` is the stretch of time `[from, to]` driven with a load, `ends` are
   * `{at, text()}` to mark. Returns the bounds, or null when there is nothing to see.
   */
  show(feature, { loaded = null, ends = [] } = {}) {
    this.clear();
    const points = feature.properties.points.map((point) =>
      ({ at: [point.lat, point.lon], ms: Date.parse(point.time), isLate: point.late_s !== undefined }));
    // Of a recording everything came late, and nothing is told by it.
    if (points.every((point) => point.isLate)) for (const point of points) point.isLate = false;
    const parts = split(points, feature.properties.gap_limit_s * 1000);
    for (const part of parts) this.#line(part.map((point) => point.at), '#ffffff', 8, 0.9, L.Polyline);
    for (const part of parts) {
      for (const leg of legs(part, loaded)) {
        const [colour, weight] = leg.isLoaded ? [colours.loaded, 5.5] : [colours.trail, 4];
        this.#line(leg.points.map((point) => point.at), colour, weight, 1, ArrowLine, leg.isLate ? lateDashes : null);
      }
    }
    for (const end of ends) {
      const look = () => ({ shape: 'round', colour: colours.ink, isHollow: false, text: end.text() });
      this.#group.addLayer(new Pin(end.at, { renderer: this.#view.marks, look }));
    }
    this.#view.labels.set('trail', times(points));
    const places = [...points.map((point) => point.at), ...ends.map((end) => end.at)];
    return places.length ? L.latLngBounds(places) : null;
  }

  #line(places, color, weight, opacity, Line, dashArray = null) {
    if (places.length < 2) return;
    const options = { renderer: this.#view.lines, color, weight, opacity, dashArray, interactive: false, smoothFactor: 0.8 };
    this.#group.addLayer(new Line(places, options));
  }
}

function split(points, gap) {
  const parts = [];
  for (const point of points) {
    const last = parts.at(-1)?.at(-1);
    if (last && point.ms - last.ms <= gap) parts.at(-1).push(point);
    else parts.push([point]);
  }
  return parts;
}

/** Cuts a part where the load begins and ends, and where reports came late; neighbours share the cut so that the line has no hole. */
function legs(part, loaded) {
  const result = [];
  for (const point of part) {
    const isLoaded = Boolean(loaded) && point.ms >= loaded[0] && point.ms <= loaded[1];
    const last = result.at(-1);
    const { isLate } = point;
    if (last && last.isLoaded === isLoaded && last.isLate === isLate) last.points.push(point);
    else {
      last?.points.push(point);
      result.push({ isLoaded, isLate, points: [point] });
    }
  }
  return result;
}

/** About eight times along the trail. */
function times(points) {
  if (points.length < 2) return [];
  const span = (points.at(-1).ms - points[0].ms) / 1000;
  const step = timeSteps.find((candidate) => span / candidate <= 8) ?? timeSteps.at(-1);
  const names = [];
  let next = -Infinity;
  let last = null;
  for (const point of points) {
    if (point.ms < next || (last && last.distanceTo(point.at) < nameEvery)) continue;
    last = L.latLng(point.at);
    next = (Math.floor(point.ms / 1000 / step) + 1) * step * 1000;
    names.push({ at: point.at, text: dayClock(point.ms, points[0].ms), colour: colours.ink, rank: 1, offset: 9 });
  }
  return names;
}
