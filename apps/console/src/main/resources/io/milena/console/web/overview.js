// The first page: is the cluster well, what does it do, and what needs a hand.

import { get, getIfThere, query } from './api.js';
import { chart, timespan } from './chart.js';
import { h } from './dom.js';
import { bytes, count, number, short, span } from './format.js';
import { badge, copyable, head, meter, table } from './parts.js';
import { warnings } from './warnings.js';

const CHARTS = [
  { title: 'Traffic', names: { 'bytes-in': 'in', 'bytes-out': 'out' }, unit: value => `${bytes(value)}/s`, kind: 'bytes' },
  { title: 'Records in', names: { 'records-in': 'records' }, unit: value => `${short(value)}/s` },
  // not that of fetches: most of it is waiting for records, beside which nothing else could be seen
  { title: 'Produce latency, 99th percentile', names: { 'produce-latency-p99': 'produce' }, unit: span, kind: 'time' },
  { title: 'Connections', names: { connections: 'open' }, unit: value => number(Math.round(value)), kind: 'whole' },
];

export async function open(context) {
  context.title('Overview');
  const names = CHARTS.flatMap(one => Object.keys(one.names));
  let cluster;
  let warned;
  let charts;
  const draw = () => context.render(view(cluster, warned?.warnings, charts, over));
  const look = async () => {
    cluster = await get('/cluster', context.signal);
    draw();
  };
  // in a large cluster the broker has to think about these: the page does not wait
  const lookCloser = async () => {
    [warned, charts] = await Promise.all([
      getIfThere('/warnings', context.signal),
      getIfThere(`/charts${query({ name: names.join(), sinceMs: over.sinceMs(), points: 120 })}`, context.signal),
    ]);
    draw();
  };
  const over = timespan(context, lookCloser);
  await look();
  context.every(5000, look);
  context.every(10_000, lookCloser, { isNow: true });
}

function view(cluster, warned, charts, over) {
  return [
    head('Overview', { note: ['Cluster ', h('code', cluster.clusterId)] }),
    h('section.figures', { 'aria-label': 'State' },
      figure(number(cluster.brokers.filter(b => !b.isFenced).length), cluster.brokers.length === 1 ? 'broker' : `of ${count(cluster.brokers.length, 'broker')}`, cluster.brokers.some(b => b.isFenced) ? 'bad' : ''),
      figure(cluster.controllerId < 0 ? 'none' : number(cluster.controllerId), 'controller', cluster.controllerId < 0 ? 'bad' : ''),
      figure(number(cluster.topics), cluster.topics === 1 ? 'topic' : 'topics', '', '/topics'),
      figure(number(cluster.partitions), cluster.partitions === 1 ? 'partition' : 'partitions'),
      figure(number(cluster.groups), cluster.groups === 1 ? 'group' : 'groups', '', '/groups'),
      figure(number(cluster.underReplicated), 'under-replicated', cluster.underReplicated ? 'warn' : 'good'),
      figure(number(cluster.offline), 'offline', cluster.offline ? 'bad' : 'good')),
    warned && warnings(warned),
    cluster.topics === 0 && h('section.card', h('h2', 'Begin here'),
      h('p', 'There is no topic yet. ', h('a', { href: '/topics?create=1' }, 'Create one'), ', or in a terminal:'),
      copyable('./milena topics create orders --partitions 3')),
    charts && over.choice(),
    charts && h('section.charts', { 'aria-label': 'The last hours' }, CHARTS.map(one => drawn(one, charts))),
    h('section.card', h('h2', 'Brokers'), brokers(cluster)),
    h('section.card', h('h2', 'Disks'), h('div.disks', cluster.directories.map(disk))),
  ];
}

function figure(value, name, kind = '', where) {
  const inner = [h('b', value), h('span', name)];
  return where ? h('a', { class: `figure ${kind}`, href: where }, inner) : h('div', { class: `figure ${kind}` }, inner);
}

export function drawn(one, charts) {
  const series = Object.entries(one.names).flatMap(([id, name]) => charts.series.filter(s => s.name === id && s.points.length).map(s => ({ name, stepMs: s.stepMs, points: s.points })));
  return chart({ ...one, isNamed: Object.keys(one.names).length > 1, series });
}

function brokers(cluster) {
  const columns = [
    { name: 'Broker', of: b => [h('b', String(b.id)), ' ', b.id === cluster.controllerId && badge('controller')] },
    { name: 'Address', of: b => h('code', `${b.host}:${b.port}`) },
    { name: 'State', of: b => (b.isFenced ? badge('fenced', 'bad') : badge('active', 'good')) },
  ];
  const has = name => cluster.brokers.some(b => b[name] !== undefined);
  const whereThere = (name, title, show) => has(name) && columns.push({ name: title, isNumber: true, of: b => (b[name] === undefined ? '–' : show(b[name])) });
  whereThere('leaders', 'Leads', number);
  whereThere('replicas', 'Replicas', number);
  whereThere('sizeInBytes', 'Size', bytes);
  whereThere('bytesInPerSecond', 'In', v => `${bytes(v)}/s`);
  whereThere('bytesOutPerSecond', 'Out', v => `${bytes(v)}/s`);
  whereThere('recordsInPerSecond', 'Records in', v => `${short(v)}/s`);
  if (has('rack')) columns.push({ name: 'Rack', of: b => b.rack ?? '–' });
  return table('Brokers', columns, cluster.brokers, { keyOf: b => b.id });
}

function disk(directory) {
  const name = [h('code', directory.path), directory.broker !== undefined && h('span.faint', ` broker ${directory.broker}`)];
  if (!directory.isOnline) return h('div.disk', h('p', name, ' ', badge('offline', 'bad')), h('p.faint', 'This directory failed. Its partitions are served by other brokers, if they have replicas.'));
  const used = directory.totalBytes - directory.usableBytes;
  const text = `${bytes(directory.usableBytes)} free of ${bytes(directory.totalBytes)}`;
  return h('div.disk', h('p', name, h('span.right', text)), meter(used, directory.totalBytes, text));
}
