// The control that fits a setting: a choice, a number with its unit, or text.

import { h } from './dom.js';
import { bytes, span } from './format.js';
import { input, select } from './parts.js';

const CHOICES = {
  'cleanup.policy': [['delete', 'delete the oldest'], ['compact', 'compact: keep the newest of each key'], ['compact,delete', 'both']],
  'compression.type': [['producer', 'as the producer sends them'], ['uncompressed', 'uncompressed'], ['gzip', 'gzip'], ['snappy', 'snappy'], ['lz4', 'lz4'], ['zstd', 'zstd']],
  'message.timestamp.type': [['CreateTime', 'of the producer'], ['LogAppendTime', 'of the broker']],
  'milena.durability': [['forced', 'forced to disk'], ['written', 'written to the page cache']],
};
const YES_NO = [['true', 'yes'], ['false', 'no']];
const TIMES = [['1', 'ms'], ['1000', 'seconds'], ['60000', 'minutes'], ['3600000', 'hours'], ['86400000', 'days']];
const SIZES = [['1', 'bytes'], ['1024', 'KiB'], ['1048576', 'MiB'], ['1073741824', 'GiB']];
const LONG_MAX = '9223372036854775807';

/** A value in the words of its control: 7 days, forced to disk, no limit. */
export function inWords(setting, value) {
  if (value === null || value === undefined) return 'not set';
  if (value === '') return 'empty';
  const chosen = choices(setting)?.find(([id]) => id === value);
  if (chosen) return chosen[1];
  if (value === limitless(setting)) return 'no limit';
  const number = Number(value);
  const units = unitsOf(setting);
  return units === TIMES && number >= 0 ? span(number) : units === SIZES && number >= 0 ? bytes(number) : value;
}

/** {node, text()}: what was chosen as the broker writes it; empty while nobody has touched it, which only a value that is not given can be. */
export function controlOf(setting, id, value = '') {
  const options = choices(setting);
  if (options) {
    const all = [value === '' && ['', `by default ${inWords(setting, setting.defaultValue)}`], ...options].filter(Boolean);
    const known = all.some(([option]) => option === value) ? all : [[value, value], ...all];
    const node = select(known, value, () => {}, { id });
    return { node, text: () => node.value };
  }
  const units = unitsOf(setting);
  if (units) return measured(setting, id, value, units);
  const isNumber = ['int', 'short', 'long', 'double'].includes(setting.type);
  const node = input({ id, value, placeholder: placeholder(setting), ...(isNumber && { type: 'number', step: setting.type === 'double' ? 'any' : 1 }) });
  return { node, text: () => node.value.trim() };
}

function measured(setting, id, value, units) {
  const none = limitless(setting);
  const isNone = none !== undefined && value === none;
  const unit = isNone ? 'none' : best(value || setting.defaultValue, units);
  const amount = input({ id, type: 'number', step: 'any', placeholder: isNone ? '' : placeholder(setting), value: isNone || value === '' ? '' : String(Number(value) / Number(unit)), disabled: isNone });
  const change = chosen => {
    amount.disabled = chosen === 'none';
    if (amount.disabled) amount.value = '';
    else amount.placeholder = placeholder(setting);
  };
  const measure = select([...units, none !== undefined && ['none', 'no limit']].filter(Boolean), unit, change, { id: `${id}-unit`, 'aria-label': `Unit of ${setting.name}` });
  return {
    node: h('div.measure', amount, measure),
    text: () => (measure.value === 'none' ? none : amount.value === '' ? '' : String(Math.round(Number(amount.value) * Number(measure.value)))),
  };
}

const choices = setting => CHOICES[setting.name] ?? (setting.type === 'boolean' ? YES_NO : undefined);

const unitsOf = setting => (!/^(int|long)$/.test(setting.type) ? undefined : /\.ms$/.test(setting.name) ? TIMES : /bytes$/.test(setting.name) ? SIZES : undefined);

/** How no limit is written, where there may be none. */
const limitless = setting => (/-1.* no limit/.test(setting.documentation) ? '-1' : setting.defaultValue === LONG_MAX ? LONG_MAX : undefined);

const placeholder = setting => (setting.defaultValue === null ? '' : inWords(setting, setting.defaultValue));

/** The largest unit of which it is a whole number. */
const best = (value, units) => units.findLast(([size]) => Number(value) >= Number(size) && Number(value) % Number(size) === 0 && value !== LONG_MAX)?.[0] ?? units[0][0];
