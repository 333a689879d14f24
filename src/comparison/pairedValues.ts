import { gridSize } from '../grid.js';
import type { VectorMap } from './vectorMap.js';

/** Two measurements of the same quantities at the same places: everything that numbers of a comparison are made of. */
export interface PairedValues {
  readonly names: readonly string[];
  /** One array per name; NaN where one of the two has no value. */
  readonly a: readonly Float64Array[];
  readonly b: readonly Float64Array[];
  /** Standard deviation of a - b, per name, where at least one of the two states its own. */
  readonly sigma?: readonly Float64Array[];
  /** Places, m. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Whether the components together are one value, the vector (K), or each is a reading of its own. */
  readonly vector: boolean;
}

/**
 * Maps on common grids as pairs, layer after layer.
 * @param layers a and b on the same grid, with the same names
 */
export function pairMaps(
  layers: readonly { readonly a: VectorMap; readonly b: VectorMap }[],
  vector: boolean,
): PairedValues {
  const sizes = layers.map(({ a }) => gridSize(a.grid));
  const total = sizes.reduce((sum, n) => sum + n, 0);
  const { names } = layers[0].a;
  const make = () => names.map(() => new Float64Array(total));
  const [a, b, sigma] = [make(), make(), make()];
  const [x, y, z] = [0, 1, 2].map(() => new Float64Array(total));
  let stated = false;
  let at = 0;
  layers.forEach((layer, l) => {
    const { grid } = layer.a;
    stated ||= layer.a.sigma !== undefined || layer.b.sigma !== undefined;
    for (let p = 0; p < sizes[l]; p++) {
      const missing = Number.isNaN(layer.a.values[0][p]) || Number.isNaN(layer.b.values[0][p]);
      x[at + p] = grid.x0 + (p % grid.nx) * grid.dx;
      y[at + p] = grid.y0 + Math.floor(p / grid.nx) * grid.dy;
      z[at + p] = layer.a.z;
      for (let c = 0; c < names.length; c++) {
        a[c][at + p] = missing ? Number.NaN : layer.a.values[c][p];
        b[c][at + p] = missing ? Number.NaN : layer.b.values[c][p];
        sigma[c][at + p] = combined(layer.a.sigma?.[c][p], layer.b.sigma?.[c][p]);
      }
    }
    at += sizes[l];
  });
  return { names, a, b, ...(stated ? { sigma } : {}), x, y, z, vector };
}

/** Standard deviation of a difference; one that is not stated counts as 0 beside one that is, NaN where neither is. */
export function combined(a: number | undefined, b: number | undefined): number {
  const sigma = a === undefined || b === undefined ? (a ?? b ?? Number.NaN) : Math.hypot(a, b);
  return sigma > 0 ? sigma : Number.NaN;
}

/** a - b per component. */
export function differences({ a, b }: PairedValues): Float64Array[] {
  return a.map((values, c) => values.map((v, i) => v - b[c][i]));
}
