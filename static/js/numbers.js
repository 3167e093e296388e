// Numbers for people, as xenofy/common/formats.py writes them; both obey tests/vectors/numbers.json.
// A value is a number or a decimal string. BigInt keeps it exact and rounds half to even.

const MINUS = '\u2212';
const SCALE = 12; // decimal places kept of a value
const ONE = 10n ** BigInt(SCALE);
const NO_CHANGE = ONE / 2000n; // 0.05 %
const STEPS = {
  in: [[10n ** 3n, 'K'], [10n ** 5n, ' L'], [10n ** 7n, ' cr']],
  west: [[10n ** 3n, 'K'], [10n ** 6n, 'M'], [10n ** 9n, 'B']],
};
const GAPS = { in: /(?<=\d)(?=(?:\d\d)+\d$)/g, west: /(?<=\d)(?=(?:\d{3})+$)/g };

/** Write an amount in full; `style` is {symbol, grouping, decimals}. */
export function money(amount, style, places = style.decimals) {
  const value = scaled(amount);
  const number = fixed(value, places, style.grouping);
  return sign(number, value) + style.symbol + number;
}

/** Write an amount for an axis: three digits or one decimal, and K, L, cr, M, B. */
export function compactMoney(amount, style) {
  const value = scaled(amount);
  const number = short(abs(value), style.grouping);
  return sign(number, value) + style.symbol + number;
}

export function integer(count, grouping = 'west') {
  const value = scaled(count);
  const number = fixed(value, 0, grouping);
  return sign(number, value) + number;
}

/** Write a fraction in percent: 0.397 is 39.7%. */
export function percent(share) {
  const value = scaled(share) * 100n;
  const number = fixed(value, 1, 'west');
  return `${sign(number, value)}${number}%`;
}

export function points(difference) {
  return percent(difference).replace('%', ' pp');
}

/** Compare two values: {direction, text, tone}; null is a value that is not known. */
export function change(current, previous, { goodUp = null, asPoints = false } = {}) {
  if (current === null || previous === null) return { direction: 'unknown', text: '—', tone: 'flat' };
  const [now, then] = [scaled(current), scaled(previous)];
  const difference = now - then;
  if (difference && !then && !asPoints) return { direction: 'new', text: 'new', tone: 'flat' };
  const [above, below] = asPoints || !difference ? [abs(difference), ONE] : [abs(difference), abs(then)];
  if (above * ONE <= NO_CHANGE * below) return { direction: 'flat', text: 'no change', tone: 'flat' };
  const tenths = halfEven(above * 1000n, below);
  const number = `${grouped(String(tenths / 10n), 'west')}.${tenths % 10n}`;
  const up = difference > 0n;
  const tone = goodUp === null ? 'flat' : up === goodUp ? 'good' : 'bad';
  return { direction: up ? 'up' : 'down', text: number + (asPoints ? ' pp' : '%'), tone };
}

const hours = (value) => (value < 1 ? `${Math.round(value * 60)} min` : value < 72 ? `${fixed(scaled(value), 1)} h` : `${fixed(scaled(value) / 24n, 1)} days`);

/** Ways to write a value of a chart’s unit: in full, and short for an axis. */
export const WRITE = {
  money: { full: money, axis: compactMoney },
  integer: {
    full: (value, unit) => integer(value, unit.grouping),
    axis: (value, unit) => compactMoney(value, { ...unit, symbol: '' }),
  },
  hours: { full: hours, axis: (value) => `${integer(value)} h` },
  percent: { full: percent, axis: (value) => percent(value).replace('.0%', '%') },
};

function scaled(value) {
  const text = /e/i.test(value) ? Number(value).toFixed(SCALE) : String(value);
  const [whole, part = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole + part.padEnd(SCALE, '0').slice(0, SCALE));
  return text.startsWith('-') ? -size : size;
}

function abs(value) {
  return value < 0n ? -value : value;
}

function halfEven(above, below) {
  const quotient = above / below;
  const twice = (above % below) * 2n;
  return quotient + (twice > below || (twice === below && quotient % 2n) ? 1n : 0n);
}

function fixed(value, places, grouping = 'west') {
  const digits = String(halfEven(abs(value), 10n ** BigInt(SCALE - places))).padStart(places + 1, '0');
  const whole = grouped(digits.slice(0, digits.length - places), grouping);
  return places ? `${whole}.${digits.slice(-places)}` : whole;
}

function grouped(digits, grouping) {
  return digits.replace(GAPS[grouping], ',');
}

function sign(number, value) {
  return value < 0n && /[1-9]/.test(number) ? MINUS : '';
}

function short(value, grouping) {
  let [unit, suffix] = [1n, ''];
  for (const [larger, letter] of STEPS[grouping]) {
    if (rounded(value, unit).units < larger * ONE) break;
    [unit, suffix] = [larger, letter];
  }
  const { units, places } = rounded(value, unit);
  const number = fixed(units / unit, places, grouping);
  return (places ? number.replace(/\.?0+$/, '') : number) + suffix;
}

/** No decimal place from 100 units on, one below, and two below a single unit. */
function rounded(value, unit) {
  const places = value >= 100n * unit * ONE ? 0 : value >= unit * ONE ? 1 : 2;
  const step = (unit * ONE) / 10n ** BigInt(places);
  return { units: halfEven(value, step) * step, places };
}
