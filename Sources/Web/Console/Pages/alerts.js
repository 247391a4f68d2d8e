// The alerts that are not done with, as the server says they stand.

import { Emitter } from '/app/emitter.js';
import { getAll } from '/app/api.js';
import { inOrder } from '/app/dom.js';
import { change, may, session } from '/app/session.js';

/** The rail holds the newest, and beside them the newest of the grave ones; older ones are in the API. */
const most = 1000;
const grave = 3;

/** Nobody has looked at it; to whoever is told nothing of that, it is new while it goes on. */
const isNewly = (row) => (row.handling ? row.handling.state === 'new' : row.status === 'open');

/** Emits `changed`, and `new` with an alert that was not there before. */
export class Alerts extends Emitter {
  rows = new Map();
  /** There are more than were loaded, and the page says so. */
  isCut = false;
  /** Of whoever looks; set with the first load. */
  mayRead = false;
  mayAct = false;
  me = null;
  #hasLoaded = false;

  async load() {
    const known = await session.catch(() => ({ rights: [], name: null }));
    this.mayRead = may(known, 'alerts.read');
    this.mayAct = may(known, 'alerts.change');
    this.me = known.name;
    if (!this.mayRead) return;
    const newest = await getAll('/api/v1/alerts', { state: 'unclosed' }, most);
    // What is grave and waits since long is not pushed off the list by what is new and slight.
    const older = newest.isCut ? await getAll('/api/v1/alerts', { state: 'unclosed', severity: grave }, most) : [];
    this.rows = new Map([...older, ...newest].map((row) => [row.alert_id, row]));
    this.isCut = newest.isCut;
    this.#hasLoaded = true;
    this.emit('changed');
  }

  update(row) {
    if (!this.#hasLoaded) return;
    const isNew = !this.rows.has(row.alert_id) && isNewly(row);
    if (row.handling?.state === 'closed') this.rows.delete(row.alert_id);
    else this.rows.set(row.alert_id, row);
    if (isNew) this.emit('new', row);
    this.emit('changed');
  }

  /** The gravest first, unseen before seen, the newest first. */
  sorted() {
    const rank = (row) => row.severity * 2 + (row.handling?.state === 'new' ? 1 : 0);
    return [...this.rows.values()].sort((one, other) => rank(other) - rank(one)
      || inOrder(other.opened_at, one.opened_at) || inOrder(other.alert_id, one.alert_id));
  }

  async act(id, body) {
    const row = await change(`/api/v1/alerts/${encodeURIComponent(id)}/actions`, body);
    this.update(row);
    return row;
  }
}
