// Who is logged in, shown in the bar; and changes, which carry the session's token.

import { h } from '/app/dom.js';
import { get, getAll, post } from '/app/api.js';
import { onLanguage, t } from '/app/i18n.js';

/** `{access, name, role, rights, csrf_token, …}`, read once. */
export const session = get('/api/v1/session');

export const may = (known, right) => known.rights.includes(right);

/** Every page of a list; what is not this person's to see is not even asked for. */
export async function readAll(right, path, parameters, most) {
  const known = await session.catch(() => null);
  return known && !may(known, right) ? [] : getAll(path, parameters, most);
}

export async function change(path, body = {}) {
  return post(path, body, (await session).csrf_token);
}

/** Draws name and duty with a way out, or says that nobody is asked. */
export async function showWho(place) {
  const known = await session;
  const leave = async () => {
    await change('/api/v1/session/end').catch(() => {});
    location.assign('/login');
  };
  const draw = () => place.replaceChildren(...(known.access === 'open'
    ? [h('span', { class: 'open-mode', title: t('openModeLong') }, t('openMode'))]
    : [h('a', { href: '/account', title: `${known.name} · ${t(`role_${known.role}`)}` },
      `${known.name} · ${t(`role_${known.role}`)}`),
      h('button', { type: 'button', onclick: leave }, t('logOut'))]));
  onLanguage(draw);
  draw();
}
