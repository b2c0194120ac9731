// All consumer groups.

import { get, path } from './api.js';
import { h } from './dom.js';
import { short, span } from './format.js';
import { badge, button, empty, head, input, pager, sorted, table } from './parts.js';

const SIZE = 50;

export async function open(context) {
  context.title('Groups');
  const state = {
    groups: [],
    filter: context.query.get('filter') ?? '',
    page: Number(context.query.get('page') ?? 1) - 1,
    sorting: { by: context.query.get('sort') ?? 'id', isDown: context.query.get('down') === '1' },
  };
  const draw = () => context.render(view(state, change));
  const change = values => {
    Object.assign(state, { page: 0 }, values);
    context.remember({ filter: state.filter, page: state.page ? state.page + 1 : null, sort: state.sorting.by === 'id' ? null : state.sorting.by, down: state.sorting.isDown ? 1 : null });
    draw();
  };
  const look = async () => {
    state.groups = (await get('/groups', context.signal)).groups;
    draw();
  };
  await look();
  context.every(5000, look);
}

export function stateBadge(state) {
  return badge(state, state === 'Stable' ? 'good' : state === 'Dead' ? 'bad' : state === 'Empty' ? '' : 'warn');
}

function view(state, change) {
  const { groups, filter, sorting } = state;
  if (groups.length === 0) {
    return [head('Groups'), empty('No groups yet', 'A group remembers how far its consumers have read. It is there as soon as a consumer with a group.id joins:', 'kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic orders --group my-group')];
  }
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = g => words.every(word => `${g.id} ${g.state} ${(g.topics ?? []).join(' ')}`.toLowerCase().includes(word));
  const seen = groups.filter(matches);
  const page = Math.max(0, Math.min(state.page, Math.ceil(seen.length / SIZE) - 1));
  const rows = sorted(seen, sorting, (g, by) => g[by]).slice(page * SIZE, (page + 1) * SIZE);
  return [
    head('Groups'),
    h('div.tools', { role: 'search' }, h('div.field.grow', h('label', { for: 'filter' }, 'Filter by id, topic or state'), input({ id: 'filter', type: 'search', value: filter, oninput: event => change({ filter: event.target.value }) }))),
    rows.length === 0
      ? empty('No such group', 'Each word of the filter must be part of the id, a topic or the state.', null, button('Clear the filter', () => change({ filter: '' })))
      : table('Groups', columns(groups), rows, { keyOf: g => g.id, sorting, onsort: by => change({ sorting: { by, isDown: sorting.by === by ? !sorting.isDown : by.startsWith('lag') } }) }),
    pager(page, SIZE, seen.length, 'groups', page => change({ page })),
  ];
}

function columns(groups) {
  const has = name => groups.some(g => g[name] !== undefined);
  return [
    { name: 'Group', sort: 'id', of: g => h('a', { href: path`/groups/${g.id}` }, g.id === '' ? '(empty id)' : g.id) },
    { name: 'State', sort: 'state', of: g => stateBadge(g.state) },
    has('lagRecords') && { name: 'Lag', hint: 'Records that are not read yet', sort: 'lagRecords', isNumber: true, of: g => (g.lagRecords === undefined ? '–' : short(g.lagRecords)) },
    has('lagSeconds') && { name: 'Behind by', hint: 'The age of the first record that is not read yet, in the slowest partition', sort: 'lagSeconds', isNumber: true, of: g => (g.lagSeconds === undefined ? '–' : g.lagSeconds === 0 ? '0 s' : span(g.lagSeconds * 1000)) },
    has('topics') && { name: 'Topics', of: g => (g.topics ?? []).slice(0, 4).map((t, i) => [i > 0 && ', ', h('a', { href: path`/topics/${t}` }, t)]).concat((g.topics?.length ?? 0) > 4 ? ` and ${g.topics.length - 4} more` : []) },
    { name: 'Protocol', sort: 'type', of: g => g.type },
  ].filter(Boolean);
}
