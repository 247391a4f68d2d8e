// The evidence package of a delivery: asked for with a purpose, downloaded as a zip.

import { h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { evidence } from '/app/api.js';

/** What was typed and is going on, by delivery: the panel is drawn anew whenever the delivery changes. */
const states = new Map();

/** A short form below a delivery's judgements. */
export function evidenceForm(delivery) {
  const id = delivery.delivery_id;
  const state = states.get(id) ?? { purpose: '', said: '', isBusy: false };
  states.set(id, state);
  const status = h('p', { class: 'small', role: 'status' }, state.said);
  const button = h('button', { type: 'submit', class: 'more', disabled: state.isBusy }, t('evidenceGet'));
  const purpose = h('input', {
    type: 'text', name: 'purpose', required: true, maxlength: 200, autocomplete: 'off', value: state.purpose,
    oninput: (event) => { state.purpose = event.target.value; },
  });
  const say = (text, isBusy) => {
    Object.assign(state, { said: text, isBusy });
    status.textContent = text;
    button.disabled = isBusy;
  };
  return h('form', {
    class: 'evidence',
    onsubmit: async (event) => {
      event.preventDefault();
      say(t('evidenceMaking'), true);
      try {
        save(await evidence(id, state.purpose), `evidence-${id}.zip`);
        say(t('evidenceDone'), false);
      } catch (error) {
        say(`${t('failedOnce')} ${error.problem?.detail ?? ''}`, false);
      }
    },
  },
  h('h3', {}, t('evidence')),
  h('label', {}, h('span', { class: 'small' }, t('evidencePurpose')), purpose),
  button, status);
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = h('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60e3);
}
