// What the signs of the map mean.

import { byID, h } from '/app/dom.js';
import { onLanguage, t } from '/app/i18n.js';
import { colours } from '/app/palette.js';
import { drawBadge, drawTruck } from '/app/glyphs.js';

const small = 680;

export function makeLegend() {
  let isOpen = window.innerWidth > small;
  const draw = () => {
    const badge = (look) => (context, point) => drawBadge(context, point, look);
    const truck = (look) => (context, point) => drawTruck(context, point, { heading: 45, ...look });
    const box = h('details', { open: isOpen, ontoggle: (event) => { isOpen = event.target.open; } },
      h('summary', {}, t('legend')),
      h('ul', {},
        entry(truck({ state: 'moving', load: 'loaded' }), t('legendMovingLoaded')),
        entry(truck({ state: 'moving', load: 'empty' }), t('legendMovingEmpty')),
        entry(truck({ state: 'standing', load: 'loading' }), t('load_loading')),
        entry(truck({ state: 'standing', load: 'pouring' }), t('load_pouring')),
        entry(truck({ state: 'standing' }), t('standing')),
        entry(truck({ state: 'stale' }), t('stale')),
        entry(truck({ state: 'nofix' }), t('nofix')),
        entry(truck({ state: 'standing', camera: 'fault' }), t('legendCamera')),
        entry(truck({ state: 'standing', camera: 'unknown' }), t('legendCameraUnknown')),
        entry(badge({ shape: 'square', colour: colours.plant, text: t('badgePlant') }), t('legendPlant')),
        entry(
          badge({ shape: 'square', colour: colours.bad, isHollow: true, dash: true, text: t('badgePlant') }),
          t('legendPlantBad')),
        entry(badge({ shape: 'round', colour: colours.site, text: t('badgeSite') }), t('legendSite')),
        entry(badge({ shape: 'dot', colour: colours.place, text: '' }), t('legendPlace')),
        entry(line(colours.loaded), t('legendLoaded')),
        entry(line(colours.trail), t('legendOther')),
        entry(line(colours.trail, [7, 4]), t('legendLate'))));
    byID('legend').replaceChildren(box);
  };
  draw();
  onLanguage(draw);
}

function line(colour, dashes = []) {
  return (context, point) => {
    context.strokeStyle = colour;
    context.lineWidth = 4.5;
    context.lineCap = dashes.length ? 'butt' : 'round';
    context.setLineDash(dashes);
    context.beginPath();
    context.moveTo(point.x - 11, point.y);
    context.lineTo(point.x + 11, point.y);
    context.stroke();
  };
}

function entry(paint, text) {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const canvas = h('canvas', { width: 34 * ratio, height: 30 * ratio, 'aria-hidden': 'true' });
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  paint(context, { x: 15, y: 16 });
  return h('li', {}, canvas, h('span', {}, text));
}
