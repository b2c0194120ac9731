// The settings of the brokers. They are read from a file or the command line at the start.

import { get, getIfThere, path } from './api.js';
import { h } from './dom.js';
import { empty, field, head, select } from './parts.js';
import { settingsList } from './settings-list.js';

export async function open(context) {
  context.title('Settings');
  const cluster = await get('/cluster', context.signal);
  const state = { broker: context.query.get('broker') ?? String(cluster.brokers[0]?.id), filter: context.query.get('filter') ?? '', isChangedOnly: context.query.get('changed') === '1' };
  let seen;
  const load = async () => {
    seen = await getIfThere(path`/brokers/${state.broker}/settings`, context.signal);
    draw();
  };
  const change = values => {
    Object.assign(state, values);
    context.remember({ broker: cluster.brokers.length > 1 ? state.broker : null, filter: state.filter, changed: state.isChangedOnly ? 1 : null });
    return 'broker' in values ? load() : draw();
  };
  const draw = () => context.render(
    head('Settings', {
      note: 'What the brokers run with. Set in a properties file or with --set at the start; a topic can differ in its own settings.',
      actions: [cluster.brokers.length > 1 && field('Broker', select(cluster.brokers.map(b => [String(b.id), `${b.id}, ${b.host}:${b.port}`]), state.broker, broker => change({ broker }), { id: 'broker' }))],
    }),
    seen ? settingsList(seen.settings, state, change, null) : empty('Not told here', 'This broker does not say its settings over HTTP.'));
  await load();
}
