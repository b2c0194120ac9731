// A search that runs inside the broker: with progress, to be stopped, and to be gone on with.

import { events, path, query } from './api.js';
import { eased, h } from './dom.js';
import { bytes, count, number, span } from './format.js';
import { button, empty, field, input, meter, select } from './parts.js';
import { records } from './records.js';

const KEY = [['key', 'contains'], ['keyIs', 'is'], ['keyRegex', 'matches (regex)']];
const VALUE = [['value', 'contains'], ['valueRegex', 'matches (regex)']];
const NAMES = ['key', 'keyIs', 'keyRegex', 'value', 'valueRegex', 'header', 'json', 'fromMs', 'toMs'];

/** The search of a page; its filters stand in the address. */
export function search(context, topic, draw) {
  const asked = context.query;
  const first = (kinds, otherwise) => kinds.map(([id]) => id).find(id => asked.get(id)) ?? otherwise;
  const state = {
    keyAs: first(KEY, 'key'), valueAs: first(VALUE, 'value'),
    header: asked.get('header') ?? '', json: asked.get('json') ?? '', fromTime: asked.get('fromTime') ?? '', toTime: asked.get('toTime') ?? '', isCaseIgnored: asked.get('ignoreCase') === 'true',
    hits: [], progress: null, position: '', life: null, end: '', problem: '',
  };
  state.key = asked.get(state.keyAs) ?? '';
  state.value = asked.get(state.valueAs) ?? '';

  const soon = eased(() => context.signal.aborted || draw());
  const filters = () => ({
    [state.keyAs]: state.key, [state.valueAs]: state.value, header: state.header, json: state.json,
    fromMs: state.fromTime && new Date(state.fromTime).getTime(), toMs: state.toTime && new Date(state.toTime).getTime(), ignoreCase: state.isCaseIgnored && 'true',
  });

  async function run(partition, isResumed) {
    state.life?.abort();
    const life = new AbortController();
    Object.assign(state, { life, end: '', problem: '' }, isResumed ? {} : { hits: [], progress: null, position: '' });
    const before = state.progress; // the broker counts from where it goes on
    const empties = Object.fromEntries(NAMES.map(name => [name, null]));
    const { fromMs, toMs, ...seen } = filters();
    context.remember({ ...empties, ...seen, fromTime: state.fromTime, toTime: state.toTime });
    draw();
    try {
      const hasEnded = await events('GET', path`/topics/${topic}/search` + query({ ...filters(), partition, limit: 100, maxBytes: 4096, position: state.position }), undefined,
        AbortSignal.any([life.signal, context.signal]), (kind, data, id) => {
          if (kind === 'record') state.hits.push(data);
          if (kind === 'record' && id) state.position = id;
          if (kind === 'progress' || kind === 'end') {
            state.position = data.position ?? state.position;
            state.progress = { ...data, ...sums(before, data), ...(kind === 'end' && data.reason === 'done' && { fraction: 1 }) };
          }
          if (kind === 'end') state.end = data.reason;
          soon();
        });
      if (!hasEnded) state.problem = 'The connection broke off. Go on where it was.';
    } catch (e) {
      if (e.name !== 'AbortError') state.problem = e.message;
      else if (state.life === life) state.end = 'stopped';
    }
    if (state.life === life) state.life = null;
    if (!context.signal.aborted) draw();
  }

  return {
    stop: () => state.life?.abort(),
    view: (partition, chosen, show) => view(state, { run: isResumed => run(partition, isResumed), draw, show, chosen }),
  };
}

function sums(before, now) {
  return Object.fromEntries(['scannedRecords', 'scannedBytes', 'elapsedMs'].map(name => [name, (before?.[name] ?? 0) + now[name]]));
}

function view(state, act) {
  const text = (name, id, props = {}) => input({ id, type: 'search', value: state[name], oninput: event => (state[name] = event.target.value), ...props });
  const as = (name, kinds, id, label) => select(kinds, state[name], kind => { state[name] = kind; act.draw(); }, { id, 'aria-label': label });
  const isRunning = state.life !== null;
  return [
    h('form.card', { role: 'search', onsubmit: event => { event.preventDefault(); act.run(false); } },
      h('div.conditions',
        h('div.field', h('label', { for: 'q-key' }, 'Key'), h('div.pair', as('keyAs', KEY, 'q-key-as', 'How the key is compared'), text('key', 'q-key'))),
        h('div.field', h('label', { for: 'q-value' }, 'Value'), h('div.pair', as('valueAs', VALUE, 'q-value-as', 'How the value is compared'), text('value', 'q-value'))),
        field('Header', text('header', 'q-header', { placeholder: 'name or name:text' })),
        field('JSON field', text('json', 'q-json', { placeholder: '$.customer.id=42' }))),
      h('div.row',
        field('From', text('fromTime', 'q-from', { type: 'datetime-local', step: 1 })),
        field('To', text('toTime', 'q-to', { type: 'datetime-local', step: 1 })),
        h('label.check', h('input', { type: 'checkbox', checked: state.isCaseIgnored, onchange: event => (state.isCaseIgnored = event.target.checked) }), 'Ignore case')),
      h('div.actions', h('button.main', { type: 'submit', disabled: isRunning }, 'Search'),
        isRunning && button('Stop', () => state.life.abort()),
        !isRunning && state.position && state.end !== 'done' && button(state.end === 'limit' ? 'Search on' : 'Go on', () => act.run(true)),
        h('span.note', 'All filters must hold. It runs inside the broker.'))),
    state.problem && h('p.problem', { role: 'alert' }, state.problem),
    state.progress && progress(state, isRunning),
    state.hits.length > 0 && records(state.hits, act.chosen, act.show),
    state.end === 'done' && state.hits.length === 0 && empty('Nothing found', 'No record fits all filters. Loosen one: a part of the value, another partition, a longer time.'),
  ];
}

function progress(state, isRunning) {
  const { scannedRecords = 0, totalRecords, scannedBytes = 0, elapsedMs = 0, fraction = 0 } = state.progress;
  const said = { done: 'Done', limit: 'Stopped at the limit', stopped: 'Stopped' }[state.end] ?? (isRunning ? 'Searching' : 'Stopped');
  const text = `${said}: ${count(state.hits.length, 'hit')} in ${number(scannedRecords)}${totalRecords ? ` of ${number(totalRecords)}` : ''} records, ${bytes(scannedBytes)} in ${span(elapsedMs)}${elapsedMs > 100 ? ` (${bytes((scannedBytes / elapsedMs) * 1000)}/s)` : ''}`;
  return h('div.progress', { role: 'status' }, h('span', text), meterOf(fraction));
}

const meterOf = fraction => meter(fraction, 1, `${Math.floor(fraction * 100)} percent`, { isProgress: true });
