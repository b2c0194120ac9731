// The JSON API, and what its errors mean to people.

const BASE = '/api/v1';

/** An answer that is none: detail is for people, status 0 stands for no answer at all. */
export class Problem extends Error {
  constructor(status, detail, code) {
    super(detail);
    this.status = status;
    this.code = code;
  }

  /** The broker in use does not have this part of the API. */
  get isMissing() {
    return this.status === 404 && this.message === 'There is nothing here.';
  }
}

/** A path with each part encoded: path`/topics/${name}`. */
export function path(strings, ...parts) {
  return strings.reduce((whole, text, i) => whole + encodeURIComponent(parts[i - 1]) + text);
}

/** A query without what is empty. */
export function query(values) {
  const pairs = Object.entries(values).filter(([, v]) => v !== undefined && v !== null && v !== '' && v !== false);
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
}

export const get = (where, signal) => call('GET', where, undefined, signal);
export const post = (where, body = {}, signal) => call('POST', where, body, signal);
export const patch = (where, body, signal) => call('PATCH', where, body, signal);
export const remove = (where, signal) => call('DELETE', where, undefined, signal);

/** As get; null where the broker does not know the path. */
export async function getIfThere(where, signal) {
  try {
    return await get(where, signal);
  } catch (e) {
    if (e instanceof Problem && e.isMissing) return null;
    throw e;
  }
}

async function call(method, where, body, signal) {
  const answer = await reach(method, where, body, signal, 'application/json');
  return answer.status === 204 ? null : answer.json();
}

async function reach(method, where, body, signal, accept) {
  const headers = { Accept: accept };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(BASE + where, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new Problem(0, 'The broker does not answer. Is it still running? This page asks again by itself.');
  }
  if (!answer.ok) throw await problem(answer);
  return answer;
}

async function problem(answer) {
  let said = {};
  try {
    said = await answer.json();
  } catch {
    // no JSON: the status has to do
  }
  return new Problem(answer.status, said.detail || said.error || `The broker answered with status ${answer.status}.`, said.code);
}

/** Reads server-sent events until their end: each(name, data, id). Cancel with the signal; returns whether the server said it was the end. opened() is told when nothing will be missed from then on. */
export async function events(method, where, body, signal, each, opened = () => {}) {
  const answer = await reach(method, where, body, signal, 'text/event-stream');
  opened();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    let chunk;
    try {
      chunk = await reader.read();
    } catch (e) {
      if (e.name === 'AbortError') throw e;
      throw new Problem(0, 'The connection to the broker broke off.');
    }
    if (chunk.done) return false;
    rest += chunk.value;
    const whole = rest.split('\n\n');
    rest = whole.pop();
    for (const text of whole) {
      const event = parsed(text);
      if (!event) continue;
      if (event.name === 'problem') throw new Problem(event.data.status, event.data.detail, event.data.code);
      each(event.name, event.data, event.id);
      if (event.name === 'end') return true;
    }
  }
}

function parsed(text) {
  const event = { name: 'message', data: null, id: undefined };
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const value = line.slice(colon + 1).replace(/^ /, '');
    const field = line.slice(0, colon);
    if (field === 'event') event.name = value;
    else if (field === 'id') event.id = value;
    else if (field === 'data') event.data = JSON.parse(value);
  }
  return event.data === null ? null : event;
}
