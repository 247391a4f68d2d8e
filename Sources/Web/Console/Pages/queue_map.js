// The map beside the queue: each item by its number on the list, at the end of the delivery that is doubted.

import * as L from '/leaflet/leaflet.js';
import { get } from '/app/api.js';
import { boundsOf, makeMap } from '/app/map.js';
import { Badge, Outlines } from '/app/outlines.js';
import { colours } from '/app/palette.js';

const apart = 21; // pixels: nearer ones share a badge

/** `onPick(key)` is called for the item that somebody clicks. */
export async function makeQueueMap(element, registers, onPick) {
  const view = makeMap(element, await get('/app/settings.json'));
  new Outlines(view, registers, () => {});
  const badges = L.layerGroup().addTo(view.map);
  const marked = L.layerGroup().addTo(view.map);
  let items = [];
  new ResizeObserver(() => view.map.invalidateSize()).observe(element);

  const lay = () => {
    badges.clearLayers();
    const places = [];
    for (const item of items) {
      const point = view.map.latLngToLayerPoint(item.at);
      const near = places.find((place) => place.point.distanceTo(point) < apart);
      if (near) near.items.push(item);
      else places.push({ point, items: [item] });
    }
    // No name of a plant or site lies over a number.
    view.labels.set('queue', places.map(({ items: [first] }) => ({ at: first.at, text: '', rank: 0, badge: true })));
    // The first of the list lies on top.
    for (const place of places.reverse()) badges.addLayer(badge(place.items));
  };
  const badge = (here) => {
    const look = { shape: 'round', colour: colours.bad, isHollow: false, text: String(here[0].rank) };
    const mark = new Badge(here[0].at, {
      renderer: view.marks, radius: 12, look: () => look, bubblingMouseEvents: false,
    });
    const text = document.createElement('span');
    text.textContent = here.slice(0, 8).map((item) => `#${item.rank} ${item.name}`).join(' · ')
      + (here.length > 8 ? ' …' : '');
    mark.bindTooltip(text, { direction: 'top', offset: [0, -10] });
    mark.on('click', () => onPick(here[0].key));
    return mark;
  };
  view.map.on('zoomend', lay);

  return {
    /** `wanted` are `{key, rank, name, at, from}` with places as `[lat, lon]`, the first of the list first. */
    show(wanted) {
      const isOther = wanted.map((item) => item.key).join() !== items.map((item) => item.key).join();
      items = wanted;
      marked.clearLayers();
      if (isOther) {
        const bounds = boundsOf(items.map((item) => item.at));
        if (bounds) view.map.fitBounds(bounds, { padding: [36, 36], maxZoom: 14, animate: false });
      }
      lay();
    },
    /** Shows which one it is, and where its load came from. */
    mark(key) {
      marked.clearLayers();
      const item = items.find((one) => one.key === key);
      if (!item) return;
      if (item.from) {
        marked.addLayer(L.polyline([item.from, item.at], {
          renderer: view.lines, color: colours.bad, weight: 2.5, dashArray: '6 6', interactive: false,
        }));
      }
      marked.addLayer(L.circleMarker(item.at, {
        renderer: view.lines, radius: 17, color: '#e69f00', weight: 4, fill: false, interactive: false,
      }));
      if (!view.map.getBounds().contains(item.at)) view.map.panTo(item.at, { animate: false });
    },
  };
}
