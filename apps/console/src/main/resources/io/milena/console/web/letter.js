// One topic of dead letters: why its records are there, and replaying them.

import { events, get, path, query } from './api.js';
import { h, morph } from './dom.js';
import { ago, count, number } from './format.js';
import { button, dialog, empty, field, form, head, input, meter, notify, table } from './parts.js';
import { raw, showRecord, visible } from './records.js';

const decoder = new TextDecoder();
const REASONS = ['kafka_dlt-exception-message', '__connect.errors.exception.message', 'kafka_dlt-exception-fqcn', '__connect.errors.exception.class.name', 'error', 'exception'];
const ORIGIN = ['kafka_dlt-original-topic', '__connect.errors.topic'];

export async function open(context) {
  const { topic } = context.params;
  context.title(`Dead letters in ${topic}`);
  let list;
  let about;
  const look = async () => {
    const [said, all] = await Promise.all([get(path`/topics/${topic}/records` + query({ limit: 100, maxBytes: 4096 }), context.signal), get('/dead-letters', context.signal)]);
    list = said.records;
    about = all.topics.find(t => t.topic === topic) ?? { records: list.length };
    draw();
  };
  const draw = () => context.render(
    head(topic, {
      trail: [['/dead-letters', 'Dead letters']],
      note: about.original && ['From ', h('a', { href: path`/topics/${about.original}` }, about.original)],
      actions: [h('a', { href: path`/topics/${topic}/messages` + '?from=search' }, 'Search in them'), !context.isReadOnly && list.length > 0 && button('Replay', () => replay(context, topic, about), { class: 'main' })],
    }),
    list.length === 0 ? empty('Nothing is left here', 'All of these records were deleted or have expired.') : letters(context, topic, list));
  await look();
  context.every(5000, look);
}

function letters(context, topic, list) {
  return table('Dead letters', [
    { name: 'Offset', isNumber: true, of: r => button(number(r.offset), () => showRecord(context, topic, r, { edited: whole => mended(topic, whole) }), { class: 'link', 'aria-label': `Open offset ${r.offset} of partition ${r.partition}` }) },
    { name: 'When', of: r => ago(r.timestampMs) },
    { name: 'Key', class: 'wrap mono', of: r => textOf(r.key) },
    { name: 'Came from', of: r => origin(r) },
    { name: 'Why', class: 'wrap', of: r => visible(reason(r)).slice(0, 300) },
  ], list, { keyOf: r => `${r.partition}:${r.offset}` });
}

/** Sent again, a letter goes where it came from, without what was written on it. */
function mended(topic, letter) {
  return {
    topic: headerText(letter, ORIGIN) ?? topic,
    record: { ...letter, headers: letter.headers.filter(one => !/^(kafka_dlt-|__connect\.errors\.)/.test(one.name)) },
  };
}

const textOf = said => (said === null ? 'null' : visible(said.text ?? `${said.sizeInBytes} bytes`).slice(0, 120));

/** What was thrown, without the sentence that Spring puts in front of it: that a listener failed, with all its types. */
const reason = record => (headerText(record, REASONS) ?? '–').replace(/^Listener method '.*?' threw exception; (nested exception is )?(?=.)/s, '');

function headerText(record, names) {
  const found = names.map(name => record.headers.find(one => one.name === name)).find(Boolean);
  return found?.value && decoder.decode(raw(found.value));
}

/** Spring writes partition and offset as big-endian numbers, Connect as text. */
function headerNumber(record, binary, textual) {
  const found = record.headers.find(one => one.name === binary);
  if (found?.value) return raw(found.value).reduce((all, byte) => all * 256 + byte, 0);
  const text = headerText(record, [textual]);
  return text === undefined || text === null ? undefined : Number(text);
}

function origin(record) {
  const topic = headerText(record, ORIGIN);
  if (!topic) return '–';
  const partition = headerNumber(record, 'kafka_dlt-original-partition', '__connect.errors.partition');
  const offset = headerNumber(record, 'kafka_dlt-original-offset', '__connect.errors.offset');
  if (!(partition >= 0) || !(offset >= 0)) return topic;
  return h('a', { href: path`/topics/${topic}/messages` + `?from=offset&partition=${partition}&offset=${offset}` }, `${topic}, partition ${partition}, offset ${number(offset)}`);
}

/** Asks which, counts them first (a dry run), then replays with progress. */
async function replay(context, topic, about) {
  const state = { key: '', value: '', to: '', counted: null, progress: null, life: null };
  const done = await dialog(`Replay ${topic}`, close => {
    const place = h('div');
    const draw = () => morph(place, h('div', body()));
    const change = name => event => {
      Object.assign(state, { [name]: event.target.value, counted: null });
      draw();
    };
    const run = async isDryRun => {
      const life = new AbortController();
      Object.assign(state, { life, progress: { fraction: 0 } });
      draw();
      let end;
      try {
        await events('POST', path`/dead-letters/${topic}/replay`, { filters: { ...(state.key && { key: state.key }), ...(state.value && { value: state.value }) }, ...(state.to && { to: state.to }), isDryRun }, AbortSignal.any([life.signal, context.signal]), (kind, data) => {
          if (kind === 'progress') state.progress = data;
          if (kind === 'end') end = data;
          draw();
        });
      } finally {
        Object.assign(state, { life: null, progress: null });
      }
      if (isDryRun) state.counted = end;
      else close(end);
      draw();
    };
    const body = () => form(state.counted ? 'Replay' : 'Count them', [
      h('p', `The records are written once more to the topic they came from${about.original ? ` (${about.original})` : ''}. They stay here, too.`),
      h('div.row',
        field('Key contains', input({ id: 'replay-key', value: state.key, oninput: change('key') })),
        field('Value contains', input({ id: 'replay-value', value: state.value, oninput: change('value') })),
        field('To another topic', input({ id: 'replay-to', value: state.to, placeholder: about.original ?? '', oninput: change('to') }))),
      state.progress && h('div.progress', { role: 'status' }, meter(state.progress.fraction ?? 0, 1, 'Progress', { isProgress: true }), button('Stop', () => state.life.abort())),
      state.counted && h('p', { role: 'status' }, h('b', `${count(state.counted.replayed, 'record')} will be replayed`), `, ${number(state.counted.skipped)} do not fit the filters or have no topic to go to.`),
    ], () => run(!state.counted), { cancel: close });
    draw();
    return place;
  });
  if (done) notify(`${count(done.replayed, 'record')} replayed.`);
}
