// The pieces that pages are made of.

import { h, s } from './dom.js';
import { number } from './format.js';

/** The head of a page: where it stands, its name, and what can be done. */
export function head(title, { trail = [], actions = [], note } = {}) {
  return h('div.head',
    h('div',
      trail.length > 0 && h('nav.trail', { 'aria-label': 'Breadcrumb' }, trail.map(([where, name]) => [h('a', { href: where }, name), h('span', { 'aria-hidden': 'true' }, ' / ')])),
      h('h1', title),
      note && h('p.note', note)),
    actions.filter(Boolean).length > 0 && h('div.actions', actions));
}

export const button = (text, onclick, more = {}) => h('button', { type: 'button', onclick, ...more }, text);

export function badge(text, kind = '') {
  return h('span', { class: `badge ${kind}` }, text);
}

/** What to read first when there is nothing to show: what would be here, and how it gets there. */
export function empty(title, text, command, ...more) {
  return h('div.empty', h('h2', title), h('p', text), command && copyable(command), more);
}

/** A command with a button that copies it. */
export function copyable(text) {
  return h('div.command', h('code', text), button('Copy', event => copy(text, event.currentTarget), { class: 'quiet', 'aria-label': `Copy the command ${text}` }));
}

export async function copy(text, place) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // without the permission: by way of a selection
    const area = h('textarea', { value: text, class: 'unseen' });
    (place?.closest('dialog') ?? document.body).append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    place?.focus();
  }
  notify('Copied.');
}

export function failure(e, again) {
  return h('div.empty.bad', { role: 'alert' },
    h('h1', e.status === 404 ? 'It is not there' : e.status === 0 || e.status === 503 ? 'No answer yet' : 'This did not work'),
    h('p', e.message),
    h('p', button('Try again', again), ' ', h('a', { href: '/' }, 'Overview')));
}

/** Says something in a corner for some seconds. */
export function notify(text, kind = 'good') {
  const note = h('div', { class: `notice ${kind}` }, h('span', text), h('button.quiet', { type: 'button', 'aria-label': 'Dismiss', onclick: () => note.remove() }, '×'));
  // above an open dialog, too
  (document.querySelector('dialog[open]:last-of-type .notices') ?? document.getElementById('notices')).append(note);
  setTimeout(() => note.remove(), kind === 'bad' ? 12_000 : 4000);
}

/** A table. Columns: {name, of: row => node, isNumber, sort?: key, hint?}. */
export function table(caption, columns, rows, { keyOf, sorting, onsort, rowClass } = {}) {
  const heads = columns.map(column => {
    const props = { scope: 'col', class: column.isNumber ? 'number' : '', title: column.hint };
    if (!column.sort || !onsort) return h('th', props, column.name);
    const isSorted = sorting?.by === column.sort;
    const order = isSorted ? (sorting.isDown ? 'descending' : 'ascending') : null;
    return h('th', { ...props, 'aria-sort': order },
      button([column.name, h('span.arrow', { 'aria-hidden': 'true' }, isSorted ? (sorting.isDown ? '↓' : '↑') : '')], () => onsort(column.sort), { class: 'sort' }));
  });
  const cells = (column, row, i) => {
    const props = { class: `${column.isNumber ? 'number' : ''} ${column.class ?? ''}` };
    return i === 0 && column.isHead !== false ? h('th', { ...props, scope: 'row' }, column.of(row)) : h('td', props, column.of(row));
  };
  return h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', h('caption.unseen', caption),
      h('thead', h('tr', heads)),
      h('tbody', rows.map(row => h('tr', { key: keyOf?.(row), class: rowClass?.(row) }, columns.map((column, i) => cells(column, row, i)))))));
}

/** Rows in the order that a head asks for. */
export function sorted(rows, sorting, valueOf) {
  const direction = sorting.isDown ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [valueOf(a, sorting.by), valueOf(b, sorting.by)];
    if (x === y) return 0;
    if (x === undefined || x === null) return 1;
    if (y === undefined || y === null) return -1;
    return (x < y ? -1 : 1) * direction;
  });
}

export function pager(page, size, total, what, onpage) {
  const pages = Math.max(1, Math.ceil(total / size));
  if (total <= size) return h('p.pager', `${number(total)} ${what}`);
  const from = page * size;
  return h('nav.pager', { 'aria-label': 'Pages' },
    button('← Earlier', () => onpage(page - 1), { disabled: page === 0 }),
    h('span', `${number(from + 1)}–${number(Math.min(total, from + size))} of ${number(total)} ${what}`),
    button('Later →', () => onpage(page + 1), { disabled: page >= pages - 1 }));
}

/** Links that look like tabs; each has its own address. */
export function tabs(label, current, entries) {
  return h('nav.tabs', { 'aria-label': label }, h('ul', entries.map(([where, name, id]) => h('li', h('a', { href: where, 'aria-current': id === current ? 'page' : null }, name)))));
}

/** Exclusive choices. */
export function choice(label, current, entries, onchoose) {
  return h('div.choice', { role: 'group', 'aria-label': label },
    entries.map(([id, name]) => button(name, () => onchoose(id), { 'aria-pressed': String(id === current) })));
}

let fields = 0;

/** A label, its control, and what helps to fill it. */
export function field(label, control, help) {
  const id = control.id || `field-${++fields}`;
  control.id = id;
  const said = help && h('small', { id: `${id}-help` }, help);
  if (said) control.setAttribute('aria-describedby', said.id);
  return h('div.field', h('label', { for: id }, label), control, said);
}

export const input = props => h('input', { autocomplete: 'off', spellcheck: 'false', ...props });

export const select = (options, value, onchange, props = {}) =>
  h('select', { ...props, onchange: event => onchange(event.target.value), value }, options.map(([id, name]) => h('option', { value: id }, name)));

/** A part of a whole, with its words. */
export function meter(part, whole, text, { isProgress = false } = {}) {
  const share = whole > 0 ? Math.min(1, part / whole) : 0;
  const kind = isProgress ? '' : share > 0.9 ? '.bad' : share > 0.75 ? '.warn' : '';
  return h('div.meter', { role: 'img', 'aria-label': text, title: text },
    s('svg', { viewBox: '0 0 100 6', preserveAspectRatio: 'none' },
      s('rect.meter-all', { width: 100, height: 6 }),
      s(`rect.meter-part${kind}`, { width: Math.max(share * 100, part > 0 ? 0.7 : 0), height: 6 })));
}

/**
 * Asks in a dialog. body gets close(value) and gives nodes; the promise has the value, or undefined if it was closed. The dialog draws itself anew through redraw.
 */
export function dialog(title, body, { isWide = false } = {}) {
  const opener = document.activeElement;
  return new Promise(resolve => {
    let value;
    const content = h('div.dialog-body');
    const close = said => {
      value = said;
      box.close();
    };
    const box = h('dialog', { class: isWide ? 'wide' : '', tabindex: '-1', 'aria-label': title, onclose: () => {
      box.remove();
      if (opener?.isConnected) opener.focus();
      resolve(value);
    } },
    h('div.dialog-head', h('h2', title), button('×', () => close(), { class: 'quiet', 'aria-label': 'Close' })), content, h('div.notices', { role: 'alert' }));
    content.append(...[body(close)].flat().filter(Boolean));
    document.body.append(box);
    box.showModal();
    (content.querySelector('[autofocus]') ?? content.querySelector('input,select,textarea') ?? box).focus();
  });
}

/** A form whose one button works while the server is asked; a problem stands beside it. */
export function form(submit, parts, onsubmit, { isDangerous = false, cancel } = {}) {
  // found anew in the event: what was drawn first may have been kept by a later drawing
  return h('form', { onsubmit: async event => {
    event.preventDefault();
    const said = event.currentTarget.querySelector('.problem');
    const go = event.currentTarget.querySelector('button[type=submit]');
    go.disabled = true;
    said.textContent = '';
    try {
      await onsubmit();
    } catch (e) {
      if (e.name !== 'AbortError') said.textContent = e.message;
    } finally {
      go.disabled = false;
    }
  } }, parts, h('p.problem', { role: 'alert' }), h('div.form-end', cancel && button('Cancel', () => cancel()),
    h('button', { type: 'submit', class: isDangerous ? 'danger' : 'main' }, submit)));
}

/** Asks before something that is not easily undone. */
export function confirm(title, text, submit, work) {
  return dialog(title, close => form(submit, [h('p', text)], async () => close(await work() ?? true), { isDangerous: true, cancel: close }));
}
