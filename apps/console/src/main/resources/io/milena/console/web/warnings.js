// What the broker warns of, the worst first, each with what helps.

import { h } from './dom.js';
import { path } from './api.js';

/** So many are seen at once. */
const SEEN = 3;

export function warnings(list) {
  if (list.length === 0) return h('section.all-well', h('p', h('span', { 'aria-hidden': 'true' }, '✓ '), 'No warnings.'));
  const worstFirst = [...list].sort((a, b) => (a.severity === b.severity ? 0 : a.severity === 'critical' ? -1 : 1));
  return h('section.card.warnings', h('h2', list.length === 1 ? '1 warning' : `${list.length} warnings`), h('ul', worstFirst.slice(0, SEEN).map(one)),
    worstFirst.length > SEEN && h('details', h('summary', `${worstFirst.length - SEEN} more`), h('ul', worstFirst.slice(SEEN).map(one))));
}

function one(warning) {
  return h('li', { class: warning.severity === 'critical' ? 'bad' : 'warn' },
    h('p', h('b', warning.severity === 'critical' ? 'Critical: ' : '', warning.title), ' ', links(warning)),
    h('p', warning.detail),
    warning.advice && h('p.advice', warning.advice));
}

function links(warning) {
  return h('span.links',
    warning.topic !== undefined && h('a', { href: path`/topics/${warning.topic}` }, warning.topic, warning.partition !== undefined && `, partition ${warning.partition}`),
    warning.group !== undefined && h('a', { href: path`/groups/${warning.group}` }, warning.group));
}
