import type { Vector3 } from '../../src/biotSavart/index.js';
import { InputError } from '../../src/errors.js';
import { AXES } from '../../src/fieldMap.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { plainAlgebra } from '../../src/linearAlgebra/index.js';

/** Terms x^i y^j of the polynomials by degree; a degree needs twice as many readings as it has terms. */
const TERMS: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [2, 0],
  [1, 1],
  [0, 2],
];
const COUNTS = [1, 3, 6];
/** A part of the field by which readings may miss the polynomial before the user hears of it. */
const ROUGH = 0.02;

/** The applied field as measured without the cell: a polynomial of at most second degree in x and y per component. */
export interface MeasuredField {
  readonly at: (x: number, y: number) => Vector3;
  readonly degree: number;
  /** Root mean square of what the polynomial leaves, as a part of the field. */
  readonly misfit: number;
  readonly warnings: readonly string[];
}

/**
 * Fits the readings of a map of the applied field. A coil's field is smooth, and its small curvature over the thickness of a
 * cell is left out, so readings at any height near z = 0 will do.
 * @throws {InputError} where a component is missing or the readings are no field
 */
export function measuredField(scan: FieldScan): MeasuredField {
  const missing = AXES.find(name => scan.components[name] === undefined);
  if (missing !== undefined) {
    throw new InputError(`the map of the applied field lacks ${missing}`, {
      column: missing,
      advice: 'measure all three components, or give --field-uT if it is uniform',
    });
  }
  const { count } = scan;
  const centre = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / count;
  const [mx, my] = [centre(scan.x), centre(scan.y)];
  const reach = Math.max(...scan.x.map(x => Math.abs(x - mx)), ...scan.y.map(y => Math.abs(y - my)), 1e-6);
  let degree = COUNTS.findLastIndex(terms => count >= (terms === 1 ? 1 : 2 * terms));
  let fits: Float64Array[] | undefined;
  for (; fits === undefined; degree--) fits = fitAll(scan, mx, my, reach, COUNTS[degree]);
  degree++;
  const terms = COUNTS[degree];
  const at = (x: number, y: number): Vector3 => {
    const basis = basisAt((x - mx) / reach, (y - my) / reach, terms);
    const [bx, by, bz] = fits.map(c => c.reduce((sum, v, k) => sum + v * basis[k], 0));
    return [bx, by, bz];
  };
  let [square, size] = [0, 0];
  for (let s = 0; s < count; s++) {
    const fit = at(scan.x[s], scan.y[s]);
    AXES.forEach((name, k) => {
      const value = scan.components[name]!.values[s];
      square += (value - fit[k]) ** 2;
      size += value ** 2;
    });
  }
  if (size === 0)
    throw new InputError('the applied field is zero everywhere', { advice: 'check the map of the field' });
  const misfit = Math.sqrt(square / size);
  return {
    at,
    degree,
    misfit,
    warnings:
      misfit > ROUGH
        ? [
            `The map of the applied field is rougher than a parabola by ${(100 * misfit).toFixed(1)} %; chi errs as much.`,
          ]
        : [],
  };
}

function basisAt(u: number, v: number, terms: number): Float64Array {
  return Float64Array.from({ length: terms }, (_, k) => u ** TERMS[k][0] * v ** TERMS[k][1]);
}

/** Coefficients per component; undefined where the readings do not determine them. */
function fitAll(scan: FieldScan, mx: number, my: number, reach: number, terms: number): Float64Array[] | undefined {
  const normal = new Float64Array(terms * terms);
  const right = AXES.map(() => new Float64Array(terms));
  for (let s = 0; s < scan.count; s++) {
    const basis = basisAt((scan.x[s] - mx) / reach, (scan.y[s] - my) / reach, terms);
    for (let i = 0; i < terms; i++) {
      for (let j = 0; j <= i; j++) normal[i * terms + j] += basis[i] * basis[j];
      AXES.forEach((name, k) => {
        right[k][i] += basis[i] * scan.components[name]!.values[s];
      });
    }
  }
  // Readings on one line determine no slope across it.
  for (let i = 0; i < terms; i++) if (!(normal[i * terms + i] > 1e-6 * scan.count) && terms > 1) return undefined;
  try {
    plainAlgebra.cholesky(normal, terms);
  } catch {
    return undefined;
  }
  for (let i = 0; i < terms; i++) if (normal[i * terms + i] ** 2 < 1e-8 * scan.count && terms > 1) return undefined;
  for (const r of right) plainAlgebra.solveCholesky(normal, terms, r, 1);
  return right;
}
