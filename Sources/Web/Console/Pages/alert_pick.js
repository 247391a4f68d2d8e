// The alert that is shown in the panel: read with its history, and read again when somebody does something about it.

import { h } from '/app/dom.js';
import { get } from '/app/api.js';
import { t } from '/app/i18n.js';
import { may, session } from '/app/session.js';
import { alertDetails } from '/app/alert_details.js';

export class AlertPick {
  id = null;
  #alerts;
  #row = null;
  #said = '';
  #draw = () => {};
  #colleagues = null;
  #known = null;

  constructor(alerts) {
    this.#alerts = alerts;
  }

  leave() {
    this.id = null;
    this.#row = null;
    this.#said = '';
    this.#draw = () => {};
  }

  async read(id, draw, signal) {
    [this.id, this.#draw] = [id, draw];
    this.#known = await session;
    if (this.#alerts.mayAct && !this.#colleagues) {
      this.#colleagues = (await get('/api/v1/colleagues').catch(() => ({ items: [] }))).items;
    }
    const row = await get(`/api/v1/alerts/${encodeURIComponent(id)}`, {}, { signal });
    if (this.id !== id) return row;
    this.#row = row;
    this.#draw();
    return row;
  }

  async again() {
    const { id } = this;
    const row = await get(`/api/v1/alerts/${encodeURIComponent(id)}`).catch(() => null);
    if (!row || this.id !== id) return;
    this.#row = row;
    this.#draw();
  }

  content() {
    if (!this.#row) return [h('p', { class: 'empty' }, t('loading'))];
    return alertDetails(this.#row, {
      mayAct: this.#alerts.mayAct, me: this.#alerts.me, colleagues: this.#colleagues ?? [], said: this.#said,
      maySeeDelivery: may(this.#known, 'suspicions.read'), act: (body) => this.#act(body),
    });
  }

  async #act(body) {
    this.#said = '';
    try {
      await this.#alerts.act(this.id, body);
      await this.again();
      return true;
    } catch (error) {
      this.#said = error.message;
      this.#draw();
      return false;
    }
  }
}
