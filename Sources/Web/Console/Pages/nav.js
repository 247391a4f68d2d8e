// The ways from page to page, those alone that lead somewhere for this person.

import { h } from '/app/dom.js';
import { onLanguage, t } from '/app/i18n.js';
import { may, session } from '/app/session.js';

const pages = [
  { path: '/', key: 'navLive', rights: ['positions.read', 'deliveries.read'] },
  { path: '/queue', key: 'navQueue', rights: ['suspicions.read'] },
  { path: '/cases', key: 'navCases', rights: ['cases.read'] },
  { path: '/registers', key: 'navRegisters', rights: ['registers.read'] },
  { path: '/safety', key: 'navSafety', rights: ['safety.read'] },
  // The page of safety has these and more.
  { path: '/rates', key: 'navRates', rights: ['rates.read'], unless: 'safety.read' },
];

/** `here` is the path of the page that is marked as the present one. */
export async function showNav(place, here = location.pathname) {
  const known = await session;
  const draw = () => {
    place.setAttribute('aria-label', t('navLabel'));
    place.replaceChildren(...pages
      .filter((page) => page.rights.some((right) => may(known, right)) && !(page.unless && may(known, page.unless)))
      .map((page) => h('a', { href: page.path, 'aria-current': page.path === here ? 'page' : null }, t(page.key))));
  };
  onLanguage(draw);
  draw();
}
