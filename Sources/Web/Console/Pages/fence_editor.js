// A fence on the map: a circle or a polygon that is drawn, moved and read by mouse, finger or keyboard.

import { h } from '/app/dom.js';
import { get } from '/app/api.js';
import { t } from '/app/i18n.js';
import { Registers } from '/app/registers.js';

const metresPerDegree = 111320;
const rounded = (value) => Math.round(value * 1e7) / 1e7;

/** The corners `[lat, lon]` of a polygon of one part without holes, or null for anything else. */
export function cornersOf(wkt) {
  const found = /^\s*(?:SRID=4326;)?POLYGON\s*\(\(([^()]*)\)\)\s*$/i.exec(wkt ?? '');
  const corners = found?.[1].split(',').map((pair) => pair.trim().split(/\s+/).map(Number)).map(([lon, lat]) => [lat, lon]);
  if (!corners?.every(([lat, lon]) => Number.isFinite(lat) && Number.isFinite(lon))) return null;
  const [first, last] = [corners[0], corners.at(-1)];
  if (corners.length > 1 && first[0] === last[0] && first[1] === last[1]) corners.pop();
  return corners;
}

export function wktOf(corners) {
  return `POLYGON((${[...corners, corners[0]].map(([lat, lon]) => `${lon} ${lat}`).join(', ')}))`;
}

/** `place` moved by metres to the north and to the east. */
export function moved([lat, lon], north, east) {
  const scale = Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  return [rounded(lat + north / metresPerDegree), rounded(lon + east / (metresPerDegree * scale))];
}

/** Reads and writes the fence columns of `row`. `{element, remove}`. */
export function fenceEditor(register, row, { isReadOnly = false } = {}) {
  const mayBeCircle = register.columns.some(({ name }) => name === 'radius_m');
  const shape = read(row, mayBeCircle);
  let view = null;
  let isClicking = !isReadOnly && shape.kind !== 'complex' && !hasPlace();
  let isGone = false;
  const mapBox = h('div', { class: 'fence-map', role: 'application', 'aria-label': t('fenceMap') });
  const figures = h('div', { class: 'fence-figures' });
  const element = h('div', { class: 'fence' }, isReadOnly ? null : tools(), mapBox, figures,
    h('p', { class: 'small' }, t('fenceDatum')), isReadOnly ? null : h('p', { class: 'small' }, t('fenceKeys')));

  show();
  makeView();

  function hasPlace() {
    return shape.kind === 'circle' ? Boolean(shape.centre) : shape.kind === 'complex' || shape.corners.length > 2;
  }

  // MARK: the row

  function write() {
    Object.assign(row, { lat: '', lon: '', radius_m: '', fence_wkt: '', coordinates: 'wgs84' });
    if (shape.kind === 'complex') row.fence_wkt = shape.wkt;
    else if (shape.kind === 'polygon' && shape.corners.length) row.fence_wkt = wktOf(shape.corners);
    else if (shape.kind === 'circle' && shape.centre) {
      Object.assign(row, { lat: String(shape.centre[0]), lon: String(shape.centre[1]), radius_m: String(shape.radius) });
    } else row.coordinates = '';
  }

  /** After any change: into the row, onto the map, into the figures. */
  function changed(keepsFigures = false) {
    write();
    view?.draw();
    if (!keepsFigures) show();
  }

  function place(index, at) {
    const isFirst = index === 'centre' && !shape.centre;
    if (index === 'centre') shape.centre = at;
    else shape.corners[index] = at;
    changed();
    if (!isFirst) return;
    element.querySelector('.fence-tools').replaceWith(tools());
    view?.fit();
    view?.focus('centre');
  }

  function add(at, index = shape.corners.length) {
    shape.corners.splice(index, 0, at.map(rounded));
    changed();
    view?.focus(`corner${index}`);
  }

  function drop(index) {
    if (shape.corners.length <= 3) return;
    shape.corners.splice(index, 1);
    changed();
    view?.focus(`corner${Math.min(index, shape.corners.length - 1)}`);
  }

  function become(kind) {
    if (kind === shape.kind) return;
    if (kind === 'polygon') {
      const { centre, radius } = shape;
      shape.corners = centre ? [0, 1, 2, 3, 4, 5, 6, 7].map((step) => moved(centre,
        radius * Math.cos((step * Math.PI) / 4), radius * Math.sin((step * Math.PI) / 4))) : [];
    } else if (shape.corners.length) {
      const centre = middle(shape.corners);
      shape.centre = centre.map(rounded);
      shape.radius = Math.max(10, Math.round(Math.max(...shape.corners.map((corner) => metres(centre, corner)))));
    }
    shape.kind = kind;
    changed();
    element.querySelector('.fence-tools').replaceWith(tools());
    element.querySelector(`.fence-tools [data-kind="${kind}"]`)?.focus();
  }

  // MARK: what is beside the map

  function tools() {
    if (shape.kind === 'complex') return h('p', { class: 'lead' }, t('fenceComplex'));
    const kinds = mayBeCircle ? [['circle', 'fenceCircle'], ['polygon', 'fencePolygon']] : [];
    return h('div', { class: 'fence-tools' }, kinds.map(([kind, key]) => h('button', {
      type: 'button', class: 'filter', 'data-kind': kind, 'aria-pressed': String(shape.kind === kind), onclick: () => become(kind),
    }, t(key))), shape.kind === 'circle' && !shape.centre ? h('button', {
      type: 'button', class: 'filter', onclick: () => place('centre', (view?.centre() ?? [30.75, 120.75]).map(rounded)),
    }, t('fencePlace')) : null, shape.kind === 'polygon' ? [h('button', {
      type: 'button', class: 'filter', 'aria-pressed': String(isClicking), onclick: (event) => {
        isClicking = !isClicking;
        event.currentTarget.setAttribute('aria-pressed', String(isClicking));
      },
    }, t('fenceClicking')), h('button', { type: 'button', class: 'filter', onclick: () => add(view?.centre() ?? [30.75, 120.75]) },
      t('fenceAdd'))] : null);
  }

  function show() {
    const cell = (label, value, work, step) => h('input', {
      type: 'number', step, value: value ?? '', 'aria-label': label, readonly: isReadOnly, oninput: (event) => {
        const number = event.target.valueAsNumber;
        if (Number.isFinite(number)) work(number);
      },
    });
    if (shape.kind === 'complex') {
      figures.replaceChildren(h('textarea', {
        rows: '4', 'aria-label': 'WKT', readonly: isReadOnly, oninput: (event) => {
          shape.wkt = event.target.value;
          write();
        },
      }, shape.wkt));
    } else if (shape.kind === 'circle') {
      const centre = shape.centre ?? ['', ''];
      const set = (index) => (number) => {
        shape.centre = [...(shape.centre ?? view?.centre() ?? [30.75, 120.75])];
        shape.centre[index] = number;
        changed(true);
      };
      figures.replaceChildren(h('div', { class: 'corner-line' },
        cell(t('fenceLatitude'), centre[0], set(0), '0.00001'), cell(t('fenceLongitude'), centre[1], set(1), '0.00001'),
        cell(t('fenceRadius'), shape.radius, (number) => {
          shape.radius = number;
          changed(true);
        }, '1'), h('span', { class: 'small' }, `${t('fenceLatitude')} · ${t('fenceLongitude')} · ${t('fenceRadius')}`)));
    } else {
      const lines = shape.corners.map((corner, index) => h('li', { class: 'corner-line' },
        h('span', { class: 'small' }, String(index + 1)), ...[0, 1].map((axis) => cell(
          `${t('fenceCorner')} ${index + 1} ${t(axis ? 'fenceLongitude' : 'fenceLatitude')}`, corner[axis], (number) => {
            corner[axis] = number;
            changed(true);
          }, '0.00001')), isReadOnly ? null : h('button', {
          type: 'button', class: 'quick', 'aria-label': `${t('fenceRemove')} ${t('fenceCorner')} ${index + 1}`,
          disabled: shape.corners.length <= 3, onclick: () => drop(index),
        }, '×')));
      figures.replaceChildren(lines.length
        ? h('details', { open: lines.length <= 8 }, h('summary', {}, `${t('fenceCorner')} (${lines.length}) · ${t('fenceLatitude')}, ${t('fenceLongitude')}`), h('ol', {}, lines))
        : h('p', { class: 'small' }, t('fenceNone')));
    }
  }

  async function makeView() {
    let drawing;
    try {
      const [module, settings] = await Promise.all([import('/app/fence_map.js'), get('/app/settings.json')]);
      if (isGone) return;
      drawing = module.fenceMap(mapBox, settings, shape, {
        isReadOnly, place, add, drop,
        pick: (at) => {
          if (isReadOnly || shape.kind === 'complex') return;
          if (shape.kind === 'circle' && !shape.centre) place('centre', at.map(rounded));
          else if (shape.kind === 'polygon' && isClicking) add(at);
        },
        shift: (north, east) => {
          if (shape.kind === 'circle') shape.centre = moved(shape.centre, north, east);
          else shape.corners = shape.corners.map((corner) => moved(corner, north, east));
          changed();
        },
        resize: (radius) => {
          shape.radius = Math.max(1, Math.round(radius));
          changed();
        },
      });
    } catch {
      mapBox.replaceChildren(h('p', { class: 'empty' }, t('noLeaflet')));
      return;
    }
    view = drawing;
    view.draw();
    view.fit();
    const around = new Registers();
    await around.load().catch(() => {});
    if (!isGone) view.surround(around);
  }

  return {
    element,
    remove() {
      isGone = true;
      view?.remove();
    },
  };
}

function read(row, mayBeCircle) {
  if (row.fence_wkt) {
    const corners = cornersOf(row.fence_wkt);
    return corners ? { kind: 'polygon', corners, centre: null, radius: 100 }
      : { kind: 'complex', wkt: row.fence_wkt, corners: [], centre: null, radius: 100 };
  }
  const centre = row.lat && row.lon ? [Number(row.lat), Number(row.lon)] : null;
  return { kind: mayBeCircle ? 'circle' : 'polygon', centre, radius: Number(row.radius_m) || 100, corners: [] };
}

export const middle = (corners) => [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length);

/** Metres between two places near each other. */
export function metres([lat, lon], [otherLat, otherLon]) {
  const scale = Math.cos((lat * Math.PI) / 180);
  return Math.hypot((otherLat - lat) * metresPerDegree, (otherLon - lon) * metresPerDegree * scale);
}
