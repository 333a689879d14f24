import { beforeAll, describe, expect, it } from 'vitest';
import { coarseForm } from '../../../inversion/bounded/coarseForm.js';
import { interpolationAt } from '../../../inversion/bounded/cubicConvolution.js';
import { type KeptSolution, solveKept } from '../../../inversion/bounded/departurePrior.js';
import {
  type EliminationRoom,
  eliminateOutside,
  eliminationRoom,
  type ReducedForm,
} from '../../../inversion/bounded/elimination.js';
import { addLaplacianPrior, applyLaplacian } from '../../../inversion/bounded/interiorLattice.js';
import { chooseDensity } from '../../../inversion/bounded/lambdaChoice.js';
import { predictedReadings } from '../../../inversion/bounded/modelRows.js';
import {
  addReadings,
  type NormalEquations,
  normalEquations,
  scaleEquations,
} from '../../../inversion/bounded/normalEquations.js';
import { laplacianOfCovariance } from '../../../inversion/bounded/priorTrace.js';
import { plainAlgebra } from '../../../src/linearAlgebra/index.js';
import { random } from '../../../src/random.js';
import { normals } from '../../forward/support.js';
import { emptyScan, type SmallProblem, smallCell, smallProblem } from './smallProblem.js';
import { relativeError } from './support.js';

const DENSITY = 3000;

/** A symmetric matrix of which the lower triangle is given, times x. */
function symmetricTimes(matrix: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      out[i] += matrix[i * n + j] * x[j];
      if (i !== j) out[j] += matrix[i * n + j] * x[i];
    }
  }
  return out;
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);
const plus = (a: Float64Array, b: Float64Array) => a.map((v, i) => v + b[i]);

/** The lower triangle with zeros above. */
const lowerOf = (matrix: Float64Array, n: number) => matrix.map((v, i) => (i % n <= Math.floor(i / n) ? v : 0));

describe.each([
  ['one sheet, all components', smallCell(22, 26), emptyScan(22, 26, { margin: 8 })],
  [
    'two sheets, Bz from both sides',
    smallCell(22, 26, { sheets: Float64Array.of(2e-3, -2e-3) }),
    emptyScan(22, 26, { margin: 8, z: [8, -8], axes: ['bz'] }),
  ],
])('the normal equations, %s', (_, cell, scan) => {
  let problem: SmallProblem;
  let equations: NormalEquations;
  let room: EliminationRoom;
  let sums: Float64Array;
  let reduced: ReducedForm;
  let solution: KeptSolution;
  /** Weighted rows, readings x unknowns, from the predictions of single unknowns. */
  let rows: Float64Array;
  /** What base leaves of the readings, weighted. */
  let right: Float64Array;
  /** Dense prior precision of the kept unknowns, lower triangle. */
  let priorKept: Float64Array;

  const penaltyOutside = (outside: Float64Array) => {
    let [sum, at] = [0, 0];
    for (const { sources, precision } of problem.model.outside) {
      const part = outside.subarray(at, at + sources.count);
      part.forEach((v, i) => {
        sum += v * dot(precision.subarray(i * sources.count, (i + 1) * sources.count), part);
      });
      at += sources.count;
    }
    return sum;
  };

  /** |A x - b|^2 in sigmas plus the penalty outside, from predicted readings. */
  const misfit = (kept: Float64Array, outside: Float64Array) => {
    const { model, readings, weights } = problem;
    const fitted = predictedReadings(model, readings, kept, outside);
    const residual = fitted.map((f, r) => (readings.value[r] - f) * weights[r]);
    return dot(residual, residual) + penaltyOutside(outside);
  };

  beforeAll(() => {
    problem = smallProblem(cell, scan, DENSITY);
    const { model, readings, weights, dense } = problem;
    const rng = random(11);
    // Something like a truth, and noise.
    const truth = normals(model.unknowns, rng).map((v, i) => (i < model.kept ? 0.1 : 0.5) * v);
    const field = predictedReadings(model, readings, truth.subarray(0, model.kept), truth.subarray(model.kept));
    readings.value.set(field.map((v, r) => v + rng.normal() / weights[r]));
    const { unknowns: n, kept } = model;
    rows = new Float64Array(readings.count * n);
    for (let i = 0; i < n; i++) {
      const unit = new Float64Array(n);
      unit[i] = 1;
      const column = predictedReadings(model, readings, unit.subarray(0, kept), unit.subarray(kept));
      for (let r = 0; r < readings.count; r++) rows[r * n + i] = (column[r] - model.base[r]) * weights[r];
    }
    right = readings.value.map((v, r) => (v - model.base[r]) * weights[r]);
    priorKept = new Float64Array(kept * kept);
    const nodes = model.interior.count;
    problem.variance.forEach((v, s) => {
      addLaplacianPrior(model.laplacian, v, priorKept, kept, s * nodes);
    });
    model.patterns.forEach(({ sd }, p) => {
      const at = model.departures.length * nodes + p;
      priorKept[at * kept + at] += 1 / sd ** 2;
    });
    equations = normalEquations(model, readings, weights, dense);
    sums = lowerOf(equations.matrix, model.unknowns);
    room = eliminationRoom(equations, model, dense);
    reduced = eliminateOutside(equations, model, room, dense);
    solution = solveKept(model, reduced, problem.variance, dense, true);
  }, 60_000);

  it('are A^T A, A^T b and |b|^2 of the weighted readings', () => {
    const { unknowns: n } = problem.model;
    const matrix = new Float64Array(n * n);
    const gradient = new Float64Array(n);
    for (let r = 0; r < right.length; r++) {
      const row = rows.subarray(r * n, (r + 1) * n);
      for (let i = 0; i < n; i++) {
        gradient[i] += row[i] * right[r];
        for (let j = 0; j <= i; j++) matrix[i * n + j] += row[i] * row[j];
      }
    }
    expect(relativeError(sums, matrix)).toBeLessThan(1e-9);
    expect(relativeError(equations.gradient, gradient)).toBeLessThan(1e-9);
    expect(equations.energy / dot(right, right)).toBeCloseTo(1, 9);
  });

  it('readings that are taken away might never have been there; weights may be scaled afterwards', () => {
    const { model, readings, weights, dense } = problem;
    const gone = Int32Array.from({ length: readings.count }, (_, r) => r).filter(r => r % 3 === 1);
    dense.temporarily(() => {
      const all = normalEquations(model, readings, weights, dense);
      addReadings(all, model, readings, weights, gone, new Float64Array(gone.length).fill(-0.75), dense);
      const some = normalEquations(
        model,
        readings,
        weights.map((w, r) => (r % 3 === 1 ? 0 : w)),
        dense,
      );
      // A quarter of the square is half of the weight.
      addReadings(some, model, readings, weights, gone, new Float64Array(gone.length).fill(0.25), dense);
      expect(relativeError(all.matrix, some.matrix)).toBeLessThan(1e-12);
      expect(relativeError(all.gradient, some.gradient)).toBeLessThan(1e-11);
      expect(all.energy / some.energy).toBeCloseTo(1, 10);

      const halved = normalEquations(
        model,
        readings,
        weights.map(w => w / 2),
        dense,
      );
      scaleEquations(halved, 2, dense);
      expect(relativeError(lowerOf(halved.matrix, model.unknowns), sums)).toBeLessThan(1e-12);
      expect(relativeError(halved.gradient, equations.gradient)).toBeLessThan(1e-12);
      expect(halved.energy / equations.energy).toBeCloseTo(1, 12);
    });
  });

  it('eliminating what is outside and solving for the rest is solving the whole', () => {
    const { model } = problem;
    const { unknowns: n, kept } = model;
    const whole = sums.slice();
    for (let i = 0; i < kept; i++) for (let j = 0; j <= i; j++) whole[i * n + j] += priorKept[i * kept + j];
    let at = kept;
    for (const { sources, precision } of model.outside) {
      const m = sources.count;
      for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) whole[(at + i) * n + at + j] += precision[i * m + j];
      at += m;
    }
    const x = equations.gradient.slice();
    plainAlgebra.cholesky(whole, n);
    plainAlgebra.solveCholesky(whole, n, x, 1);
    expect(relativeError(solution.x, x.slice(0, kept))).toBeLessThan(1e-6);
    expect(relativeError(reduced.outsideOf(solution.x), x.slice(kept))).toBeLessThan(1e-6);
  });

  it('the form is the least misfit that anything outside can make, and outsideOf makes it', () => {
    const rng = random(5);
    for (let trial = 0; trial < 5; trial++) {
      const x = trial === 0 ? solution.x : normals(problem.model.kept, rng).map(v => 0.1 * v);
      const outside = reduced.outsideOf(x);
      const least = misfit(x, outside);
      const said = reduced.energy - 2 * dot(reduced.gradient, x) + dot(x, symmetricTimes(reduced.form, x));
      expect(Math.abs(said - least)).toBeLessThan(1e-6 * least);
      for (let k = 0; k < 3; k++) {
        const step = normals(outside.length, rng).map(v => 1e-3 * v);
        const up = misfit(x, plus(outside, step));
        const down = misfit(
          x,
          outside.map((v, i) => v - step[i]),
        );
        expect(up).toBeGreaterThan(least);
        // No slope: both sides rise alike.
        expect(Math.abs(up - down)).toBeLessThan(1e-5 * (up + down - 2 * least) + 1e-9 * least);
      }
    }
  });

  it('residual and penalty add up to the least of the whole sum', () => {
    const { model, variance } = problem;
    const nodes = model.interior.count;
    let penalty = 0;
    variance.forEach((v, s) => {
      const w = new Float64Array(nodes);
      applyLaplacian(model.laplacian, solution.x.subarray(s * nodes, (s + 1) * nodes), w);
      penalty += w.reduce((sum, value, u) => sum + value ** 2 / v[u], 0);
    });
    expect(solution.penalty / penalty).toBeCloseTo(1, 9);
    expect(solution.residual / misfit(solution.x, reduced.outsideOf(solution.x))).toBeCloseTo(1, 6);
    const plain = solveKept(model, reduced, variance, problem.dense, false);
    expect(plain.x).toEqual(solution.x);
    expect(plain.covariance).toBeUndefined();
  });

  it('the covariance is the inverse of form plus prior, and gives that of the Laplacian', () => {
    const { model } = problem;
    const n = model.kept;
    const whole = plus(lowerOf(reduced.form, n), priorKept);
    const rng = random(4);
    for (let k = 0; k < 3; k++) {
      const x = normals(n, rng);
      const back = symmetricTimes(lowerOf(solution.covariance!, n), symmetricTimes(whole, x));
      expect(relativeError(back, x)).toBeLessThan(1e-6);
    }
    const nodes = model.interior.count;
    const diagonal = laplacianOfCovariance(model, solution.covariance!, n, 0);
    for (const u of [0, 5, nodes - 1]) {
      // Row u of L.
      const row = new Float64Array(n);
      const w = new Float64Array(nodes);
      for (let i = 0; i < nodes; i++) {
        const unit = new Float64Array(nodes);
        unit[i] = 1;
        applyLaplacian(model.laplacian, unit, w);
        row[i] = w[u];
      }
      expect(diagonal[u] / dot(row, symmetricTimes(lowerOf(solution.covariance!, n), row))).toBeCloseTo(1, 8);
      expect(diagonal[u]).toBeLessThan(problem.variance[0][u]);
    }
  });

  it('degrees of freedom are the trace of the influence: how much each reading moves its own prediction', () => {
    const { model, readings, dense } = problem;
    const { kept, unknowns: n } = model;
    let trace = 0;
    for (let r = 0; r < readings.count; r++) {
      const moved: NormalEquations = { ...equations, gradient: equations.gradient.slice() };
      const step = 100;
      for (let i = 0; i < n; i++) moved.gradient[i] += step * rows[r * n + i];
      const { x } = solveKept(model, eliminateOutside(moved, model, room, dense), problem.variance, dense, false);
      const row = rows.subarray(r * n, r * n + kept);
      trace += (dot(row, x) - dot(row, solution.x)) / step;
    }
    reduced = eliminateOutside(equations, model, room, dense);
    expect(solution.degrees! / trace).toBeCloseTo(1, 5);
    expect(trace).toBeLessThan(Math.min(kept, readings.count));
  }, 60_000);

  it('degrees outside are those of the sheets alone, within the scatter of the probes', () => {
    const { model } = problem;
    const { unknowns: n, kept } = model;
    const m = n - kept;
    const prior = new Float64Array(m * m);
    let at = 0;
    for (const { sources, precision } of model.outside) {
      for (let i = 0; i < sources.count; i++) {
        for (let j = 0; j < sources.count; j++) prior[(at + i) * m + at + j] = precision[i * sources.count + j];
      }
      at += sources.count;
    }
    const sum = Float64Array.from({ length: m * m }, (_, i) => {
      const [a, b] = [Math.floor(i / m), i % m];
      return b <= a ? prior[i] + sums[(kept + a) * n + kept + b] : 0;
    });
    plainAlgebra.cholesky(sum, m);
    let trace = m;
    for (let j = 0; j < m; j++) {
      const column = Float64Array.from({ length: m }, (_, i) => prior[i * m + j]);
      plainAlgebra.solveCholesky(sum, m, column, 1);
      trace -= column[j];
    }
    expect(Math.abs(reduced.outsideDegrees / trace - 1)).toBeLessThan(0.1);
  });

  it('the coarse form is Q^T S Q: the fine form of what the coarse departure interpolates to', () => {
    const { model } = problem;
    const coarse = coarseForm(model, reduced, cell.outline, 2, problem.dense);
    const { interior } = coarse.model;
    const sheets = model.departures.length;
    const m = coarse.reduced.n;
    expect(m).toBe(sheets * interior.count + model.patterns.length);
    expect(interior.count).toBeLessThan(0.4 * model.interior.count);
    const rng = random(8);
    const index = new Int32Array(16);
    const [value, slope] = [new Float64Array(16), new Float64Array(16)];
    const interpolated = (c: Float64Array) => {
      const x = new Float64Array(reduced.n);
      for (let s = 0; s < sheets; s++) {
        for (let u = 0; u < model.interior.count; u++) {
          const k = interpolationAt(interior, model.interior.x[u], model.interior.y[u], index, value, slope, slope);
          for (let i = 0; i < k; i++) x[s * model.interior.count + u] += value[i] * c[s * interior.count + index[i]];
        }
      }
      for (let p = 0; p < model.patterns.length; p++)
        x[sheets * model.interior.count + p] = c[sheets * interior.count + p];
      return x;
    };
    for (let k = 0; k < 4; k++) {
      const [a, b] = [normals(m, rng), normals(m, rng)];
      const [fa, fb] = [a, b].map(interpolated);
      const [here, there] = [dot(a, symmetricTimes(coarse.reduced.form, b)), dot(fa, symmetricTimes(reduced.form, fb))];
      const norm = Math.sqrt(dot(fa, symmetricTimes(reduced.form, fa)) * dot(fb, symmetricTimes(reduced.form, fb)));
      expect(Math.abs(here - there)).toBeLessThan(1e-10 * norm);
      const size = Math.sqrt(dot(fa, fa) * dot(reduced.gradient, reduced.gradient));
      expect(Math.abs(dot(a, coarse.reduced.gradient) - dot(fa, reduced.gradient))).toBeLessThan(1e-11 * size);
    }
    expect(coarse.reduced.energy).toBe(reduced.energy);
  });

  it('the sweep of lambda: degrees and penalty fall, the residual grows, GCV is residual / (n - degrees)^2', () => {
    const { model, readings, dense } = problem;
    const steps: number[] = [];
    const { density, candidates, curve } = chooseDensity(model, reduced, readings.count, DENSITY, dense, part =>
      steps.push(part),
    );
    const { lambda, gcv, degrees, residualNorm, solutionNorm } = curve;
    expect(steps.at(-1)).toBe(1);
    expect(density).toBe(1 / candidates.gcv);
    expect(1 / density).toBeGreaterThanOrEqual(lambda[0]);
    expect(1 / density).toBeLessThanOrEqual(lambda[lambda.length - 1]);
    for (let i = 0; i < lambda.length; i++) {
      expect((gcv[i] * (readings.count - degrees![i]) ** 2) / residualNorm[i] ** 2).toBeCloseTo(1, 9);
      if (i === 0) continue;
      expect(lambda[i]).toBeGreaterThan(lambda[i - 1]);
      expect(degrees![i]).toBeLessThan(degrees![i - 1]);
      expect(residualNorm[i]).toBeGreaterThan(residualNorm[i - 1] * (1 - 1e-9));
      expect(solutionNorm[i]).toBeLessThan(solutionNorm[i - 1] * (1 + 1e-9));
    }
  });
});
