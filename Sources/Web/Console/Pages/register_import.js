// A file is looked through before anything is stored: what would change, and every row that is wrong.

import { h } from '/app/dom.js';
import { ofBoth, t } from '/app/i18n.js';
import { number } from '/app/format.js';
import { change } from '/app/session.js';
import { attempt, field, form } from '/app/desk.js';

const largest = 16 * 1024 * 1024;

/** `{draw}`: a card that takes a file of `register`; `stored` is called when one was. */
export function importCard(register, stored) {
  const state = { file: null, name: '', replace: false, keep: false, outcome: null };
  const card = h('section', { class: 'card import' });
  const shown = h('div', { role: 'status' });
  const doubts = h('div', {});
  const path = `/api/v1/registers/${register.kind}/file`;
  const send = (more) => change(path, {
    name: state.name, file: state.file, replace: state.replace, keep_coordinates: state.keep, ...more,
  });

  const preview = (values, target) => attempt(async () => {
    const chosen = target.elements.file.files[0];
    state.outcome = null;
    show();
    if (chosen) {
      state.file = null;
      if (chosen.size > largest) throw new Error(t('importTooLarge'));
      [state.file, state.name] = [await base64(chosen), chosen.name];
    }
    if (!state.file) throw new Error(t('importEmpty'));
    [state.replace, state.keep] = [Boolean(values.replace), Boolean(values.keep)];
    state.outcome = await send({ rehearsal: true });
    show();
  });

  const store = () => attempt(async () => {
    state.outcome = await send({ version: state.outcome.version });
    show();
    state.file = null;
    stored();
  });

  function fill() {
    card.replaceChildren(h('h3', {}, t('importTitle')), h('p', { class: 'small' }, t('importLong')),
      form({ class: 'import-form' }, preview, h('div', { class: 'act-line' },
        field(t('importChoose'), h('input', { type: 'file', name: 'file', accept: '.csv,.xlsx,text/csv' })),
        h('button', { type: 'submit', class: 'primary' }, t('importPreview'))),
      tick('replace', t('importReplace'), state.replace), doubts), shown);
    show();
  }

  function show() {
    const { outcome } = state;
    doubts.replaceChildren(outcome?.question ? tick('keep', t('importKeep'), state.keep) : '');
    shown.replaceChildren(outcome ? result(outcome) : '');
  }

  function result(outcome) {
    const isFine = !outcome.errors.length && (!outcome.question || state.keep);
    const verdict = outcome.stored ? 'importDone' : isFine ? 'importReady' : 'importErrors';
    return h('div', { class: 'preview' },
      h('h4', { class: isFine ? 'good' : 'odd' }, `${t(verdict)} · ${state.name}`),
      h('dl', { class: 'facts wide-facts' }, [
        ['importReadable', 'rows'], ['importAdded', 'added'], ['importChanged', 'changed'],
        ['importUnchanged', 'unchanged'], ['importWithdrawn', 'withdrawn'],
      ].map(([key, name]) => h('div', {}, h('dt', {}, t(key)), h('dd', {}, number(outcome[name]))))),
      outcome.question ? h('p', { class: 'lead' }, ofBoth(outcome.question)) : '',
      outcome.errors.length ? said(outcome.errors) : '',
      outcome.warnings.length ? h('details', { open: outcome.warnings.length < 6 },
        h('summary', {}, `${t('importWarnings')} (${outcome.warnings.length})`), said(outcome.warnings)) : '',
      !outcome.stored && isFine
        ? h('button', { type: 'button', class: 'primary', onclick: store }, t('importStore')) : '');
  }

  return {
    draw() {
      fill();
      return card;
    },
  };
}

function tick(name, text, isSet) {
  const box = h('input', { type: 'checkbox', name, checked: isSet });
  return h('label', { class: 'tick' }, box, h('span', {}, text));
}

/** Rows that are wrong or remarkable. */
export function said(errors) {
  const head = [t('registerLine'), t('importColumn'), t('importWhat')];
  return h('div', { class: 'scroll' }, h('table', { class: 'stacking' },
    h('thead', {}, h('tr', {}, head.map((text) => h('th', { scope: 'col' }, text)))),
    h('tbody', {}, errors.map((error) => h('tr', {}, [String(error.line), error.column ?? '', ofBoth(error)]
      .map((text, index) => h('td', { 'data-head': head[index] }, text)))))));
}

/** The file's bytes as the API takes them. */
function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error);
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.readAsDataURL(file);
  });
}
