// The signs of the map, drawn on any canvas: the map uses them, and the legend.

import { colours } from '/app/palette.js';

const tau = 2 * Math.PI;

/** A truck: `look` is {state, heading, camera, load, isSelected}. */
export function drawTruck(context, point, look) {
  context.save();
  context.translate(point.x, point.y);
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.lineJoin = 'round';
  if (look.isSelected) ring(context);
  context.strokeStyle = colours.halo;
  context.lineWidth = 2;
  ({ moving, standing, stale, nofix })[look.state](context, look);
  if (look.camera && look.camera !== 'ok') cameraMark(context, look.camera === 'unknown');
  context.restore();
}

const stampTurn = 6; // degrees: a turn that nobody sees
const stamps = new Map();

/**
 * A picture of a truck that is drawn once for all that look alike, for five thousand are painted at once:
 * `{number, image, half}`, with the truck in the middle and `half` pixels to every side, without the ring of the selected.
 */
export function truckStamp({ state, heading, camera, load }) {
  const turned = state === 'moving' ? (Math.round(heading / stampTurn) * stampTurn) % 360 : 0;
  const key = `${state} ${load} ${camera} ${turned}`;
  let stamp = stamps.get(key);
  if (!stamp) {
    const half = camera && camera !== 'ok' ? 17 : 13; // no larger than need be
    const look = { state, camera, load, heading: turned };
    const image = picture(2 * half, (context) => drawTruck(context, { x: half, y: half }, look));
    stamp = { number: stamps.size, image, half };
    stamps.set(key, stamp);
  }
  return stamp;
}

/** What `paint` draws on a square of `size`, as finely as Leaflet draws its canvas. */
function picture(size, paint) {
  const ratio = window.devicePixelRatio > 1 ? 2 : 1;
  const canvas = new OffscreenCanvas(size * ratio, size * ratio);
  const context = canvas.getContext('2d');
  context.scale(ratio, ratio);
  paint(context);
  // Painted from in half the time that the canvas itself takes.
  return canvas.transferToImageBitmap();
}

/** An arrowhead that points where the truck goes: full with a load, hollow without. */
function moving(context, { heading, load }) {
  context.rotate((heading * Math.PI) / 180);
  context.beginPath();
  context.moveTo(0, -11);
  context.lineTo(7.5, 8.5);
  context.lineTo(0, 4.5);
  context.lineTo(-7.5, 8.5);
  context.closePath();
  context.fillStyle = load === 'empty' ? '#fff' : colours.moving;
  context.stroke();
  context.fill();
  if (load === 'empty') {
    context.strokeStyle = colours.moving;
    context.lineWidth = 1.8;
    context.stroke();
  }
  context.rotate((-heading * Math.PI) / 180);
}

/** A disc: with two bars, or with a triangle that goes in while it is loaded and out while it pours. */
function standing(context, { load }) {
  disc(context, 7.5);
  const isWorking = load === 'loading' || load === 'pouring';
  context.fillStyle = isWorking || load === 'loaded' ? colours.moving : colours.standing;
  context.stroke();
  context.fill();
  context.fillStyle = '#fff';
  if (isWorking) {
    const way = load === 'loading' ? 1 : -1;
    context.beginPath();
    for (const [x, y] of [[-4, -2.5 * way], [4, -2.5 * way], [0, 4 * way]]) context.lineTo(x, y);
    context.closePath();
    context.fill();
    return;
  }
  context.fillRect(-3, -3, 2, 6);
  context.fillRect(1, -3, 2, 6);
}

/** An empty disc with a broken line. */
function stale(context) {
  disc(context, 7);
  context.fillStyle = '#fff';
  context.fill();
  context.setLineDash([3, 2.4]);
  context.strokeStyle = colours.standing;
  context.lineWidth = 2;
  context.stroke();
  context.setLineDash([]);
}

/** An empty diamond with a question mark. */
function nofix(context) {
  context.beginPath();
  for (const [x, y] of [[0, -9.5], [9.5, 0], [0, 9.5], [-9.5, 0]]) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = '#fff';
  context.fill();
  context.strokeStyle = colours.standing;
  context.lineWidth = 1.8;
  context.stroke();
  sign(context, '?', colours.ink, 10);
}

/** A warning triangle at the upper right: full for a camera that says it fails, empty for one that says nothing. */
function cameraMark(context, isUnknown) {
  context.translate(9, -9);
  context.beginPath();
  for (const [x, y] of [[0, -6], [6, 5], [-6, 5]]) context.lineTo(x, y);
  context.closePath();
  context.lineWidth = isUnknown ? 1.6 : 1.5;
  context.fillStyle = isUnknown ? '#fff' : colours.bad;
  context.strokeStyle = isUnknown ? colours.bad : '#fff';
  context.stroke();
  context.fill();
  if (isUnknown) context.stroke();
  context.fillStyle = isUnknown ? colours.bad : '#fff';
  context.fillRect(-0.8, -2.4, 1.6, 4);
  context.fillRect(-0.8, 2.4, 1.6, 1.6);
}

function ring(context) {
  disc(context, 15);
  context.strokeStyle = '#ffffff';
  context.lineWidth = 5;
  context.stroke();
  context.strokeStyle = '#e69f00';
  context.lineWidth = 3;
  context.stroke();
}

function disc(context, radius) {
  context.beginPath();
  context.arc(0, 0, radius, 0, tau);
}

function sign(context, text, colour, size) {
  context.fillStyle = colour;
  context.font = `700 ${size}px system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, 0, 0.5);
}

/** A place: `look` is {shape: square | round | dot | pin, colour, isHollow, text}. */
export function drawBadge(context, point, look) {
  context.save();
  context.translate(point.x, point.y);
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.beginPath();
  if (look.shape === 'square') context.roundRect(-9, -9, 18, 18, 4);
  else context.arc(0, 0, look.shape === 'dot' ? 4 : 9.5, 0, tau);
  context.fillStyle = look.isHollow ? '#fff' : look.colour;
  context.strokeStyle = look.isHollow ? look.colour : '#fff';
  context.lineWidth = look.shape === 'dot' ? 1.5 : 2;
  context.fill();
  if (look.isHollow && look.dash) context.setLineDash([3, 2]);
  context.stroke();
  if (look.text) sign(context, look.text, look.isHollow ? look.colour : '#fff', 11);
  context.restore();
}
