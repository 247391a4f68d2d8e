// The heat of right turns or alarms on the map: a glow for each cell, and the first of the list by their numbers.

import * as L from '/leaflet/leaflet.js';
import { get } from '/app/api.js';
import { boundsOf, makeMap } from '/app/map.js';
import { Badge, Outlines } from '/app/outlines.js';
import { Overlay } from '/app/overlay.js';
import { colours } from '/app/palette.js';

const smallest = 9; // pixels, so that a cell is seen from far away
const reach = 120; // metres
const equator = 40075017;

/** Glows that add up where cells lie close together; `cells` are `{at, value}`. */
const Heat = Overlay.extend({
  show(cells) {
    this._cells = cells;
    this._most = Math.max(1, ...cells.map((cell) => cell.value));
    this.redraw();
  },

  draw(context, size) {
    const perPixel = equator * Math.cos((this._map.getCenter().lat * Math.PI) / 180) / 2 ** (this._map.getZoom() + 8);
    const radius = Math.max(smallest, reach / perPixel);
    for (const { at, value } of this._cells ?? []) {
      const { x, y } = this._map.latLngToContainerPoint(at);
      if (x < -radius || y < -radius || x > size.x + radius || y > size.y + radius) continue;
      const glow = context.createRadialGradient(x, y, 0, x, y, radius);
      glow.addColorStop(0, `rgba(156, 31, 11, ${0.15 + 0.65 * Math.sqrt(value / this._most)})`);
      glow.addColorStop(1, 'rgba(156, 31, 11, 0)');
      context.fillStyle = glow;
      context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    }
  },
});

/** `onPick(key)` is called for the number that somebody clicks. */
export async function makeHeatMap(element, registers, onPick) {
  const view = makeMap(element, await get('/app/settings.json'));
  new Outlines(view, registers, () => {});
  const heat = new Heat({ pane: 'trail' }).addTo(view.map);
  const badges = L.layerGroup().addTo(view.map);
  const marked = L.layerGroup().addTo(view.map);
  new ResizeObserver(() => view.map.invalidateSize()).observe(element);
  let ranked = [];
  let isFitted = false;

  const badge = (spot) => {
    const look = { shape: 'round', colour: colours.bad, isHollow: false, text: String(spot.rank) };
    const mark = new Badge(spot.at, {
      renderer: view.marks, radius: 11, look: () => look, bubblingMouseEvents: false,
    });
    const text = document.createElement('span');
    text.textContent = spot.name;
    mark.bindTooltip(text, { direction: 'top', offset: [0, -10] });
    mark.on('click', () => onPick(spot.key));
    return mark;
  };
  return {
    /** `cells` are `{at, value}` with places as `[lat, lon]`; `spots` `{key, rank, name, at}`, the first one first. */
    show(cells, spots) {
      heat.show(cells);
      badges.clearLayers();
      marked.clearLayers();
      ranked = spots;
      // No name of a plant or site lies over a number; the first of the list lies on top.
      view.labels.set('spots', spots.map((spot) => ({ at: spot.at, text: '', rank: 0, badge: true })));
      for (const spot of [...spots].reverse()) badges.addLayer(badge(spot));
      const bounds = isFitted ? null : boundsOf(cells.map((cell) => cell.at));
      if (!bounds) return;
      isFitted = true;
      view.map.fitBounds(bounds, { padding: [36, 36], maxZoom: 15, animate: false });
    },
    /** Shows which one it is; `isNear` goes there. */
    mark(key, isNear = false) {
      marked.clearLayers();
      const spot = ranked.find((one) => one.key === key);
      if (!spot) return;
      marked.addLayer(L.circleMarker(spot.at, {
        renderer: view.lines, radius: 17, color: '#e69f00', weight: 4, fill: false, interactive: false,
      }));
      if (isNear) view.map.setView(spot.at, Math.max(view.map.getZoom(), 16), { animate: false });
      else if (!view.map.getBounds().contains(spot.at)) view.map.panTo(spot.at, { animate: false });
    },
  };
}
