// Logging in, and setting one's own password in the place of the one that was for the first time only.

import { byID } from '/app/dom.js';
import { get, post } from '/app/api.js';
import { passwordList } from '/app/passwords.js';
import { applyLanguage, language, onLanguage, switchLanguage, t } from '/app/i18n.js';

const button = byID('language');
let token = null;

onLanguage(drawButton);
button.addEventListener('click', switchLanguage);
applyLanguage();
drawButton();
get('/api/v1/session').then(enter);
if (location.search === '?refused') say(t('signInRefused'));

byID('log-in').addEventListener('submit', (event) => {
  event.preventDefault();
  send('/api/v1/session', { name: byID('name').value.trim().toLowerCase(), password: byID('password').value });
});

byID('change').addEventListener('submit', (event) => {
  event.preventDefault();
  if (byID('new').value !== byID('again').value) say(t('notTheSame'));
  else send('/api/v1/session/password', { old: byID('old').value, new: byID('new').value });
});

function drawButton() {
  button.textContent = t('otherLanguage');
  button.title = t('switchLanguage');
  button.lang = language() === 'en' ? 'zh-CN' : 'en';
}

function enter(session) {
  if (session.access === 'open' || (session.name && !session.must_change_password)) {
    location.assign('/');
    return;
  }
  token = session.csrf_token;
  byID('log-in').hidden = Boolean(session.name);
  byID('change').hidden = !session.name;
  byID('sign-in').hidden = !session.sign_in;
  if (session.sign_in) byID('sign-in').href = session.sign_in;
  byID('whose').value = session.name ?? '';
  byID('old').value = byID('password').value;
  if (session.name) passwordList().then((list) => byID('passwords').replaceChildren(list), (error) => say(error.message));
  byID(session.name ? (byID('old').value ? 'new' : 'old') : 'name').focus();
}

async function send(path, body) {
  say('');
  try {
    enter(await post(path, body, token));
  } catch (error) {
    say(error.message);
  }
}

function say(text) {
  byID('said').textContent = text;
}
