// The map: Leaflet without tiles unless some are configured, our own ground, and one canvas for all that can be
// clicked (a second one on top would swallow the clicks of the first): what is painted above it lets them through.

import * as L from '/leaflet/leaflet.js';
import { t, onLanguage } from '/app/i18n.js';
import { Ground } from '/app/ground.js';
import { Labels } from '/app/labels.js';

const panes = { ground: 150, trail: 390, tails: 395, marks: 420, trucks: 430, labels: 450 };

// A frame that Leaflet asked for before its map was removed comes after it, and finds no canvas to draw on.
const redraw = L.Canvas.prototype._redraw;
L.Canvas.include({ _redraw() { if (this._ctx) redraw.call(this); } });

/** `{map, marks, lines, labels}`: the Leaflet map, the two canvases to draw on, and the layer of names. */
export function makeMap(element, settings) {
  const map = L.map(element, {
    zoomControl: false, attributionControl: Boolean(settings.tile_url), preferCanvas: true, minZoom: 3, maxZoom: 19,
    zoomSnap: 0.5, wheelPxPerZoomLevel: 90, center: [30.75, 120.75], zoom: 10,
  });
  for (const [name, level] of Object.entries(panes)) {
    const pane = map.createPane(name);
    pane.style.zIndex = level;
    if (name !== 'marks') pane.style.pointerEvents = 'none';
  }
  let ground = null;
  if (settings.tile_url) {
    map.attributionControl.setPrefix('');
    L.tileLayer(settings.tile_url, { attribution: escaped(settings.tile_attribution ?? ''), maxZoom: 19 }).addTo(map);
  } else {
    ground = new Ground({ pane: 'ground' }).addTo(map);
  }
  L.control.scale({ imperial: false, maxWidth: 140, position: 'bottomright' }).addTo(map);
  const zoom = L.control.zoom({ position: 'topright', zoomInTitle: t('zoomIn'), zoomOutTitle: t('zoomOut') });
  zoom.addTo(map);
  onLanguage(() => {
    for (const [button, key] of [[zoom._zoomInButton, 'zoomIn'], [zoom._zoomOutButton, 'zoomOut']]) {
      button.title = t(key);
      button.setAttribute('aria-label', t(key));
    }
  });
  const marks = L.canvas({ pane: 'marks', padding: 0.2, tolerance: 4 });
  const lines = L.canvas({ pane: 'trail', padding: 0.2 });
  const labels = new Labels({ pane: 'labels' }).addTo(map);
  labels.keepOff(() => ground?.figures ?? []);
  return { map, marks, lines, labels };
}

// Leaflet writes the attribution as markup.
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The bounds of places `[lat, lon]`, or null without one. */
export const boundsOf = (places) => (places.length ? L.latLngBounds(places) : null);
