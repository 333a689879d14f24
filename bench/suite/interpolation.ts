import { gather, interpolationTable, scatter } from '../../src/forward/interpolate.js';
import { POINT_SENSOR } from '../../src/forward/readings.js';
import { samplePoints } from '../../src/forward/samplePoints.js';
import { SPLINE_SUPPORT } from '../../src/forward/splineInterpolation.js';
import { random } from '../../src/random.js';
import { realTransform2D } from '../../src/transforms/index.js';
import { type BenchCase, type BenchJob, sameValues } from './benchCase.js';

/** Interpolation of a lattice to scattered samples by splines of 8 x 8 nodes, and the transpose, samples to lattice. */

const MARGIN = 8;

function interpolation(id: string, what: 'gather' | 'scatter', n: number, points: number): BenchCase {
  const rng = random(points);
  const inside = () => MARGIN + rng.uniform() * (n - 2 * MARGIN);
  const readings = {
    x: Float64Array.from({ length: points }, inside),
    y: Float64Array.from({ length: points }, inside),
    z: new Float64Array(points).fill(5),
    nx: new Float64Array(points),
    ny: new Float64Array(points),
    nz: new Float64Array(points).fill(1),
  };
  // In pitches. All samples at one height: one plane, which counts in full.
  const placed = samplePoints({ x0: 0, y0: 0, pitch: 1, nx: n, ny: n }, 0, 1, readings, POINT_SENSOR);
  const transform = realTransform2D(n, n);
  const [field, result] = [transform.allocate(n * n), transform.allocate(n * n)];
  const axis = { length: n, psiOffset: 0, stride: 1, psiEnd: n, fieldEnd: n, reach: n };
  const table = interpolationTable(transform, placed, { x: axis, y: axis });
  for (let i = 0; i < field.length; i++) field[i] = rng.normal();
  const values = Float64Array.from({ length: points }, () => rng.normal());
  const out = what === 'gather' ? new Float64Array(points) : result;
  return {
    id,
    work: `${what === 'gather' ? 'to' : 'from'} ${points} samples, ${n} x ${n} nodes`,
    peer: 'scipy.sparse.csr_matrix of the same weights',
    settings: { what, n, points, support: SPLINE_SUPPORT },
    arrays: {
      field,
      values,
      base: Float64Array.from(placed.site, (_, i) => placed.firstY[i] * n + placed.firstX[i]),
      weightsX: placed.weightsX,
      weightsY: placed.weightsY,
    },
    run() {
      out.fill(0);
      if (what === 'gather') gather(table, 0, 0, false, field, out);
      else scatter(table, 0, 0, false, values, out);
    },
    compare: theirs => sameValues(out, theirs.out, 1e-12),
  };
}

export const interpolations: BenchJob = {
  name: 'interpolation',
  title: 'Interpolation to samples',
  // Not guarded: the sparse matrix waits for memory, Savart computes, so that the ratio depends on who else wants the memory.
  cases: [
    { id: 'gather-10000', make: id => interpolation(id, 'gather', 256, 10_000) },
    { id: 'gather-100000', quick: true, make: id => interpolation(id, 'gather', 512, 100_000) },
    { id: 'scatter-10000', make: id => interpolation(id, 'scatter', 256, 10_000) },
    { id: 'scatter-100000', quick: true, make: id => interpolation(id, 'scatter', 512, 100_000) },
  ],
};
