// Looks every `data-live` seconds for newer contents of an element, while its page is seen.

const live = document.querySelector('[data-live]');

async function newer() {
  const response = await fetch(location.href);
  if (!response.ok || response.redirected) return null;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  return page.getElementById(live.id);
}

async function look() {
  if (document.hidden || live.contains(document.activeElement)) return;
  const found = await newer().catch(() => null); // the next look may reach the server again
  if (found && found.innerHTML !== live.innerHTML) live.replaceChildren(...found.childNodes);
}

if (live) setInterval(look, Number(live.dataset.live) * 1000);
