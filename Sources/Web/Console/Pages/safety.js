// The bar of the page of safety, which the server writes: the ways to the other pages, who is here, and in which language
// the server is to write it.

import { byID } from '/app/dom.js';
import { language, onLanguage, switchLanguage, t } from '/app/i18n.js';
import { showNav } from '/app/nav.js';
import { showWho } from '/app/session.js';

showNav(byID('nav'));
showWho(byID('who'));

const button = byID('language');
button.textContent = t('otherLanguage');
button.title = t('switchLanguage');
button.lang = language() === 'en' ? 'zh-CN' : 'en';
button.addEventListener('click', switchLanguage);
onLanguage(() => location.reload());
// Chosen before the server was told of choices; where cookies are refused, the page stays as it is.
const isEnglish = language() === 'en';
if (isEnglish !== (document.documentElement.lang === 'en')
  && document.cookie.includes('tongxing_language=en') === isEnglish) location.reload();
