// A canvas of the map's that is painted as a whole: thousands of marks need no object of Leaflet's for each of them.

import * as L from '/leaflet/leaflet.js';

/**
 * Where `[lat, lon]` lies in the world: `{x, y}` from 0 to 1, to the east and to the south, as on all maps of the web.
 * Times `scale` less `origin`, it is the pixel to paint.
 */
export function worldOf([lat, lon]) {
  const { x, y } = L.CRS.EPSG3857.latLngToPoint(L.latLng(lat, lon), 0);
  return { x: x / tile, y: y / tile };
}

const tile = L.CRS.EPSG3857.scale(0);

/** `options.paint(context, {scale, origin, min, max})` paints what lies between the pixels `min` and `max`. */
export const Painting = L.Canvas.extend({
  /** Paints again with the next frame. */
  repaint() {
    if (this._map) this._redrawRequest ??= L.Util.requestAnimFrame(this._redraw, this);
  },

  // Nothing on it can be clicked: what lies below it can.
  _initContainer() {
    this._container = document.createElement('canvas');
    this._ctx = this._container.getContext('2d');
  },

  _update() {
    // Leaflet stretches the canvas while it zooms: what is painted then lies as on the rest of it.
    if (this._map._animatingZoom && this._bounds) return;
    this._frame = { scale: L.CRS.EPSG3857.scale(this._map.getZoom()), origin: this._map.getPixelOrigin() };
    L.Canvas.prototype._update.call(this);
  },

  _draw() {
    this.options.paint(this._ctx, { ...this._frame, min: this._bounds.min, max: this._bounds.max });
  },
});
