import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import type { ColourMapName, Limits, MapKind } from '../../src/figures/colour.js';
import { upperMedian } from '../../src/median.js';
import type { Layer, Shape } from '../state/document.js';

/** What a layer is made of; colours are found where they are left out. */
export interface LayerParts {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly unit: string;
  readonly kind: MapKind;
  readonly shape: Shape;
  readonly values: Float64Array;
  readonly errors?: Float64Array | undefined;
  readonly vectors?: Layer['vectors'] | undefined;
  readonly colours?: ColourMapName;
  readonly limits?: Limits;
  readonly frames?: Layer['frames'];
  readonly ownLimits?: boolean;
  readonly cells?: readonly CellDrawing[];
}

/** A layer with its colours: signed values diverge symmetrically about zero. */
export function makeLayer(parts: LayerParts): Layer {
  const { errors, vectors, frames, kind, values, ...rest } = parts;
  return {
    ...rest,
    kind,
    values,
    colours: parts.colours ?? (kind === 'signed' ? 'diverging' : 'viridis'),
    ...(errors === undefined ? {} : { errors }),
    ...(vectors === undefined ? {} : { vectors }),
    ...(frames === undefined ? {} : { frames }),
  };
}

/** The largest finite value and its index; index -1 where there is none. */
export function largestOf(values: ArrayLike<number>): { value: number; index: number } {
  let [value, index] = [-Infinity, -1];
  for (let i = 0; i < values.length; i++) {
    if (values[i] > value) [value, index] = [values[i], i];
  }
  return { value, index };
}

/** The median of the values that are finite, the upper one as an inversion says it; NaN where there is none. */
export function medianOf(values: Float64Array): number {
  return upperMedian(values.filter(Number.isFinite));
}

/** 'x = 35 mm, y = 60.2 mm' of a pixel. */
export function placeOf(shape: Shape, index: number): string {
  const mm = (metres: number) => String(Number((1e3 * metres).toFixed(1))).replace('-', '−');
  if (shape.type === 'points') return `x = ${mm(shape.x[index])} mm, y = ${mm(shape.y[index])} mm`;
  const { nx, x0, y0, dx, dy } = shape.grid;
  return `x = ${mm(x0 + (index % nx) * dx)} mm, y = ${mm(y0 + Math.floor(index / nx) * dy)} mm`;
}
