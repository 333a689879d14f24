import { applyPair, type PairLevel, vectorLength } from './pairLevel.js';

/** A pivot this small against its diagonal is rounding: a potential that nothing fixes, left at zero. */
const NO_PIVOT = 1e-11;

/**
 * Solver of a small level by L D L^T, in place: b becomes x. The constant potential, and every island that stands alone, is
 * free; the right-hand side must not feed it.
 */
export function denseSolver(level: PairLevel): (b: Float64Array, x: Float64Array) => void {
  const n = 2 * level.nx * level.ny;
  const first = 2 * level.nx;
  const unit = new Float64Array(vectorLength(level));
  const column = new Float64Array(vectorLength(level));
  const a = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    unit[first + j] = 1;
    applyPair(level, unit, column);
    unit[first + j] = 0;
    for (let i = 0; i < n; i++) a[i * n + j] = column[first + i];
  }
  for (let j = 0; j < n; j++) {
    const diagonal = a[j * n + j];
    let pivot = diagonal;
    for (let k = 0; k < j; k++) pivot -= a[j * n + k] ** 2 * a[k * n + k];
    const free = !(pivot > NO_PIVOT * diagonal);
    a[j * n + j] = free ? 0 : pivot;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k] * a[k * n + k];
      a[i * n + j] = free ? 0 : sum / pivot;
    }
  }
  return (b, x) => {
    for (let i = 0; i < n; i++) {
      let sum = b[first + i];
      for (let k = 0; k < i; k++) sum -= a[i * n + k] * x[first + k];
      x[first + i] = sum;
    }
    for (let i = 0; i < n; i++) x[first + i] = a[i * n + i] === 0 ? 0 : x[first + i] / a[i * n + i];
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[first + i];
      for (let k = i + 1; k < n; k++) sum -= a[k * n + i] * x[first + k];
      x[first + i] = sum;
    }
  };
}
