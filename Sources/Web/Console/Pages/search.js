// The box that finds a truck by plate or terminal.

import { byID, h, roveWithArrows } from '/app/dom.js';
import { onLanguage, t } from '/app/i18n.js';
import { truckName } from '/app/format.js';

export function makeSearch(fleet, onPick, onShowAll) {
  const input = h('input', { type: 'search', id: 'search-text', maxlength: 40, spellcheck: 'false' });
  const results = h('div', { class: 'results', hidden: true });
  const all = h('button', { type: 'button', class: 'show-all', onclick: onShowAll }, '⤢');
  const form = byID('search');
  form.append(h('div', { class: 'search-line' }, input, all), results);
  roveWithArrows(form, 'input, .results button');

  const pick = (terminal) => {
    results.hidden = true;
    input.value = '';
    onPick(terminal);
  };
  const show = () => {
    const found = fleet.search(input.value);
    results.hidden = !input.value.trim();
    results.replaceChildren(...(found.length
      ? found.map((truck) => h('button', { type: 'button', onclick: () => pick(truck.terminal) },
        h('b', {}, truckName(truck)), h('span', { class: 'small' }, t(fleet.state(truck)))))
      : [h('p', { class: 'empty' }, t('searchNone'))]));
  };
  input.addEventListener('input', show);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const [first] = fleet.search(input.value);
    if (first) pick(first.terminal);
  });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    results.hidden = true;
    input.focus();
  });
  form.addEventListener('focusout', (event) => {
    if (!form.contains(event.relatedTarget)) results.hidden = true;
  });
  const name = () => {
    input.placeholder = t('search');
    input.setAttribute('aria-label', t('search'));
    all.title = t('showAll');
    all.setAttribute('aria-label', t('showAll'));
  };
  name();
  onLanguage(name);
}
