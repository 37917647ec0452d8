/* global window, document */
// Runs before the first paint, so that a page does not flash in the other colour scheme. It is a file of its own
// because the content security policy allows no inline script. The key is the one that src/app/theme.ts uses.
(function () {
  var wish = null;
  try {
    wish = window.localStorage.getItem('kaefer.color-scheme');
  } catch {
    // Storage may be blocked; then the system's choice counts.
  }
  var dark =
    wish === 'dark' || (wish !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
