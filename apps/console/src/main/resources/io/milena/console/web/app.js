// The frame around every page: navigation, theme, what is open, and what happens when a page fails.

import { get } from './api.js';
import { h, morph } from './dom.js';
import { failure, notify } from './parts.js';
import { follow, matcher, remember } from './router.js';

const SECTIONS = [
  ['/', 'Overview'],
  ['/topics', 'Topics'],
  ['/groups', 'Groups'],
  ['/transactions', 'Transactions'],
  ['/dead-letters', 'Dead letters'],
  ['/trash', 'Trash'],
  ['/settings', 'Settings'],
];

const PAGES = [
  ['/', () => import('./overview.js')],
  ['/topics', () => import('./topics.js')],
  ['/topics/{topic}/{tab?}', () => import('./topic.js')],
  ['/groups', () => import('./groups.js')],
  ['/groups/{group}/{tab?}', () => import('./group.js')],
  ['/transactions', () => import('./transactions.js')],
  ['/dead-letters', () => import('./letters.js')],
  ['/dead-letters/{topic}', () => import('./letter.js')],
  ['/trash', () => import('./trash.js')],
  ['/settings', () => import('./broker-settings.js')],
].map(([template, load]) => ({ match: matcher(template), load }));

const main = document.getElementById('content');
let open = new AbortController();
let console_; // what it says of itself, once it was asked

async function show({ isFirst = false } = {}) {
  open.abort();
  open = new AbortController();
  main.setAttribute('aria-busy', 'true');
  drawNav();
  const signal = open.signal;
  const found = PAGES.map(page => ({ load: page.load, params: page.match(location.pathname) })).find(page => page.params);
  // both at once; what goes wrong with the page's code is told below
  const loading = found?.load();
  loading?.catch(() => {});
  await about();
  if (signal.aborted) return;
  const context = contextOf(signal);
  try {
    if (!found) {
      lost(context);
    } else {
      const page = await loading;
      if (!context.signal.aborted) await page.open({ ...context, params: found.params });
    }
  } catch (e) {
    if (e.name !== 'AbortError' && !context.signal.aborted) context.fail(e);
  }
  if (context.signal.aborted) return;
  main.setAttribute('aria-busy', 'false');
  if (isFirst) performance.mark('milena:interactive');
  else {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
    document.getElementById('announcements').textContent = document.title;
  }
}

async function about() {
  if (console_) return;
  try {
    console_ = await get('/console');
    drawFoot();
  } catch {
    // the page itself says what is wrong
  }
}

/** What a page gets: its address, its life (signal), and where it draws. */
function contextOf(signal) {
  const context = {
    signal,
    query: new URLSearchParams(location.search),
    isReadOnly: Boolean(console_?.isReadOnly),
    remember,
    title(text) {
      document.title = text === 'Milena' ? text : `${text} · Milena`;
    },
    render(...nodes) {
      if (signal.aborted) return;
      const drawn = h('main');
      drawn.append(...nodes.flat(Infinity).filter(Boolean));
      morph(main, drawn);
    },
    fail(e) {
      context.render(failure(e, () => show()));
      // an outage ends by itself: look again until it does
      if (e.status === 0 || e.status === 503) setTimeout(() => signal.aborted || show(), 2000);
    },
    /** Again and again while the page is seen, never twice at once; one failure is told, and the next try is in its turn. */
    every(ms, work, { isNow = false } = {}) {
      let isDown = false;
      let isAtWork = false;
      const turn = async () => {
        if (document.hidden || signal.aborted || isAtWork) return;
        isAtWork = true;
        try {
          await work();
          if (isDown) notify('The broker answers again.');
          isDown = false;
        } catch (e) {
          if (e.name === 'AbortError' || signal.aborted) return;
          if (!isDown) notify(e.message, 'bad');
          isDown = true;
        } finally {
          isAtWork = false;
        }
      };
      const timer = setInterval(turn, ms);
      signal.addEventListener('abort', () => clearInterval(timer));
      if (isNow) turn();
    },
  };
  return context;
}

function lost(context) {
  context.title('Not found');
  context.render(h('h1', 'There is no such page'), h('p', 'Go on at the ', h('a', { href: '/' }, 'overview'), '.'));
}

function drawNav() {
  const here = location.pathname;
  const isIn = where => (where === '/' ? here === '/' : here === where || here.startsWith(`${where}/`));
  const links = SECTIONS.map(([where, name]) => h('li', h('a', { href: where, 'aria-current': isIn(where) ? 'page' : null }, name)));
  const nav = document.getElementById('nav');
  morph(nav, h('nav', h('ul', links)));
  // in a narrow window it is a strip: the place where one is must be on it
  const current = nav.querySelector('[aria-current]');
  if (current && nav.scrollWidth > nav.clientWidth) nav.scrollLeft += current.getBoundingClientRect().left - nav.getBoundingClientRect().left - (nav.clientWidth - current.offsetWidth) / 2;
}

function drawFoot() {
  const isDark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  };
  const change = () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem('milena.theme', theme);
    } catch {
      // it holds until the page is left
    }
    drawFoot();
  };
  const foot = h('div',
    h('button.quiet', { type: 'button', onclick: change, 'aria-pressed': String(isDark()) }, isDark() ? '☀ Light' : '☾ Dark'),
    h('a', { href: '/api/v1/openapi.json', target: '_blank' }, 'API'),
    console_ && h('span.faint', console_.version),
    console_?.isReadOnly && h('span.badge', 'read-only'));
  morph(document.getElementById('foot'), foot);
}

addEventListener('popstate', () => show());
addEventListener('milena:moved', () => show());
follow();
drawFoot();
show({ isFirst: true });
