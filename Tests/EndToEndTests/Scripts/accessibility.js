// What a page must be so that everybody can use it, after WCAG 2.2 AA: run in the page, it returns a line for each fault.
// Debian carries no package of such rules.

const faults = [];
const seen = (it) => it.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && it.getClientRects().length;
const say = (rule, it, more = '') => faults.push(`${rule}: ${it.outerHTML.slice(0, 110).replace(/\s+/g, ' ')} ${more}`.trim());

// Names (4.1.2, 1.1.1, 3.3.2): whatever can be used says what it is, and a placeholder is no name.
const text = (it) => [...it.querySelectorAll('img[alt], [aria-label]')]
  .map((inner) => inner.alt ?? inner.ariaLabel).join('') + (it.textContent ?? '');
const referred = (it, attribute) => (it.getAttribute(attribute) ?? '').split(/\s+/).filter(Boolean);
const name = (it) => (it.ariaLabel || referred(it, 'aria-labelledby').map((id) => document.getElementById(id)?.textContent).join('')
  || [...(it.labels ?? [])].map((label) => label.textContent).join('') || (it.matches('input, select, textarea') ? '' : text(it))
  || it.title || '').trim();
for (const it of document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, dialog, [role=tab], [role=img], [role=slider], [role=list][tabindex]')) {
  if (seen(it) && !name(it)) say('name', it);
}
for (const it of document.querySelectorAll('img:not([alt]), svg[role=img]:not([aria-label]):not([aria-labelledby])')) say('name', it);
for (const it of document.querySelectorAll('[aria-labelledby], [aria-controls], [aria-describedby], label[for]')) {
  for (const attribute of ['aria-labelledby', 'aria-controls', 'aria-describedby', 'for']) {
    for (const id of referred(it, attribute)) if (!document.getElementById(id)) say('reference', it, id);
  }
}

// Structure (1.3.1, 2.4.2, 2.4.6, 3.1.1, 4.1.1).
if (!/^(zh-CN|en)$/.test(document.documentElement.lang)) faults.push(`language: ${document.documentElement.lang}`);
if (!document.title.trim()) faults.push('title: none');
if (document.querySelectorAll('main').length !== 1) faults.push('main: not one');
const ids = [...document.querySelectorAll('[id]')].map((it) => it.id);
for (const id of ids.filter((id, index) => ids.indexOf(id) !== index)) faults.push(`id twice: ${id}`);
let level = 0;
for (const it of [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(seen)) {
  const own = Number(it.tagName[1]);
  if (own > level + 1) say('heading skips a level', it, `after h${level}`);
  level = own;
}
if (document.querySelectorAll('h1').length !== 1) faults.push('h1: not one');
for (const it of document.querySelectorAll('[tabindex]')) if (it.tabIndex > 0) say('order of focus', it);
for (const it of document.querySelectorAll('[role=tablist]')) {
  if (it.querySelectorAll('[role=tab][aria-selected=true]').length !== 1) say('not one tab chosen', it);
}
for (const it of document.querySelectorAll('table')) if (seen(it) && !it.querySelector('th')) say('table without heads', it);
for (const it of document.querySelectorAll('ul > :not(li):not(script):not(template), ol > :not(li), dl > :not(div):not(dt):not(dd)')) say('list', it);

// Contrast (1.4.3) of all text against what lies below it.
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
const colour = (css) => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = css;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
};
const over = ([r, g, b, a], below) => [r, g, b].map((value, index) => value * a + below[index] * (1 - a)).concat(1);
const light = (rgb) => rgb.slice(0, 3).map((value) => value / 255)
  .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
const ground = (it) => {
  const layers = [];
  for (let at = it; at; at = at.parentElement) layers.push(at);
  return layers.reverse().reduce((below, at) => over(colour(getComputedStyle(at).backgroundColor), below), [255, 255, 255, 1]);
};
const written = (it) => [...it.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
for (const it of document.querySelectorAll('body *')) {
  if (it.closest('canvas, script, style, noscript, svg, :disabled, [aria-hidden=true]') || !written(it) || !seen(it)) continue;
  const style = getComputedStyle(it);
  const below = ground(it);
  const [one, other] = [light(over(colour(style.color), below)), light(below)].sort((a, b) => b - a);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  const ratio = (one + 0.05) / (other + 0.05);
  if (ratio < (isLarge ? 3 : 4.5)) say('contrast', it, ratio.toFixed(2));
}

// Focus that can be seen (2.4.7), and targets that can be hit (2.5.8) unless they stand in a line of text.
const before = document.activeElement;
for (const it of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')) {
  if (!seen(it) || it.disabled || it.tabIndex < 0) continue;
  it.focus({ preventScroll: true });
  const shows = [it, it.parentElement].some((at) => {
    const style = getComputedStyle(at);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow.includes('inset');
  });
  if (document.activeElement === it && !shows) say('focus cannot be seen', it);
  const { width, height } = it.getBoundingClientRect();
  const isInLine = getComputedStyle(it).display === 'inline';
  if (!isInLine && (width < 24 || height < 24) && !it.closest('label') && it.type !== 'range') say('small target', it, `${width.toFixed(0)}×${height.toFixed(0)}`);
}
before?.focus?.({ preventScroll: true });
return faults;
