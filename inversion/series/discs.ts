import { plainAlgebra } from '../../src/linearAlgebra/index.js';
import { dot } from '../../src/linearAlgebra/vectors.js';
import type { SlabForm } from '../susceptibility/slabForm.js';
import type { SlabLattice } from '../susceptibility/slabLattice.js';

/** A disc of chi 1 as a pattern v over the tiles. */
export interface Disc {
  readonly members: Int32Array;
  /** Tiles on its rim take part in part. */
  readonly values: Float64Array;
  /** v' H v */
  readonly information: number;
}

/** A disc about every tile. */
export function discsAbout(lattice: SlabLattice, radius: number, form: SlabForm): Disc[] {
  return Array.from({ length: lattice.count }, (_, place) => discAbout(lattice, radius, form, place));
}

/** The disc of a radius, m, about the tile c. */
export function discAbout(
  { x, y, count, grid }: SlabLattice,
  radius: number,
  { matrix, n }: Pick<SlabForm, 'matrix' | 'n'>,
  c: number,
): Disc {
  const soft = Math.max(grid.dx, grid.dy);
  const members: number[] = [];
  const values: number[] = [];
  for (let u = 0; u < count; u++) {
    const part = Math.min(1, Math.max(0, 0.5 + (radius - Math.hypot(x[u] - x[c], y[u] - y[c])) / soft));
    if (part === 0) continue;
    members.push(u);
    values.push(part);
  }
  // Members ascend, so the lower triangle holds all pairs.
  let information = 0;
  for (let i = 0; i < members.length; i++) {
    const row = members[i] * n;
    let sum = 0;
    for (let j = 0; j < i; j++) sum += 2 * values[j] * matrix[row + members[j]];
    information += values[i] * (sum + values[i] * matrix[row + members[i]]);
  }
  return { members: Int32Array.from(members), values: Float64Array.from(values), information };
}

/** The disc as a value per tile. */
export function discPattern({ members, values }: Disc, n: number): Float64Array {
  const pattern = new Float64Array(n);
  members.forEach((u, i) => {
    pattern[u] = values[i];
  });
  return pattern;
}

/** v' f of a disc v and a value per tile. */
export function alongDisc({ members, values }: Disc, f: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < members.length; i++) sum += values[i] * f[members[i]];
  return sum;
}

/** What patterns U that are fitted along leave of gradients and of discs. */
export interface FittedPatterns {
  /** g - H U (U' H U)^-1 U' g, and the coefficients of U. @param gradient g */
  taken(gradient: Float64Array): { readonly coefficients: Float64Array; readonly left: Float64Array };
  /** v' H v - v' H U (U' H U)^-1 U' H v: one over the variance of the disc's excess, for readings of unit variance. */
  information(disc: Disc): number;
  /** H v - H U (U' H U)^-1 U' H v. */
  project(pattern: Float64Array): Float64Array;
}

/** @param patterns values per tile, not combinations of each other */
export function fittedPatterns(
  patterns: readonly Float64Array[],
  { matrix, n }: Pick<SlabForm, 'matrix' | 'n'>,
): FittedPatterns {
  const m = patterns.length;
  const products = patterns.map(v => symmetricProduct(matrix, n, v));
  const form = new Float64Array(m * m);
  for (let a = 0; a < m; a++) for (let b = 0; b <= a; b++) form[a * m + b] = dot(patterns[a], products[b]);
  for (let a = 0; a < m; a++) form[a * m + a] *= 1 + 1e-12;
  plainAlgebra.cholesky(form, m);
  const cross = new Float64Array(m);
  const taken = (gradient: Float64Array) => {
    const coefficients = Float64Array.from(patterns, v => dot(v, gradient));
    plainAlgebra.solveCholesky(form, m, coefficients, 1);
    const left = gradient.slice();
    products.forEach((hv, k) => {
      for (let u = 0; u < n; u++) left[u] -= coefficients[k] * hv[u];
    });
    return { coefficients, left };
  };
  return {
    taken,
    information: disc => {
      for (let k = 0; k < m; k++) cross[k] = alongDisc(disc, products[k]);
      // |L^-1 cross|^2 is what the patterns take of the disc.
      plainAlgebra.forwardSolve(form, m, cross, 1);
      // A disc that the patterns hold already has no information of its own.
      return Math.max(disc.information - dot(cross, cross), 1e-9 * disc.information);
    },
    project: pattern => taken(symmetricProduct(matrix, n, pattern)).left,
  };
}

/** H v from the lower triangle of H. */
function symmetricProduct(matrix: Float64Array, n: number, v: Float64Array): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = matrix[i * n + i] * v[i];
    for (let j = 0; j < i; j++) {
      sum += matrix[i * n + j] * v[j];
      out[j] += matrix[i * n + j] * v[i];
    }
    out[i] += sum;
  }
  return out;
}
