// The stream of events: one connection that comes back by itself and goes on where it was.

import { Emitter } from '/app/emitter.js';

/**
 * Emits `state` (`connecting`, `live`, `broken`), `position`, `alert`, `delivery`, `registers`, and `reload` when everything
 * must be loaded again.
 */
export class Live extends Emitter {
  state = 'connecting';
  #source = null;
  #hasOpened = false;

  start() {
    this.#source = new EventSource('/api/v1/events');
    this.#source.onopen = () => {
      this.#setState('live');
      // Load after the stream is open, so that nothing falls in between. Later the stream itself says when to.
      if (!this.#hasOpened) this.emit('reload');
      this.#hasOpened = true;
    };
    this.#source.onerror = () => {
      this.#setState('broken');
      // The browser tries again by itself, but not after an HTTP error: then a fresh stream is needed.
      if (this.#source.readyState === EventSource.CLOSED) {
        this.#hasOpened = false;
        setTimeout(() => this.start(), 3000);
      }
    };
    for (const name of ['position', 'alert', 'delivery', 'registers']) {
      this.#source.addEventListener(name, (event) => this.emit(name, JSON.parse(event.data)));
    }
    this.#source.addEventListener('reset', () => this.emit('reload'));
  }

  #setState(state) {
    this.state = state;
    this.emit('state', state);
  }
}
