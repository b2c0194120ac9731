// Which page an address means, and moving between addresses without loading anew.

/** A template is like /topics/{topic}/{tab}; a part that is missing at the end, like {tab?}, is undefined. */
export function matcher(template) {
  const names = [];
  const pattern = template.replace(/\/\{(\w+)(\??)\}/g, (whole, name, optional) => {
    names.push(name);
    return optional ? '(?:/([^/]+))?' : '/([^/]+)';
  });
  const regex = new RegExp(`^${pattern}/?$`);
  return where => {
    const found = regex.exec(where);
    if (!found) return null;
    try {
      return Object.fromEntries(names.map((name, i) => [name, found[i + 1] === undefined ? undefined : decodeURIComponent(found[i + 1])]));
    } catch {
      return null;
    }
  };
}

/** Goes to an address of this console. */
export function go(where) {
  if (where === location.pathname + location.search) return;
  history.pushState(null, '', where);
  dispatchEvent(new Event('milena:moved'));
}

/** Writes the state of the open page into its address, as a step that Back undoes or (replace) without one. */
export function remember(values, { replace = true } = {}) {
  const params = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === '' || value === false) params.delete(name);
    else params.set(name, value);
  }
  const text = params.toString();
  const where = location.pathname + (text ? `?${text}` : '');
  if (where === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', where);
}

/** Follows clicks on links of this console. */
export function follow() {
  document.addEventListener('click', event => {
    const link = event.target.closest?.('a[href]');
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || link.target || link.hasAttribute('download') || /^\/(api|metrics|health|assets)/.test(url.pathname)) return;
    event.preventDefault();
    if (url.hash && url.pathname === location.pathname) {
      // not by its address: that would be a step in the history, and draw the page anew
      document.getElementById(url.hash.slice(1))?.focus();
      return;
    }
    go(url.pathname + url.search);
  });
}
