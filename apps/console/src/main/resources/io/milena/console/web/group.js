// One consumer group: who is in it, how far it is, and its rebalances.

import { get, getIfThere, path, query, remove } from './api.js';
import { chart, timespan } from './chart.js';
import { h } from './dom.js';
import { ago, count, number, short, span, time } from './format.js';
import { stateBadge } from './groups.js';
import { badge, button, confirm, empty, head, notify, pager, table, tabs } from './parts.js';
import { go } from './router.js';
import { reset, skip } from './offsets.js';

const SIZE = 100;

export async function open(context) {
  const { group: id, tab = 'lag' } = context.params;
  context.title(id);
  const state = { page: Number(context.query.get('page') ?? 1) - 1 };
  let seen;
  const draw = () => context.render(view(context, id, tab, state, seen, { page, look, over }));
  const page = to => {
    state.page = to;
    context.remember({ page: to ? to + 1 : null });
    draw();
  };
  const look = async () => {
    const [group, charts, timeline] = await Promise.all([
      get(path`/groups/${id}`, context.signal),
      tab === 'lag' ? getIfThere(`/charts${query({ name: 'lag,lag-seconds', group: id, sinceMs: over.sinceMs() })}`, context.signal) : null,
      tab === 'rebalances' ? getIfThere(path`/groups/${id}/timeline`, context.signal) : null,
    ]);
    seen = { group, charts, timeline };
    draw();
  };
  const over = timespan(context, look);
  await look();
  context.every(3000, look);
}

function view(context, id, tab, state, { group, charts, timeline }, act) {
  const canWrite = !context.isReadOnly;
  const actions = canWrite && [
    button('Delete', async () => {
      if (await confirm(`Delete ${id}?`, 'Its offsets are forgotten: a consumer that comes back under this id begins where its own settings say.', 'Delete', () => remove(path`/groups/${id}`))) {
        notify(`${id} is deleted.`);
        go('/groups');
      }
    }),
    button('Reset offsets', () => reset(group, act.look), { class: 'main' }),
  ];
  return [
    head(id === '' ? '(empty id)' : id, {
      trail: [['/groups', 'Groups']],
      actions: actions || [],
      note: [stateBadge(group.state), ` ${group.protocolType || 'no protocol'}${group.assignor ? `, assigned by ${group.assignor}` : ''}${group.coordinator === undefined ? '' : `, coordinated by broker ${group.coordinator}`}`],
    }),
    tabs('Views of the group', tab, [
      [path`/groups/${id}`, 'Lag', 'lag'],
      [path`/groups/${id}/members`, `Members (${number(group.members.length)})`, 'members'],
      [path`/groups/${id}/rebalances`, 'Rebalances', 'rebalances'],
    ]),
    tab === 'members' ? members(group) : tab === 'rebalances' ? rebalances(timeline) : lag(group, charts, state, act, canWrite),
  ];
}

function lag(group, charts, state, act, canWrite) {
  const { offsets } = group;
  if (offsets.length === 0) return empty('No offsets yet', 'This group has not committed how far it is. Consumers do that by themselves every few seconds, unless enable.auto.commit is false.');
  const records = offsets.reduce((all, o) => all + (o.lagRecords ?? 0), 0);
  const oldest = Math.max(0, ...offsets.map(o => o.lagSeconds ?? 0));
  const page = Math.max(0, Math.min(state.page, Math.ceil(offsets.length / SIZE) - 1));
  const hasMembers = offsets.some(o => o.member !== undefined);
  const clientOf = new Map(group.members.map(m => [m.id, m.clientId]));
  const columns = [
    { name: 'Topic', of: o => h('a', { href: path`/topics/${o.topic}` }, o.topic) },
    { name: 'Partition', isNumber: true, of: o => String(o.partition) },
    { name: 'Committed', isNumber: true, of: o => (o.committedOffset < 0 ? badge('undecided', 'warn') : h('a', { href: path`/topics/${o.topic}/messages` + `?from=offset&partition=${o.partition}&offset=${o.committedOffset}`, title: 'What it reads next' }, number(o.committedOffset))) },
    { name: 'End', isNumber: true, of: o => (o.endOffset === undefined ? '–' : number(o.endOffset)) },
    { name: 'Lag', hint: 'Records not read yet', isNumber: true, of: o => (o.lagRecords === undefined ? '–' : number(o.lagRecords)) },
    { name: 'Behind by', hint: 'The age of the first record not read yet', isNumber: true, of: o => (o.lagSeconds === undefined ? '–' : o.lagSeconds === 0 ? '0 s' : span(o.lagSeconds * 1000)) },
    hasMembers && { name: 'Member', of: o => (o.member ? clientOf.get(o.member) || o.member : h('span.faint', 'nobody')) },
    canWrite && { name: h('span.unseen', 'Actions'), of: o => o.lagRecords > 0 && button('Skip one', () => skip(group, o, act.look), { class: 'quiet', title: 'Leave out the next record, for one that the consumer cannot read' }) },
  ].filter(Boolean);
  return [
    h('section.figures', { 'aria-label': 'In all' },
      fact(short(records), records === 1 ? 'record behind' : 'records behind', records ? '' : 'good'),
      fact(oldest ? span(oldest * 1000) : '0 s', 'behind in time', oldest > 300 ? 'warn' : oldest ? '' : 'good'),
      fact(number(group.members.length), group.members.length === 1 ? 'member' : 'members'),
      fact(number(offsets.length), 'partitions with an offset')),
    charts && act.over.choice(),
    charts && h('section.charts', { 'aria-label': 'The last hours' },
      chart({ title: 'Lag in records', unit: short, kind: 'whole', otherwise: 'No lag was seen.', series: one(charts, 'lag') }),
      chart({ title: 'Lag in time', unit: span, kind: 'time', otherwise: 'No lag was seen.', series: one(charts, 'lag-seconds', 1000) })),
    table('Lag by partition', columns, offsets.slice(page * SIZE, (page + 1) * SIZE), { keyOf: o => `${o.topic}/${o.partition}` }),
    pager(page, SIZE, offsets.length, 'partitions', act.page),
  ];
}

const fact = (value, name, kind = '') => h('div', { class: `figure ${kind}` }, h('b', value), h('span', name));

const one = (charts, name, each = 1) => charts.series.filter(s => s.name === name && s.points.length).map(s => ({ name: s.labels.topic ?? 'all', stepMs: s.stepMs, points: s.points.map(([t, v]) => [t, v * each]) }));

function members(group) {
  if (group.members.length === 0) return empty('Nobody is in this group', 'Its offsets are kept. It goes on where it stopped when a consumer with this group.id comes:', null);
  return table('Members', [
    { name: 'Client', of: m => h('b', m.clientId || '(no client id)') },
    { name: 'Host', of: m => m.host.replace(/^\//, '') },
    { name: 'Assigned', of: m => assigned(m.assignment) },
    { name: 'Static id', of: m => m.instanceId ?? '–' },
    { name: 'Member id', class: 'wrap', of: m => h('code.faint', m.id) },
  ], group.members, { keyOf: m => m.id });
}

function assigned(assignment) {
  if (assignment === undefined) return '–';
  if (assignment.length === 0) return h('span.faint', 'nothing');
  return assignment.map(a => h('div', h('a', { href: path`/topics/${a.topic}` }, a.topic), h('span.faint', ` ${ranges(a.partitions)}`)));
}

/** 0, 1, 2, 5 as 0–2, 5. */
export function ranges(numbers) {
  const parts = [];
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else parts.push([n, n]);
  }
  return parts.map(([a, b]) => (a === b ? `${a}` : b === a + 1 ? `${a}, ${b}` : `${a}–${b}`)).join(', ');
}

function rebalances(timeline) {
  if (timeline === null) return empty('Not told here', 'This broker does not keep a timeline of rebalances.');
  if (timeline.events.length === 0) return empty('Nothing happened yet', 'Joins, leaves, time-outs and rebalances of this group are listed here, with the reason, as its coordinator sees them.');
  return h('section.card', h('h2', 'Rebalances'),
    h('ol.timeline', timeline.events.map(event => h('li', { class: /timed-out|failed|fenced/.test(event.kind) ? 'bad' : '', title: event.member ?? null },
      h('time', { datetime: new Date(event.timeMs).toISOString(), title: ago(event.timeMs) }, time(event.timeMs)),
      h('p', h('b', KINDS[event.kind] ?? event.kind.replaceAll('-', ' ')), ' ', brief([event.clientId, event.reason].filter(Boolean).join(': '))),
      h('span.faint', [event.generation >= 0 && `generation ${event.generation}`, event.members !== undefined && count(event.members, 'member')].filter(Boolean).join(', '))))),
    !timeline.isComplete && h('p.faint', 'What happened before is no longer known.'));
}

const KINDS = {
  rebalance: 'Rebalance:', generation: 'New generation:', assigned: 'Partitions assigned.', empty: 'Nobody is left.',
  'member-joined': 'Joined:', 'member-rejoined': 'Joined again:', 'member-left': 'Left:', 'member-timed-out': 'Timed out:',
};

/** Without the random part of member ids, without what every client says when it joins, and with times for people. */
const brief = text => text
  .replace(/-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '')
  .replace(/:? ?\(?need to re-join with the given member-id: [^)]*\)?/, '')
  .replace(/\b(\d{4,}) ms\b/g, (_, ms) => span(Number(ms)));
