import { displayUnit, formatNumber, formatWithError, joinUnit } from '../../src/figures/format.js';
import { type Layer, valuesAt } from '../state/document.js';
import type { Point } from '../state/page.js';

/** The value of the pixel or sample at a point, exactly as the file has it. */
export interface Probed {
  readonly value: number;
  readonly error?: number;
  /** Of the pixel or sample. */
  readonly index: number;
}

/** A scattered sample counts as under the cursor within this part of the pitch. */
const REACH = 0.75;

/** What lies at a point; undefined beside the map. */
export function probe(layer: Layer, frame: number, { x, y }: Point): Probed | undefined {
  const index = indexAt(layer, x, y);
  if (index < 0) return undefined;
  const { values, errors } = valuesAt(layer, frame);
  return errors === undefined ? { index, value: values[index] } : { index, value: values[index], error: errors[index] };
}

/** The pixel that holds the point, or the nearest sample; -1 where there is none. */
export function indexAt({ shape }: Layer, x: number, y: number): number {
  if (shape.type === 'grid') {
    const { nx, ny, x0, y0, dx, dy } = shape.grid;
    const ix = Math.round((x - x0) / dx);
    const iy = Math.round((y - y0) / dy);
    return ix >= 0 && ix < nx && iy >= 0 && iy < ny ? iy * nx + ix : -1;
  }
  let best = -1;
  let least = (REACH * shape.pitch) ** 2;
  for (let i = 0; i < shape.x.length; i++) {
    const distance = (shape.x[i] - x) ** 2 + (shape.y[i] - y) ** 2;
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}

/** 68.2 ± 3.1 A/m, with the prefix that suits the value; four digits where no error is known. */
export function probedText(probed: Probed | undefined, unit: string): string {
  if (probed === undefined || Number.isNaN(probed.value)) return 'no value here';
  const { value, error } = probed;
  const shown = displayUnit(unit, Math.max(Math.abs(value), error !== undefined && error > 0 ? error : 0));
  const number =
    error !== undefined && error > 0 && Number.isFinite(error)
      ? formatWithError(value * shown.factor, error * shown.factor)
      : formatNumber(value * shown.factor, 4);
  return joinUnit(number, shown.unit);
}
