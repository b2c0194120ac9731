// Nodes from plain calls. Text is always set as text: nothing that comes from a record or a name is ever read as HTML.

const SVG = 'http://www.w3.org/2000/svg';

/** An element: h('td.number', {title: 'x', onclick: f}, 'text', otherNode). Lists, null and false among the children are fine. */
export function h(what, ...rest) {
  return build(document.createElement(what.split('.')[0]), what, rest);
}

/** The same for SVG. */
export function s(what, ...rest) {
  return build(document.createElementNS(SVG, what.split('.')[0]), what, rest);
}

function build(element, what, rest) {
  const classes = what.split('.').slice(1);
  const first = rest[0];
  const hasProps = first && typeof first === 'object' && !first.nodeType && !Array.isArray(first);
  const props = hasProps ? first : {};
  if (props.class) classes.push(...props.class.split(' ').filter(Boolean));
  if (classes.length) element.setAttribute('class', classes.join(' '));
  append(element, hasProps ? rest.slice(1) : rest);
  for (const [name, value] of Object.entries(props)) set(element, name, value);
  return element;
}

function set(element, name, value) {
  if (name === 'class' || value === null || value === undefined || (value === false && name !== 'checked')) return;
  if (name === 'key') element.key = String(value);
  else if (name === 'style') for (const [k, v] of Object.entries(value)) element.style.setProperty(k, v);
  else if (name.startsWith('on')) {
    element[name] = value;
    (element.handlers ??= []).push(name);
  } else if (name === 'value' || name === 'checked') {
    element[name] = value;
    (element.controlled ??= []).push(name);
  } else element.setAttribute(name, value === true ? '' : value);
}

function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

/** Makes the children of an element like those of another, and keeps what can stay: focus, scroll positions, open menus. */
export function morph(from, to) {
  const keyed = new Map();
  for (const child of from.childNodes) if (child.key !== undefined) keyed.set(child.key, child);
  let at = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    let match = at;
    if (wanted.key !== undefined) {
      match = keyed.get(wanted.key);
      keyed.delete(wanted.key);
    } else while (match && match.key !== undefined) match = match.nextSibling;
    if (match && match.nodeName === wanted.nodeName) {
      if (match === at) at = at.nextSibling;
      else from.insertBefore(match, at);
      patch(match, wanted);
    } else from.insertBefore(wanted, at);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function patch(from, to) {
  if (from.nodeType === Node.TEXT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) return;
  const keeps = from.nodeName === 'DETAILS' || from.nodeName === 'DIALOG' ? 'open' : '';
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && name !== keeps) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    // a style attribute is refused by the policy of this page; its parts are not
    if (name === 'style') from.style.cssText = to.style.cssText;
    else if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const name of from.handlers ?? []) if (!to.handlers?.includes(name)) from[name] = null;
  for (const name of to.handlers ?? []) from[name] = to[name];
  from.handlers = to.handlers;
  if (!from.isOwn || !to.isOwn) morph(from, to);
  for (const name of to.controlled ?? []) if (from[name] !== to[name]) from[name] = to[name];
}

/** A drawing that happens some times a second at most, however often it is asked for. */
export function eased(draw) {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      draw();
    }, 60);
  };
}
