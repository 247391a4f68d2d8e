// What one thing is: a delivery with its judgements, a truck, a plant or a site.

import { h } from '/app/dom.js';
import { t } from '/app/i18n.js';
import { ago, clock, clockWithSeconds, dayClock, dayOf, endName, isStanding, number, percent, standingWords, truckName } from '/app/format.js';
import { judgements } from '/app/judgements.js';
import { fact, provisionalMark, truckIcon, verdictChip } from '/app/marks.js';

const enough = 0.6; // coverage below this makes a verdict `insufficient_data`

/** What a delivery was: its ends, times, coverage, what the rules say; `further` comes after. */
export function deliveryDetails(delivery, registers, further = []) {
  return [
    h('div', { class: 'title' }, h('h2', {}, delivery.plate ?? delivery.terminal), verdictChip(delivery.verdict)),
    h('p', { class: 'small' }, `${delivery.delivery_id} · ${days(delivery)}`),
    leadNotice(),
    h('ol', { class: 'journey' },
      stop('load', 'origin', delivery, delivery.load_start, delivery.load_end, registers),
      h('li', { class: 'haul' }, [
        delivery.distance_km === null ? null : `${number(delivery.distance_km, 1)} km`,
        minutesBetween(delivery.load_end, delivery.unload_start),
      ].filter(Boolean).join(' · ') || t('haul')),
      stop('unload', 'destination', delivery, delivery.unload_start, delivery.unload_end, registers)),
    h('div', { class: 'coverage' },
      h('span', {}, t('coverage'), ' ', h('b', {}, percent(delivery.coverage))),
      h('span', { class: 'meter' },
        h('span', { 'width%': delivery.coverage * 100, class: delivery.coverage < enough ? 'low' : null }))),
    h('dl', { class: 'facts' },
      fact(t('score'), number(delivery.score, 1)),
      fact(t('ticket'), [delivery.ticket_id ?? t('none'), ...(delivery.other_ticket_ids ?? [])].join(t('comma'))),
      fact(t('terminal'), delivery.plate ? delivery.terminal : `${delivery.terminal} · ${t('unregistered')}`),
      fact(t('status'), delivery.is_final ? null : provisionalMark())),
    delivery.is_final ? null : h('p', { class: 'small' }, t('provisionalWhy')),
    h('h3', {}, t('judgements')),
    ...judgements(delivery),
    ...further,
  ];
}

const leadNotice = () =>
  h('p', { class: 'lead' }, h('b', {}, t('lead')), ' ', t('leadLong'));

/** The day of a delivery, or its first and its last. */
function days(delivery) {
  const times = [delivery.load_start, delivery.load_end, delivery.unload_start, delivery.unload_end].filter(Boolean);
  return [...new Set([times[0], times.at(-1)].filter(Boolean).map(dayOf))].join(' – ');
}

function minutesBetween(from, to) {
  if (!from || !to) return null;
  const minutes = Math.round((Date.parse(to) - Date.parse(from)) / 60000);
  return `${minutes} ${t('minutes')}`;
}

function stop(kind, end, delivery, from, to, registers) {
  const isOdd = ['unknown', 'suspected_plant'].includes(delivery[`${end}_kind`]);
  // Each place says its day: an officer reads one delivery, and another on another day.
  const arrival = from ? `${dayOf(from)} ${clock(from)}` : t('notSeen');
  const departure = !to ? t('notSeen') : from ? dayClock(to, from) : `${dayOf(to)} ${clock(to)}`;
  const lat = delivery[`${end}_lat`];
  return h('li', { class: `stop ${kind}` },
    h('span', { class: 'pin', 'aria-hidden': 'true' }, t(kind === 'load' ? 'badgeLoad' : 'badgeUnload')),
    h('div', {},
      h('span', { class: 'small' }, t(end)),
      h('b', { class: isOdd ? 'end odd' : 'end' }, endName(delivery, end, registers)),
      h('span', { class: 'small' }, `${t('arrived')} ${arrival} · ${t('left')} ${departure}`),
      isOdd && lat !== null
        ? h('span', { class: 'small' }, `${lat.toFixed(5)}, ${delivery[`${end}_lon`].toFixed(5)}`) : null));
}

/** The page of a truck. */
export function truckDetails(truck, fleet, trailText) {
  const state = fleet.state(truck);
  const look = { state, heading: truck.heading, camera: truck.camera.state, load: truck.load };
  return [
    h('div', { class: 'title' },
      truckIcon(look, 40), h('h2', {}, truckName(truck)), h('span', { class: `chip state ${state}` }, t(state)),
      h('span', { class: 'small' }, ago((fleet.reference() - truck.time) / 1000))),
    h('p', { class: 'trail-line', role: 'status' }, trailText),
    h('dl', { class: 'facts' },
      fact(t('speed'), truck.shownSpeed === null ? null : `${number(truck.shownSpeed)} km/h`),
      fact(t('loadState'), truck.load ? t(`load_${truck.load}`) : null),
      fact(t('drum'), drumText(truck.drum)),
      fact(t('ignition'), truck.ignition === null ? null : t(truck.ignition ? 'on' : 'off')),
      fact(t('camera'),
        h('span', { class: truck.camera.state === 'ok' ? null : 'odd' }, t(`camera_${truck.camera.state}`))),
      fact(t('reportedAt'), moment(truck.time, fleet)),
      fact(t('receivedAt'), moment(truck.received, fleet)),
      fact(t('company'), truck.company),
      fact(t('terminal'), truck.plate ? truck.terminal : t('unregistered')),
      fact(t('kind'), truck.kind ? t(truck.kind) : null)),
  ];
}

function drumText(speed) {
  if (speed === null) return null;
  const direction = speed > 0.5 ? t('drumMixing') : speed < -0.5 ? t('drumDischarging') : null;
  return [`${number(speed, 1)} r/min`, direction].filter(Boolean).join(' · ');
}

/** Time of day, with the date where it is not today's. */
function moment(time, fleet) {
  const day = dayOf(time);
  return `${day === dayOf(fleet.serverNow()) ? '' : `${day} `}${clockWithSeconds(time)}`;
}

/** The page of a plant, a site or a known place. */
export function placeDetails(kind, feature, registers) {
  const p = feature.properties;
  const what = { plants: t('plant'), sites: t('site'), places: t(p.kind, '') }[kind];
  const period = p.valid_from || p.valid_to
    ? `${p.valid_from ? dayOf(p.valid_from) : '…'} – ${p.valid_to ? dayOf(Date.parse(p.valid_to) - 1) : '…'}` : null;
  const approved = (p.approved_plants ?? []).map((id) => registers.name('plant', id) ?? id).join(t('comma'));
  return [
    h('div', { class: 'title' }, h('h2', {}, p.name), h('span', { class: `chip place ${kind}` }, what)),
    h('dl', { class: 'facts' },
      fact(t('status'), p.status ? h('span', { class: isStanding(p) ? null : 'odd' }, standingWords(p)) : null),
      fact(t('validFor'), period),
      fact(t('licence'), p.licence_no ? `${p.licence_no} · ${t(`kind_${p.licence_kind}`)}` : null),
      fact(t('permit'), p.permit_no),
      fact(t('capacity'), p.capacity_m3_per_year ? `${number(p.capacity_m3_per_year)} m³` : null),
      fact(t('approvedPlants'), approved)),
  ];
}

/** The time of a trail in words. */
export function trailText(feature, title) {
  const points = feature.properties.points;
  if (!points.length) return t('trailEmpty');
  const [first, last] = [points[0].time, points.at(-1).time];
  return `${title}: ${dayClock(first, last)} – ${clock(last)} · ${points.length} ${t('fixes')}`;
}
