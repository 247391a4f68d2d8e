// A canvas over the whole map that is drawn again when the map comes to rest: for the ground and for names.

import * as L from '/leaflet/leaflet.js';

/** Subclasses draw in `draw(context, size)`, in pixels of the map's container. */
export const Overlay = L.Layer.extend({
  initialize(options) {
    L.setOptions(this, options);
  },

  onAdd(map) {
    this._canvas = document.createElement('canvas');
    this._canvas.className = 'leaflet-zoom-hide';
    this.getPane().append(this._canvas);
    map.on('move resize', this._place, this);
    map.on('moveend zoomend resize viewreset', this.redraw, this);
    this.redraw();
  },

  onRemove(map) {
    map.off('move resize', this._place, this);
    map.off('moveend zoomend resize viewreset', this.redraw, this);
    this._canvas.remove();
  },

  /**
   * While the map is dragged the canvas goes along with what it shows. One that `followsDrag` is drawn again so many
   * milliseconds after the last time, to show what comes in at the edges, too.
   */
  _place() {
    if (performance.now() - this._drawnAt >= (this.options.followsDrag ?? Infinity)) this.redraw();
  },

  redraw() {
    if (!this._map || !this._canvas) return;
    const size = this._map.getSize();
    const ratio = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(this._canvas, this._map.containerPointToLayerPoint([0, 0]));
    if (this._canvas.width !== size.x * ratio || this._canvas.height !== size.y * ratio) {
      this._canvas.width = size.x * ratio;
      this._canvas.height = size.y * ratio;
      this._canvas.style.width = `${size.x}px`;
      this._canvas.style.height = `${size.y}px`;
    }
    const context = this._canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.x, size.y);
    this.draw(context, size);
    this._drawnAt = performance.now();
  },
});
