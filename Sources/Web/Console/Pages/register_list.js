// One register: its things by id, a search, a file of them; and for those who keep it a way to add and to import.

import { byID, h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { get } from '/app/api.js';
import { may, session } from '/app/session.js';
import { field, form, say, startPage } from '/app/desk.js';
import { geometry, headingOf, itemPath, labelOf, registers, standingOf, textOf } from '/app/register_fields.js';
import { importCard } from '/app/register_import.js';
import { entryForm } from '/app/register_form.js';

const [known, all] = await Promise.all([session, registers]);
const register = all.find(({ kind }) => kind === location.pathname.split('/')[2]) ?? all[0];
const isAdding = location.search === '?add';
const state = { items: [], next: null, q: '', isLoaded: false };
const mayKeep = may(known, `${register.keeper}.change`);
const imports = mayKeep ? importCard(register, () => load()) : null;

startPage('/registers', draw);
load();

async function load(after) {
  try {
    const page = await get(`/api/v1/registers/${register.kind}`, { q: state.q || undefined, limit: 100, after });
    state.items = after ? [...state.items, ...page.items] : page.items;
    [state.next, state.isLoaded] = [page.next, true];
  } catch (error) {
    say(error.message);
  }
  if (!isAdding) draw();
}

function draw() {
  const path = `/registers/${register.kind}`;
  const kinds = h('nav', { class: 'kinds', 'aria-label': t('registerKinds') }, all.map((one) => h('a', {
    href: `/registers/${one.kind}`, 'aria-current': one === register ? 'page' : null,
  }, headingOf(one))));
  if (isAdding) {
    const row = Object.fromEntries(register.columns.map(({ name }) => [name, '']));
    byID('main').replaceChildren(
      h('a', { class: 'back', href: path }, `← ${headingOf(register)}`),
      h('h2', { class: 'page-title' }, `${t('registerAddTitle')} · ${headingOf(register)}`),
      entryForm(register, { rows: [row] }, () => location.assign(path)));
    return;
  }
  byID('main').replaceChildren(
    h('h2', { class: 'page-title' }, t('registersTitle')), h('p', { class: 'lead' }, t('registersLead')), kinds,
    h('div', { class: 'list-tools' }, search(), h('div', { class: 'tool-links' },
      mayKeep ? h('a', { class: 'plain-button', href: `${path}?add` }, t('registerAdd')) : null,
      ['csv', 'xlsx'].map((format) => h('a', {
        class: 'plain-button', href: `/api/v1/registers/${register.kind}/file?format=${format}`, download: '',
      }, `${t('registerFile')} ${format.toUpperCase()}`)))),
    h('section', { class: 'card' }, table(), state.next
      ? h('button', { type: 'button', class: 'more', onclick: () => load(state.next) }, t('more')) : null),
    imports?.draw() ?? '');
}

function search() {
  const find = async ({ q }) => {
    state.q = q.trim();
    await load();
    byID('find').focus();
  };
  return form({ class: 'find', role: 'search' }, find, field(t('registerSearch'), h('input', {
    id: 'find', name: 'q', type: 'search', maxlength: '100', value: state.q, autocomplete: 'off',
  })), h('button', { type: 'submit', class: 'plain-button' }, t('find')));
}

function table() {
  if (!state.items.length) {
    const none = state.q ? 'registerNoneFound' : 'registerNone';
    return h('p', { class: 'empty' }, t(state.isLoaded ? none : 'loading'));
  }
  const columns = register.columns.filter(({ name }) => !geometry.includes(name)
    && state.items.some(({ row }) => row[name] !== undefined)).slice(0, 8);
  const hasRows = state.items.some(({ rows }) => rows > 1);
  const head = [...columns.map(labelOf), ...(hasRows ? [t('registerRows')] : [])];
  const rows = state.items.map((item) => {
    const cells = columns.map((column, index) => (index === 0
      ? h('a', { href: itemPath(register.kind, item.id) }, item.row[column.name] ?? item.id)
      : cell(column, item.row)));
    return h('tr', {}, [...cells, ...(hasRows ? [String(item.rows)] : [])]
      .map((content, index) => h('td', { 'data-head': head[index], class: isMinor(columns[index]) ? 'minor' : null }, content)));
  });
  return h('div', { class: 'scroll' }, h('table', { class: 'stacking' },
    h('thead', {}, h('tr', {}, head.map((text) => h('th', { scope: 'col' }, text)))), h('tbody', {}, rows)));
}

/** On a telephone only what tells one thing from another is shown. */
const major = ['name', 'status', 'kind', 'plate', 'terminal', 'site_id', 'issued_at', 'occurred_at', 'year', 'product'];
const isMinor = (column) => !column || (column !== register.columns[0] && !major.includes(column.name));

function cell(column, row) {
  if (column.name === 'status') {
    const { look, words } = standingOf(row);
    return h('span', { class: `chip register-${look}` }, words);
  }
  const text = textOf(column, row[column.name]);
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return h('span', { class: 'unbroken' }, text);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
