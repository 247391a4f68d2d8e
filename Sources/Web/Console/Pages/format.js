// Times and numbers as people read them. Times are those of Asia/Shanghai, whatever the machine's zone.

import { language, t } from '/app/i18n.js';

const zone = 'Asia/Shanghai';
const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
const clockParts = { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const clockOf = new Intl.DateTimeFormat('sv-SE', clockParts);
const secondsOf = new Intl.DateTimeFormat('sv-SE', { ...clockParts, second: '2-digit' });

const dayOffset = 8 * 3600e3; // China has had UTC+8 without daylight saving since 1991

/** `2026-03-02` */
export const dayOf = (time) => day.format(new Date(time));
/** `16:15` */
export const clock = (time) => clockOf.format(new Date(time));
/** `16:15:30` */
export const clockWithSeconds = (time) => secondsOf.format(new Date(time));
/** `03-02 16:15`, or only the clock on `reference`'s day. */
export function dayClock(time, reference) {
  const own = dayOf(time);
  return reference && dayOf(reference) === own ? clock(time) : `${own.slice(5)} ${clock(time)}`;
}

/** The first moment of a day `2026-03-02` in Asia/Shanghai, in milliseconds. */
export const startOfDay = (text) => Date.parse(`${text}T00:00:00Z`) - dayOffset;
export const addDays = (text, count) => dayOf(startOfDay(text) + count * 86400e3);
export const iso = (milliseconds) => new Date(milliseconds).toISOString().replace('.000Z', 'Z');

/** `3 月 2 日 周一` / `Mon 2 Mar` */
export function longDay(text) {
  const date = new Date(startOfDay(text));
  const options = { timeZone: zone, month: language() === 'en' ? 'short' : 'long', day: 'numeric', weekday: 'short' };
  return new Intl.DateTimeFormat(language() === 'en' ? 'en-GB' : 'zh-CN', options).format(date);
}

/** Whole days of the calendar in Asia/Shanghai from one moment to another, both in milliseconds. */
export function calendarDays(from, to) {
  const day = (time) => Math.floor((time + dayOffset) / 86400e3);
  return day(to) - day(from);
}

/** A span of seconds: `35 秒`, `12 分钟`, `3 小时`, `2 天`. */
export function span(seconds) {
  const zh = language() !== 'en';
  const rounded = Math.max(0, Math.round(seconds));
  if (seconds > 0 && seconds < 9.95) return zh ? `${number(seconds, 1)} 秒` : `${number(seconds, 1)} s`;
  if (rounded < 90) return zh ? `${rounded} 秒` : `${rounded} s`;
  if (rounded < 5400) return zh ? `${Math.round(rounded / 60)} 分钟` : `${Math.round(rounded / 60)} min`;
  if (rounded < 129600) return zh ? `${Math.round(rounded / 3600)} 小时` : `${Math.round(rounded / 3600)} h`;
  return zh ? `${Math.round(rounded / 86400)} 天` : `${Math.round(rounded / 86400)} days`;
}

export function ago(seconds) {
  const text = span(Math.max(0, Math.round(seconds)) || 0);
  return language() === 'en' ? `${text} ago` : `${text}前`;
}

// To make one takes a hundred times as long as to use it, and lists use it in every row.
const numberFormats = new Map();

/** A number with at most `digits` decimals. */
export function number(value, digits = 0) {
  const locale = language() === 'en' ? 'en-GB' : 'zh-CN';
  const key = `${locale} ${digits}`;
  if (!numberFormats.has(key)) numberFormats.set(key, new Intl.NumberFormat(locale, { maximumFractionDigits: digits }));
  return numberFormats.get(key).format(value);
}

export const percent = (share) => `${number(share * 100)}%`;

/** How a truck is called: by its plate, else by its terminal. */
export const truckName = (truck) => truck.plate ?? truck.terminal;

/** Whether a plant's or site's row holds at the time that it was asked for. */
export const isStanding = (p) => !p.validity || p.validity === 'valid';

/** How a plant or site stands in its register, in words: its status, and that its row is over, or has not begun. */
export function standingWords(p) {
  const status = p.status ? t(`status_${p.status}`) : '';
  if (isStanding(p)) return status;
  const [kind, isOver] = [p.plant_id ? 'plant' : 'site', p.validity === 'expired'];
  const day = dayOf(isOver ? Date.parse(p.valid_to) - 1 : p.valid_from);
  const words = t(`${kind}${isOver ? 'Ended' : 'ToCome'}`).replace('#', day);
  return ['valid', 'active', ''].includes(p.status ?? '') ? words : `${status} · ${words}`;
}

/** What a place at the end of a delivery is called. */
export function endName(delivery, end, registers) {
  const id = delivery[`${end}_id`];
  const kind = delivery[`${end}_kind`];
  return (id && registers.name(kind, id)) ?? (id ? `${t(kind)} ${id}` : t(kind));
}
