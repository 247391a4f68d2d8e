// The trucks as last heard of, what they do now, and what time it is for them.

import { Emitter } from '/app/emitter.js';
import { readAll } from '/app/session.js';

const silentAfter = 600; // seconds, as the rule `silent-vehicle`
const caughtUpWithin = 120; // seconds: well within the silence, so that nobody falls silent by the change of clock
const outageAfter = 3600; // seconds
const movingFrom = 3; // km/h: below it a parked receiver drifts
const tailLength = 24;
const page = 5000; // trucks read at one time: for every further page the map waits once more

/** Emits `changed` with the trucks that changed, `all` after everything was loaded or the filter changed. */
export class Fleet extends Emitter {
  trucks = new Map();
  /** Which trucks are shown: one of `filters`, or null for all. */
  #filter = null;
  /** Server clock minus this machine's, in milliseconds. */
  clockOffset = 0;
  /** Event time of the newest position, never ahead of the server. */
  newest = 0;
  /** When the server received it. */
  #newestReceived = 0;
  receivedAt = 0;

  serverNow() {
    return Date.now() + this.clockOffset;
  }

  /** "Now" for questions about the trucks: an old recording is looked at as of its own end. */
  reference() {
    const now = this.serverNow();
    return this.isRecorded() ? this.newest : now;
  }

  /** Whether what comes in is of the past: a recording, or a backlog that still catches up with the clock. */
  isRecorded() {
    const age = (this.serverNow() - this.newest) / 1000;
    const lateness = (this.#newestReceived - this.newest) / 1000;
    // Data that were fresh when they came and stopped are an outage, and then trucks are silent.
    return this.newest > 0 && age > caughtUpWithin && (lateness > caughtUpWithin || age > outageAfter);
  }

  async load() {
    const features = await readAll('positions.read', '/api/v1/positions', { limit: page });
    const seen = new Set();
    for (const feature of features) {
      this.#take(feature);
      seen.add(feature.properties.terminal);
    }
    for (const terminal of this.trucks.keys()) if (!seen.has(terminal)) this.trucks.delete(terminal);
    this.emit('all');
  }

  update(collection) {
    this.receivedAt = Date.now();
    this.emit('changed', collection.features.map((feature) => this.#take(feature)));
  }

  #take(feature) {
    const p = feature.properties;
    const truck = this.trucks.get(p.terminal) ?? { terminal: p.terminal, tail: [], heading: 0 };
    const at = feature.geometry ? [feature.geometry.coordinates[1], feature.geometry.coordinates[0]] : null;
    const before = truck.at;
    const elapsed = (Date.parse(p.time) - (truck.time ?? NaN)) / 1000;
    Object.assign(truck, {
      plate: p.plate, kind: p.kind, company: p.company, time: Date.parse(p.time),
      received: Date.parse(p.received_at), fix: p.fix, at, speed: p.speed_kmh, ignition: p.ignition,
      drum: p.drum_rpm, camera: p.right_camera, load: p.load_state ?? null,
    });
    const metres = before && at ? distance(before, at) : 0;
    // Some terminals send neither speed nor course: then both come from the last two places.
    truck.shownSpeed = p.speed_kmh ?? (elapsed > 0 && elapsed < 300 ? (metres / elapsed) * 3.6 : null);
    if (p.heading_deg !== null && (p.speed_kmh ?? 99) >= movingFrom) truck.heading = p.heading_deg;
    else if (p.heading_deg === null && metres > 15) truck.heading = bearing(before, at);
    if (p.fix && at && (metres > 8 || !truck.tail.length)) {
      if (elapsed > silentAfter) truck.tail.length = 0;
      truck.tail.push(at);
      if (truck.tail.length > tailLength) truck.tail.shift();
    }
    const time = Math.min(truck.time, this.serverNow());
    if (time > this.newest) [this.newest, this.#newestReceived] = [time, truck.received];
    this.trucks.set(p.terminal, truck);
    return truck;
  }

  /** `moving`, `standing`, `stale` or `nofix`. */
  state(truck) {
    const late = (this.reference() - truck.time) / 1000;
    const unheard = (this.serverNow() - truck.received) / 1000;
    if (late > silentAfter || unheard > silentAfter) return 'stale';
    if (!truck.fix) return 'nofix';
    return (truck.shownSpeed ?? 0) >= movingFrom ? 'moving' : 'standing';
  }

  get filter() {
    return this.#filter;
  }

  show(filter) {
    this.#filter = filter;
    this.emit('all');
  }

  keeps(truck) {
    return !this.#filter || filters[this.#filter](truck, this.state(truck));
  }

  find(subject) {
    return this.trucks.get(subject) ?? [...this.trucks.values()].find((truck) => truck.plate === subject);
  }

  search(text) {
    const wanted = text.trim().toUpperCase();
    if (!wanted) return [];
    return [...this.trucks.values()]
      .filter((truck) => `${truck.plate ?? ''}\n${truck.terminal}`.toUpperCase().includes(wanted))
      .sort(byName)
      .slice(0, 8);
  }
}

/** What somebody may want to see of the trucks. */
export const filters = {
  loaded: (truck, state) => state !== 'stale' && truck.load !== null && truck.load !== 'empty',
  empty: (truck, state) => state !== 'stale' && truck.load === 'empty',
  moving: (truck, state) => state === 'moving',
  silent: (truck, state) => state === 'stale' || state === 'nofix',
  camera: (truck, state) => state !== 'stale' && truck.camera.state !== 'ok',
};

const collator = new Intl.Collator('zh-CN');

export const byName = (one, other) =>
  collator.compare(one.plate ?? `~${one.terminal}`, other.plate ?? `~${other.terminal}`);

const radians = Math.PI / 180;

/** Metres between two places a short way apart. */
function distance([lat1, lon1], [lat2, lon2]) {
  const x = (lon2 - lon1) * Math.cos(((lat1 + lat2) / 2) * radians);
  return Math.hypot(x, lat2 - lat1) * 111_195;
}

/** Degrees clockwise from north. */
function bearing([lat1, lon1], [lat2, lon2]) {
  const x = (lon2 - lon1) * Math.cos(((lat1 + lat2) / 2) * radians);
  return (Math.atan2(x, lat2 - lat1) / radians + 360) % 360;
}
