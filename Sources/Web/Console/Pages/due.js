// Deadlines as people read them: how long there is still, or how long it is over.

import { h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { span } from '/app/format.js';

/** `剩 12 分钟` or `超期 3 小时`, marked by word and colour. */
export function dueMark(due, now = Date.now()) {
  const seconds = (Date.parse(due) - now) / 1000;
  const words = seconds >= 0 ? t('left_time') : t('over_time');
  const kind = seconds < 0 ? 'over' : seconds < 3600 ? 'soon' : 'calm';
  const text = document.documentElement.lang === 'en'
    ? `${span(Math.abs(seconds))} ${words}` : `${words} ${span(Math.abs(seconds))}`;
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
