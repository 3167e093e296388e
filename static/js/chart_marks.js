// What is painted by hand on a chart: stripes, bands, the outline of the earlier period.

export const FAMILY = 'Archivo, system-ui, sans-serif';

/** Return the theme's present value of a custom property. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Paint what is not over yet in stripes. */
export function hatch(ink) {
  const tile = Object.assign(document.createElement('canvas'), { width: 6, height: 6 });
  const context = tile.getContext('2d');
  context.strokeStyle = ink;
  context.lineWidth = 2;
  for (const x of [-6, 0, 6]) {
    context.moveTo(x, 6);
    context.lineTo(x + 6, 0);
  }
  context.stroke();
  return context.createPattern(tile, 'repeat');
}

function bucketWidth(axis) {
  return axis.width / axis.getLabels().length;
}

/** Pale stretches behind the bars, named where the name fits. */
export const bands = {
  id: 'bands',
  beforeDatasetsDraw({ ctx, chartArea: { top, bottom }, scales: { x } }, _, { items }) {
    if (!items?.length) return;
    const half = bucketWidth(x) / 2;
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

/** The earlier period: a line over the whole width of each bucket, with an edge off the bars. */
export const skyline = {
  id: 'skyline',
  afterDatasetsDraw(chart) {
    const { ctx, data, scales: { x } } = chart;
    if (data.datasets.length < 2 || data.datasets[0].type !== 'bar') return;
    const half = bucketWidth(x) / 2;
    const path = new Path2D();
    let step = 'moveTo';
    for (const point of chart.getDatasetMeta(1).data) {
      if (!point.skip) {
        path[step](point.x - half, point.y);
        path.lineTo(point.x + half, point.y);
      }
      step = point.skip ? 'moveTo' : 'lineTo';
    }
    ctx.save();
    ctx.lineJoin = 'round';
    for (const [width, ink] of [[4.5, '--sheet'], [1.5, '--compare']]) {
      ctx.lineWidth = width;
      ctx.strokeStyle = colour(ink);
      ctx.stroke(path);
    }
    ctx.restore();
  },
};
