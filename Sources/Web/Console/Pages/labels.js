// Names on the map: the important ones first, and none over another.

import { Overlay } from '/app/overlay.js';
import { oncePerFrame } from '/app/dom.js';
import { colours } from '/app/palette.js';
import { controlsOn, placeFor } from '/app/placing.js';

const font = (weight) => `${weight} 12px system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif`;
const widths = new Map();
const widthsAtMost = 20_000;

/** The width of a name in the font that `context` has, measured once. */
function widthOf(context, { text, bold }) {
  const key = bold ? `${text}\n` : text;
  let width = widths.get(key);
  if (width === undefined) {
    width = context.measureText(text).width;
    if (widths.size >= widthsAtMost) widths.clear();
    widths.set(key, width);
  }
  return width;
}

export const Labels = Overlay.extend({
  // To place a name is dear, and there may be hundreds.
  options: { followsDrag: 150 },

  onAdd(map) {
    this._groups = new Map();
    this._obstacles = () => [];
    this._figures = () => [];
    this._soon = oncePerFrame(() => this.redraw());
    Overlay.prototype.onAdd.call(this, map);
  },

  /**
   * Replaces the names of one group: `[{at, text, colour, rank, offset, bold, badge}]`. A low rank is placed first;
   * `offset` is the distance of the name from its place in pixels; `badge` says that a sign stands there, perhaps
   * without a name.
   */
  set(group, names) {
    this._groups.set(group, names);
    this._soon();
  },

  /** `places()` gives what names should rather not cover: what moves. */
  avoid(places) {
    this._obstacles = places;
  },

  /** `boxes()` gives what stands written on the map already, in pixels of its container. */
  keepOff(boxes) {
    this._figures = boxes;
  },

  draw(context, size) {
    const mark = (radius) => (place) => {
      const { x, y } = this._map.latLngToContainerPoint(place);
      return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
    };
    const avoided = this._obstacles().map(mark(9));
    const names = [...this._groups.values()].flat().sort((one, other) => one.rank - other.rank);
    // A badge that stands still is as good as a name: no other name lies over it.
    const taken = [
      ...controlsOn(this._map.getContainer()), ...this._figures(),
      ...names.filter((name) => name.badge).map((name) => mark(8)(name.at))];
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    for (const name of names) {
      if (!name.text) continue;
      const { x, y } = this._map.latLngToContainerPoint(name.at);
      context.font = font(name.bold ? 600 : 500);
      const width = widthOf(context, name);
      const box = placeFor({ x, y, width, gap: name.offset ?? 12 }, size, taken, avoided);
      if (!box) continue;
      taken.push(box);
      context.strokeStyle = colours.halo;
      context.lineWidth = 3.5;
      context.globalAlpha = 0.92;
      context.strokeText(name.text, box.left + 2, box.top + 8);
      context.globalAlpha = 1;
      context.fillStyle = name.colour;
      context.fillText(name.text, box.left + 2, box.top + 8);
    }
  },
});
