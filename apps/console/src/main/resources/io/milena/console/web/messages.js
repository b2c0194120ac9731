// The records of a topic: the newest, from an offset or a time, as they come, or those that a search finds.

import { events, get, path, query } from './api.js';
import { eased, h } from './dom.js';
import { count, localInput, number } from './format.js';
import { button, choice, empty, field, input, select } from './parts.js';
import { produce } from './produce.js';
import { records, showRecord } from './records.js';
import { search } from './search.js';

const WAYS = [['newest', 'Newest'], ['offset', 'From an offset'], ['time', 'From a time'], ['live', 'Live'], ['search', 'Search']];
const LIMIT = 50;
const LIVE_MAX = 200;

export async function open(context, frame) {
  const name = context.params.topic;
  const asked = context.query;
  const state = {
    from: WAYS.some(([id]) => id === asked.get('from')) ? asked.get('from') : 'newest',
    partition: asked.get('partition') ?? '',
    offset: asked.get('offset') ?? '0',
    time: asked.get('time') ?? localInput(Date.now() - 3_600_000),
    list: [],
    chosen: asked.get('record') ?? '',
    before: [],
    live: null,
    skipped: 0,
    search: search(context, name, () => draw()),
  };
  context.title(`Messages of ${name}`);
  const topic = await get(path`/topics/${name}`, context.signal);
  const soon = eased(() => context.signal.aborted || draw());
  const act = { draw: () => draw(), change, load, follow, show, older, newer };
  const draw = () => context.render(frame(topic, actions(context, topic, act), ...view(topic, state, act)));

  /** Another way or place to look, which Back undoes. */
  async function change(values, { isStep = true } = {}) {
    stop();
    Object.assign(state, { list: [], before: [] }, values);
    write(isStep);
    await load();
  }
  function write(isStep) {
    context.remember({
      from: state.from === 'newest' ? null : state.from, partition: state.partition,
      offset: state.from === 'offset' ? state.offset : null, time: state.from === 'time' ? state.time : null, record: state.chosen,
    }, { replace: !isStep });
  }
  function stop() {
    state.live?.abort();
    state.live = null;
    state.search.stop();
  }
  async function load() {
    if (state.from === 'live') return follow();
    if (state.from === 'search') return draw();
    try {
      Object.assign(state, { problem: null }, await read(name, state, context.signal));
    } catch (e) {
      if (e.name === 'AbortError') return;
      Object.assign(state, { list: [], problem: e.message });
    }
    draw();
  }
  async function follow() {
    const life = new AbortController();
    state.live = life;
    state.skipped = 0;
    state.isFollowing = false;
    draw();
    try {
      await events('GET', path`/topics/${name}/tail` + query({ partition: state.partition, maxBytes: 4096 }), undefined, AbortSignal.any([life.signal, context.signal]), (kind, data) => {
        if (kind === 'record') state.list = [data, ...state.list].slice(0, LIVE_MAX);
        if (kind === 'skipped') state.skipped += data.records;
        soon();
      }, () => {
        state.isFollowing = true;
        soon();
      });
    } catch (e) {
      if (e.name !== 'AbortError') state.problem = e.message;
    }
    if (state.live === life) state.live = null;
    if (!context.signal.aborted) draw();
  }
  async function show(record) {
    state.chosen = `${record.partition}:${record.offset}`;
    write(false);
    draw();
    await showRecord(context, name, record, { again: () => load() });
    state.chosen = '';
    write(false);
    draw();
  }
  function older() {
    const first = Math.min(...state.list.map(r => r.offset));
    return change({ from: 'offset', offset: String(Math.max(state.startOffset ?? 0, first - LIMIT)) });
  }
  function newer() {
    return change({ from: 'offset', offset: String(state.nextOffset) });
  }

  context.signal.addEventListener('abort', stop);
  if (state.from === 'live') follow();
  else await load();
  if (state.chosen) {
    const [partition, offset] = state.chosen.split(':');
    show({ partition: Number(partition), offset: Number(offset) }).catch(() => {});
  }
}

async function read(name, state, signal) {
  if (state.from === 'offset') {
    const said = await get(path`/topics/${name}/partitions/${state.partition || 0}/records` + query({ offset: state.offset, limit: LIMIT, maxBytes: 4096 }), signal);
    return { list: said.records, nextOffset: said.nextOffset, startOffset: said.startOffset, highWatermark: said.highWatermark };
  }
  const timestampMs = state.from === 'time' ? new Date(state.time).getTime() : undefined;
  if (Number.isNaN(timestampMs)) throw new Error('The time must be complete, with day, hour and minute.');
  const said = await get(path`/topics/${name}/records` + query({ partition: state.partition, timestampMs, limit: LIMIT, maxBytes: 4096 }), signal);
  return { list: said.records, nextOffset: undefined, highWatermark: undefined };
}

function actions(context, topic, act) {
  return [!context.isReadOnly && button('Produce', async () => (await produce(topic.name, topic.partitions.length)) && act.load(), { class: 'main' })];
}

function view(topic, state, act) {
  const all = state.from === 'offset' ? [] : [['', 'All partitions']];
  const partitions = topic.partitions.length <= 1000
    ? select([...all, ...topic.partitions.map(p => [String(p.partition), `Partition ${p.partition}`])], state.from === 'offset' ? state.partition || '0' : state.partition, partition => act.change({ partition }), { id: 'partition' })
    : input({ id: 'partition', type: 'number', min: 0, max: topic.partitions.length - 1, value: state.partition, onchange: event => act.change({ partition: event.target.value }) });
  const place = {
    offset: () => field('Offset', input({ id: 'offset', type: 'number', min: 0, value: state.offset, oninput: event => (state.offset = event.target.value), onchange: event => act.change({ offset: event.target.value }) })),
    time: () => field('Time', input({ id: 'time', type: 'datetime-local', step: 1, value: state.time, oninput: event => (state.time = event.target.value), onchange: event => act.change({ time: event.target.value }) })),
    newest: () => button('Again', () => act.load()),
    live: () => (state.live ? button('Pause', () => {
      state.live.abort();
      state.live = null;
      act.draw();
    }) : button('Go on', () => act.follow(), { class: 'main' })),
  }[state.from];
  const tools = h('div.tools',
    field('Look at', choice('Which messages', state.from, WAYS, from => act.change({ from, problem: null })), null),
    field('Partition', partitions), place?.());
  if (state.from === 'search') return [tools, ...state.search.view(state.partition, state.chosen, act.show)];
  return [
    tools,
    state.problem && h('p.problem', { role: 'alert' }, state.problem),
    state.from === 'live' && h('p.note', { role: 'status' }, state.live ? [h('span.live-dot', { 'aria-hidden': 'true' }), !state.isFollowing ? 'Connecting.' : state.list.length === 0 ? 'Waiting for records.' : `${count(state.list.length, 'record')}, the newest first.`] : 'Paused.', state.skipped > 0 && ` ${number(state.skipped)} were left out, because they came too fast.`),
    state.list.length > 0 ? records(state.list, state.chosen, act.show) : state.from !== 'live' && !state.problem && nothing(topic, state, act),
    state.from === 'offset' && state.list.length > 0 && h('nav.pager', { 'aria-label': 'Pages' },
      button('← Earlier', act.older, { disabled: state.list[0].offset <= (state.startOffset ?? 0) }),
      h('span', `Offsets ${number(state.list[0].offset)}–${number(state.list.at(-1).offset)} of ${number(state.startOffset ?? 0)}–${number(state.highWatermark - 1)}`),
      button('Later →', act.newer, { disabled: state.nextOffset >= state.highWatermark })),
  ];
}

function nothing(topic, state, act) {
  if (state.from === 'newest') return empty('No records yet', 'Write the first one with “Produce”, or in a terminal:', `echo "hello" | ./milena produce ${topic.name}`);
  if (state.from === 'time') return empty('Nothing since then', 'No record has a time that is not earlier.', null, button('Show the newest', () => act.change({ from: 'newest' })));
  return empty('Nothing from this offset on', 'The end of the partition is before it, or there are only marks of transactions.', null, button('Show the newest', () => act.change({ from: 'newest' })));
}
