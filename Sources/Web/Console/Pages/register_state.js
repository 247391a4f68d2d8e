// What the registers said at the time of the delivery: of the plant, the site, the truck, and the note.

import { h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { clock, dayOf, isStanding, number, standingWords } from '/app/format.js';
import { fact } from '/app/marks.js';

export function registerState(delivery, registers, timeline) {
  const revisions = [...new Set(delivery.judgements.map((said) => said.register_revision))];
  return [
    h('h3', {}, t('registerState')),
    h('dl', { class: 'facts register-state' },
      fact(t('originThen'), end('origin', delivery, registers)),
      fact(t('destinationThen'), end('destination', delivery, registers)),
      timeline ? fact(t('vehicleThen'), vehicle(timeline.vehicle)) : null,
      timeline ? fact(t('ticketThen'), tickets(delivery, timeline.tickets)) : null,
      revisions.length ? fact(t('registerRevision'), revisions.join(', ')) : null),
  ];
}

const lines = (...parts) => h('span', { class: 'lines' }, parts.filter(Boolean).map((part) => h('span', {}, part)));

function end(side, delivery, registers) {
  const kind = delivery[`${side}_kind`];
  const list = { plant: registers.plants, site: registers.sites, place: registers.places }[kind];
  const p = list?.get(delivery[`${side}_id`])?.properties;
  if (!p) return lines(h('span', { class: 'odd' }, `${t(kind)} · ${t('notInRegister')}`));
  const until = p.valid_to ? dayOf(Date.parse(p.valid_to) - 1) : '…';
  const words = p.status ? standingWords(p) : t(p.kind, '');
  return lines(p.name, isStanding(p) ? words : h('span', { class: 'odd' }, words),
    p.licence_no ? `${p.licence_no} · ${t(`kind_${p.licence_kind}`)}` : null, p.permit_no,
    p.valid_from ? `${dayOf(p.valid_from)} – ${until}` : null,
    p.approved_plants?.length
      ? `${t('approvedPlants')}: ${p.approved_plants.map((id) => registers.name('plant', id) ?? id).join(t('comma'))}` : null);
}

function vehicle(row) {
  if (!row) return lines(h('span', { class: 'odd' }, t('notInRegister')));
  return lines(row.plate, row.company, t(row.kind, ''),
    row.capacity_m3 ? `${t('drumHolds')} ${number(row.capacity_m3, 1)} m³` : null);
}

function tickets(delivery, list) {
  if (!list.length) return lines(delivery.ticket_id ?? t('none'), ...(delivery.other_ticket_ids ?? []));
  return lines(...list.map((ticket) => [
    ticket.ticket_id, ticket.product, ticket.volume_m3 ? `${number(ticket.volume_m3, 1)} m³` : null,
    `${dayOf(ticket.issued_at)} ${clock(ticket.issued_at)}`].filter(Boolean).join(' · ')));
}
