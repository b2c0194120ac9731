// Records as rows, and one record whole: as JSON, text, Avro or bytes.

import { get, path } from './api.js';
import { h, morph } from './dom.js';
import { bytes, number, time } from './format.js';
import { badge, button, choice, copy, dialog, table } from './parts.js';
import { produce } from './produce.js';

/** A list of them; a click or Enter on the offset opens one. */
export function records(list, chosen, show) {
  const columns = [
    { name: 'Partition', isNumber: true, of: r => String(r.partition) },
    { name: 'Offset', isNumber: true, of: r => button(number(r.offset), () => show(r), { class: 'link', 'aria-label': `Open offset ${r.offset} of partition ${r.partition}` }) },
    { name: 'Time', of: r => h('span.mono', moment(r.timestampMs)) },
    { name: 'Key', class: 'cut key mono', of: r => preview(r.key) },
    { name: 'Value', class: 'cut mono', of: r => preview(r.value) },
    { name: 'Size', isNumber: true, of: r => bytes((r.key?.sizeInBytes ?? 0) + (r.value?.sizeInBytes ?? 0)) },
  ];
  const drawn = table('Messages', columns, list, { keyOf: idOf, rowClass: r => (idOf(r) === chosen ? 'chosen' : '') });
  drawn.classList.add('records');
  return drawn;
}

/** The day of today is left out in a narrow window. */
function moment(timestampMs) {
  const said = time(timestampMs);
  const today = time(Date.now()).slice(0, 11);
  return said.startsWith(today) ? [h('span.today', today), said.slice(today.length)] : said;
}

const idOf = record => `${record.partition}:${record.offset}`;

function preview(said) {
  if (said === null || said === undefined) return h('span.faint', 'null');
  if (said.sizeInBytes === 0) return h('span.faint', 'empty');
  const avro = avroOf(said);
  if (avro) return h('span.faint', `schema ${avro.schema}: ${hexOf(avro.data.slice(0, 32))}`);
  if (said.text !== undefined) return visible(said.text.slice(0, 300));
  return h('span.faint', hexOf(raw(said).slice(0, 32)));
}

/** Control characters, and those that change the direction of text, as what they are. */
export function visible(text) {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f\u0080-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The bytes of a key or value as the API writes them. */
export function raw(said) {
  if (said === null || said === undefined) return new Uint8Array();
  if (said.text !== undefined) return new TextEncoder().encode(said.text);
  return Uint8Array.from(atob(said.base64), c => c.charCodeAt(0));
}

/** What the serializers of schema registries write: a zero, the number of the schema, the data. null where it is not so. */
function avroOf(said) {
  if (said.text !== undefined && said.text.charCodeAt(0) !== 0) return null;
  const all = raw(said);
  if (all.length < 6 || all[0] !== 0) return null;
  const schema = new DataView(all.buffer).getInt32(1);
  return schema > 0 ? { schema, data: all.slice(5) } : null;
}

const hexOf = data => [...data].map(b => b.toString(16).padStart(2, '0')).join(' ');

/** Sixteen bytes a line: where, what, and which characters they may be. */
export function dump(data) {
  const lines = [];
  for (let at = 0; at < data.length; at += 16) {
    const part = data.slice(at, at + 16);
    const left = hexOf(part.slice(0, 8)).padEnd(23);
    const right = hexOf(part.slice(8)).padEnd(23);
    const letters = [...part].map(b => (b >= 32 && b < 127 ? String.fromCharCode(b) : '·')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${left}  ${right}  ${letters}`);
  }
  return lines.join('\n');
}

/** JSON with numbers kept as they were written: those that JavaScript would round are not parsed. */
export function pretty(text) {
  const whole = JSON.parse(text, (name, value, context) => (typeof value === 'number' && context && String(value) !== context.source ? rawNumber(context.source) : value));
  return JSON.stringify(whole, null, 2);
}

const rawNumber = source => (typeof JSON.rawJSON === 'function' ? JSON.rawJSON(source) : source);

/** Coloured JSON; each piece is set as text. */
function colored(text) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(/("(?:\\.|[^"\\])*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/g)) {
    if (found.index > at) nodes.push(text.slice(at, found.index));
    const kind = found[2] ? 'key' : found[1] ? 'text' : /^[tfn]/.test(found[0]) ? 'word' : 'number';
    nodes.push(h(`span.j-${kind}`, visible(found[1] ?? found[0])), found[2] ?? '');
    at = found.index + found[0].length;
  }
  nodes.push(text.slice(at));
  return nodes;
}

function isJson(said) {
  if (said?.text === undefined || !/^\s*[[{"\d\-tfn]/.test(said.text)) return false;
  try {
    JSON.parse(said.text);
    return true;
  } catch {
    return false;
  }
}

/** One record in a dialog, read whole; edited is how it is sent again. */
export async function showRecord(context, topic, record, { again, edited = whole => ({ topic, record: whole }) } = {}) {
  const where = path`/topics/${topic}/partitions/${record.partition}/records/${record.offset}`;
  const whole = await get(where + '?maxBytes=1048576', context.signal).catch(e => ({ ...record, problem: e.message }));
  const views = {};
  await dialog(`Offset ${number(whole.offset)}, partition ${whole.partition}`, close => {
    const place = h('div.record');
    const draw = () => morph(place, h('div', body()));
    const body = () => whole.problem && whole.key === undefined ? [h('p.problem', whole.problem)] : [
      whole.problem && h('p.problem', whole.problem),
      h('dl',
        h('dt', 'Topic'), h('dd', topic),
        h('dt', 'Time'), h('dd', `${time(whole.timestampMs)}${whole.timestampType === 'LogAppendTime' ? ' (when it was appended)' : ''}`),
        h('dt', 'Compression'), h('dd', whole.compression),
        whole.isTransactional && [h('dt', 'Transaction'), h('dd', badge('part of one'))]),
      payload('Key', whole.key, views, draw),
      payload('Value', whole.value, views, draw),
      headers(whole.headers),
      h('div.form-end',
        button('Copy as JSON', event => copy(JSON.stringify(whole, null, 2), event.currentTarget)),
        !context.isReadOnly && button('Edit and resend', async () => {
          close();
          const resent = edited(whole);
          if (await produce(resent.topic, null, resent.record)) await again?.();
        }, { class: 'main' })),
    ];
    draw();
    return place;
  }, { isWide: true });
}

function payload(name, said, views, draw) {
  if (said === null || said === undefined) return h('div.payload', h('div', h('h3', name)), h('p.faint', 'null'));
  const avro = avroOf(said);
  const kinds = [avro && ['avro', 'Avro'], isJson(said) && ['json', 'JSON'], said.text !== undefined && ['text', 'Text'], ['hex', 'Bytes']].filter(Boolean);
  const kind = views[name] ?? kinds[0][0];
  const shown = { avro: () => [h('p.note', `With schema ${number(avro.schema)} of a registry. Its bytes:`), h('pre.hex', { tabindex: 0 }, h('code', dump(avro.data)))], json: () => h('pre', { tabindex: 0 }, h('code', colored(pretty(said.text)))), text: () => h('pre', { tabindex: 0 }, h('code', visible(said.text))), hex: () => h('pre.hex', { tabindex: 0 }, h('code', dump(raw(said)))) }[kind];
  return h('div.payload',
    h('div', h('h3', name, h('span.faint', `  ${bytes(said.sizeInBytes)}${said.isCut ? ', of which the beginning is shown' : ''}`)),
      h('span', choice(`Show the ${name.toLowerCase()} as`, kind, kinds, chosen => {
        views[name] = chosen;
        draw();
      }), ' ', button('Copy', event => copy(said.text ?? said.base64, event.currentTarget), { class: 'quiet', 'aria-label': `Copy the ${name.toLowerCase()}` }))),
    shown());
}

function headers(list) {
  if (list.length === 0) return h('div.payload', h('div', h('h3', 'Headers')), h('p.faint', 'none'));
  return h('div.payload', h('div', h('h3', `Headers (${list.length})`)),
    table('Headers', [{ name: 'Name', of: x => visible(x.name) }, { name: 'Value', class: 'wrap mono', of: x => (x.value === null ? h('span.faint', 'null') : x.value.text !== undefined ? visible(x.value.text) : hexOf(raw(x.value))) }], list));
}
