// Pieces that several lists show: a verdict, a truck's state.

import { h, s } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { drawTruck } from '/app/glyphs.js';
import { verdictSign } from '/app/palette.js';

const outlines = {
  clear: 'M9 1.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15z',
  suspicious: 'M9 1.2 17 16.2H1z',
  insufficient_data: 'M9 1 17 9 9 17 1 9z',
};

/** The verdict's sign: disc, triangle or diamond, so that it can be told without colour. */
export function verdictIcon(verdict) {
  const icon = s('svg', { viewBox: '0 0 18 18', class: `icon ${verdict}`, 'aria-hidden': 'true' });
  const text = s('text', { x: 9, y: verdict === 'suspicious' ? 14.2 : 13, 'text-anchor': 'middle' });
  text.textContent = verdictSign[verdict];
  icon.append(s('path', { d: outlines[verdict] }), text);
  return icon;
}

export const verdictChip = (verdict) =>
  h('span', { class: `chip ${verdict}` }, verdictIcon(verdict), t(verdict));

/** Says that a delivery is not final, and on pointing at it why. */
export const provisionalMark = () =>
  h('span', { class: 'provisional', title: t('provisionalWhy') }, t('provisional'));

/** A truck's mark as on the map. */
export function truckIcon(look, size = 34) {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const canvas = h('canvas', { width: size * ratio, height: size * ratio, class: 'truck-icon', 'aria-hidden': 'true' });
  canvas.style.width = canvas.style.height = `${size}px`;
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  drawTruck(context, { x: size / 2, y: size / 2 }, look);
  return canvas;
}

/** A line of a table of facts; nothing when there is no value. */
export const fact = (name, value) =>
  (value === null || value === undefined || value === '' ? null : h('div', {}, h('dt', {}, name), h('dd', {}, value)));
