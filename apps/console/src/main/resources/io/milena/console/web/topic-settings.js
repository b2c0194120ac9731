// The settings of a topic: what each means, what it is and was, and changing it.

import { get, getIfThere, patch, path, post } from './api.js';
import { h } from './dom.js';
import { ago, number, time } from './format.js';
import { button, confirm, dialog, form, notify, table } from './parts.js';
import { controlOf, inWords } from './setting-control.js';
import { settingsList } from './settings-list.js';

export async function open(context, frame) {
  const name = context.params.topic;
  context.title(`Settings of ${name}`);
  const state = { filter: context.query.get('filter') ?? '', isChangedOnly: context.query.get('changed') === '1' };
  let topic;
  let history;
  const change = values => {
    Object.assign(state, values);
    context.remember({ filter: state.filter, changed: state.isChangedOnly ? 1 : null });
    draw();
  };
  const look = async () => {
    [topic, history] = await Promise.all([get(path`/topics/${name}`, context.signal), getIfThere(path`/topics/${name}/settings/history`, context.signal)]);
    draw();
  };
  const draw = () => context.render(frame(topic, [],
    history && changes(name, history, state, change, look, context),
    settingsList(topic.settings, state, change, context.isReadOnly ? null : setting => edit(name, setting, look))));
  await look();
}

async function edit(topic, setting, look) {
  const done = await dialog(setting.name, close => {
    const { node, text } = controlOf(setting, 'setting-value', setting.value ?? '');
    const toDefault = button('Back to the default', async event => {
      const problem = event.currentTarget.closest('dialog').querySelector('.problem');
      try {
        close(await patch(path`/topics/${topic}/settings`, { reset: [setting.name] }));
      } catch (e) {
        problem.textContent = e.message;
      }
    });
    return [
      h('p', setting.documentation),
      form('Set', [
        h('div.field', h('label', { for: 'setting-value' }, 'Value'), node, setting.defaultValue !== undefined && h('small', `By default ${inWords(setting, setting.defaultValue)}.`)),
        !setting.isDefault && h('p', toDefault),
      ], async () => close(await patch(path`/topics/${topic}/settings`, { set: { [setting.name]: text() } })), { cancel: close }),
    ];
  });
  if (done) {
    notify(`${setting.name} is changed.`);
    await look();
  }
}

function changes(topic, history, state, change, look, context) {
  const value = v => (v === null || v === undefined ? h('span.faint', 'default') : h('code', v === '' ? '(empty)' : v));
  if (history.changes.length === 0) return null;
  const seen = state.isHistoryWhole ? history.changes : history.changes.slice(0, 4);
  return h('section.card', h('h2', 'What was changed', seen.length < history.changes.length && button(`All ${number(history.changes.length)} changes`, () => change({ isHistoryWhole: true }), { class: 'link' })),
    table('Changes of settings', [
      { name: 'When', of: c => [time(c.timeMs).slice(0, 19), h('span.faint', ` ${ago(c.timeMs)}`)] },
      { name: 'Setting', of: c => h('code', c.name) },
      { name: 'Before', class: 'wrap', of: c => value(c.before) },
      { name: 'After', class: 'wrap', of: c => value(c.after) },
      !context.isReadOnly && { name: h('span.unseen', 'Actions'), of: c => button('Revert', () => revert(topic, c, look), { class: 'quiet', 'aria-label': `Revert ${c.name} to what it was before` }) },
    ].filter(Boolean), seen, { keyOf: c => c.id }),
    !history.isComplete && h('p.note.below', 'Older changes are not kept.'));
}

async function revert(topic, change, look) {
  const to = change.before === null || change.before === undefined ? 'its default' : `“${change.before}”`;
  const done = await confirm(`Revert ${change.name}?`, `It is set back to ${to}, as before ${time(change.timeMs).slice(0, 19)}.`, 'Revert', () => post(path`/topics/${topic}/settings/revert`, { id: change.id }));
  if (done) {
    notify(`${change.name} is as it was before.`);
    await look();
  }
}
