// Moving a group: first what it would mean, then doing it.

import { path, post } from './api.js';
import { h, morph } from './dom.js';
import { count, localInput, number } from './format.js';
import { dialog, field, form, input, notify, select, table } from './parts.js';

const TARGETS = [
  ['earliest', 'The first record that is kept'],
  ['latest', 'The end: leave out all that is there'],
  ['time', 'A point in time'],
  ['offset', 'An offset'],
  ['shift', 'Some records forward or back'],
];

/** Resets offsets: choose, look at the preview, apply. */
export async function reset(group, look) {
  const topics = [...new Set(group.offsets.map(o => o.topic))].sort();
  const state = { topic: '', partitions: '', to: 'earliest', offset: '0', shift: '-10', time: localInput(Date.now() - 3_600_000), preview: null };
  const done = await dialog(`Reset offsets of ${group.id}`, close => {
    const place = h('div');
    const change = values => {
      Object.assign(state, { preview: null }, values);
      draw();
    };
    const draw = () => morph(place, h('div', resetForm(group, topics, state, change, close)));
    draw();
    return place;
  }, { isWide: true });
  if (done) {
    notify(`${count(done.partitions.length, 'partition')} moved: ${count(done.readAgain, 'record')} will be read again, ${number(done.skipped)} left out.`);
    await look();
  }
}

function body(state) {
  const value = { time: () => new Date(state.time).getTime(), offset: () => Number(state.offset), shift: () => Number(state.shift) }[state.to];
  const partitions = state.partitions.split(',').map(p => p.trim()).filter(Boolean).map(Number);
  if (partitions.some(p => !Number.isInteger(p) || p < 0)) throw new Error('Partitions are numbers with commas between them.');
  return {
    ...(state.topic && { topics: [{ topic: state.topic, ...(partitions.length && { partitions }) }] }),
    to: state.to,
    ...(value && { value: value() }),
  };
}

function resetForm(group, topics, state, change, close) {
  const on = name => event => change({ [name]: event.target.value });
  const extra = {
    offset: () => field('Offset', input({ id: 'reset-offset', type: 'number', min: 0, value: state.offset, oninput: on('offset') }), 'Taken to the nearest that is kept.'),
    shift: () => field('Records', input({ id: 'reset-shift', type: 'number', value: state.shift, oninput: on('shift') }), 'Negative: back, to read them again.'),
    time: () => field('Time', input({ id: 'reset-time', type: 'datetime-local', step: 1, value: state.time, oninput: on('time') }), 'Begins with the first record that is not earlier.'),
  }[state.to];
  const parts = [
    h('div.row',
      field('Topic', select([['', `All (${topics.length})`], ...topics.map(t => [t, t])], state.topic, topic => change({ topic }), { id: 'reset-topic' })),
      state.topic && field('Partitions', input({ id: 'reset-partitions', value: state.partitions, placeholder: 'all', oninput: on('partitions') }), 'Like 0, 2; empty means all.')),
    h('div.row', field('Move to', select(TARGETS, state.to, to => change({ to }), { id: 'reset-to' })), extra?.()),
    group.members.length > 0 && h('p.note', `The group has ${count(group.members.length, 'member')}: stop the consumers before you apply.`),
    state.preview && preview(state.preview),
  ];
  const ask = apply => async () => {
    const said = await post(path`/groups/${group.id}/offsets` + (apply ? '' : '/preview'), body(state));
    if (apply) close(said);
    else change({ preview: said });
  };
  return state.preview
    ? form('Apply', parts, ask(true), { isDangerous: true, cancel: close })
    : form('Preview', parts, ask(false), { cancel: close });
}

function preview(said) {
  return h('section', { 'aria-label': 'Preview', role: 'status' },
    h('p', h('b', `${count(said.readAgain, 'record')} will be read again`), `, and ${count(said.skipped, 'record')} will be left out.`),
    said.isPossible === false && h('p.problem', 'This can be applied only when no consumer is in the group.'),
    table('What changes', [
      { name: 'Topic', of: p => p.topic },
      { name: 'Partition', isNumber: true, of: p => String(p.partition) },
      { name: 'Now', isNumber: true, of: p => (p.committedOffset === undefined || p.committedOffset < 0 ? '–' : number(p.committedOffset)) },
      { name: 'Then', isNumber: true, of: p => number(p.targetOffset) },
      { name: 'Read again', isNumber: true, of: p => number(p.readAgain) },
      { name: 'Left out', isNumber: true, of: p => number(p.skipped) },
    ], said.partitions.slice(0, 200)));
}

/** Leaves out one record. */
export async function skip(group, { topic, partition, committedOffset }, look) {
  const done = await dialog('Skip one record', close => form('Skip', [
    h('p', `${group.id} will not read the record at offset ${committedOffset} of ${topic}, partition ${partition}. `, h('a', { href: path`/topics/${topic}/messages` + `?from=offset&partition=${partition}&offset=${committedOffset}`, target: '_blank' }, 'Look at it first')),
    group.members.length > 0 && h('p.note', 'Stop the consumers of the group first.'),
  ], async () => close(await post(path`/groups/${group.id}/offsets/skip`, { topic, partition })), { isDangerous: true, cancel: close }));
  if (done) {
    notify(`Offset ${done.skippedOffset} is left out.`);
    await look();
  }
}
