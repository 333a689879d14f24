import { describe, expect, it } from 'vitest';
import { boundedInversion } from '../../../inversion/bounded/boundedInversion.js';
import { priorOfKept } from '../../../inversion/bounded/departurePrior.js';
import { eliminateOutside, eliminationRoom } from '../../../inversion/bounded/elimination.js';
import { logEvidence } from '../../../inversion/bounded/evidence.js';
import { predictedReadings } from '../../../inversion/bounded/modelRows.js';
import { normalEquations } from '../../../inversion/bounded/normalEquations.js';
import { readingPoints } from '../../../inversion/bounded/readingPoints.js';
import { polylineField, positionsOf, type Vector3, zeroField } from '../../../src/biotSavart/index.js';
import type { FieldScan } from '../../../src/fieldScan.js';
import { plainAlgebra } from '../../../src/linearAlgebra/index.js';
import { random } from '../../../src/random.js';
import { emptyScan, fieldInside, smallCell, smallProblem } from './smallProblem.js';

const MM = 1e-3;
const [WIDTH, HEIGHT, CURRENT, SIGMA] = [40, 50, 10, 1e-7];

/** A healthy cell whose wires leave the lower tab, pass through the given points and end at the upper one. */
function healthyScan(closing: readonly (readonly [y: number, z: number])[]): FieldScan {
  const scan = emptyScan(WIDTH, HEIGHT, { pitch: 5, z: [8], sigma: SIGMA });
  const problem = smallProblem(smallCell(WIDTH, HEIGHT, { current: CURRENT }), scan, 3000);
  const { readings, tabs } = problem;
  const { nx, x0, y0, pitch } = tabs.lattice;
  const points = readingPoints(readings);
  const field = zeroField(points.positions.x.length);
  const row = Math.round(-y0 / pitch);
  for (let ix = Math.round(-x0 / pitch); ix < Math.round((WIDTH * MM - x0) / pitch); ix++) {
    const down = tabs.base[row * nx + ix + 1] - tabs.base[row * nx + ix];
    if (Math.abs(down) < 1e-12) continue;
    const x = x0 + (ix + 0.5) * pitch;
    // The wires are narrower than the tabs.
    const narrow = 0.4 * x + 0.3 * WIDTH * MM;
    const inner = closing.map(([y, z]): Vector3 => [narrow, y * MM, z * MM]);
    polylineField(points.positions, positionsOf([[x, 0, 0], ...inner, [x, HEIGHT * MM, 0]]), down, field);
  }
  const inside = fieldInside(problem)(tabs.base);
  const wires = points.readings(field);
  const rng = random(3);
  const components = Object.fromEntries(
    (['bx', 'by', 'bz'] as const).map(axis => [axis, { values: new Float64Array(scan.count) }]),
  );
  readings.sample.forEach((sample, r) => {
    const { values } = components[(['bx', 'by', 'bz'] as const)[readings.component[r]]];
    values[sample] = inside[r] + wires[r] + SIGMA * rng.normal();
  });
  return { ...scan, components };
}

describe('wires that nobody described', () => {
  const cell = smallCell(WIDTH, HEIGHT, { current: CURRENT });

  it('below the cell are found there, not in the map', () => {
    const depth = -10;
    const scan = healthyScan([
      [-10, 0],
      [-10, depth],
      [HEIGHT + 10, depth],
      [HEIGHT + 10, 0],
    ]);
    const solution = boundedInversion(scan, cell, { errors: false, place: 'given' });
    expect(solution.warnings.join()).toMatch('currents below the cell');
    expect(solution.chi2).toBeLessThan(1.3);
    expect(solution.departure).toBeLessThan(0.08);
  });
});

it('the evidence is the Gaussian density of the readings under the prior', () => {
  const scan = emptyScan(22, 26, { margin: 8, pitch: 8, z: [10] });
  const { readings, weights, model, dense, variance } = smallProblem(smallCell(22, 26), scan, 3000);
  const { count } = readings;
  const [n, kept] = [model.unknowns, model.kept];
  const rng = random(5);
  for (let r = 0; r < count; r++) readings.value[r] = model.base[r] + 3e-7 * rng.normal();
  // Covariance of the readings: 1 + A P^-1 A'.
  const prior = new Float64Array(n * n);
  const corner = new Float64Array(kept * kept);
  priorOfKept(model, variance, corner);
  for (let i = 0; i < kept; i++) prior.set(corner.subarray(i * kept, i * kept + i + 1), i * n);
  let at = kept;
  for (const { sources, precision } of model.outside) {
    const m = sources.count;
    for (let i = 0; i < m; i++) prior.set(precision.subarray(i * m, i * m + i + 1), (at + i) * n + at);
    at += m;
  }
  plainAlgebra.cholesky(prior, n);
  const columns = new Float64Array(n * count);
  for (let u = 0; u < n; u++) {
    const [x, outside] = [new Float64Array(kept), new Float64Array(n - kept)];
    if (u < kept) x[u] = 1;
    else outside[u - kept] = 1;
    const field = predictedReadings(model, readings, x, outside);
    for (let r = 0; r < count; r++) columns[u * count + r] = (field[r] - model.base[r]) * weights[r];
  }
  plainAlgebra.forwardSolve(prior, n, columns, count);
  const covariance = new Float64Array(count * count);
  for (let r = 0; r < count; r++) covariance[r * count + r] = 1;
  plainAlgebra.addGram(columns, n, count, covariance);
  plainAlgebra.cholesky(covariance, count);
  const data = readings.value.map((v, r) => (v - model.base[r]) * weights[r]);
  plainAlgebra.forwardSolve(covariance, count, data, 1);
  const expected = -0.5 * (data.reduce((sum, v) => sum + v * v, 0) + plainAlgebra.logDeterminant(covariance, count));

  const equations = normalEquations(model, readings, weights, dense);
  const reduced = eliminateOutside(equations, model, eliminationRoom(equations, model, dense), dense);
  expect(logEvidence(model, reduced, variance, dense)).toBeCloseTo(expected, 3);
});
