// All topics, and making one.

import { get, path } from './api.js';
import { h } from './dom.js';
import { bytes, count, number, short } from './format.js';
import { newTopic } from './new-topic.js';
import { badge, button, empty, head, input, notify, pager, sorted, table } from './parts.js';
import { go } from './router.js';

const SIZE = 50;

export async function open(context) {
  context.title('Topics');
  const state = {
    topics: [],
    filter: context.query.get('filter') ?? '',
    page: Number(context.query.get('page') ?? 1) - 1,
    isInternalSeen: context.query.get('internal') === '1',
    sorting: { by: context.query.get('sort') ?? 'name', isDown: context.query.get('down') === '1' },
  };
  const draw = () => context.render(view(state, change, create, context));
  const change = values => {
    Object.assign(state, { page: 0 }, values);
    context.remember({ filter: state.filter, page: state.page ? state.page + 1 : null, internal: state.isInternalSeen ? 1 : null, sort: state.sorting.by === 'name' ? null : state.sorting.by, down: state.sorting.isDown ? 1 : null });
    draw();
  };
  const look = async () => {
    state.topics = (await get('/topics', context.signal)).topics;
    draw();
  };
  const create = async () => {
    const made = await newTopic(context.signal).catch(e => notify(e.message, 'bad'));
    if (made) {
      notify(`${made.name} is there, with ${count(made.partitions, 'partition')}.`);
      go(path`/topics/${made.name}`);
    }
  };
  await look();
  context.every(5000, look);
  if (context.query.get('create') === '1') {
    context.remember({ create: null });
    create();
  }
}

function view(state, change, create, context) {
  const { topics, filter, sorting } = state;
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const seen = topics.filter(t => (state.isInternalSeen || !t.isInternal) && words.every(word => t.name.toLowerCase().includes(word)));
  const internal = topics.filter(t => t.isInternal).length;
  const page = Math.max(0, Math.min(state.page, Math.ceil(seen.length / SIZE) - 1));
  const rows = sorted(seen, sorting, (t, by) => t[by]).slice(page * SIZE, (page + 1) * SIZE);
  const create_ = !context.isReadOnly && button('New topic', create, { class: 'main' });
  if (topics.length === internal && !filter && !state.isInternalSeen) {
    return [head('Topics', { actions: [create_] }),
      empty('No topics yet', 'A topic holds records in partitions, in the order in which they came. Make one here, or in a terminal:', './milena topics create orders --partitions 3'),
      internal > 0 && h('p', button(`Show ${number(internal)} internal`, () => change({ isInternalSeen: true }), { class: 'link' }))];
  }
  return [
    head('Topics', { actions: [create_] }),
    h('div.tools', { role: 'search' },
      h('div.field.grow', h('label', { for: 'filter' }, 'Filter by name'),
        input({ id: 'filter', type: 'search', value: filter, oninput: event => change({ filter: event.target.value }) })),
      internal > 0 && h('label.check', h('input', { type: 'checkbox', checked: state.isInternalSeen, onchange: event => change({ isInternalSeen: event.target.checked }) }), `Internal (${internal})`)),
    rows.length === 0
      ? empty('Nothing has such a name', 'Each word of the filter must be part of the name.', null, button('Clear the filter', () => change({ filter: '' })))
      : table('Topics', columns(topics), rows, { keyOf: t => t.id, sorting, onsort: by => change({ sorting: { by, isDown: sorting.by === by ? !sorting.isDown : by !== 'name' } }) }),
    pager(page, SIZE, seen.length, 'topics', page => change({ page })),
  ];
}

function columns(topics) {
  const has = name => topics.some(t => t[name] !== undefined);
  return [
    { name: 'Name', sort: 'name', of: t => [h('a', { href: path`/topics/${t.name}` }, t.name), t.isInternal && [' ', badge('internal')]] },
    { name: 'Partitions', sort: 'partitions', isNumber: true, of: t => number(t.partitions) },
    has('replicationFactor') && { name: 'Replicas', sort: 'replicationFactor', isNumber: true, of: t => t.replicationFactor },
    has('underReplicated') && { name: 'Under-replicated', sort: 'underReplicated', isNumber: true, of: t => (t.underReplicated ? badge(number(t.underReplicated), 'warn') : '0') },
    { name: 'Size', sort: 'sizeInBytes', isNumber: true, of: t => bytes(t.sizeInBytes) },
    has('bytesInPerSecond') && { name: 'In', sort: 'bytesInPerSecond', isNumber: true, of: t => (t.bytesInPerSecond === undefined ? '–' : `${bytes(t.bytesInPerSecond)}/s`) },
    has('recordsInPerSecond') && { name: 'Records in', sort: 'recordsInPerSecond', isNumber: true, of: t => (t.recordsInPerSecond === undefined ? '–' : `${short(t.recordsInPerSecond)}/s`) },
    has('cleanupPolicy') && { name: 'Clean-up', sort: 'cleanupPolicy', of: t => t.cleanupPolicy ?? '–' },
  ].filter(Boolean);
}
