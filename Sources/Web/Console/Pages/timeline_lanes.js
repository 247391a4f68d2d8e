// The lanes of the timeline as one SVG picture.

import { s } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { clock } from '/app/format.js';

/** Room beside the lanes, in pixels. */
export const geometry = { left: 76, right: 12 };

const steps = [60, 300, 600, 900, 1800, 3600, 7200, 14400].map((seconds) => seconds * 1000);
const lanes = [['laneSpeed', 64], ['laneDrum', 52], ['laneCamera', 20], ['laneStays', 20], ['laneTrip', 24]];

export function drawLanes(width, points, data, delivery) {
  const inner = Math.max(80, width - geometry.left - geometry.right);
  const x = (ms) => geometry.left + ((Math.min(Math.max(ms, data.start), data.end) - data.start) / (data.end - data.start)) * inner;
  const height = lanes.reduce((sum, [, tall]) => sum + tall + 10, 26);
  const chart = s('svg', {
    viewBox: `0 0 ${width} ${height}`, width, height, class: 'lane-chart', role: 'img', 'aria-label': t('timeline'),
  });
  axis(chart, x, data, width, height);
  for (const gap of data.gaps) band(chart, x, gap.start, gap.end, 8, height - 40, 'dark', t('gapDark'));
  const draw = { laneSpeed: speed, laneDrum: drum, laneCamera: camera, laneStays: stays, laneTrip: trip };
  let top = 8;
  for (const [key, tall] of lanes) {
    chart.append(words(4, top + tall / 2 + 4, t(key), 'lane-name'),
      s('line', { x1: geometry.left, x2: width - geometry.right, y1: top + tall, y2: top + tall, class: 'lane-line' }));
    draw[key](chart, { x, top, tall, points, data, delivery, width });
    top += tall + 10;
  }
  const cursor = s('g', { class: 'cursor' }, s('line', { x1: 0, x2: 0, y1: 2, y2: height - 22 }), s('circle', { cx: 0, cy: 4, r: 4 }));
  chart.append(cursor);
  return chart;
}

function words(x, y, text, kind, anchor = 'start') {
  const element = s('text', { x, y, class: kind, 'text-anchor': anchor });
  element.textContent = text;
  return element;
}

function titled(element, text) {
  const title = s('title');
  title.textContent = text;
  element.append(title);
  return element;
}

function axis(chart, x, data, width, height) {
  const most = Math.max(2, Math.floor((width - geometry.left) / 70));
  const step = steps.find((candidate) => (data.end - data.start) / candidate <= most) ?? 28800e3;
  for (let at = Math.ceil(data.start / step) * step; at <= data.end; at += step) {
    chart.append(s('line', { x1: x(at), x2: x(at), y1: 8, y2: height - 22, class: 'tick' }),
      words(x(at), height - 6, clock(at), 'tick-name', 'middle'));
  }
}

const ms = (time) => (typeof time === 'number' ? time : Date.parse(time));

function band(chart, x, from, to, top, tall, kind, text) {
  const [left, right] = [x(ms(from)), x(ms(to))];
  if (right <= left) return;
  chart.append(titled(s('rect', { x: left, y: top, width: Math.max(1.5, right - left), height: tall, class: `band ${kind}` }), text));
}

/** What a band says in itself where it has the room: its colour is not all that tells it. */
function named(chart, x, from, to, middle, text) {
  const [left, right] = [x(ms(from)), x(ms(to))];
  const width = [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 11 : 6.5), 8);
  if (right - left >= width) chart.append(words((left + right) / 2, middle + 4, text, 'band-name', 'middle'));
}

/** Stretches of points with a value, broken where nothing is known. */
function runs(points, gapLimit, value) {
  const found = [];
  let last = null;
  for (const point of points) {
    if (value(point) === null || value(point) === undefined) last = null;
    else {
      if (last && point.ms - last.ms <= gapLimit) found.at(-1).push(point);
      else found.push([point]);
      last = point;
    }
  }
  return found;
}

const path = (run, x, y) => run.map((point, index) => `${index ? 'L' : 'M'}${x(point.ms).toFixed(1)} ${y(point).toFixed(1)}`).join('');

function none(chart, { top, tall, width }) {
  chart.append(words((geometry.left + width) / 2, top + tall / 2 + 4, t('laneNone'), 'lane-none', 'middle'));
}

function speed(chart, lane) {
  const { x, top, tall, points, data } = lane;
  const known = runs(points, data.gapLimit, (point) => point.speed_kmh);
  if (!known.length) return none(chart, lane);
  const most = Math.max(60, ...points.map((point) => point.speed_kmh ?? 0));
  const y = (point) => top + tall - (point.speed_kmh / most) * tall;
  for (const run of known) {
    const line = path(run, x, y);
    chart.append(s('path', { d: `${line}L${x(run.at(-1).ms)} ${top + tall}L${x(run[0].ms)} ${top + tall}Z`, class: 'speed-fill' }),
      s('path', { d: line, class: 'speed-line' }));
  }
  chart.append(words(geometry.left - 4, top + 9, `${Math.round(most)}`, 'tick-name', 'end'));
}

function drum(chart, lane) {
  const { x, top, tall, points, data, width } = lane;
  const known = runs(points, data.gapLimit, (point) => point.drum_rpm);
  if (!known.length) return none(chart, lane);
  const most = Math.max(4, ...points.map((point) => Math.abs(point.drum_rpm ?? 0)));
  const zero = top + tall / 2;
  const y = (point) => zero - (point.drum_rpm / most) * (tall / 2);
  chart.append(s('line', { x1: geometry.left, x2: width - geometry.right, y1: zero, y2: zero, class: 'zero' }));
  for (const run of known) {
    // Below zero the drum turns backwards: it discharges.
    for (const part of runs(run, data.gapLimit, (point) => (point.drum_rpm < -0.5 ? point.drum_rpm : null))) {
      const line = path(part, x, y);
      chart.append(s('path', { d: `${line}L${x(part.at(-1).ms) + 1.5} ${zero}L${x(part[0].ms)} ${zero}Z`, class: 'discharge' }));
    }
    chart.append(s('path', { d: path(run, x, y), class: 'drum-line' }));
  }
}

function camera(chart, lane) {
  const { x, top, tall, data } = lane;
  const reports = data.cameras.filter((report) => report.cameras.right_blind_spot);
  if (!reports.length) return none(chart, lane);
  // Reports that say the same are one band; what nobody says again is unknown after a while, and then blank.
  const bands = [];
  reports.forEach((report, index) => {
    const state = report.cameras.right_blind_spot;
    const from = Date.parse(report.time);
    const to = Math.min(index + 1 < reports.length ? Date.parse(reports[index + 1].time) : data.end, from + data.camera_hold_s * 1000);
    const last = bands.at(-1);
    if (last?.state === state && last.to >= from) last.to = to;
    else bands.push({ state, from, to });
  });
  for (const { state, from, to } of bands) {
    // What is well lies low, what is not stands out.
    const inset = state === 'ok' ? 4 : 0;
    band(chart, x, from, to, top + inset, tall - 2 * inset, `camera-${state}`, `${t(`camera_${state}`)} ${clock(from)}–${clock(to)}`);
    named(chart, x, from, to, top + tall / 2, t(`lane_${state}`));
  }
  return undefined;
}

function stays(chart, lane) {
  const { x, top, tall, data } = lane;
  if (!data.stays.length) return none(chart, lane);
  for (const stay of data.stays) {
    const minutes = Math.round((Date.parse(stay.end) - Date.parse(stay.start)) / 60000);
    const discharges = stay.discharging_s > 0;
    const inset = discharges ? 0 : 4;
    const word = t(discharges ? 'stayDischarging' : 'stayOf');
    band(chart, x, stay.start, stay.end, top + inset, tall - 2 * inset, discharges ? 'stay discharging' : 'stay',
      `${word} ${clock(stay.start)}–${clock(stay.end)} (${minutes} ${t('minutes')})`);
    named(chart, x, stay.start, stay.end, top + tall / 2, word);
  }
  return undefined;
}

function trip(chart, { x, top, tall, data, delivery }) {
  const end = (kind, from, to, key, name) => {
    if (!from && !to) return;
    band(chart, x, from ?? to, to ?? from, top, tall, `trip-${kind}`, `${t(key)} ${clock(from ?? to)}–${clock(to ?? from)}`);
    const [left, right] = [x(Date.parse(from ?? to)), x(Date.parse(to ?? from))];
    if (right - left > 16) chart.append(words((left + right) / 2, top + tall / 2 + 4, t(name), 'trip-name', 'middle'));
  };
  end('load', delivery.load_start, delivery.load_end, 'origin', 'badgeLoad');
  end('unload', delivery.unload_start, delivery.unload_end, 'destination', 'badgeUnload');
  for (const ticket of data.tickets) {
    const at = x(Date.parse(ticket.issued_at));
    const mark = s('path', { d: `M${at} ${top}l7 ${tall / 2}l-7 ${tall / 2}l-7 -${tall / 2}Z`, class: 'ticket' });
    chart.append(titled(mark, `${t('ticketIssued')} ${ticket.ticket_id} ${clock(ticket.issued_at)}`));
  }
}
