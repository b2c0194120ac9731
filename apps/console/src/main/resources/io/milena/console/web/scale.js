// The axes of a chart: how far they go, so that the top, its half and zero can all be read. Pure.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIMES = [2, 4, 10, 20, 40, 60].map(n => n * SECOND).concat([2, 4, 10, 20, 40, 60].map(n => n * MINUTE), [2, 4, 12, 24].map(n => n * HOUR));

/** The first of 1, 2, 4, 6, 10, 20, ... times the unit that is not less. */
function decimal(value, unit = 1) {
  const size = 10 ** Math.floor(Math.log10(value / unit));
  const lead = value / unit / size;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 4 ? 4 : lead <= 6 ? 6 : 10) * size * unit;
}

/** Per kind of value, a number not less than the value. None is so small that its half would read like another. */
export const TOPS = {
  number: value => decimal(Math.max(value, 0.2)),
  whole: value => decimal(Math.max(value, 2)),
  bytes: value => decimal(Math.max(value, 2), 1024 ** Math.max(0, Math.floor(Math.log2(value) / 10))),
  time: ms => (ms <= SECOND ? decimal(Math.max(ms, 0.2)) : (TIMES.find(top => ms <= top) ?? decimal(Math.max(ms, 2 * DAY), DAY))),
};

/** Times along a chart: with seconds where minutes would say the same twice. */
export const hasSeconds = (from, to) => to - from < 4 * MINUTE;
