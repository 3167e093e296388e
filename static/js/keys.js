// Shortcuts of single keys: `data-key` clicks an element, `g` then a `data-go` letter opens a page.
// Never while typing or with a modifier; the dialog that lists them can turn them off for good.

const OFF = 'xf_keys_off';
const WAIT = 900; // milliseconds in which a letter belongs to the `g` before it
const NAMES = { arrowleft: '←', arrowright: '→' };
let goUntil = 0;

const off = () => localStorage.getItem(OFF) !== null;
const pages = () => document.querySelectorAll('[data-go]');
const actions = () => document.querySelectorAll('[data-key]');

function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function find(elements, attribute, key) {
  return [...elements].find((element) => element.dataset[attribute] === key);
}

function press(event) {
  if (off() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const key = event.key.toLowerCase();
  const going = event.timeStamp < goUntil;
  goUntil = key === 'g' ? event.timeStamp + WAIT : 0;
  const found = going ? find(pages(), 'go', key) : find(actions(), 'key', key);
  if (!found) return;
  event.preventDefault();
  if (typing(found)) found.focus();
  else found.click();
}

/** Name what an element does: its label, or its text without the key it shows. */
function label(element) {
  const copy = element.cloneNode(true);
  for (const key of copy.querySelectorAll('kbd')) key.remove();
  return element.getAttribute('aria-label') ?? copy.textContent.trim();
}

function row(element, keys) {
  const entry = document.createElement('div');
  const name = document.createElement('dt');
  const places = document.createElement('dd');
  name.textContent = label(element);
  for (const key of keys) {
    const cap = document.createElement('kbd');
    cap.textContent = NAMES[key] ?? key;
    places.append(cap);
  }
  entry.append(name, places);
  return entry;
}

/** List each key once: a control may stand both in the rail and in the bar of phones. */
function list() {
  const seen = new Map();
  for (const element of pages()) seen.set(`g ${element.dataset.go}`, element);
  for (const element of actions()) seen.set(element.dataset.key, element);
  return [...seen].map(([keys, element]) => row(element, keys.split(' ')));
}

function nameSwitch(button) {
  button.textContent = off() ? 'Turn shortcuts on' : 'Turn shortcuts off';
}

const dialog = document.querySelector('#shortcuts');
if (dialog) {
  dialog.querySelector('[data-keys-list]').replaceChildren(...list());
  const button = dialog.querySelector('[data-keys-switch]');
  button.addEventListener('click', () => {
    if (off()) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, '1');
    nameSwitch(button);
  });
  nameSwitch(button);
}
document.addEventListener('keydown', press);
