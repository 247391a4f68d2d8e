// The map of the delivery page: fences, trail, and a mark that goes along with the playback.

import * as L from '/leaflet/leaflet.js';
import { get } from '/app/api.js';
import { t } from '/app/i18n.js';
import { makeMap } from '/app/map.js';
import { Outlines } from '/app/outlines.js';
import { TrailLayer } from '/app/trail_layer.js';
import { colours } from '/app/palette.js';

export async function makeScene(element, registers) {
  const view = makeMap(element, await get('/app/settings.json'));
  const outlines = new Outlines(view, registers, () => {});
  const trail = new TrailLayer(view);
  const mark = L.circleMarker([0, 0], {
    renderer: view.marks, radius: 8, color: '#fff', weight: 3, fillColor: colours.bad, fillOpacity: 1, interactive: false,
  });
  let shown = null;
  const fit = () => {
    if (shown) view.map.fitBounds(shown, { padding: [48, 48], maxZoom: 15, animate: false });
  };
  // Until somebody moves the map all of the trail is to be seen, also when the time line takes its room.
  view.map.on('dragstart', () => { shown = null; });
  element.addEventListener('wheel', () => { shown = null; }, { passive: true });
  element.addEventListener('keydown', () => { shown = null; });
  new ResizeObserver(() => {
    view.map.invalidateSize({ animate: false });
    fit();
  }).observe(element);
  return {
    outlines,
    show(feature, delivery) {
      const loaded = delivery.load_end ? [Date.parse(delivery.load_end), Date.parse(delivery.unload_start)] : null;
      const ends = [['origin', 'badgeLoad'], ['destination', 'badgeUnload']]
        .filter(([end]) => delivery[`${end}_lat`] !== null)
        .map(([end, key]) => ({ at: [delivery[`${end}_lat`], delivery[`${end}_lon`]], text: () => t(key) }));
      shown = trail.show(feature, { loaded, ends });
      fit();
    },
    /** `moment` is `{at: [lat, lon]}`; null where nothing is known. */
    moveTo(moment) {
      if (!moment) {
        mark.remove();
        return;
      }
      mark.setLatLng(moment.at);
      if (!view.map.hasLayer(mark)) mark.addTo(view.map);
      mark.bringToFront();
      if (!view.map.getBounds().contains(moment.at)) view.map.panTo(moment.at, { animate: false });
    },
  };
}
