// Names on the map: the important ones first, and none over another.

import { Overlay } from '/app/overlay.js';
import { oncePerFrame } from '/app/dom.js';
import { colours } from '/app/palette.js';

export const Labels = Overlay.extend({
  options: { followsDrag: true },

  onAdd(map) {
    this._groups = new Map();
    this._obstacles = () => [];
    this._soon = oncePerFrame(() => this.redraw());
    Overlay.prototype.onAdd.call(this, map);
  },

  /**
   * Replaces the names of one group: `[{at, text, colour, rank, offset, bold}]`. A low rank is placed first;
   * `offset` is the distance of the name from its place in pixels.
   */
  set(group, names) {
    this._groups.set(group, names);
    this._soon();
  },

  /** `places()` gives what names should rather not cover. */
  avoid(places) {
    this._obstacles = places;
  },

  draw(context, size) {
    const taken = [];
    const marks = this._obstacles().map((place) => {
      const { x, y } = this._map.latLngToContainerPoint(place);
      return { left: x - 9, top: y - 9, right: x + 9, bottom: y + 9 };
    });
    const names = [...this._groups.values()].flat().sort((one, other) => one.rank - other.rank);
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    for (const name of names) {
      const point = this._map.latLngToContainerPoint(name.at);
      if (point.x < -80 || point.y < -20 || point.x > size.x + 80 || point.y > size.y + 20) continue;
      context.font = `${name.bold ? 600 : 500} 12px system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif`;
      const width = context.measureText(name.text).width;
      const gap = name.offset ?? 12;
      const free = [
        { x: point.x + gap, y: point.y - 8 }, { x: point.x - gap - width, y: point.y - 8 },
        { x: point.x - width / 2, y: point.y - gap - 16 }, { x: point.x - width / 2, y: point.y + gap }]
        .map(({ x, y }) => ({ left: x - 2, top: y, right: x + width + 2, bottom: y + 16 }))
        .filter((candidate) => !taken.some((other) => overlap(candidate, other)));
      const box = free.find((candidate) => !marks.some((mark) => overlap(candidate, mark))) ?? free[0];
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

const overlap = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
