import { expect, it } from 'vitest';
import { solveKept, uniformVariance } from '../../../inversion/bounded/departurePrior.js';
import { eliminateOutside, eliminationRoom } from '../../../inversion/bounded/elimination.js';
import { applyLaplacian } from '../../../inversion/bounded/interiorLattice.js';
import { sheetErrors } from '../../../inversion/bounded/mapErrors.js';
import { HarmonicMaps, mapGrid, sheetMaps } from '../../../inversion/bounded/maps.js';
import { normalEquations } from '../../../inversion/bounded/normalEquations.js';
import { addSourceField, sourceRows } from '../../../inversion/bounded/pointSources.js';
import { laplacianOfCovariance } from '../../../inversion/bounded/priorTrace.js';
import { readingPoints } from '../../../inversion/bounded/readingPoints.js';
import { polylineField, positionsOf, type Vector3, zeroField } from '../../../src/biotSavart/index.js';
import { plainAlgebra } from '../../../src/linearAlgebra/index.js';
import { type Random, random } from '../../../src/random.js';
import { emptyScan, fieldInside, type SmallProblem, smallCell, smallProblem } from './smallProblem.js';

const [WIDTH, HEIGHT, CURRENT, SIGMA, DRAWS] = [50, 60, 10, 1e-7, 60];
const MM = 1e-3;

/** Adds to the field of wires that start all along both tabs, meet behind them and run on straight, far away. */
function addLeads({ tabs, readings }: SmallProblem, psi: Float64Array, rng: Random, out: Float64Array): void {
  const { nx, x0, y0, pitch } = tabs.lattice;
  const points = readingPoints(readings);
  const field = zeroField(points.positions.x.length);
  for (const [y, side] of [
    [HEIGHT * MM, 1],
    [0, -1],
  ]) {
    const row = Math.round((y - y0) / pitch);
    const meet: Vector3 = [WIDTH * MM * (0.4 + 0.2 * rng.uniform()), y + side * (15 + 10 * rng.uniform()) * MM, 0];
    const away: Vector3 = [meet[0] + 0.3 * (rng.uniform() - 0.5), y + 0.5 * side, 0.1 * (rng.uniform() - 0.5)];
    for (let ix = Math.round(-x0 / pitch); ix < Math.round((WIDTH * MM - x0) / pitch); ix++) {
      // What flows up through the step; at the upper edge it leaves the cell, at the lower it enters.
      const up = psi[row * nx + ix] - psi[row * nx + ix + 1];
      if (Math.abs(up) < 1e-12) continue;
      const path = positionsOf([[x0 + (ix + 0.5) * pitch, y, 0], meet, away]);
      polylineField(points.positions, path, side * up, field);
    }
  }
  const leads = points.readings(field);
  for (let r = 0; r < out.length; r++) out[r] += leads[r];
}

/** L, n x n; solving with L'L gives L^-1 w from L'w. */
function laplacianMatrix({ model }: SmallProblem): Float64Array {
  const n = model.interior.count;
  const matrix = new Float64Array(n * n);
  const [unit, column] = [new Float64Array(n), new Float64Array(n)];
  for (let j = 0; j < n; j++) {
    unit.fill(0)[j] = 1;
    applyLaplacian(model.laplacian, unit, column);
    for (let i = 0; i < n; i++) matrix[i * n + j] = -column[i];
  }
  return matrix;
}

it('one-sigma intervals of Kx and Ky hold 68 % of the truth, with real wires outside', () => {
  const density = 10 * ((0.1 * CURRENT) / Math.sqrt(WIDTH * HEIGHT * MM * MM)) ** 2;
  const cell = smallCell(WIDTH, HEIGHT, { current: CURRENT });
  const problem = smallProblem(cell, emptyScan(WIDTH, HEIGHT, { sigma: SIGMA }), density);
  const { model, readings, weights, tabs, dense, variance } = problem;
  const { count } = readings;
  const nodes = model.interior.count;
  const rng = random(7);

  // The healthy current inside and its free directions, as they are: without the strips that the model lets run on.
  const inside = fieldInside(problem);
  const base = inside(tabs.base);
  const columns = tabs.columns.map(({ psi }) => inside(psi));

  const equations = normalEquations(model, readings, weights, dense);
  const room = eliminationRoom(equations, model, dense);
  const rows = new Float64Array(count * model.unknowns);
  const all = Int32Array.from({ length: count }, (_, r) => r);
  let at = 0;
  for (const sources of model.departures) {
    sourceRows(sources, readings, weights, all, rows, model.unknowns, at);
    at += sources.count;
  }
  for (const { field } of model.patterns) {
    for (let r = 0; r < count; r++) rows[r * model.unknowns + at] = field[r] * weights[r];
    at++;
  }
  for (const { sources } of model.outside) {
    sourceRows(sources, readings, weights, all, rows, model.unknowns, at);
    at += sources.count;
  }

  const harmonic = new HarmonicMaps(tabs, mapGrid(cell, 1e-3));
  const first = solveKept(model, eliminateOutside(equations, model, room, dense), variance, dense, true);
  const posterior = laplacianOfCovariance(model, first.covariance!, model.kept, 0);
  const influence = posterior.map((v, u) => 1 - v / uniformVariance(model, density)[0][u]);
  const { kxErrors, kyErrors } = sheetErrors(model, first.covariance!, influence, harmonic, 0);

  const factor = laplacianMatrix(problem);
  plainAlgebra.cholesky(factor, nodes);
  let [within, total, square, relative] = [0, 0, 0, 0];
  for (let draw = 0; draw < DRAWS; draw++) {
    const kept = new Float64Array(model.kept);
    // -L is symmetric and positive definite, and w is as likely as -w.
    const w = variance[0].map(v => Math.sqrt(v) * rng.normal());
    plainAlgebra.solveCholesky(factor, nodes, w, 1);
    kept.set(w);
    const value = base.slice();
    const psi = tabs.base.slice();
    model.patterns.forEach(({ tab, background, field, sd }, p) => {
      if (tab !== undefined) {
        const c = (kept[nodes + p] = sd * rng.normal());
        for (let i = 0; i < psi.length; i++) psi[i] += c * tabs.columns[tab.column].psi[i];
        for (let r = 0; r < count; r++) value[r] += c * columns[tab.column][r];
      } else if (background !== undefined) {
        const c = (kept[nodes + p] = rng.normal());
        for (let r = 0; r < count; r++) value[r] += c * field[r];
      }
    });
    addLeads(problem, psi, rng, value);
    addSourceField(model.departures[0], w, readings, value);
    for (let r = 0; r < count; r++) value[r] += SIGMA * rng.normal();

    equations.gradient.fill(0);
    equations.energy = 0;
    for (let r = 0; r < count; r++) {
      const b = (value[r] - model.base[r]) * weights[r];
      equations.energy += b * b;
      const row = rows.subarray(r * model.unknowns, (r + 1) * model.unknowns);
      for (let i = 0; i < row.length; i++) equations.gradient[i] += b * row[i];
    }
    const { x, residual } = solveKept(model, eliminateOutside(equations, model, room, dense), variance, dense, false);
    relative += residual / count / DRAWS;
    const [found, truth] = [x, kept].map(k => sheetMaps(model, k, harmonic)[0].map);
    for (let i = 0; i < kxErrors.length; i++) {
      if (Number.isNaN(kxErrors[i])) continue;
      const [ex, ey] = [(found.kx[i] - truth.kx[i]) / kxErrors[i], (found.ky[i] - truth.ky[i]) / kyErrors[i]];
      within += (Math.abs(ex) < 1 ? 1 : 0) + (Math.abs(ey) < 1 ? 1 : 0);
      square += ex * ex + ey * ey;
      total += 2;
    }
  }
  const mean = `rms error in sigmas ${Math.sqrt(square / total).toFixed(3)}, chi2 ${relative.toFixed(2)}`;
  expect(within / total, mean).toBeGreaterThan(0.65);
  expect(within / total, mean).toBeLessThan(0.71);
}, 120_000);
