// The deliveries of one day in Asia/Shanghai, kept current by events. The day follows the newest delivery until
// a person picks one.

import { Emitter } from '/app/emitter.js';
import { addDays, dayOf, iso, startOfDay } from '/app/format.js';
import { inOrder } from '/app/dom.js';
import { readAll } from '/app/session.js';

/** Emits `changed` when the list changed, `loading` before and `failed` after a load that failed. */
export class Deliveries extends Emitter {
  day = null;
  isFollowing = true;
  isLoading = true;
  rows = new Map();
  /** There are more than were loaded: the oldest of the day are left out, and the page says so. */
  isCut = false;
  /** Where the list was cut: an older delivery would stand below others that are not there. */
  #last = null;
  #load = 0;

  /** Newest first. */
  sorted() {
    return [...this.rows.values()].sort(newestFirst);
  }

  async load(fallbackDay) {
    const mine = ++this.#load;
    this.isLoading = true;
    this.emit('loading');
    try {
      if (this.isFollowing || !this.day) this.day = (await newestDay()) ?? fallbackDay;
      const [from, to] = [startOfDay(this.day), startOfDay(addDays(this.day, 1))];
      const rows = await readAll('deliveries.read', '/api/v1/deliveries', { from: iso(from), to: iso(to) });
      if (mine !== this.#load) return;
      this.rows = new Map(rows.map((row) => [row.delivery_id, row]));
      this.isCut = Boolean(rows.isCut);
      this.#last = this.isCut ? rows.at(-1) : null;
      this.isLoading = false;
      this.emit('changed');
    } catch (error) {
      if (mine !== this.#load) return;
      this.emit('failed', error);
      throw error;
    }
  }

  show(day, { following = false } = {}) {
    this.isFollowing = following;
    this.day = day;
    this.rows = new Map();
    return this.load(day);
  }

  update(row) {
    if (row.withdrawn) {
      if (this.rows.delete(row.delivery_id)) this.emit('changed');
      return;
    }
    const day = dayOf(row.unload_start);
    if (day === this.day) {
      if (this.#last && newestFirst(this.#last, row) < 0) {
        if (!this.rows.delete(row.delivery_id)) return;
      } else {
        this.rows.set(row.delivery_id, row);
      }
      this.emit('changed');
    } else {
      if (this.rows.delete(row.delivery_id)) this.emit('changed');
      if (this.isFollowing && (!this.day || day > this.day)) this.show(day, { following: true }).catch(() => {});
    }
  }
}

const newestFirst = (one, other) =>
  inOrder(other.unload_start, one.unload_start) || inOrder(other.delivery_id, one.delivery_id);

async function newestDay() {
  const ever = { from: iso(startOfDay('2000-01-01')), to: iso(startOfDay('2099-01-01')) };
  const [newest] = await readAll('deliveries.read', '/api/v1/deliveries', ever, 1);
  return newest ? dayOf(newest.unload_start) : null;
}
