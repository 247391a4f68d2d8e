// What the pages without a live map have in common: the bar, the language, words about what was done.

import { byID, h } from '/app/dom.js';
import { applyLanguage, language, onLanguage, switchLanguage, t } from '/app/i18n.js';
import { showNav } from '/app/nav.js';
import { showWho } from '/app/session.js';

/** Draws the bar, and `draw` now and whenever the language changes. */
export function startPage(here, draw) {
  byID('language').addEventListener('click', switchLanguage);
  showWho(byID('who'));
  showNav(byID('nav'), here);
  const all = () => {
    applyLanguage();
    byID('language').textContent = t('otherLanguage');
    byID('language').title = t('switchLanguage');
    byID('language').lang = language() === 'en' ? 'zh-CN' : 'en';
    draw();
  };
  onLanguage(all);
  all();
}

export function say(text, isGood = false) {
  byID('said').textContent = text;
  byID('said').classList.toggle('good', isGood);
}

/** Does something and says what came of it; `true` when it was done. */
export async function attempt(work) {
  say('');
  try {
    await work();
    return true;
  } catch (error) {
    say(error.message);
    return false;
  }
}

/** A field with its label: an input, or what is given. */
export function field(label, control) {
  return h('label', { class: 'field' }, h('span', {}, label), control);
}

/** `options` are `[value, text]`. */
export function select(name, options, attributes = {}) {
  return h('select', { name, ...attributes }, options.map(([value, text]) => h('option', { value }, text)));
}

/** A reason that somebody has to choose: none is chosen for him. Buttons that need none say `formnovalidate`. */
export function reasonSelect(options) {
  return select('reason', [['', t('chooseReason')], ...options], { required: true });
}

/** A form that sends what it holds: `send(values, form)`. */
export function form(attributes, send, ...children) {
  return h('form', {
    ...attributes,
    onsubmit: async (event) => {
      event.preventDefault();
      const target = event.currentTarget;
      const values = Object.fromEntries(new FormData(target, event.submitter));
      const { activeElement: before } = document;
      for (const button of target.querySelectorAll('button')) button.disabled = true;
      await send(values, target);
      for (const button of target.querySelectorAll('button')) button.disabled = false;
      // A button that is disabled loses the focus; where the form still stands it has it again.
      if (document.activeElement === document.body && before?.isConnected) before.focus({ preventScroll: true });
    },
  }, ...children);
}
