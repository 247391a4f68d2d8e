// The registers' columns and how their values read.

import { get } from '/app/api.js';
import { language, ofBoth, t } from '/app/i18n.js';
import { dayOf, standingWords } from '/app/format.js';
import { cornersOf, middle } from '/app/fence_editor.js';

/** Registers in the order of their work, with title and columns: `[{kind, title, columns}]`. */
export const registers = get('/api/v1/registers').then(({ items }) => items);

export const geometry = ['lat', 'lon', 'radius_m', 'fence_wkt', 'coordinates'];

export const itemPath = (kind, id) => `/registers/${kind}/${encodeURIComponent(id)}`;
export const entryAPI = (kind, id) => `/api/v1/registers/${kind}/entries/${encodeURIComponent(id)}`;

/** A register's name as a heading. */
export function headingOf({ title }) {
  const text = ofBoth(title);
  return text[0].toUpperCase() + text.slice(1);
}

/** A column's name to a person. */
export function labelOf(column) {
  if (language() !== 'en') return column.zh;
  const words = column.name.replace(/_/g, ' ').replace(/\bm3\b/, 'm³').replace(/ t$/, ' (t)').replace(/\bid\b/, 'ID');
  return words[0].toUpperCase() + words.slice(1);
}

const prefixes = { status: 'status_', licence_kind: 'kind_', severity: 'severity_' };
const flags = { true: ['是', 'yes'], false: ['否', 'no'] };
const drums = { mix: ['搅拌 / 进料', 'mixes or loads'], discharge: ['卸料', 'discharges'] };

/** A value of a column to a person. */
export function textOf(column, value) {
  if (value === undefined || value === '') return '—';
  const pair = { true: flags.true, false: flags.false, ...drums }[value];
  if (pair && column.choices.length) return pair[language() === 'en' ? 1 : 0];
  if (column.choices.includes(value)) return t(`${prefixes[column.name] ?? ''}${value}`, value);
  if (column.name.endsWith('_at')) return new Date(value).toLocaleString(language() === 'en' ? 'en-GB' : 'zh-CN', { timeZone: 'Asia/Shanghai' });
  return value;
}

/** A row's fence in one line. */
export function fenceText(row) {
  const corners = cornersOf(row.fence_wkt);
  const place = ([lat, lon]) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  if (corners) return `${t('fencePolygon')} · ${t('fenceCorner')} ${corners.length} · ${place(middle(corners))}`;
  if (row.fence_wkt) return `WKT ${row.fence_wkt.length}`;
  if (!row.lat) return t('fenceNone');
  return `${t('fenceCircle')} · ${place([Number(row.lat), Number(row.lon)])} · ${row.radius_m} m`;
}

/** What a row is called: its name beside its id, as far as it has one. */
export function titleOf(kind, row, id) {
  if (kind === 'tickets') return `${row.ticket_id ?? id} · ${row.plate ?? ''}`;
  return row?.name ? `${row.name} · ${id}` : id;
}

/** First and last day of a row, or null for a register without dates. */
export function periodOf(row) {
  const from = row.valid_from ?? row.registered_from;
  const to = row.valid_to ?? row.registered_to;
  return from || to ? `${(from ?? '…').slice(0, 10)} – ${to ? to.slice(0, 10) : t('registerOpen')}` : null;
}

export const hasDates = (columns) => columns.some(({ name }) => name === 'valid_from' || name === 'registered_from');

/** Of a row with a status: how it stands today, as a chip's words and the end of its class. */
export function standingOf(row) {
  const today = dayOf(Date.now());
  const [from, to] = [(row.valid_from ?? '').slice(0, 10), (row.valid_to ?? '').slice(0, 10)];
  const validity = to && to < today ? 'expired' : from > today ? 'not_yet' : 'valid';
  // The API's rows end with the first moment after their last day, those of a register with the day.
  const end = to ? new Date(Date.parse(to) + 1).toISOString() : null;
  return { look: validity === 'valid' ? row.status : validity, words: standingWords({ ...row, valid_to: end, validity }) };
}
