// The ground below our own data where no tiles are configured: a quiet grid of longitude and latitude with its
// figures on the edges.

import { Overlay } from '/app/overlay.js';
import { controlsOn, overlap } from '/app/placing.js';

const steps = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
const cell = 110; // pixels that a cell should at least have

export const Ground = Overlay.extend({
  options: { followsDrag: 0 },

  draw(context, size) {
    const bounds = this._map.getBounds();
    const perPixel = (bounds.getEast() - bounds.getWest()) / size.x;
    const step = steps.findLast((candidate) => candidate / perPixel >= cell) ?? steps[0];
    const digits = Math.max(0, Math.ceil(-Math.log10(step)));
    const longitudes = ticks(bounds.getWest(), bounds.getEast(), step);
    const latitudes = ticks(bounds.getSouth(), bounds.getNorth(), step);
    this._lines(context, size, longitudes, latitudes, step / 5, '#e3e9ef', 0.6);
    this._lines(context, size, longitudes, latitudes, step, '#d3dce5', 1);
    context.font = '11px system-ui, sans-serif';
    context.fillStyle = '#7b8a9a';
    const covered = controlsOn(this._map.getContainer());
    this.figures = [];
    const write = (text, x, y) => {
      const width = context.measureText(text).width;
      const left = context.textAlign === 'right' ? x - width : x - width / 2;
      const box = { left, top: y - 12, right: left + width, bottom: y };
      if (box.left < 0 || box.right > size.x || box.top < 0) return;
      if ([...covered, ...this.figures].some((other) => overlap(box, other))) return;
      this.figures.push(box);
      context.fillText(text, x, y);
    };
    context.textAlign = 'center';
    context.textBaseline = 'bottom';
    for (const longitude of longitudes) {
      const x = this._map.latLngToContainerPoint([bounds.getNorth(), longitude]).x;
      write(`${Math.abs(longitude).toFixed(digits)}°${longitude < 0 ? 'W' : 'E'}`, x, size.y - 5);
    }
    context.textAlign = 'right';
    for (const latitude of latitudes) {
      const y = this._map.latLngToContainerPoint([latitude, bounds.getWest()]).y;
      write(`${Math.abs(latitude).toFixed(digits)}°${latitude < 0 ? 'S' : 'N'}`, size.x - 6, y - 2);
    }
  },

  _lines(context, size, longitudes, latitudes, step, colour, width) {
    context.beginPath();
    const bounds = this._map.getBounds();
    for (const longitude of ticks(bounds.getWest(), bounds.getEast(), step)) {
      const x = Math.round(this._map.latLngToContainerPoint([0, longitude]).x) + 0.5;
      context.moveTo(x, 0);
      context.lineTo(x, size.y);
    }
    for (const latitude of ticks(bounds.getSouth(), bounds.getNorth(), step)) {
      const y = Math.round(this._map.latLngToContainerPoint([latitude, bounds.getWest()]).y) + 0.5;
      context.moveTo(0, y);
      context.lineTo(size.x, y);
    }
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  },
});

function ticks(from, to, step) {
  const first = Math.ceil(from / step);
  const last = Math.min(Math.floor(to / step), first + 400);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}
