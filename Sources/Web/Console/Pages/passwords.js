// What was done to one's own password: who is given a new one sees who gave it, and when, and whether one was given before.

import { h } from '/app/dom.js';
import { get } from '/app/api.js';
import { t } from '/app/i18n.js';
import { clock, dayOf } from '/app/format.js';

/** The newest first; a reset that one did not ask for stands out by its words. */
export async function passwordList() {
  const { items } = await get('/api/v1/session/passwords');
  return h('div', { class: 'passwords' },
    h('h3', {}, t('passwordsTitle')),
    h('ul', {}, ...items.map((event) => h('li', {},
      `${dayOf(event.at)} ${clock(event.at)} · ${t(`password_${event.kind}`)} · ${t('passwordBy')} ${
        t(`actor_${event.by}`, event.by)} ${event.address || t(`by_${event.interface}`, event.interface)}`))),
    h('p', { class: 'small' }, t('passwordsLong')));
}
