// Settings with their documentation, filtered; those that somebody chose come first.

import { h } from './dom.js';
import { meaning, number } from './format.js';
import { badge, button, empty, input } from './parts.js';

export function settingsList(settings, state, change, edit) {
  const words = state.filter.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = s => words.every(word => `${s.name} ${s.documentation}`.toLowerCase().includes(word));
  const seen = settings.filter(s => (!state.isChangedOnly || !s.isDefault) && fits(s));
  const ordered = [...seen].sort((a, b) => Number(a.isDefault) - Number(b.isDefault) || (a.name < b.name ? -1 : 1));
  const changed = settings.filter(s => !s.isDefault).length;
  return h('div',
    h('div.tools', { role: 'search' },
      h('div.field.grow', h('label', { for: 'setting-filter' }, 'Filter by name or meaning'), input({ id: 'setting-filter', type: 'search', value: state.filter, oninput: event => change({ filter: event.target.value }) })),
      h('label.check', h('input', { type: 'checkbox', checked: state.isChangedOnly, onchange: event => change({ isChangedOnly: event.target.checked }) }), `Only what differs from the default (${number(changed)})`)),
    ordered.length === 0
      ? empty('Nothing fits', state.isChangedOnly && words.length === 0 ? 'Everything is as it is by default.' : 'Each word of the filter must be part of the name or of the documentation.')
      : h('section.card', { 'aria-label': 'Settings' }, ordered.map(s => one(s, edit))));
}

function one(setting, edit) {
  const means = meaning(setting.name, setting.value);
  const byDefault = setting.defaultValue === '' || setting.defaultValue === null ? '(empty)' : meaning(setting.name, setting.defaultValue) || setting.defaultValue;
  return h('div', { class: `setting ${setting.isDefault ? '' : 'changed'}`, key: setting.name },
    h('h3', h('code', setting.name)),
    h('p', setting.documentation),
    h('div.value',
      h('span', h('code', setting.value === null ? 'not set' : setting.value === '' ? '(empty)' : setting.value), means && h('span.faint', ` ${means}`)),
      !setting.isDefault && setting.defaultValue !== undefined && h('small', `default ${byDefault}`),
      setting.source === 'broker' && badge('set in the broker'),
      edit && !setting.isReadOnly && button('Edit', () => edit(setting), { class: 'quiet', 'aria-label': `Edit ${setting.name}` })));
}
