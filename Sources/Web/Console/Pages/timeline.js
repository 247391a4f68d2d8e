// The timeline of a delivery: what was heard of the truck, one lane over the other, and a playback along it.

import { h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { clockWithSeconds, number } from '/app/format.js';
import { drawLanes, geometry } from '/app/timeline_lanes.js';

const speeds = [10, 60, 300, 900];

export class Timeline {
  #root;
  #points = [];
  #data = null;
  #delivery = null;
  #onMoment = () => {};
  #at = 0;
  #speed = 60;
  #timer = null;
  #parts = null;

  constructor(root) {
    this.#root = root;
    new ResizeObserver(() => this.draw()).observe(root);
  }

  /**
   * `trail` are a trail's properties, `data` those of the timeline; `onMoment` hears where the truck is at the moment that
   * is shown. Between fixes further apart than the trail's limit nothing is known: the map draws no line there either.
   */
  show(trail, data, delivery, onMoment) {
    this.#points = trail.points.map((point) => ({ ...point, ms: Date.parse(point.time) }));
    this.#data = {
      ...data, start: Date.parse(data.from), end: Date.parse(data.to), gapLimit: trail.gap_limit_s * 1000,
    };
    this.#delivery = delivery;
    this.#onMoment = onMoment;
    this.#at = delivery.load_end ? Date.parse(delivery.load_end) : this.#data.start;
    this.#parts = null;
    this.draw();
    this.#seek(this.#at);
  }

  draw() {
    if (!this.#data || this.#root.clientWidth < 50) return;
    this.#parts ??= this.#controls();
    const { play, rate, slider, readout } = this.#parts;
    play.textContent = t(this.#timer ? 'pause' : 'play');
    slider.setAttribute('aria-label', t('playbackAt'));
    rate.setAttribute('aria-label', t('playbackSpeed'));
    const chart = drawLanes(this.#root.clientWidth - 24, this.#points, this.#data, this.#delivery);
    chart.addEventListener('pointerdown', (event) => this.#seekTo(event));
    chart.addEventListener('pointermove', (event) => event.buttons && this.#seekTo(event));
    const bar = h('div', { class: 'playback' }, play, rate, slider, readout);
    this.#root.replaceChildren(bar, h('div', { class: 'lanes' }, chart));
    this.#seek(this.#at);
  }

  #controls() {
    const slider = h('input', {
      type: 'range', min: '0', max: String(Math.round((this.#data.end - this.#data.start) / 1000)), step: '1',
      oninput: () => this.#seek(this.#data.start + Number(slider.value) * 1000),
    });
    const rate = h('select', { onchange: () => { this.#speed = Number(rate.value); } },
      speeds.map((speed) => h('option', { value: speed }, `× ${speed}`)));
    rate.value = String(this.#speed);
    return {
      slider, rate, readout: h('output', { class: 'readout' }),
      play: h('button', { type: 'button', class: 'plain-button', onclick: () => this.#toggle() }),
    };
  }

  #toggle() {
    if (this.#timer) this.#stop();
    else {
      if (this.#at >= this.#data.end) this.#at = this.#data.start;
      let last = performance.now();
      const step = (now) => {
        this.#seek(this.#at + (now - last) * this.#speed);
        last = now;
        if (this.#at >= this.#data.end) this.#stop();
        else if (this.#timer) this.#timer = requestAnimationFrame(step);
      };
      this.#timer = requestAnimationFrame(step);
    }
    this.#parts.play.textContent = t(this.#timer ? 'pause' : 'play');
  }

  #stop() {
    cancelAnimationFrame(this.#timer);
    this.#timer = null;
    this.#parts.play.textContent = t('play');
  }

  #seekTo(event) {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left - geometry.left) / (box.width - geometry.left - geometry.right);
    this.#seek(this.#data.start + Math.min(1, Math.max(0, share)) * (this.#data.end - this.#data.start));
  }

  #seek(time) {
    this.#at = Math.min(this.#data.end, Math.max(this.#data.start, time));
    const { slider, readout } = this.#parts;
    slider.value = String(Math.round((this.#at - this.#data.start) / 1000));
    const moment = this.#moment();
    const drum = moment?.drum_rpm ?? null;
    const said = [
      clockWithSeconds(this.#at), moment?.speed_kmh == null ? null : `${number(moment.speed_kmh)} km/h`,
      drum === null ? null : `${number(drum, 1)} r/min`, moment ? null : t('gapDark'),
    ].filter(Boolean).join(' · ');
    slider.setAttribute('aria-valuetext', said);
    readout.textContent = said;
    const cursor = this.#root.querySelector('.cursor');
    if (cursor) {
      const width = this.#root.clientWidth - 24 - geometry.left - geometry.right;
      const x = geometry.left + ((this.#at - this.#data.start) / (this.#data.end - this.#data.start)) * width;
      cursor.setAttribute('transform', `translate(${x} 0)`);
    }
    this.#onMoment(moment);
  }

  /** Where the truck was: between two fixes on the straight line, in a gap nowhere. */
  #moment() {
    const points = this.#points;
    let [low, high] = [0, points.length - 1];
    if (high < 0 || this.#at < points[0].ms || this.#at > points[high].ms) return null;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (points[middle].ms <= this.#at) low = middle;
      else high = middle;
    }
    const [one, other] = [points[low], points[high]];
    const between = other.ms - one.ms;
    const share = between > 0 ? (this.#at - one.ms) / between : 0;
    // At a fix it is known where the truck was, whatever lies before and after.
    if (share > 0 && share < 1 && between > this.#data.gapLimit) return null;
    return { ...(share < 1 ? one : other), at: [one.lat + (other.lat - one.lat) * share, one.lon + (other.lon - one.lon) * share] };
  }
}
