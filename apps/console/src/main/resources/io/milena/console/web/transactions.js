// Transactions: what is open, what hangs, and ending it.

import { get, path, post } from './api.js';
import { h } from './dom.js';
import { ago, number, span } from './format.js';
import { badge, button, choice, confirm, empty, head, notify, table } from './parts.js';

const OPEN = ['Ongoing', 'PrepareCommit', 'PrepareAbort'];

export async function open(context) {
  context.title('Transactions');
  const state = { seen: context.query.get('show') ?? 'open' };
  let said;
  const change = seen => {
    state.seen = seen;
    context.remember({ show: seen === 'open' ? null : seen });
    draw();
  };
  const look = async () => {
    said = await get('/transactions', context.signal);
    draw();
  };
  const draw = () => context.render(view(said, state, change, look, context));
  await look();
  context.every(3000, look);
}

function view({ transactions, hanging = [] }, state, change, look, context) {
  if (transactions.length === 0 && hanging.length === 0) {
    return [head('Transactions'), empty('No transactions yet', 'A producer with a transactional.id writes to several partitions all or nothing. Its transactions are listed here, with how long they are open.')];
  }
  const isOpen = t => OPEN.includes(t.state);
  const rows = transactions.filter(t => state.seen === 'all' || isOpen(t)).sort((a, b) => (a.startTimeMs ?? Infinity) - (b.startTimeMs ?? Infinity));
  return [
    head('Transactions', { note: 'While one is open, consumers with read_committed wait behind its first record.' }),
    hanging.length > 0 && h('section.card.warnings', h('h2', hanging.length === 1 ? 'A transaction hangs' : `${number(hanging.length)} transactions hang`),
      h('p', 'Their coordinator knows nothing of them: nobody else will end them, and readers wait. Aborting is safe.'),
      table('Hanging transactions', [
        { name: 'Topic', of: t => h('a', { href: path`/topics/${t.topic}/messages` + `?from=offset&partition=${t.partition}&offset=${t.startOffset}` }, `${t.topic}, partition ${t.partition}`) },
        { name: 'First offset', isNumber: true, of: t => number(t.startOffset) },
        { name: 'Producer', isNumber: true, of: t => `${t.producerId}, epoch ${t.producerEpoch}` },
        { name: 'Silent for', isNumber: true, of: t => span(t.ageMs) },
        !context.isReadOnly && { name: h('span.unseen', 'Actions'), of: t => button('Abort', () => abort(`the transaction of producer ${t.producerId}`, () => post('/hanging-transactions/abort', { topic: t.topic, partition: t.partition, producerId: t.producerId }), look), { class: 'danger' }) },
      ].filter(Boolean), hanging)),
    h('div.tools', choice('Which transactions', state.seen, [['open', `Open (${number(transactions.filter(isOpen).length)})`], ['all', `All ids (${number(transactions.length)})`]], change)),
    rows.length === 0
      ? empty('Nothing is open', 'All transactions are committed or aborted.', null, button('Show all ids', () => change('all')))
      : table('Transactions', [
        { name: 'Transactional id', of: t => t.transactionalId },
        { name: 'State', of: t => [badge(t.state, /Complete|Empty/.test(t.state) ? 'good' : /Abort|Fenc/.test(t.state) ? 'warn' : ''), t.isHanging && [' ', badge('hangs', 'bad')]] },
        { name: 'Since', of: t => (t.startTimeMs > 0 ? ago(t.startTimeMs) : '–') },
        { name: 'Time-out', isNumber: true, of: t => span(t.timeoutMs) },
        { name: 'Producer', isNumber: true, of: t => `${t.producerId}, epoch ${t.producerEpoch}` },
        { name: 'Partitions', class: 'wrap', of: t => t.partitions.slice(0, 6).map((p, i) => [i > 0 && ', ', h('a', { href: path`/topics/${p.topic}` }, `${p.topic}-${p.partition}`)]).concat(t.partitions.length > 6 ? ` and ${t.partitions.length - 6} more` : []) },
        !context.isReadOnly && { name: h('span.unseen', 'Actions'), of: t => isOpen(t) && button('Abort', () => abort(t.transactionalId, () => post(path`/transactions/${t.transactionalId}/abort`), look), { 'aria-label': `Abort ${t.transactionalId}` }) },
      ].filter(Boolean), rows.slice(0, 300), { keyOf: t => t.transactionalId }),
    rows.length > 300 && h('p.faint', `${number(rows.length - 300)} more are not shown.`),
  ];
}

async function abort(name, work, look) {
  const done = await confirm(`Abort ${name}?`, 'What it wrote is left out by consumers with read_committed. Its producer gets an error and has to begin anew.', 'Abort', work);
  if (done) {
    notify('Aborted.');
    await look();
  }
}
