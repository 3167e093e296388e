// Charts from their specs; the only file that knows Chart.js. Pages: templates/components/figure.html.
//
// A spec is the JSON that `json_script` writes for a <canvas data-chart="id">:
//   kind            "bars" for what adds up: one bar a bucket, from zero, the earlier period as an
//                   outline over them; "line" for rates and averages: straight, broken at unknowns
//   labels          short name of each bucket, for the axis: "24 Oct"
//   titles          full name of each bucket, for the tooltip: "Sat 24 Oct"
//   values          one decimal string (or integer) a bucket; null where it is not known
//   compare         the same for the earlier period, aligned by position; shorter is fine; null: none
//   compare_titles  full name of each earlier bucket: "Thu 24 Sep"; null where compare is
//   unit            {type: "money", symbol, grouping, decimals} (formats.money_style)
//                   | {type: "integer", grouping} | {type: "percent"} (values are fractions)
//   unfinished      index of the bucket that still grows, or null
//   bands           [{from, to, label}]: indexes of the first and last bucket of a marked stretch
//   hrefs           where a click on a bucket leads, one a bucket, "" for nowhere; or null
// Texts come from the strings, exactly; only the drawing uses floats.

import { bands, colour, hatch, skyline } from './chart_marks.js';
import { scales, tooltip } from './chart_parts.js';

const root = document.documentElement;
const still = matchMedia('(prefers-reduced-motion: reduce)');
const { Chart } = window;

const floats = (values) => values.map((value) => (value === null ? null : Number(value)));

function bars(spec) {
  const full = colour('--s1');
  const fills = spec.values.map((_, index) => (index === spec.unfinished ? hatch(full) : full));
  return {
    type: 'bar', data: floats(spec.values), backgroundColor: fills, hoverBackgroundColor: fills,
    borderRadius: 2, borderSkipped: 'start', categoryPercentage: 0.8, barPercentage: 0.92, order: 2,
  };
}

function line(values, ink, options) {
  const data = floats(values);
  const alone = (at) => (data[at - 1] ?? null) === null && (data[at + 1] ?? null) === null;
  return {
    type: 'line', data, borderColor: colour(ink), backgroundColor: colour(ink), tension: 0,
    pointRadius: ({ dataIndex }) => (alone(dataIndex) ? 2.5 : 0), pointHoverRadius: 4, ...options,
  };
}

function datasets(spec) {
  const growing = { borderDash: ({ p1DataIndex }) => (p1DataIndex === spec.unfinished ? [4, 4] : undefined) };
  const now = spec.kind === 'line'
    ? line(spec.values, '--s1', { borderWidth: 2.25, segment: growing, order: 1 })
    : bars(spec);
  if (!spec.compare) return [now];
  // Over bars the line itself is not drawn but its outline, by `skyline`; its points carry the tooltip.
  const hidden = { borderWidth: 0, pointRadius: 0, pointHoverRadius: 0 };
  const thin = { borderWidth: 1.5, order: 2 };
  return [now, line(spec.compare, '--compare', spec.kind === 'line' ? thin : hidden)];
}

/** Lead to the bucket's page. A finger's first tap only pins the tooltip, its second one leads. */
function opener(spec) {
  let pinned = null;
  return (event, elements) => {
    const index = elements[0]?.index;
    const lead = event.native.pointerType !== 'touch' || pinned === index;
    pinned = index;
    if (lead && spec.hrefs?.[index]) location.assign(spec.hrefs[index]);
  };
}

function options(spec) {
  return {
    responsive: true, maintainAspectRatio: false, normalized: true,
    animation: still.matches ? false : { duration: 260 },
    layout: { padding: { top: 4 } },
    interaction: { mode: 'index', intersect: false },
    onClick: opener(spec),
    onHover: (event, elements) => {
      event.native.target.style.cursor = spec.hrefs?.[elements[0]?.index] ? 'pointer' : 'default';
    },
    scales: scales(spec),
    plugins: { legend: { display: false }, bands: { items: spec.bands }, tooltip: tooltip(spec) },
  };
}

/** Keep the tooltip at the top of the plot, above its bucket. */
function placeAtTop(items) {
  return items.length > 0 && { x: items[0].element.x, y: this.chart.chartArea.top + 2 };
}

function draw(canvas) {
  const spec = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
  Chart.getChart(canvas)?.destroy();
  return new Chart(canvas, { data: { labels: spec.labels, datasets: datasets(spec) }, options: options(spec) });
}

function idle() {
  return new Promise((resolve) => {
    if (window.requestIdleCallback) requestIdleCallback(resolve, { timeout: 400 });
    else setTimeout(resolve, 16);
  });
}

/** Draw one chart per idle moment, so that the page answers in between. */
async function drawAll() {
  for (const canvas of document.querySelectorAll('canvas[data-chart]')) {
    await idle();
    draw(canvas);
  }
  root.dataset.charts = 'ready';
}

Chart.register(bands, skyline);
Chart.Tooltip.positioners.top = placeAtTop;
root.addEventListener('xf:theme', drawAll);
await document.fonts.load('500 12px Archivo');
drawAll();
