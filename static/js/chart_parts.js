// Axes and tooltip of a chart. Its contract and its life: charts.js.

import { FAMILY, colour } from './chart_marks.js';
import { WRITE, change } from './numbers.js';

const NARROW = 480; // pixels
const STEPS = [1, 2, 3, 7, 14, 28, 56, 112]; // the axis names every so-many-th bucket
const ARROWS = { up: '↑ ', down: '↓ ' };

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
  const key = ({ datasetIndex }) => {
    const paint = colour(datasetIndex ? '--compare' : '--s1');
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
