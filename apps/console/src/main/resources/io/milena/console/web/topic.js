// One topic: its partitions, and the ways to its messages and settings.

import { get, getIfThere, path, post, query, remove } from './api.js';
import { timespan } from './chart.js';
import { h } from './dom.js';
import { bytes, number, short } from './format.js';
import { drawn } from './overview.js';
import { badge, button, confirm, dialog, empty, field, form, head, input, notify, pager, table, tabs } from './parts.js';
import { go } from './router.js';

const SIZE = 100;
const CHARTS = [
  { title: 'Traffic', names: { 'bytes-in': 'in', 'bytes-out': 'out' }, unit: value => `${bytes(value)}/s`, kind: 'bytes' },
  { title: 'Records in', names: { 'records-in': 'records' }, unit: value => `${short(value)}/s` },
];

export async function open(context) {
  const { topic: name, tab = 'partitions' } = context.params;
  context.title(name);
  const frame = (topic, actions, ...nodes) => [
    head(name, { trail: [['/topics', 'Topics']], actions, note: topic.isInternal && 'Internal: Milena keeps its own notes here.' }),
    tabs(`Views of ${name}`, tab, [
      [path`/topics/${name}`, `Partitions (${number(topic.partitions.length)})`, 'partitions'],
      [path`/topics/${name}/messages`, 'Messages', 'messages'],
      [path`/topics/${name}/settings`, 'Settings', 'settings'],
    ]),
    ...nodes,
  ];
  if (tab === 'messages') return (await import('./messages.js')).open(context, frame);
  if (tab === 'settings') return (await import('./topic-settings.js')).open(context, frame);
  if (tab !== 'partitions') return go(path`/topics/${name}`);
  return partitions(context, name, frame);
}

async function partitions(context, name, frame) {
  const state = { page: Number(context.query.get('page') ?? 1) - 1 };
  let topic;
  let charts;
  const draw = () => context.render(frame(topic, actions(context, topic, look), view(topic, charts, state, { change, over })));
  const change = page => {
    state.page = page;
    context.remember({ page: page ? page + 1 : null });
    draw();
  };
  const look = async () => {
    [topic, charts] = await Promise.all([
      get(path`/topics/${name}`, context.signal),
      getIfThere(`/charts${query({ name: 'bytes-in,bytes-out,records-in', topic: name, sinceMs: over.sinceMs() })}`, context.signal),
    ]);
    draw();
  };
  const over = timespan(context, look);
  await look();
  context.every(5000, look);
}

function view(topic, charts, state, { change, over }) {
  const { partitions } = topic;
  const page = Math.max(0, Math.min(state.page, Math.ceil(partitions.length / SIZE) - 1));
  const rows = partitions.slice(page * SIZE, (page + 1) * SIZE);
  const sum = of => partitions.reduce((all, p) => all + (of(p) ?? 0), 0);
  const behind = partitions.filter(p => p.inSync.length < p.replicas.length).length;
  const records = sum(p => (p.startOffset === undefined ? 0 : p.endOffset - p.startOffset)); // those that are offline are not known
  return [
    h('section.figures', { 'aria-label': 'In all' },
      fact(number(partitions.length), 'partitions'),
      fact(short(records), 'records'),
      fact(bytes(sum(p => p.sizeInBytes)), 'on disk'),
      fact(String(partitions[0]?.replicas.length ?? 0), 'replicas each'),
      fact(number(behind), 'under-replicated', behind ? 'warn' : 'good')),
    records === 0 && empty('No records yet', 'Write some on the page of messages, or in a terminal:', `echo "hello" | ./milena produce ${topic.name}`),
    charts && over.choice(),
    charts && h('section.charts', { 'aria-label': 'The last hours' }, CHARTS.map(one => drawn(one, charts))),
    partitions.length > 1 && heat(topic, rows),
    table('Partitions', columns(topic), rows, { keyOf: p => p.partition }),
    pager(page, SIZE, partitions.length, 'partitions', change),
  ];
}

const fact = (value, name, kind = '') => h('div', { class: `figure ${kind}` }, h('b', value), h('span', name));

function columns(topic) {
  const has = name => topic.partitions.some(p => p[name] !== undefined);
  return [
    { name: 'Partition', of: p => h('a', { href: path`/topics/${topic.name}/messages` + `?partition=${p.partition}` }, String(p.partition)) },
    { name: 'Leader', of: p => (p.leader < 0 ? badge('none', 'bad') : String(p.leader)) },
    { name: 'Replicas', of: p => p.replicas.join(', ') },
    { name: 'In sync', of: p => [p.inSync.join(', '), p.inSync.length < p.replicas.length && [' ', badge(`${p.replicas.length - p.inSync.length} behind`, 'warn')], p.offline?.length > 0 && [' ', badge(`offline: ${p.offline.join(', ')}`, 'bad')]] },
    { name: 'First offset', isNumber: true, of: p => (p.startOffset === undefined ? '–' : number(p.startOffset)) },
    { name: 'End offset', isNumber: true, of: p => (p.endOffset === undefined ? '–' : number(p.endOffset)) },
    { name: 'Size', isNumber: true, of: p => (p.sizeInBytes === undefined ? '–' : bytes(p.sizeInBytes)) },
    has('bytesInPerSecond') && { name: 'In', isNumber: true, of: p => (p.bytesInPerSecond === undefined ? '–' : `${bytes(p.bytesInPerSecond)}/s`) },
    has('recordsInPerSecond') && { name: 'Records in', isNumber: true, of: p => (p.recordsInPerSecond === undefined ? '–' : `${short(p.recordsInPerSecond)}/s`) },
  ].filter(Boolean);
}

/** One square a partition: the darker, the more is written to it (or, while nothing is, the more it holds). */
function heat(topic, rows) {
  const isBusy = topic.partitions.some(p => p.bytesInPerSecond > 0);
  const warmth = p => (isBusy ? p.bytesInPerSecond ?? 0 : p.sizeInBytes ?? 0);
  const most = Math.max(...topic.partitions.map(warmth), 1);
  const text = p => `Partition ${p.partition}: ${isBusy ? `${bytes(warmth(p))}/s` : bytes(warmth(p))}`;
  return h('section', { 'aria-label': 'Heat' },
    h('p.faint', isBusy ? 'Where it is written now: the darker, the more bytes a second.' : 'Where the bytes are: the darker, the more.'),
    h('ul.heat', rows.map(p => h('li', { key: p.partition }, h('a', { class: p.leader < 0 || p.offline?.length > 0 ? 'bad' : '', href: path`/topics/${topic.name}/messages` + `?partition=${p.partition}`, title: text(p), 'aria-label': text(p), style: { '--share': String(warmth(p) / most) } })))));
}

function actions(context, topic, look) {
  if (context.isReadOnly) return [];
  return [
    !topic.isInternal && button('Add partitions', async () => {
      const grown = await dialog(`Add partitions to ${topic.name}`, close => {
        const count = input({ type: 'number', min: topic.partitions.length + 1, max: 100_000, value: String(topic.partitions.length + 1), required: true });
        return form('Add', [field('Partitions in all', count, 'New records of a key may go to another partition than its old ones. Partitions cannot be taken away again.')],
          async () => close(await post(path`/topics/${topic.name}/partitions`, { count: Number(count.value) })), { cancel: close });
      });
      if (grown) {
        notify(`${topic.name} has ${number(grown.partitions)} partitions now.`);
        await look();
      }
    }),
    !topic.isInternal && button('Delete', async () => {
      const gone = await confirm(`Delete ${topic.name}?`, 'It goes to the trash, from which it can be restored for a while, with what groups have committed in it. Clients that use it fail from now on.', 'Delete', () => remove(path`/topics/${topic.name}`));
      if (gone) {
        notify(`${topic.name} is in the trash.`);
        go('/topics');
      }
    }),
    h('a.main', { href: path`/topics/${topic.name}/messages` }, 'Messages'),
  ];
}
