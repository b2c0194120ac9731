// Numbers and times for people. Pure.

const WHOLE = new Intl.NumberFormat('en');
const TENTH = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export const number = value => WHOLE.format(value);

/** Few digits: 12,300 as 12.3 k. */
export function short(value) {
  const size = Math.abs(value);
  if (size < 10_000) return size < 100 ? TENTH.format(value) : WHOLE.format(Math.round(value));
  for (const [unit, at] of [['T', 1e12], ['G', 1e9], ['M', 1e6]]) if (size >= at) return `${TENTH.format(value / at)} ${unit}`;
  return `${TENTH.format(value / 1000)} k`;
}

export function bytes(value) {
  let unit = 0;
  let rest = value;
  while (Math.abs(rest) >= 1024 && unit < UNITS.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${unit === 0 || rest >= 100 ? WHOLE.format(Math.round(rest)) : TENTH.format(rest)} ${UNITS[unit]}`;
}

/** A length of time: 1.5 s, 3 min 20 s, 2 h 5 min, 4 days. */
export function span(ms) {
  if (ms < 1000) return `${TENTH.format(ms < 10 ? ms : Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${TENTH.format(seconds)} s`;
  const two = (value, big, small, each) => {
    const whole = Math.floor(value / each);
    const rest = Math.floor(value % each);
    return rest ? `${whole} ${big} ${rest} ${small}` : `${whole} ${big}`;
  };
  if (seconds < 3600) return two(seconds, 'min', 's', 60);
  if (seconds < 86_400) return two(seconds / 60, 'h', 'min', 60);
  const days = Math.floor(seconds / 86_400);
  return days === 1 ? '1 day' : `${WHOLE.format(days)} days`;
}

export function ago(timeMs, nowMs = Date.now()) {
  const ms = nowMs - timeMs;
  if (ms < 0) return `in ${span(-ms)}`;
  return ms < 2000 ? 'now' : `${span(ms)} ago`;
}

const two = value => String(value).padStart(2, '0');

export function clock(timeMs) {
  const t = new Date(timeMs);
  return `${two(t.getHours())}:${two(t.getMinutes())}`;
}

/** Local time to the millisecond. */
export function time(timeMs) {
  if (timeMs < 0) return 'no time';
  const t = new Date(timeMs);
  if (Number.isNaN(t.getTime())) return String(timeMs);
  const day = `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`;
  return `${day} ${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}.${String(t.getMilliseconds()).padStart(3, '0')}`;
}

/** What an input of type datetime-local shows. */
export const localInput = timeMs => time(timeMs).replace(' ', 'T').slice(0, 19);

export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

/** A setting in words, where its name tells the unit; empty where the value says it all. */
export function meaning(name, value) {
  if (value === null || !/^-?\d+$/.test(value)) return '';
  const n = Number(value);
  if (n === -1 && /\.(ms|bytes|messages)$/.test(name)) return 'no limit';
  if (n >= 9e18) return 'never';
  if (/\.ms$/.test(name) && n >= 1000) return span(n);
  if (/bytes/.test(name) && n >= 1024) return bytes(n);
  return '';
}
