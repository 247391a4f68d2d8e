// The map of the fence editor: the outline, and handles that can be dragged or moved with the arrow keys.

import * as L from '/leaflet/leaflet.js';
import { t } from '/app/i18n.js';
import { boundsOf, makeMap } from '/app/map.js';
import { backdrop } from '/app/outlines.js';
import { metres, middle, moved } from '/app/fence_editor.js';

/** Pixels of what can be taken hold of: more for a finger than for a mouse. */
const grip = window.matchMedia('(pointer: coarse)').matches ? 36 : 24;
const steps = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

/** `{draw, fit, surround, focus, centre, remove}`; `shape` is read anew by every `draw`. */
export function fenceMap(element, settings, shape, { isReadOnly, place, add, drop, pick, shift, resize }) {
  const view = makeMap(element, settings);
  const { map } = view;
  const outline = L.layerGroup().addTo(map);
  const handles = new Map();
  const at = ({ lat, lng }) => [lat, lng];
  map.on('click', (event) => pick(at(event.latlng)));
  const size = new ResizeObserver(() => map.invalidateSize());
  size.observe(element);

  function draw() {
    outline.clearLayers();
    const style = { color: '#0b5cad', weight: 2, fillOpacity: 0.12, interactive: false };
    if (shape.kind === 'circle' && shape.centre) {
      outline.addLayer(L.circle(shape.centre, { ...style, radius: shape.radius }));
    } else if (shape.corners.length) outline.addLayer(L.polygon(shape.corners, style));
    if (!isReadOnly) drawHandles();
  }

  /** What can be taken hold of: `[key, place, name, class, moveTo, keys]`. */
  function wanted() {
    if (shape.kind === 'circle') {
      if (!shape.centre) return [];
      const rim = moved(shape.centre, 0, shape.radius);
      return [
        ['centre', shape.centre, `${t('fenceCentre')} ${said(shape.centre)}`, 'whole', (to) => place('centre', to)],
        ['rim', rim, `${t('fenceRadiusHandle')} ${shape.radius} m`, 'rim', (to) => resize(metres(shape.centre, to))],
      ];
    }
    const { corners } = shape;
    const list = corners.map((corner, index) => [
      `corner${index}`, corner, `${t('fenceCorner')} ${index + 1} ${said(corner)}`, 'corner', (to) => place(index, to),
      { Delete: () => drop(index), Backspace: () => drop(index) }]);
    if (corners.length < 3) return list;
    corners.forEach((corner, index) => {
      const between = middle([corner, corners[(index + 1) % corners.length]]);
      const insert = () => add(between, index + 1);
      list.push([`between${index}`, between, t('fenceBetween'), 'between', null, { Enter: insert, ' ': insert }]);
    });
    const whole = middle(corners);
    list.push(['whole', whole, t('fenceMove'), 'whole', (to) => shift(
      metres(whole, [to[0], whole[1]]) * Math.sign(to[0] - whole[0]), metres(whole, [whole[0], to[1]]) * Math.sign(to[1] - whole[1]))]);
    return list;
  }

  function drawHandles() {
    const list = wanted();
    const names = new Set(list.map(([key]) => key));
    for (const [key, marker] of handles) {
      if (names.has(key)) continue;
      marker.remove();
      handles.delete(key);
    }
    for (const [key, where, name, look, moveTo, keys] of list) {
      const marker = handles.get(key) ?? make(key, where, look, Boolean(moveTo));
      marker.setLatLng(where);
      Object.assign(marker, { moveTo, keys, place: where });
      marker.getElement()?.setAttribute('aria-label', name);
      marker.getElement()?.setAttribute('title', name);
    }
  }

  function make(key, where, look, isDraggable) {
    const marker = L.marker(where, {
      icon: L.divIcon({ className: `handle ${look}`, iconSize: [grip, grip] }),
      draggable: isDraggable, keyboard: true, zIndexOffset: look === 'between' ? -1000 : 0, autoPan: true, bubblingMouseEvents: false,
    }).addTo(map);
    marker.on('dragend', () => marker.moveTo(at(marker.getLatLng()).map((value) => Math.round(value * 1e7) / 1e7)));
    if (!isDraggable) marker.on('click', () => marker.keys.Enter());
    marker.getElement().setAttribute('role', 'button');
    marker.getElement().addEventListener('keydown', (event) => {
      const step = steps[event.key];
      if (step && marker.moveTo) {
        const reach = event.shiftKey ? 10 : 1;
        marker.moveTo(moved(marker.place, step[0] * reach, step[1] * reach));
      } else if (marker.keys?.[event.key]) marker.keys[event.key]();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    handles.set(key, marker);
    return marker;
  }

  const said = ([lat, lon]) => `${lat.toFixed(6)}, ${lon.toFixed(6)}`;

  return {
    draw,
    fit() {
      map.invalidateSize();
      if (shape.kind === 'circle' && shape.centre) map.fitBounds(L.latLng(shape.centre).toBounds(shape.radius * 3), { animate: false });
      else if (shape.corners.length) map.fitBounds(L.latLngBounds(shape.corners).pad(0.3), { animate: false });
    },
    /** Shows what is known around; whoever has drawn nothing yet sees all of it. */
    surround(registers) {
      const bounds = boundsOf(backdrop(view, registers));
      if (bounds && !shape.centre && !shape.corners.length) map.fitBounds(bounds.pad(0.1), { animate: false, maxZoom: 15 });
    },
    focus: (key) => handles.get(key)?.getElement()?.focus(),
    centre: () => at(map.getCenter()),
    remove() {
      size.disconnect();
      map.remove();
    },
  };
}
