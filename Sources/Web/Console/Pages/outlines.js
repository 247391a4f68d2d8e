// Plants, sites and known places: a badge at every zoom, the outline from near by, the name where there is room.

import * as L from '/leaflet/leaflet.js';
import { onLanguage, t } from '/app/i18n.js';
import { isStanding, standingWords } from '/app/format.js';
import { colours } from '/app/palette.js';
import { drawBadge } from '/app/glyphs.js';

const outlineFrom = 12; // zoom
const naming = {
  plants: { from: 9, rank: 2 }, sites: { from: 11, rank: 4 }, places: { from: 13, rank: 6 },
};

/** A badge drawn on the shared canvas; `look()` says how. */
export const Badge = L.CircleMarker.extend({
  options: { radius: 10, weight: 2 },
  _updatePath() {
    if (this._renderer._drawing && !this._empty()) drawBadge(this._renderer._ctx, this._point, this.options.look());
  },
});

export class Outlines {
  #view;
  #group = L.layerGroup();
  #shapes = L.layerGroup();
  #registers;
  #onPick;

  constructor(view, registers, onPick) {
    this.#view = view;
    this.#registers = registers;
    this.#onPick = onPick;
    registers.on('changed', () => this.#rebuild());
    onLanguage(() => this.#rebuild());
    view.map.on('zoomend', () => this.#applyZoom());
    this.#group.addTo(view.map);
    // They may have come before the map did.
    if (registers.plants.size + registers.sites.size + registers.places.size) this.#rebuild();
  }

  /** Centres of all plants and sites. */
  centres() {
    return [...this.#registers.plants.values(), ...this.#registers.sites.values()].map(centre);
  }

  #rebuild() {
    this.#group.clearLayers();
    this.#shapes.clearLayers();
    for (const kind of ['places', 'sites', 'plants']) {
      for (const feature of this.#registers[kind].values()) this.#add(kind, feature);
    }
    this.#applyZoom();
  }

  #add(kind, feature) {
    const style = styles[kind](feature);
    const shape = outline(feature, {
      renderer: this.#view.lines, color: style.colour, weight: 1.5, fillColor: style.fill, fillOpacity: 0.12,
      dashArray: style.dash, interactive: false,
    });
    this.#shapes.addLayer(shape);
    const badge = new Badge(centre(feature), {
      renderer: this.#view.marks, radius: kind === 'places' ? 6 : 10, look: () => style, bubblingMouseEvents: false,
    });
    badge.bindTooltip(tooltip(kind, feature), { direction: 'top', offset: [0, -10] });
    badge.on('click', () => this.#onPick(kind, feature));
    badge.feature = feature;
    badge.kind = kind;
    this.#group.addLayer(badge);
    badge.bringToBack();
  }

  #applyZoom() {
    const zoom = this.#view.map.getZoom();
    if (zoom >= outlineFrom) this.#shapes.addTo(this.#view.map);
    else this.#shapes.remove();
    const names = [];
    this.#group.eachLayer((badge) => {
      const { from, rank } = naming[badge.kind];
      const look = badge.options.look();
      names.push({
        at: badge.getLatLng(), text: zoom < from ? '' : called(badge.feature.properties), colour: look.colour, rank,
        bold: badge.kind === 'plants', offset: badge.kind === 'places' ? 9 : 13, badge: badge.kind !== 'places',
      });
    });
    this.#view.labels.set('outlines', names);
  }
}

/**
 * What is known around, for somebody who draws: nothing of it takes a click.
 * @returns the middles of all, `[lat, lon]` or Leaflet's places
 */
export function backdrop(view, registers) {
  const group = L.layerGroup();
  const names = [];
  for (const kind of ['places', 'sites', 'plants']) {
    for (const feature of registers[kind].values()) {
      const { colour, fill, dash } = styles[kind](feature);
      group.addLayer(outline(feature, {
        renderer: view.lines, color: colour, weight: 1.5, fillColor: fill, fillOpacity: 0.12, dashArray: dash, interactive: false,
      }));
      const { rank } = naming[kind];
      names.push({ at: centre(feature), text: called(feature.properties), colour, rank, offset: 8, bold: kind === 'plants' });
    }
  }
  group.addTo(view.map);
  view.labels.set('outlines', names);
  return names.map(({ at }) => at);
}

const styles = {
  plants: (feature) => {
    const isValid = isStanding(feature.properties) && ['valid', 'rectifying'].includes(feature.properties.status);
    return {
      shape: 'square', colour: isValid ? colours.plant : colours.bad, fill: colours.plantFill,
      dash: isValid ? null : '5 4', isHollow: !isValid, text: t('badgePlant'),
    };
  },
  sites: (feature) => ({
    shape: 'round', colour: colours.site, fill: colours.siteFill, dash: isStanding(feature.properties) ? null : '5 4',
    isHollow: feature.properties.status !== 'active' || !isStanding(feature.properties), text: t('badgeSite'),
  }),
  places: () => ({ shape: 'dot', colour: colours.place, fill: colours.place, dash: '3 4', isHollow: false, text: '' }),
};

/** The name, and of what is over or has not begun that it is. */
const called = (p) => (isStanding(p) ? p.name : `${p.name} · ${t(p.validity === 'expired' ? 'ended' : 'toCome')}`);

function tooltip(kind, feature) {
  const p = feature.properties;
  const what = { plants: t('plant'), sites: t('site'), places: t(p.kind) }[kind];
  const text = document.createElement('span');
  text.textContent = `${p.name} · ${what}${p.status ? ` · ${standingWords(p)}` : ''}`;
  return text;
}

/** `[lat, lon]` of the middle of a feature. */
export function centre(feature) {
  const geometry = feature.geometry;
  if (geometry.type === 'Point') return [geometry.coordinates[1], geometry.coordinates[0]];
  const ring = geometry.type === 'Polygon' ? geometry.coordinates[0] : geometry.coordinates[0][0];
  return L.latLngBounds(ring.map(([lon, lat]) => [lat, lon])).getCenter();
}

function outline(feature, style) {
  if (feature.geometry.type === 'Point') {
    return L.circle(centre(feature), { ...style, radius: feature.properties.radius_m ?? 50 });
  }
  return L.geoJSON(feature, { style: () => style, renderer: style.renderer, interactive: false });
}
