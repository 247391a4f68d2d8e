// The map with all its layers in the order in which they lie.

import { boundsOf, makeMap } from '/app/map.js';
import { Outlines } from '/app/outlines.js';
import { TruckLayer } from '/app/truck_layer.js';
import { TrailLayer } from '/app/trail_layer.js';

/** `pick(kind, value)` is called for what a person clicks: `truck`, `plants`, `sites`, `places`. */
export function makeStageOn(element, settings, { fleet, registers, pick }) {
  const view = makeMap(element, settings);
  const outlines = new Outlines(view, registers, pick);
  const trucks = new TruckLayer(view, fleet, (terminal) => pick('truck', terminal));
  const trail = new TrailLayer(view);
  let hasFitted = false;
  let wasTouched = false;
  view.map.on('dragstart', () => {
    wasTouched = true;
  });
  // What lies on the map changes: degrees and names make room for it.
  document.querySelector('.legend').addEventListener('toggle', () => view.map.fire('moveend'), true);
  new ResizeObserver(() => view.map.invalidateSize()).observe(element);

  const fit = (bounds, maxZoom = 16) => {
    if (!bounds) return;
    // Room for what lies on the map: the search box above, the legend on the left or
    // below, whichever leaves more.
    const legend = document.querySelector('.legend details[open]');
    const isWide = view.map.getSize().x > 700;
    const rooms = legend && isWide
      ? [{ left: legend.offsetWidth + 24, bottom: 58 }, { left: 40, bottom: legend.offsetHeight + 38 }]
      : [{ left: 40, bottom: 58 }];
    const zoom = ({ left, bottom }) => view.map.getBoundsZoom(bounds, false, [left + 56, bottom + 70]);
    const [{ left, bottom }] = rooms.sort((one, other) => zoom(other) - zoom(one));
    view.map.fitBounds(bounds, { paddingTopLeft: [left, 70], paddingBottomRight: [56, bottom], maxZoom });
  };
  return {
    trucks,
    trail,
    /** Somebody looks at this: the first sight of the whole city comes too late. */
    fit(bounds) {
      wasTouched = true;
      fit(bounds);
    },
    fitAll: () => fit(boundsOf([...trucks.places(), ...outlines.centres()]), 15),
    fitAllOnce() {
      if (hasFitted || wasTouched) return;
      const places = [...trucks.places(), ...outlines.centres()];
      hasFitted = places.length > 0;
      fit(boundsOf(places), 15);
    },
    focus(at) {
      wasTouched = true;
      view.map.setView(at, Math.max(view.map.getZoom(), 14));
    },
  };
}
