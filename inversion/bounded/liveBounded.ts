import type { CurrentMap } from '../../src/currentMap.js';
import type { FieldScan } from '../../src/fieldScan.js';
import type { Cell } from '../../src/model/cell.js';
import { BandedCholesky } from '../conductance/bandedCholesky.js';
import type { LambdaCurve, LambdaRule } from '../regularisation/chooseLambda.js';
import { boundedInversion } from './boundedInversion.js';
import { pixelLattice } from './cubicConvolution.js';
import type { DepartureForm } from './departureForm.js';
import { type KrylovSpace, krylovSpace } from './krylovSpace.js';
import { HarmonicMaps, mapGrid, sheetMaps } from './maps.js';
import type { BoundedOptions } from './solution.js';

/** A bounded inversion that follows lambda at once. */
export interface LiveBounded {
  /** Where the inversion itself ends. */
  readonly lambda: number;
  readonly lambdaBy: LambdaRule | 'given';
  /** The sweep behind that choice. */
  readonly curve: LambdaCurve;
  /** Below this lambda the map would want a larger space: it is not shown. */
  readonly least: number;
  /** One map per sheet with what a healthy cell would show, without errors. The arrays are new each time. */
  at(lambda: number): { readonly map: CurrentMap; readonly healthy: CurrentMap }[];
}

/** Lambda may go down by this factor, if a space of so many dimensions holds the map there. */
const LOWEST = 1e-3;
const MOST_DIMENSIONS = 400;
/** Part of the work that is the inversion itself. */
const INVERSION = 0.85;

/**
 * The bounded inversion in the form in which another lambda costs one projection. With all but the departures d eliminated
 * (`departureForm`) the readings say energy - 2 g.d + d' F d, and the prior lambda d' L' V^-1 L d, with L the Laplacian and V its
 * prior variance, whose shape is held as the inversion found it (the sparse prior's, so that at the chosen lambda this is the
 * map of the inversion). With d = L^-1 V^1/2 w all lambda share one Krylov space:
 *
 *   (V^1/2 L^-1 F L^-1 V^1/2 + t) w = V^1/2 L^-1 g,   t = lambda / lambda chosen.
 *
 * The readings' weights, the place of the scan and the harmonic part's grid are held as well.
 * @throws {NumericalError} as {@link boundedInversion}
 */
export function liveBounded(
  scan: FieldScan,
  cell: Cell,
  options: Omit<BoundedOptions, 'keepForm' | 'errors'> = {},
): LiveBounded {
  const report = options.onProgress ?? (() => {});
  const solution = boundedInversion(scan, cell, {
    ...options,
    errors: false,
    keepForm: true,
    onProgress: (part, next) => report(INVERSION * part, next),
  });
  const form = solution.form!;
  report(INVERSION, 'all lambda at once');
  const whitening = whitened(form);
  const right = whitening.transposed(form.gradient.slice());
  const room = new Float64Array(form.n);
  const space = krylovSpace(
    w => {
      const d = whitening.departures(w);
      symmetricTimes(form.form, form.n, d, room);
      return whitening.transposed(room.slice());
    },
    right,
    {
      lowest: LOWEST,
      most: MOST_DIMENSIONS,
      onStep: part => report(INVERSION + (1 - INVERSION) * part, 'all lambda at once'),
    },
  );
  const harmonic = new HarmonicMaps(form.tabs, mapGrid(cell, options.pitch ?? 1e-3));
  const pixels = pixelLattice(form.model.interior, harmonic.grid);
  report(1, 'done');
  return {
    lambda: solution.lambda,
    lambdaBy: solution.lambdaBy,
    curve: solution.curve,
    least: space.least * solution.lambda,
    at: lambda => {
      const departures = whitening.departures(solved(space, lambda / solution.lambda));
      return sheetMaps(form.model, form.keptOf(departures), harmonic, pixels);
    },
  };
}

function solved(space: KrylovSpace, shift: number): Float64Array {
  return space.solve(Math.max(shift, space.least));
}

/** d = L^-1 V^1/2 w and its adjoint, sheet by sheet; both work where they stand. */
function whitened({ model, variance }: DepartureForm) {
  const { laplacian, interior, departures } = model;
  const { count } = interior;
  const { neighbours } = laplacian;
  let band = 1;
  for (let u = 0; u < count; u++) {
    for (let k = 0; k < 4; k++) if (neighbours[4 * u + k] >= 0) band = Math.max(band, u - neighbours[4 * u + k]);
  }
  // The Laplacian of what vanishes on the outline is negative definite.
  const factor = new BandedCholesky(count, band);
  for (let u = 0; u < count; u++) {
    factor.add(u, u, -laplacian.centre);
    for (let k = 0; k < 4; k++) {
      const v = neighbours[4 * u + k];
      if (v >= 0 && v < u) factor.add(u, v, k < 2 ? -laplacian.alongX : -laplacian.alongY);
    }
  }
  factor.factorise();
  const deviation = new Float64Array(departures.length * count);
  variance.forEach((own, sheet) => {
    deviation.set(own.map(Math.sqrt), sheet * count);
  });
  const solve = (x: Float64Array) => {
    for (let sheet = 0; sheet < departures.length; sheet++)
      factor.solve(x.subarray(sheet * count, (sheet + 1) * count));
    return x;
  };
  return {
    departures: (w: Float64Array) => solve(w.map((v, i) => v * deviation[i])),
    transposed: (d: Float64Array) => {
      solve(d);
      for (let i = 0; i < d.length; i++) d[i] *= deviation[i];
      return d;
    },
  };
}

/** out = A x for a symmetric A, both triangles, row by row. */
function symmetricTimes(A: Float64Array, n: number, x: Float64Array, out: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let [a, b, c, d] = [0, 0, 0, 0];
    let j = 0;
    for (; j + 3 < n; j += 4) {
      a += A[row + j] * x[j];
      b += A[row + j + 1] * x[j + 1];
      c += A[row + j + 2] * x[j + 2];
      d += A[row + j + 3] * x[j + 3];
    }
    for (; j < n; j++) a += A[row + j] * x[j];
    out[i] = a + b + c + d;
  }
}
