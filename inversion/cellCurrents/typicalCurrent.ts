import { plainAlgebra } from '../../src/linearAlgebra/index.js';
import { rms } from '../../src/linearAlgebra/vectors.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import { median } from '../median.js';
import type { CellPatterns } from './cellPatterns.js';

/**
 * Typical current of a cell, A, to begin with: plain least squares with the cells' patterns and a constant alone.
 * @param scans with the same positions
 */
export function roughCurrent(patterns: readonly CellPatterns[], scans: readonly ScanReadings[]): number {
  const { nx, ny, nz, count } = scans[0];
  const columns = [...patterns.map(({ base }) => base), nx, ny, nz].filter(c => c.some(v => v !== 0));
  const n = columns.length;
  const norm = columns.map(rms);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let r = 0; r < count; r++) sum += columns[i][r] * columns[j][r];
      matrix[i * n + j] = sum / (count * norm[i] * norm[j]);
    }
    matrix[i * n + i] += 1e-6;
  }
  plainAlgebra.cholesky(matrix, n);
  const currents = scans.map(({ value }) => {
    const x = Float64Array.from(columns, (column, i) => {
      let sum = 0;
      for (let r = 0; r < count; r++) sum += column[r] * value[r];
      return sum / (count * norm[i]);
    });
    plainAlgebra.solveCholesky(matrix, n, x, 1);
    return Float64Array.from({ length: patterns.length }, (_, i) => x[i] / norm[i]);
  });
  return typicalCurrent(currents) || 1;
}

/** Median over the scans of the mean magnitude over the cells. */
export function typicalCurrent(currents: readonly Float64Array[]): number {
  return median(Float64Array.from(currents, own => own.reduce((sum, v) => sum + Math.abs(v), 0) / own.length));
}
