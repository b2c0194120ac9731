// Topics that were deleted and can come back.

import { get, path, post } from './api.js';
import { ago, bytes, number, span, time } from './format.js';
import { button, confirm, empty, head, notify, table } from './parts.js';
import { go } from './router.js';

export async function open(context) {
  context.title('Trash');
  const look = async () => context.render(view((await get('/trash', context.signal)).topics, context));
  await look();
  context.every(5000, look);
}

function view(topics, context) {
  if (topics.length === 0) return [head('Trash'), empty('The trash is empty', 'A topic that is deleted stays here for a while, with its settings and records, and can be restored.')];
  return [head('Trash', { note: 'Deleted topics. Restored, they are as they were, and groups go on in them where they had committed.' }),
    table('Deleted topics', [
      { name: 'Name', of: t => t.name },
      { name: 'Partitions', isNumber: true, of: t => number(t.partitions) },
      { name: 'Size', isNumber: true, of: t => bytes(t.sizeInBytes) },
      { name: 'Deleted', of: t => [time(t.deletedAtMs).slice(0, 19), `, ${ago(t.deletedAtMs)}`] },
      { name: 'Goes for good in', isNumber: true, of: t => span(Math.max(0, t.goesAtMs - Date.now())) },
      { name: '', of: t => !context.isReadOnly && button('Restore', () => restore(t), { 'aria-label': `Restore ${t.name}` }) },
    ], topics, { keyOf: t => t.id })];
}

async function restore(topic) {
  const done = await confirm(`Restore ${topic.name}?`, `It comes back with its ${number(topic.partitions)} partitions and ${bytes(topic.sizeInBytes)} of records. Groups go on where they had committed.`, 'Restore', () => post(path`/trash/${topic.id}/restore`));
  if (done) {
    notify(`${done.name} is back.`);
    go(path`/topics/${done.name}`);
  }
}
