// Writing a record: a new one, or one that is there, edited.

import { path, post } from './api.js';
import { h, morph } from './dom.js';
import { number } from './format.js';
import { button, dialog, field, form, input, notify, select } from './parts.js';

const KINDS = [['text', 'Text'], ['json', 'JSON'], ['base64', 'Base64'], ['null', 'null']];

/** Asks for a record and writes it; the promise has where it went, or undefined. */
export async function produce(topic, partitions, original) {
  const state = {
    topic,
    partition: '',
    key: edited(original ? original.key : null),
    value: original ? edited(original.value) : { kind: 'text', text: '' },
    headers: (original?.headers ?? []).map(one => ({ name: one.name, ...edited(one.value) })),
    count: '1',
  };
  const isCut = original && (original.key?.isCut || original.value?.isCut);
  const written = await dialog(original ? `Edit and resend offset ${number(original.offset)}` : `Produce to ${topic}`, close => {
    const place = h('div');
    const draw = () => morph(place, h('div', form('Write', parts(state, partitions, draw, original), async () => close(await write(state)), { cancel: close })));
    if (isCut) return h('p.problem', 'This record is too large to be edited here.');
    draw();
    return place;
  }, { isWide: true });
  if (written) notify(written.length === 1 ? `Written to partition ${written[0].partition} at offset ${number(written[0].offset)}.` : `${number(written.length)} records written.`);
  return written;
}

function edited(said) {
  if (said === null || said === undefined) return { kind: 'null', text: '' };
  return said.text === undefined ? { kind: 'base64', text: said.base64 } : { kind: 'text', text: said.text };
}

function bytesOf({ kind, text }, what) {
  if (kind === 'null') return null;
  if (kind === 'text') return { text };
  if (kind === 'base64') {
    const plain = text.replace(/\s/g, '');
    try {
      atob(plain);
    } catch {
      throw new Error(`The ${what} is not base64.`);
    }
    return { base64: plain };
  }
  try {
    JSON.parse(text);
  } catch (e) {
    throw new Error(`The ${what} is not JSON: ${e.message}`);
  }
  return { text }; // as it was written: a parser would round large numbers
}

async function write(state) {
  const record = {
    ...(state.partition !== '' && { partition: Number(state.partition) }),
    key: bytesOf(state.key, 'key'),
    value: bytesOf(state.value, 'value'),
    headers: state.headers.filter(one => one.name !== '').map(one => ({ name: one.name, value: bytesOf(one, `header ${one.name}`) })),
  };
  const said = await post(path`/topics/${state.topic}/records`, { records: Array.from({ length: Number(state.count) }, () => record) });
  const wrong = said.records.find(one => one.error);
  if (wrong) throw new Error(typeof wrong.error === 'string' ? wrong.error : wrong.error.detail);
  return said.records;
}

function parts(state, partitions, draw, original) {
  return [
    h('div.row',
      original && field('Topic', input({ id: 'to-topic', value: state.topic, required: true, oninput: event => (state.topic = event.target.value) })),
      field('Partition', input({ id: 'to-partition', type: 'number', min: 0, max: partitions ? partitions - 1 : null, placeholder: 'by the key', value: state.partition, oninput: event => (state.partition = event.target.value) }), 'Empty: records with one key go to one partition.'),
      field('Copies', input({ id: 'to-count', type: 'number', min: 1, max: 1000, value: state.count, oninput: event => (state.count = event.target.value) }))),
    piece('Key', state.key, 1, draw),
    piece('Value', state.value, 8, draw),
    h('fieldset', h('legend', 'Headers'),
      state.headers.map((one, i) => h('div.row', { key: i },
        field('Name', input({ id: `header-name-${i}`, value: one.name, oninput: event => (one.name = event.target.value) })),
        field('As', select(KINDS, one.kind, kind => { one.kind = kind; draw(); }, { id: `header-kind-${i}` })),
        one.kind !== 'null' && field('Value', input({ id: `header-value-${i}`, value: one.text, oninput: event => (one.text = event.target.value) })),
        button('Remove', () => { state.headers.splice(i, 1); draw(); }, { class: 'quiet', 'aria-label': `Remove header ${one.name}` }))),
      button('Add a header', () => { state.headers.push({ name: '', kind: 'text', text: '' }); draw(); })),
  ];
}

function piece(name, part, rows, draw) {
  const id = name.toLowerCase();
  return h('div.row',
    h('div.field.grow', h('label', { for: `to-${id}` }, name),
      part.kind === 'null'
        ? input({ id: `to-${id}`, value: '', placeholder: id === 'value' ? 'null: a tombstone, which removes the key from a compacted topic' : 'null: no key', oninput: event => {
          Object.assign(part, { kind: 'text', text: event.target.value });
          draw();
          document.getElementById(`to-${id}`).focus();
        } })
        : h('textarea', { id: `to-${id}`, rows, spellcheck: 'false', value: part.text, autofocus: id === 'value', oninput: event => (part.text = event.target.value) })),
    h('div.field.small', h('label', { for: `to-${id}-kind` }, `${name} as`), select(KINDS, part.kind, kind => { part.kind = kind; draw(); }, { id: `to-${id}-kind` })));
}
