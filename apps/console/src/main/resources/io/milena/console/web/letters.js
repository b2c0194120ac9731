// Dead letters: topics with records that somebody could not work with.

import { getIfThere, path } from './api.js';
import { h } from './dom.js';
import { ago, number } from './format.js';
import { empty, head, table } from './parts.js';

export async function open(context) {
  context.title('Dead letters');
  const look = async () => context.render(view((await getIfThere('/dead-letters', context.signal))?.topics ?? []));
  await look();
  context.every(5000, look);
}

function view(topics) {
  if (topics.length === 0) {
    return [head('Dead letters'), empty('No dead letters', 'A consumer that cannot work with a record can put it aside, into a topic whose name ends in .DLT, -dlt or .DLQ; Spring Kafka does so by itself after its retries. Such topics are listed here, and can be replayed.')];
  }
  return [head('Dead letters', { note: 'Records that were put aside. Look why, mend the cause, and replay them.' }),
    table('Topics of dead letters', [
      { name: 'Topic', of: t => h('a', { href: path`/dead-letters/${t.topic}` }, t.topic) },
      { name: 'From', of: t => (t.original === undefined ? '–' : h('a', { href: path`/topics/${t.original}` }, t.original)) },
      { name: 'Records', isNumber: true, of: t => number(t.records) },
      { name: 'Last', of: t => (t.lastTimestampMs === undefined || t.lastTimestampMs < 0 ? '–' : ago(t.lastTimestampMs)) },
    ], topics, { keyOf: t => t.topic })];
}
