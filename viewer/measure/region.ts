import { type Layer, valuesAt } from '../state/document.js';
import type { Segment } from '../state/page.js';

/** What a rectangle of a map holds, in the layer's unit. */
export interface RegionFigures {
  /** Pixels or samples with a value. */
  readonly count: number;
  readonly mean: number;
  /** Standard deviation of the values about their mean. */
  readonly deviation: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Root mean square of the errors of single values, where they are known. */
  readonly error?: number;
  /** m². */
  readonly area: number;
}

/** Undefined where the rectangle holds no value. */
export function regionFigures(layer: Layer, frame: number, region: Segment): RegionFigures | undefined {
  const { values, errors } = valuesAt(layer, frame);
  const [x0, x1] = [Math.min(region.from.x, region.to.x), Math.max(region.from.x, region.to.x)];
  const [y0, y1] = [Math.min(region.from.y, region.to.y), Math.max(region.from.y, region.to.y)];
  const found: number[] = [];
  let square = 0;
  const add = (i: number) => {
    if (!Number.isFinite(values[i])) return;
    found.push(values[i]);
    if (errors !== undefined) square += errors[i] ** 2;
  };
  const { shape } = layer;
  let each = 0;
  if (shape.type === 'grid') {
    const { nx, ny, dx, dy } = shape.grid;
    each = dx * dy;
    const first = (low: number, start: number, d: number) => Math.max(0, Math.ceil((low - start) / d - 1e-9));
    const last = (high: number, start: number, d: number, n: number) =>
      Math.min(n - 1, Math.floor((high - start) / d + 1e-9));
    for (let iy = first(y0, shape.grid.y0, dy); iy <= last(y1, shape.grid.y0, dy, ny); iy++) {
      for (let ix = first(x0, shape.grid.x0, dx); ix <= last(x1, shape.grid.x0, dx, nx); ix++) add(iy * nx + ix);
    }
  } else {
    for (let i = 0; i < shape.x.length; i++) {
      if (shape.x[i] >= x0 && shape.x[i] <= x1 && shape.y[i] >= y0 && shape.y[i] <= y1) add(i);
    }
  }
  if (found.length === 0) return undefined;
  const count = found.length;
  const mean = found.reduce((sum, v) => sum + v, 0) / count;
  const sorted = Float64Array.from(found).sort();
  return {
    count,
    mean,
    deviation: Math.sqrt(found.reduce((sum, v) => sum + (v - mean) ** 2, 0) / Math.max(1, count - 1)),
    median: (sorted[(count - 1) >> 1] + sorted[count >> 1]) / 2,
    min: sorted[0],
    max: sorted[count - 1],
    ...(errors === undefined || !Number.isFinite(square) ? {} : { error: Math.sqrt(square / count) }),
    area: each > 0 ? each * count : (x1 - x0) * (y1 - y0),
  };
}
