// One suspicious delivery in the queue.

import { h } from '/app/dom.js';
import { ofBoth, ruleName, t } from '/app/i18n.js';
import { clock, dayOf, endName, number, percent } from '/app/format.js';
import { decisionLine } from '/app/decisions.js';
import { stateChip } from '/app/superseded.js';

/** `item` is `{delivery, decision, state, superseded_at}`. */
export function deliveryCard(item, rank, registers) {
  const { delivery, decision } = item;
  const hits = delivery.judgements.filter((said) => said.outcome === 'hit').sort((one, other) => other.severity - one.severity);
  const said = new Map(hits.flatMap((hit) => hit.counterfacts).map((statement) => [statement.zh, statement]));
  const against = [...said.values()];
  const path = `/delivery/${encodeURIComponent(delivery.delivery_id)}`;
  return h('article', { class: 'card queued', 'data-key': delivery.delivery_id },
    h('div', { class: 'queued-head' },
      h('span', { class: 'rank' }, `#${rank}`),
      h('b', { class: 'score', title: t('score') }, number(delivery.score, 1)),
      h('div', { class: 'queued-title' },
        h('h3', {}, h('a', { href: path }, delivery.plate ?? delivery.terminal)),
        h('p', { class: 'small' },
          `${dayOf(delivery.unload_start)} ${clock(delivery.unload_start)} · ${endName(delivery, 'origin', registers)} → `
          + `${endName(delivery, 'destination', registers)} · ${t('coverage')} ${percent(delivery.coverage)}`)),
      h('a', { class: 'plain-button', href: path }, t('look'))),
    h('div', { class: 'row-end' }, stateChip(item.state),
      item.superseded_at ? h('span', { class: 'small' }, `${dayOf(item.superseded_at)} ${clock(item.superseded_at)}`) : null,
      hits.map((said) => h('span', { class: 'rule' }, ruleName(said.rule)))),
    h('div', { class: 'both-sides' },
      side('why', hits.flatMap((said) => said.facts.slice(0, 1)), ''),
      side('whyNot', against, t('whyNotNone'))),
    decision ? decisionLine(decision) : null);
}

function side(key, list, otherwise) {
  return h('div', { class: `side ${key}` }, h('h4', {}, t(key)),
    list.length
      ? h('ul', {}, list.map((statement) => h('li', {}, ofBoth(statement)))) : h('p', { class: 'small' }, otherwise));
}
