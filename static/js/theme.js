// Light or dark. The cookie lets the server write the right one into the first byte.

const root = document.documentElement;
const YEAR = 31536000;

function show(theme) {
  root.dataset.theme = theme;
  for (const button of document.querySelectorAll('[data-theme-button]')) {
    button.setAttribute('aria-pressed', String(theme === 'dark'));
  }
}

function choose(theme) {
  const secure = location.protocol === 'https:' ? ';secure' : '';
  document.cookie = `xf_theme=${theme};path=/;max-age=${YEAR};samesite=lax${secure}`;
  show(theme);
  root.dispatchEvent(new CustomEvent('xf:theme'));
}

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-theme-button]')) choose(root.dataset.theme === 'dark' ? 'light' : 'dark');
});
show(root.dataset.theme);
