// Small helpers for the document. Text only ever enters it as text, never as markup.

/** An element: `h('button', {class: 'x', onclick: f}, 'text', child)`; null children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  assign(element, attributes);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const svgSpace = 'http://www.w3.org/2000/svg';

/** The same for SVG. */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(svgSpace, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function assign(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'width%') element.style.width = `${value}%`;
    else element.setAttribute(name, value === true ? '' : value);
  }
}

export const byID = (id) => document.getElementById(id);

/** Compares ids and times by their code points: many times faster than by a language's rules. */
export const inOrder = (one, other) => (one < other ? -1 : Number(one > other));

/** Runs `work` once in the next frame, however often it is asked for. */
export function oncePerFrame(work) {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      work();
    });
  };
}

/** Makes `children` those of `list`; what stands where it should is left alone, with its focus. */
export function setChildren(list, children) {
  const wanted = new Set(children);
  for (const child of [...list.childNodes]) if (!wanted.has(child)) child.remove();
  let next = list.firstChild;
  for (const child of children) {
    if (child === next) next = next.nextSibling;
    else list.insertBefore(child, next);
  }
}

/** Arrow keys, Home and End move the focus among the `selector` elements inside `list`. */
export function roveWithArrows(list, selector) {
  list.addEventListener('keydown', (event) => {
    const items = [...list.querySelectorAll(selector)];
    const index = items.indexOf(document.activeElement);
    if (index < 0) return;
    const target = {
      ArrowDown: index + 1, ArrowRight: index + 1, ArrowUp: index - 1, ArrowLeft: index - 1,
      Home: 0, End: items.length - 1,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    items[Math.min(Math.max(target, 0), items.length - 1)].focus();
  });
}

/** The focus goes to something that is read and not used: where a dialog or a button was that is no more. */
export function focusOn(element) {
  if (!element) return;
  if (!element.hasAttribute('tabindex')) element.setAttribute('tabindex', '-1');
  element.focus({ preventScroll: true });
}

/** Draws a part of the page anew; the control that had the focus has it again, or the first of its form. */
export function keepingFocus(draw) {
  const { activeElement: before, forms } = document;
  const index = before?.form ? [...forms].indexOf(before.form) : -1;
  draw();
  if (index < 0 || before.isConnected || !forms[index]) return;
  const controls = [...forms[index].elements];
  const same = controls.find((it) => it.name === before.name && it.type === before.type
    && (it.type !== 'submit' || it.value === before.value));
  (same ?? controls[0])?.focus({ preventScroll: true });
}
