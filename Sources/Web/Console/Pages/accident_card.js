// What the log knows of an accident's moment: the truck's camera, the legal hold, and the truck's trail on either side.

import { h, s } from '/app/dom.js';
import { language, t } from '/app/i18n.js';
import { get } from '/app/api.js';
import { attempt } from '/app/desk.js';
import { trail } from '/app/purpose.js';

const [width, height, edge] = [640, 360, 26];

/** The card of the accident `id` that happened at `moment`; it fills itself. */
export function accidentCard(id, moment) {
  const facts = h('dl', { class: 'facts' });
  const picture = h('div', { class: 'accident-trail' });
  const card = h('section', { class: 'card' }, h('h3', {}, t('accidentMoment')), facts, picture);
  attempt(() => fill(id, moment, facts, picture));
  return card;
}

async function fill(id, moment, facts, picture) {
  const year = new Date(Date.parse(moment) + 8 * 3600e3).getUTCFullYear();
  const { items } = await get('/api/v1/safety/accidents', { year });
  const accident = items.find((one) => one.accident_id === id);
  if (!accident) return;
  const fact = (name, value) => h('div', {}, h('dt', {}, t(name)), h('dd', {}, value));
  facts.replaceChildren(
    fact('accidentTerminal', accident.terminal ?? t('accidentNoTruck')),
    fact('accidentCamera', accident.camera ? t(`accident_${accident.camera}`) : '—'),
    fact('accidentHold', accident.legal_holds.length ? accident.legal_holds.map((hold) => `#${hold}`).join(' ') : t('accidentReleased')));
  if (!accident.terminal) return;
  const button = h('button', {
    type: 'button', class: 'plain-button', onclick: () => attempt(async () => {
      const feature = await trail(accident.plate, accident.trail_from, accident.trail_to);
      picture.replaceChildren(drawing(feature, accident));
    }),
  }, t('accidentTrail'));
  picture.replaceChildren(button, h('p', { class: 'small' }, t('accidentNoCause')));
}

/** The trail as a plan, north up, with the time now and then and a cross where the accident was. */
function drawing(feature, accident) {
  const { points, gap_limit_s: gap } = feature.properties;
  if (!points.length) return h('p', { class: 'empty' }, t('trailEmpty'));
  const place = plan([...points, ...(accident.lat === null ? [] : [accident])]);
  const svg = s('svg', { viewBox: `0 0 ${width} ${height}`, class: 'plan', role: 'img', 'aria-label': t('accidentTrail') });
  let stretch = [];
  const flush = () => {
    if (stretch.length > 1) svg.append(s('polyline', { points: stretch.join(' '), class: 'way' }));
    stretch = [];
  };
  points.forEach((point, index) => {
    if (index && (Date.parse(point.time) - Date.parse(points[index - 1].time)) / 1000 > gap) flush();
    stretch.push(place(point).map((number) => number.toFixed(1)).join(','));
  });
  flush();
  for (const point of marked(points)) {
    const [x, y] = place(point);
    svg.append(s('circle', { cx: x, cy: y, r: 3, class: 'fix' }), label(x + 6, y - 5, clock(point.time)));
  }
  const near = points.reduce((best, point) => (distance(point, accident) < distance(best, accident) ? point : best));
  const [x, y] = place(near);
  svg.append(s('circle', { cx: x, cy: y, r: 6, class: 'then' }), label(x + 9, y + 14, clock(near.time)));
  if (accident.lat !== null) {
    const [ax, ay] = place(accident);
    svg.append(s('path', { d: `M${ax - 7},${ay - 7}L${ax + 7},${ay + 7}M${ax - 7},${ay + 7}L${ax + 7},${ay - 7}`, class: 'spot' }));
  }
  return h('figure', {}, svg, h('figcaption', { class: 'small' },
    `${t('accidentTrailShown')} ${clock(points[0].time)} – ${clock(points.at(-1).time)} · ${points.length} ${t('fixes')}`));
}

/** Degrees to the paper, the same scale both ways. */
function plan(points) {
  const [lats, lons] = [points.map(({ lat }) => lat), points.map(({ lon }) => lon)];
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)];
  const narrow = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const scale = Math.min((width - 2 * edge) / Math.max((east - west) * narrow, 1e-4), (height - 2 * edge) / Math.max(north - south, 1e-4));
  const [left, top] = [(width - (east - west) * narrow * scale) / 2, (height - (north - south) * scale) / 2];
  return ({ lat, lon }) => [left + (lon - west) * narrow * scale, top + (north - lat) * scale];
}

/** About six fixes along the way. */
const marked = (points) => points.filter((_, index) => index % Math.max(1, Math.floor(points.length / 6)) === 0);
const distance = (point, accident) => Math.abs(Date.parse(point.time) - Date.parse(accident.occurred_at));
const clock = (time) => new Date(time).toLocaleTimeString(language() === 'en' ? 'en-GB' : 'zh-CN', { timeZone: 'Asia/Shanghai', hour12: false });
const label = (x, y, text) => s('text', { x, y }, text);
