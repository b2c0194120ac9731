// Line and area charts as SVG, drawn from points [timeMs, value].

import { h, s } from './dom.js';
import { clock, time } from './format.js';
import { choice } from './parts.js';
import { TOPS, hasSeconds } from './scale.js';

const WIDTH = 480;
const HEIGHT = 128;
const LEFT = 68;
const BOTTOM = 18;
const TOP = 8;
const SPANS = [['30', '30 min'], ['60', '1 h'], ['360', '6 h']];

/** Over which time the charts of a page go; it stands in the address. */
export function timespan(context, look) {
  const asked = context.query.get('over');
  let minutes = SPANS.some(([id]) => id === asked) ? asked : SPANS[0][0];
  const change = chosen => {
    minutes = chosen;
    context.remember({ over: chosen === SPANS[0][0] ? null : chosen });
    look().catch(() => {}); // the next look tells what is wrong
  };
  return {
    // half a minute less: the finest points reach back for half an hour by the clock of the broker
    sinceMs: () => Date.now() - Number(minutes) * 60_000 + 30_000,
    choice: () => h('div.over', choice('Time of the charts', minutes, SPANS, change)),
  };
}

/** The points without a gap between them that is longer than three steps. */
function runs(points, stepMs) {
  const found = [];
  points.forEach((point, i) => {
    if (i === 0 || point[0] - points[i - 1][0] > 3 * stepMs) found.push([]);
    found.at(-1).push(point);
  });
  return found;
}

/** Series with one unit over one time: {title, kind: of TOPS, unit: value => text, isNamed, series: [{name, stepMs, points}]}; otherwise says what it means that there is no point. */
export function chart({ title, kind = 'number', unit, isNamed, series, otherwise = 'Nothing measured yet.' }) {
  const all = series.flatMap(one => one.points);
  const last = series.map(one => [one.name, one.points.at(-1)?.[1]]).filter(([, v]) => v !== undefined);
  const now = last.map(([name, v]) => (series.length > 1 ? `${name} ${unit(v)}` : unit(v))).join(', ');
  const legend = h('figcaption', h('span.chart-title', title),
    h('span.legend', last.map(([name, v], i) => h('span', { class: `line-${i % 5}` }, (isNamed || series.length > 1) && `${name} `, h('b', unit(v))))));
  if (all.length === 0) return h('figure.chart', legend, h('p.faint', otherwise));
  const from = Math.min(...all.map(p => p[0]));
  const to = Math.max(...all.map(p => p[0]), from + 6 * Math.max(...series.map(one => one.stepMs)));
  const top = TOPS[kind](Math.max(...all.map(p => p[1])));
  const x = t => LEFT + ((t - from) / (to - from)) * (WIDTH - LEFT - 4);
  const y = v => TOP + (1 - v / top) * (HEIGHT - TOP - BOTTOM);
  const ticks = [0, 0.5, 1].map(share => [s('line.grid', { x1: LEFT, x2: WIDTH, y1: y(top * share), y2: y(top * share) }),
    s('text.tick', { x: LEFT - 6, y: y(top * share) + 4, 'text-anchor': 'end' }, share === 0 ? '0' : unit(top * share))]);
  const told = t => (hasSeconds(from, to) ? time(t).slice(11, 19) : clock(t));
  const times = [0, 0.5, 1].map(share => {
    const t = from + (to - from) * share;
    return s('text.tick', { x: x(t), y: HEIGHT - 3, 'text-anchor': share === 0 ? 'start' : share === 1 ? 'end' : 'middle' }, told(t));
  });
  const at = ([t, v]) => `${x(t).toFixed(1)} ${y(v).toFixed(1)}`;
  const shapes = series.map((one, i) => {
    const parts = runs(one.points, one.stepMs);
    const below = part => `M${x(part[0][0]).toFixed(1)} ${y(0)}L${part.map(at).join('L')}L${x(part.at(-1)[0]).toFixed(1)} ${y(0)}Z`;
    const alone = parts.filter(part => part.length === 1);
    return parts.length > 0 && [
      series.length === 1 && s(`path.area.line-${i % 5}`, { d: parts.map(below).join('') }),
      s(`path.stroke.line-${i % 5}`, { d: parts.map(part => `M${part.map(at).join('L')}`).join('') }),
      alone.length > 0 && s(`path.stroke.dot.line-${i % 5}`, { d: alone.map(([point]) => `M${at(point)}h0`).join('') }),
    ];
  });
  return h('figure.chart', { key: title }, legend, reading(s('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${title}: ${now}, since ${clock(from)}` }, ticks, times, shapes), { series, from, to, unit, x }));
}

/** The values under the pointer, in the chart's own title. */
function reading(svg, { series, from, to, unit, x }) {
  svg.onpointermove = event => {
    const box = svg.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * WIDTH;
    const t = from + ((at - LEFT) / (WIDTH - LEFT - 4)) * (to - from);
    const near = series.map(one => [one.name, one.points.reduce((best, p) => (!best || Math.abs(p[0] - t) < Math.abs(best[0] - t) ? p : best), null)]).filter(([, p]) => p);
    if (near.length === 0) return;
    let mark = svg.querySelector('.mark');
    if (!mark) svg.append(mark = s('g.mark', s('line.cursor', { y1: TOP, y2: HEIGHT - BOTTOM }), s('text.reading', { y: TOP + 8 })));
    const place = x(near[0][1][0]);
    mark.firstChild.setAttribute('x1', place);
    mark.firstChild.setAttribute('x2', place);
    mark.lastChild.setAttribute('x', place > WIDTH / 2 ? place - 6 : place + 6);
    mark.lastChild.setAttribute('text-anchor', place > WIDTH / 2 ? 'end' : 'start');
    mark.lastChild.textContent = `${time(near[0][1][0]).slice(11, 19)}  ${near.map(([name, p]) => (series.length > 1 ? `${name} ${unit(p[1])}` : unit(p[1]))).join(' · ')}`;
  };
  svg.onpointerleave = () => svg.querySelector('.mark')?.remove();
  svg.handlers = ['onpointermove', 'onpointerleave'];
  return svg;
}
