// Plants, sites and known places as they hold now (or at the time of the recording that is looked at).

import { Emitter } from '/app/emitter.js';
import { iso } from '/app/format.js';
import { readAll } from '/app/session.js';

/** Emits `changed` after loading. */
export class Registers extends Emitter {
  plants = new Map();
  sites = new Map();
  places = new Map();

  /** @param at milliseconds, or undefined for now */
  async load(at) {
    const parameters = at ? { at: iso(at) } : {};
    const [plants, sites, places] = await Promise.all([
      readAll('plants.read', '/api/v1/plants', parameters), readAll('sites.read', '/api/v1/sites', parameters),
      readAll('places.read', '/api/v1/places')]);
    this.plants = byID(plants);
    this.sites = byID(sites);
    this.places = byID(places);
    this.emit('changed');
  }

  /** The name of a delivery's end, or null. */
  name(kind, id) {
    const list = { plant: this.plants, site: this.sites, place: this.places }[kind];
    return list?.get(id)?.properties.name ?? null;
  }
}

const byID = (features) => new Map(features.map((feature) => [feature.id, feature]));
