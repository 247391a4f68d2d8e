// One suspected plant in the queue: its evidence card, what speaks for and against it, and what was decided.

import { h, s } from '/app/dom.js';
import { ofBoth, t } from '/app/i18n.js';
import { clock, dayOf, number } from '/app/format.js';
import { fact } from '/app/marks.js';
import { change } from '/app/session.js';
import { attempt, field, form, select } from '/app/desk.js';

const places = ['depot', 'fuel', 'weighbridge', 'wash', 'parking', 'silo'];

export function suspectCard(suspect, rank, mayDecide, onChange) {
  const reasons = (isFor) => suspect.reasons.filter((reason) => (reason.points > 0) === isFor);
  return h('article', {
    class: 'card queued', id: suspect.suspected_plant_id, 'data-key': suspect.suspected_plant_id, tabindex: '-1',
  },
    h('div', { class: 'queued-head' },
      h('span', { class: 'rank' }, `#${rank}`),
      h('b', { class: 'score', title: t('score') }, number(suspect.score, 1)),
      h('div', { class: 'queued-title' },
        h('h3', {}, suspect.suspected_plant_id),
        h('p', { class: 'small' }, `${suspect.lat.toFixed(5)}, ${suspect.lon.toFixed(5)} · ± ${number(suspect.radius_m)} m`)),
      h('span', { class: `chip suspect-${suspect.status}` }, t(`suspect_${suspect.status}`))),
    h('dl', { class: 'facts wide-facts' },
      fact(t('loads'), number(suspect.loads)), fact(t('trucksSeen'), number(suspect.trucks)),
      fact(t('sitesSeen'), number(suspect.sites)),
      fact(t('firstSeen'), dayOf(suspect.first_seen)), fact(t('lastSeen'), dayOf(suspect.last_seen)),
      fact(t('nearestPlant'), suspect.nearest_plant
        ? `${suspect.nearest_plant} · ${number(suspect.nearest_plant_m / 1000, 1)} km` : null)),
    h('div', { class: 'both-sides' }, side('why', reasons(true)), side('whyNot', reasons(false)), hours(suspect.hours)),
    suspect.decisions.length
      ? h('ol', { class: 'history' }, suspect.decisions.map((decision) => h('li', {},
        h('span', { class: 'small' }, `${dayOf(decision.at)} ${clock(decision.at)} · ${decision.by}`),
        h('b', {}, t(`suspect_${decision.status}`)), h('span', { class: 'note-text' }, decision.reason)))) : null,
    mayDecide ? decide(suspect, onChange) : null);
}

function side(key, reasons) {
  return h('div', { class: `side ${key}` }, h('h4', {}, t(key)),
    reasons.length
      ? h('ul', {}, reasons.map((reason) =>
        h('li', {}, ofBoth(reason), h('span', { class: 'small' }, ` ${reason.points > 0 ? '+' : ''}${number(reason.points, 1)}`))))
      : h('p', { class: 'small' }, t('whyNotNone')));
}

/** Loads by the hour of the clock. */
function hours(counts) {
  const [width, height] = [240, 64];
  const most = Math.max(1, ...counts);
  const chart = s('svg', { viewBox: `0 0 ${width} ${height + 14}`, class: 'hours', role: 'img', 'aria-label': t('byHour') });
  counts.forEach((count, hour) => {
    const tall = (count / most) * height;
    const night = hour < 6 || hour >= 22 ? ' night' : '';
    const bar = s('rect', { x: hour * 10 + 1, y: height - tall, width: 8, height: tall, class: `hour${night}` });
    const title = s('title');
    title.textContent = `${hour}:00 – ${count}`;
    bar.append(title);
    chart.append(bar);
  });
  for (const hour of [0, 6, 12, 18]) {
    const text = s('text', { x: hour * 10 + 1, y: height + 11 });
    text.textContent = `${hour}`;
    chart.append(text);
  }
  return h('div', { class: 'side' }, h('h4', {}, t('byHour')), chart);
}

function decide(suspect, onChange) {
  const path = `/api/v1/suspected-plants/${encodeURIComponent(suspect.suspected_plant_id)}/decisions`;
  return form({ class: 'act' }, (values) => attempt(async () => onChange(await change(path, {
    status: values.status, reason: values.reason || undefined,
    place_kind: values.status === 'dismissed' && values.place_kind ? values.place_kind : undefined,
  }))),
  h('div', { class: 'act-line' },
    field(t('reasonNeeded'), h('input', { name: 'reason', maxlength: '500', autocomplete: 'off' })),
    suspect.may_become.includes('dismissed')
      ? field(t('placeIs'), select('place_kind', [['', '—'], ...places.map((kind) => [kind, t(kind)])])) : null),
  h('div', { class: 'act-line' }, suspect.may_become.map((status) => h('button', {
    type: 'submit', name: 'status', value: status, class: 'plain-button',
  }, `${t('suspectBecomes')} ${t(`suspect_${status}`)}`))));
}
