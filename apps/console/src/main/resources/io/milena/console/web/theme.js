// Before the first paint: the choice of this browser, else that of the system.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('milena.theme');
  } catch {
    // a browser that keeps nothing follows the system
  }
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
})();
