// The bar on top: figures of the moment, how fresh they are, and whether the connection stands.

import { byID, h, oncePerFrame } from '/app/dom.js';
import { language, onLanguage, switchLanguage, t } from '/app/i18n.js';
import { ago, clockWithSeconds, dayOf, span } from '/app/format.js';

export class Head {
  status = null;
  isStoreAway = false;
  #fleet;
  #deliveries;
  #live;
  #said = '';

  constructor(fleet, deliveries, live) {
    this.#fleet = fleet;
    this.#deliveries = deliveries;
    this.#live = live;
    const soon = oncePerFrame(() => this.#draw());
    fleet.on('all', soon);
    deliveries.on('changed', soon);
    live.on('state', soon);
    onLanguage(soon);
    setInterval(soon, 1000);
    byID('language').addEventListener('click', switchLanguage);
    soon();
  }

  #draw() {
    const button = byID('language');
    button.textContent = t('otherLanguage');
    button.title = t('switchLanguage');
    button.lang = language() === 'en' ? 'zh-CN' : 'en';
    this.#drawFigures();
    this.#drawConnection();
  }

  #drawFigures() {
    const counts = { moving: 0, standing: 0, stale: 0, nofix: 0 };
    for (const truck of this.#fleet.trucks.values()) counts[this.#fleet.state(truck)] += 1;
    const rows = [...this.#deliveries.rows.values()];
    const more = this.#deliveries.isCut ? '+' : '';
    const figure = (name, value, kind) =>
      h('div', { class: kind ?? null }, h('dt', {}, t(name)), h('dd', {}, String(value)));
    byID('figures').replaceChildren(
      figure('figureMoving', counts.moving, 'figure-moving'), figure('figureStanding', counts.standing),
      figure('figureSilent', counts.stale + counts.nofix), figure('figureDeliveries', rows.length + more),
      figure('figureSuspicious', rows.filter((row) => row.verdict === 'suspicious').length + more, 'figure-suspicious'));
  }

  #drawConnection() {
    const state = this.isStoreAway && this.#live.state === 'live' ? 'storeAway' : this.#live.state;
    const line = this.#fleet.newest ? this.#freshness() : t('noData');
    // Of positions by their own time; of deliveries and suspicions by how far the analysis is behind.
    const lag = this.status?.analysis.lag_seconds ?? null;
    const judged = this.status ? `${t('figureLag')} ${lag === null ? '—' : span(lag)}` : '';
    const text = `${state}\n${line}\n${judged}`;
    if (text === this.#said) return;
    this.#said = text;
    const box = byID('connection');
    box.className = `connection ${state}`;
    box.replaceChildren(h('b', {}, t(state)), h('span', { class: 'fresh', 'aria-live': 'off' }, line),
      judged ? h('span', { class: 'fresh judged', 'aria-live': 'off' }, judged) : '');
  }

  #freshness() {
    const { newest } = this.#fleet;
    if (this.#fleet.isRecorded()) return `${t('recorded')} ${dayOf(newest)} ${clockWithSeconds(newest)}`;
    return `${t('dataAt')} ${clockWithSeconds(newest)} (${ago((this.#fleet.serverNow() - newest) / 1000)})`;
  }
}
