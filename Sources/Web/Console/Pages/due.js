// Deadlines as people read them: how long there is still, or how long it is over.

import { h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { calendarDays, span } from '/app/format.js';

/** Beyond a day and a half a term is told by the calendar: of a day that ends at midnight, `剩 90 天` on the day of filing. */
function length(due, now) {
  const seconds = Math.abs(due - now) / 1000;
  if (seconds < 129600) return span(seconds);
  return span(86400 * Math.abs(calendarDays(now, due - 1)));
}

/** `剩 12 分钟` or `超期 3 小时`, marked by word and colour. */
export function dueMark(due, now = Date.now()) {
  const seconds = (Date.parse(due) - now) / 1000;
  const still = length(Date.parse(due), now);
  const words = seconds >= 0 ? t('left_time') : t('over_time');
  const kind = seconds < 0 ? 'over' : seconds < 3600 ? 'soon' : 'calm';
  const text = document.documentElement.lang === 'en'
    ? `${still} ${words}` : `${words} ${still}`;
  return h('span', { class: `due ${kind}`, title: new Date(due).toLocaleString() }, text);
}

/** The next clock that runs for an alert, with what is to be done by then; null when it is done with. */
export function alertDue(alert) {
  // Whoever may not handle alerts is not told how far people are.
  if (!alert.handling) return null;
  const { state, acknowledge_by: look, close_by: end } = alert.handling;
  if (state === 'closed') return null;
  return state === 'new' ? { key: 'lookBy', due: look } : { key: 'endBy', due: end };
}
