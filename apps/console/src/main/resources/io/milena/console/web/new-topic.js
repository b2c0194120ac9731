// Making a topic: its name and size, and every setting that it can begin with.

import { get, post } from './api.js';
import { h } from './dom.js';
import { controlOf, inWords } from './setting-control.js';
import { dialog, field, form, input } from './parts.js';

/** What most people decide first. */
const FIRST = { 'retention.ms': 'Keep records for', 'retention.bytes': 'Keep at most, of each partition', 'cleanup.policy': 'What happens to old records', 'min.insync.replicas': 'Replicas that must have a record' };

/** Asks for a topic and makes it; the promise has it, or undefined. */
export async function newTopic(signal) {
  const [cluster, { settings }] = await Promise.all([get('/cluster', signal), get('/topic-settings', signal)]);
  return dialog('New topic', close => topicForm(cluster.brokers.length, settings.filter(hasEffect), close), { isWide: true });
}

const hasEffect = setting => !setting.isReadOnly && !/without effect|it cannot be|throttled/i.test(setting.documentation);

function topicForm(brokers, settings, close) {
  const name = input({ name: 'name', required: true, maxlength: 249, pattern: '[A-Za-z0-9._\\-]+', title: 'Letters, digits, dot, underscore and hyphen', autofocus: true });
  const partitions = input({ name: 'partitions', type: 'number', min: 1, max: 100_000, value: '3', required: true });
  const replicas = input({ name: 'replicas', type: 'number', min: 1, max: brokers, value: String(Math.min(3, brokers)), required: true });
  const controls = new Map(settings.map(setting => [setting.name, controlOf(setting, `setting-${setting.name}`)]));
  const one = setting => {
    const { node } = controls.get(setting.name);
    const label = FIRST[setting.name] ?? setting.name;
    return h('div.field', h('label', { for: `setting-${setting.name}` }, label), node, h('small', help(setting, label)));
  };
  const first = Object.keys(FIRST).map(known => settings.find(setting => setting.name === known)).filter(Boolean);
  const rest = settings.filter(setting => !first.includes(setting));
  return form('Create', [
    field('Name', name, 'Letters, digits, dot, underscore and hyphen. It cannot be changed later.'),
    h('div.row',
      field('Partitions', partitions, 'Twice as many as consumers will share the work, or one for each 10 MB/s, whichever is more. More can be added, none taken away.'),
      field('Replicas', replicas, brokers === 1 ? 'Copies on different brokers. There is one broker.' : `Copies on different brokers, of which there are ${brokers}.`)),
    h('div.pairs', first.map(one)),
    h('details', h('summary', `${rest.length} more settings`), h('div.pairs', rest.map(one))),
    h('p.note', 'What is left as it is follows the broker. All settings can be changed later.'),
  ], async () => {
    const chosen = [...controls].map(([setting, control]) => [setting, control.text()]).filter(([, text]) => text !== '');
    close(await post('/topics', { name: name.value.trim(), partitions: Number(partitions.value), replicationFactor: Number(replicas.value), settings: Object.fromEntries(chosen) }));
  }, { cancel: close });
}

/** What it means, without the units that the control has. */
function help(setting, label) {
  return [setting.documentation.replace(/, in (ms|bytes)(?=[.;])|; -1[^.]* no limit/g, ''), setting.defaultValue ? ` By default ${inWords(setting, setting.defaultValue)}.` : '', label !== setting.name && [' ', h('code', setting.name)]];
}
