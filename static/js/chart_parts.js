// What a chart is made of besides its bars: axes, tooltip, marks. Contract and life: charts.js.

import { WRITE, change } from './numbers.js';

const FAMILY = 'Archivo, system-ui, sans-serif';
const NARROW = 480; // pixels
const STEPS = [1, 2, 3, 7, 14, 28, 56, 112]; // the axis names every so-many-th bucket
const ARROWS = { up: '↑ ', down: '↓ ' };

/** Return the theme's present value of a custom property. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function font(size, weight = 400) {
  return { family: FAMILY, size, weight };
}

function every(count, width) {
  const most = width < NARROW ? 4 : 8;
  return STEPS.find((step) => count / step <= most) ?? STEPS.at(-1);
}

export function scales(spec) {
  const ticks = { color: colour('--ink-3'), font: font(11) };
  const [zero, line] = [colour('--line-strong'), colour('--grid')];
  const write = WRITE[spec.unit.type].axis;
  return {
    x: {
      grid: { display: false }, border: { color: zero },
      ticks: {
        ...ticks, maxRotation: 0, autoSkip: false,
        callback(_, index) {
          return index % every(spec.labels.length, this.chart.width) ? null : spec.labels[index];
        },
      },
    },
    y: {
      beginAtZero: true, border: { display: false },
      grid: { color: ({ tick }) => (tick.value === 0 ? zero : line), tickLength: 0 },
      ticks: {
        ...ticks, maxTicksLimit: 5, padding: 8, callback: (value) => write(value, spec.unit),
        precision: spec.unit.type === 'integer' ? 0 : undefined,
      },
    },
  };
}

function growth(spec, index) {
  const earlier = spec.compare?.[index] ?? null;
  if (earlier === null) return '';
  const { direction, text } = change(spec.values[index], earlier, { asPoints: spec.unit.type === 'percent' });
  return (ARROWS[direction] ?? '') + text;
}

/** Both days, both values, and the change between them. */
export function tooltip(spec) {
  const write = (value) => (value === null ? 'not known' : WRITE[spec.unit.type].full(value, spec.unit));
  const row = ({ datasetIndex, dataIndex }) => {
    const [titles, values] = datasetIndex ? [spec.compare_titles, spec.compare] : [spec.titles, spec.values];
    return ` ${titles[dataIndex]}   ${write(values[dataIndex])}`;
  };
  const key = ({ dataset }) => {
    const paint = dataset.halo ? dataset.borderColor : colour('--s1');
    return { borderColor: paint, backgroundColor: paint, borderWidth: 0, borderRadius: 2 };
  };
  const ink = colour('--on-tip');
  return {
    position: 'top', yAlign: 'top', caretSize: 0, caretPadding: 10, cornerRadius: 8, padding: { x: 12, y: 10 },
    backgroundColor: colour('--tip'), bodyColor: ink, footerColor: colour('--on-tip-2'),
    bodyFont: font(12.5, 600), footerFont: font(11.5, 500), boxWidth: 9, boxHeight: 9, boxPadding: 6,
    multiKeyBackground: 'transparent', itemSort: (a, b) => a.datasetIndex - b.datasetIndex,
    callbacks: {
      title: () => '', label: row, labelColor: key,
      footer: ([first]) => [
        first.dataIndex === spec.unfinished ? 'Not over yet' : growth(spec, first.dataIndex),
      ].filter(Boolean),
    },
  };
}

/** Pale stretches behind the bars, named where the name fits. */
export const bands = {
  id: 'bands',
  beforeDatasetsDraw({ ctx, chartArea: { top, bottom }, scales: { x } }, _, { items }) {
    if (!items?.length) return;
    const half = (x.getPixelForValue(1) - x.getPixelForValue(0)) / 2;
    ctx.save();
    ctx.font = `500 11px ${FAMILY}`;
    ctx.textBaseline = 'top';
    for (const { from, to, label } of items) {
      const left = x.getPixelForValue(from) - half;
      const width = x.getPixelForValue(to) + half - left;
      ctx.fillStyle = colour('--band');
      ctx.fillRect(left, top, width, bottom - top);
      ctx.fillStyle = colour('--ink-2');
      if (ctx.measureText(label).width < width - 8) ctx.fillText(label, left + 6, top + 3);
    }
    ctx.restore();
  },
};

/** An edge in the colour of the sheet, so that the outline reads on top of bars. */
export const halo = {
  id: 'halo',
  beforeDatasetDraw({ ctx, chartArea, data }, { index, meta }) {
    const line = meta.dataset;
    if (!data.datasets[index].halo || !line) return;
    const own = line.options;
    line.options = { ...own, borderWidth: 4, borderColor: colour('--sheet') };
    line.draw(ctx, chartArea);
    line.options = own;
  },
};
