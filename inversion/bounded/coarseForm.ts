import type { Outline } from '../../src/model/outline.js';
import type { ReducedForm } from './elimination.js';
import { interiorLattice, interpolationAt, laplacian } from './interiorLattice.js';
import type { BoundedModel } from './model.js';

/** The departures on a coarser lattice, for choices that take many solutions but no detail. */
export interface CoarseForm {
  readonly model: BoundedModel;
  readonly reduced: ReducedForm;
}

/** The same quadratic form, Q' S Q, with the departures interpolated from a lattice `factor` times as wide. */
export function coarseForm(model: BoundedModel, reduced: ReducedForm, outline: Outline, factor: number): CoarseForm {
  const fine = model.interior;
  const interior = interiorLattice(outline, factor * Math.sqrt(fine.dx * fine.dy));
  const sheets = model.departures.length;
  const patterns = model.patterns.length;
  const n = reduced.n;
  const m = sheets * interior.count + patterns;
  // Rows of Q: up to 16 coarse nodes for each fine one.
  const counts = new Int32Array(fine.count);
  const index = new Int32Array(16 * fine.count);
  const value = new Float64Array(16 * fine.count);
  const slope = new Float64Array(16);
  for (let u = 0; u < fine.count; u++) {
    const [at, to] = [16 * u, 16 * u + 16];
    counts[u] = interpolationAt(
      interior,
      fine.x[u],
      fine.y[u],
      index.subarray(at, to),
      value.subarray(at, to),
      slope,
      slope,
    );
  }
  /** Adds `factor` times row i of Q' ... to `row`: what unknown i of the fine form is made of. */
  const spread = (i: number, factor: number, row: Float64Array) => {
    const sheet = Math.floor(i / fine.count);
    if (sheet >= sheets) row[sheets * interior.count + i - sheets * fine.count] += factor;
    else {
      const u = i - sheet * fine.count;
      for (let k = 16 * u; k < 16 * u + counts[u]; k++) row[sheet * interior.count + index[k]] += factor * value[k];
    }
  };
  const half = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    const row = half.subarray(i * m, (i + 1) * m);
    for (let j = 0; j < n; j++) spread(j, i >= j ? reduced.form[i * n + j] : reduced.form[j * n + i], row);
  }
  const form = new Float64Array(m * m);
  const gradient = new Float64Array(m);
  const unit = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    unit.fill(0);
    spread(i, 1, unit);
    for (let a = 0; a < m; a++) {
      if (unit[a] === 0) continue;
      gradient[a] += unit[a] * reduced.gradient[i];
      for (let b = 0; b <= a; b++) form[a * m + b] += unit[a] * half[i * m + b];
    }
  }
  return {
    model: { ...model, interior, laplacian: laplacian(interior) },
    reduced: { ...reduced, n: m, form, gradient },
  };
}
