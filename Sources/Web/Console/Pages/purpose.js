// A trail tells where a person was: what it is looked at for is asked, sent along, and logged by the server.

import { h } from '/app/dom.js';
import { get } from '/app/api.js';
import { t } from '/app/i18n.js';
import { session } from '/app/session.js';

/** The mark of this page's visit: a trail that is read again and again in it is one look (openapi.yaml). */
const viewing = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(36)).join('');
const goodFor = 30 * 60e3;

let given = { text: '', at: -Infinity };
let asking = null;

export const trail = (subject, from, to, signal) =>
  look(`/api/v1/trails/${encodeURIComponent(subject)}`, { from, to }, signal);

/** Reads what asks for a purpose. */
export async function look(path, parameters = {}, signal = undefined) {
  const purpose = await purposeNow();
  signal?.throwIfAborted();
  return get(path, { ...parameters, purpose, viewing }, { signal });
}

/** Asked once, and again after half an hour: another matter by then, most likely. */
async function purposeNow() {
  if ((await session).access === 'open') return 'live page';
  if (Date.now() - given.at < goodFor) return given.text;
  asking ??= ask().finally(() => { asking = null; });
  given = { text: await asking, at: Date.now() };
  return given.text;
}

/** Two letters or digits at the least, as the server asks: blanks and what prints nothing name no case. */
const isSaid = (text) => (text.match(/\p{Alphabetic}|\p{N}/gu) ?? []).length >= 2;

function ask() {
  return new Promise((resolve, reject) => {
    const input = h('input', { id: 'purpose', required: true, maxlength: '200', autocomplete: 'off', value: given.text });
    const form = h('form', { method: 'dialog' },
      h('h2', {}, t('purposeTitle')), h('label', { for: 'purpose' }, t('purposeLong')), input,
      h('div', {}, h('button', { type: 'button', onclick: () => dialog.close() }, t('cancel')),
        h('button', { type: 'submit' }, t('purposeGiven'))));
    const dialog = h('dialog', { class: 'ask' }, form);
    let text = '';
    input.addEventListener('input', () => input.setCustomValidity(''));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      text = isSaid(input.value) ? input.value.trim() : '';
      input.setCustomValidity(text ? '' : t('purposeUnsaid'));
      if (text) dialog.close();
      else input.reportValidity();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (text) resolve(text);
      else reject(new Error(t('purposeMissing')));
    });
    document.body.append(dialog);
    dialog.showModal();
    input.focus();
  });
}
