// Puts the page together: state, lists, map, and who tells whom.

import { byID, h, roveWithArrows } from '/app/dom.js';
import { applyLanguage, onLanguage, t } from '/app/i18n.js';
import { get } from '/app/api.js';
import { dayOf } from '/app/format.js';
import { Fleet } from '/app/fleet.js';
import { Registers } from '/app/registers.js';
import { Deliveries } from '/app/deliveries.js';
import { Live } from '/app/live.js';
import { Head } from '/app/head.js';
import { DeliveryList } from '/app/delivery_list.js';
import { TruckList } from '/app/truck_list.js';
import { makeSearch } from '/app/search.js';
import { makeLegend } from '/app/legend.js';
import { Selection } from '/app/selection.js';
import { may, session, showWho } from '/app/session.js';
import { Alerts } from '/app/alerts.js';
import { AlertList } from '/app/alert_list.js';
import { showNav } from '/app/nav.js';

const statusEvery = 5000;
const retryAfter = 3000;

const fleet = new Fleet();
const registers = new Registers();
const deliveries = new Deliveries();
const alerts = new Alerts();
const live = new Live();
const known = await session.catch(() => ({ rights: [] }));
const head = new Head(fleet, deliveries, live);
let stage = null;
let selection = null;
let loads = 0;
let hasLoaded = false;

live.on('position', (collection) => fleet.update(collection));
live.on('alert', (row) => {
  alerts.update(row);
  selection?.refreshAlert(row.alert_id);
});
live.on('delivery', (row) => {
  deliveries.update(row);
  selection?.refreshDelivery(row.delivery_id);
});
live.on('registers', () => loadRegisters().catch(() => {}));
live.on('reload', loadAll);
// The server is asked while the page is made.
live.start();
readStatus();
setInterval(readStatus, statusEvery);

applyLanguage();
showWho(byID('who'));
showNav(byID('nav'));
stage = await makeStage();
selection = new Selection({ fleet, registers, stage, alerts });
const deliveryList = new DeliveryList(byID('deliveries'), deliveries, registers, (id) => selection.pickDelivery(id));
const truckList = new TruckList(byID('trucks'), fleet, (terminal) => selection.pickTruck(terminal));
const alertList = new AlertList(byID('alerts'), alerts, (id) => selection.pickAlert(id));
selection.on('changed', ({ delivery, terminal, alert }) => {
  alertList.select(alert);
  deliveryList.select(delivery);
  truckList.select(terminal);
});
makeTabs();
makeLegend();
makeSearch(fleet, (terminal) => selection.pickTruck(terminal), () => stage?.fitAll());

if (hasLoaded) stage?.fitAllOnce();
// With time alone trucks fall silent.
setInterval(() => {
  stage?.trucks.refresh();
  truckList.refresh();
}, 10_000);

/** The map with its layers; null where Leaflet is missing, and then the lists must do. */
async function makeStage() {
  try {
    const { makeStageOn } = await import('/app/stage.js');
    return makeStageOn(byID('map'), await get('/app/settings.json'), { fleet, registers, pick });
  } catch (error) {
    console.error(error);
    const notice = byID('notice');
    const say = () => notice.replaceChildren(t('noLeaflet'));
    say();
    onLanguage(say);
    notice.hidden = false;
    return null;
  }
}

function pick(kind, value) {
  if (kind === 'truck') selection.pickTruck(value);
  else selection.pickPlace(kind, value);
}

async function loadAll() {
  loads += 1;
  const mine = loads;
  try {
    await fleet.load();
    await Promise.all([loadRegisters(), alerts.load(), deliveries.load(dayOf(fleet.reference()))]);
    hasLoaded = true;
    stage?.fitAllOnce();
  } catch {
    if (mine === loads) setTimeout(() => mine === loads && loadAll(), retryAfter);
  }
}

function loadRegisters() {
  return registers.load(fleet.isRecorded() ? fleet.reference() : undefined);
}

async function readStatus() {
  if (!may(known, 'status.read')) return;
  try {
    const status = await get('/api/v1/status');
    fleet.clockOffset = Date.parse(status.server_time) - Date.now();
    head.status = status;
    head.isStoreAway = false;
  } catch (error) {
    head.isStoreAway = error.status === 503;
  }
}

function makeTabs() {
  const names = Object.fromEntries([
    ['deliveries', 'deliveries.read', 'tabDeliveries'], ['trucks', 'positions.read', 'tabTrucks'],
    ['alerts', 'alerts.read', 'tabAlerts'],
  ].filter(([, right]) => !known.rights.length || may(known, right)).map(([name, , key]) => [name, key]));
  const tabs = byID('tabs');
  const show = (wanted) => {
    for (const tab of tabs.children) {
      const isWanted = tab.dataset.tab === wanted;
      tab.setAttribute('aria-selected', String(isWanted));
      tab.tabIndex = isWanted ? 0 : -1;
      byID(tab.dataset.tab).hidden = !isWanted;
    }
    truckList.refresh();
    alertList.select(alertList.selected);
  };
  for (const [name, key] of Object.entries(names)) {
    tabs.append(h('button', {
      type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': name, 'data-tab': name,
      onclick: () => show(name), onfocus: () => show(name),
    }, h('span', { 'data-text': key }, t(key)), name === 'alerts' ? h('b', { id: 'alert-count', hidden: true }) : null));
  }
  roveWithArrows(tabs, '[role=tab]');
  for (const panel of ['deliveries', 'trucks', 'alerts']) byID(panel).hidden = true;
  show(Object.keys(names)[0] ?? 'deliveries');
}
