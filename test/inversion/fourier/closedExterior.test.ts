import { Matrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { closedOperator, solveClosed } from '../../../inversion/fourier/closedExterior.js';
import { inverseOfSum, projectOnData, tikhonov, type WindowData } from '../../../inversion/fourier/missingData.js';
import { crop, type Domain, fieldOf, penalty, type SheetModel } from '../../../inversion/fourier/sheetModel.js';
import { realTransform2D } from '../../../src/transforms/index.js';
import { dot, expectBelow, innerProduct, randomSpectrum, relativeError } from './support.js';
import { modelOf, readings, variants, window } from './windows.js';

/** The operator with spectra of its own. */
function operatorOf(model: SheetModel, data: WindowData, weights: Float64Array, lambda: number) {
  const transform = realTransform2D(model.domain.padY, model.domain.padX);
  const operator = closedOperator(model, data, inverseOfSum(model, weights, lambda), transform);
  const [given, made] = [0, 1].map(() => transform.allocate(transform.spectrumLength));
  return {
    root: operator.root,
    apply(y: Float64Array): Float64Array {
      given.set(y);
      operator.apply(given, made);
      return made.slice();
    },
    adjointOfData(): Float64Array {
      operator.adjointOfData(made);
      return made.slice();
    },
  };
}

describe('the normal operator', () => {
  for (const variant of variants) {
    it(`is symmetric, and y . N y = |P A psi|^2 + lambda |L psi|^2 > 0 with psi = M y: ${variant.name}`, () => {
      const model = modelOf(window, variant);
      const data = readings(window, variant.components.length, variant.gap, variant.background, 1);
      const weights = penalty(model, 2);
      // Both parts of the operator weigh about the same.
      const lambda = 1e-3 * (Math.max(...model.power) / weights[1]);
      const { root, apply } = operatorOf(model, data, weights, lambda);
      const known = (seed: number) => randomSpectrum(model, seed).map((v, i) => (model.power[i >> 1] > 0 ? v : 0));
      const [p, q] = [known(6), known(7)];
      const [np, nq] = [apply(p), apply(q)];
      const size = Math.sqrt(innerProduct(model, np, np) * innerProduct(model, q, q));
      expectBelow(Math.abs(innerProduct(model, np, q) - innerProduct(model, p, nq)) / size, 1e-12);
      const psi = p.map((v, i) => v * root[i >> 1]);
      const rough = psi.map((v, i) => v * weights[i >> 1]);
      const penaltyPart = lambda * innerProduct(model, psi, rough);
      let energy = penaltyPart;
      for (let c = 0; c < variant.components.length; c++) {
        fieldOf(model, c, psi, model.real);
        projectOnData(window, data, model.real);
        energy += dot(model.real, model.real);
      }
      expect(penaltyPart).toBeGreaterThan(1e-6 * energy);
      expect(energy - penaltyPart).toBeGreaterThan(1e-6 * energy);
      expectBelow(Math.abs(innerProduct(model, p, np) / energy - 1), 1e-12);
    });
  }
});

describe('the closed exterior', () => {
  /** The same problem with matrices: psi on every pixel of the domain, rows of A for the measured pixels only. */
  function dense(model: SheetModel, data: WindowData, weights: Float64Array, lambda: number): Float64Array {
    const { domain, transform } = model;
    const n = domain.padX * domain.padY;
    const unit = new Float64Array(n);
    const spectrum = new Float64Array(transform.spectrumLength);
    const columns = Array.from({ length: n }, (_, i) => {
      unit.fill(0);
      unit[i] = 1;
      transform.forward(unit, spectrum);
      const rows: number[] = [];
      for (let c = 0; c < model.components.length; c++) {
        const field = new Float64Array(n);
        fieldOf(model, c, spectrum, field);
        rows.push(...centred(crop(domain, field), data));
      }
      const roughness = new Float64Array(n);
      transform.inverse(
        spectrum.map((v, m) => v * weights[m >> 1]),
        roughness,
      );
      return { rows, roughness: Array.from(roughness) };
    });
    const a = new Matrix(columns.map(column => column.rows)).transpose();
    const b = Matrix.columnVector(data.values.flatMap(values => centred(values, data)));
    const normal = a
      .transpose()
      .mmul(a)
      .add(new Matrix(columns.map(column => column.roughness)).mul(lambda));
    // What neither the field nor the penalty sees (a constant and the three chessboards) is set to zero.
    const scale = normal.trace() / n ** 2;
    for (const [px, py] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ]) {
      const blind = Matrix.columnVector(
        Array.from({ length: n }, (_, i) => (-1) ** (px * (i % domain.padX) + py * Math.floor(i / domain.padX))),
      );
      normal.add(blind.mmul(blind.transpose()).mul(scale));
    }
    return Float64Array.from(solve(normal, a.transpose().mmul(b)).to1DArray());
  }

  /** Measured values less their mean where a background is fitted. */
  function centred(values: Float64Array, data: WindowData): number[] {
    const kept = Array.from(values).filter((_, i) => data.measured[i] === 1);
    const mean = data.background ? kept.reduce((sum, v) => sum + v, 0) / kept.length : 0;
    return kept.map(v => v - mean);
  }

  const small: Domain = { nx: 9, ny: 6, dx: 1e-3, dy: 1.2e-3, padX: 16, padY: 8 };

  for (const variant of variants) {
    for (const order of [1, 2]) {
      it(`converges to the dense solution, order ${order}: ${variant.name}`, () => {
        const model = modelOf(small, variant);
        const data = readings(small, variant.components.length, variant.gap, variant.background, 11);
        const weights = penalty(model, order);
        const lambda = 1e-2 * (Math.max(...model.power) / weights[1]);
        const { psi } = solveClosed(model, data, inverseOfSum(model, weights, lambda), 0, 500);
        const solution = new Float64Array(model.real.length);
        model.transform.inverse(psi, solution);
        expectBelow(relativeError(solution, dense(model, data, weights, lambda)), 1e-8);
      });
    }
  }

  it('stops where less than a thousandth of the noise is left to gain, in more steps the quieter the data', () => {
    const variant = variants[2];
    const model = modelOf(window, variant, 1e-3);
    const data = readings(window, variant.components.length, variant.gap, variant.background, 21);
    const weights = penalty(model, 2);
    const lambda = 1e-4 * (Math.max(...model.power) / weights[1]);
    const { root, apply, adjointOfData } = operatorOf(model, data, weights, lambda);
    /** r . r with the residual r = B^T P b - N y of the normal equations, in whose units what is left to gain is about that. */
    const leftToGain = (psi: Float64Array) => {
      const product = apply(psi.map((v, i) => (root[i >> 1] > 0 ? v / root[i >> 1] : 0)));
      const r = adjointOfData().map((v, i) => v - product[i]);
      return innerProduct(model, r, r);
    };
    let before = 0;
    for (const sigma of [0.3, 1e-2, 1e-4]) {
      const { psi, steps, converged } = solveClosed(model, data, inverseOfSum(model, weights, lambda), sigma, 1000);
      const noise = sigma * sigma * data.count * variant.components.length;
      expectBelow(leftToGain(psi) / noise, 1.01e-3);
      expect(converged).toBe(true);
      expect(steps).toBeGreaterThan(before);
      before = steps;
    }
    const { steps, converged } = solveClosed(model, data, inverseOfSum(model, weights, lambda), 1e-4, 3);
    expect([steps, converged]).toEqual([3, false]);
  });

  it('with a reading on every pixel of the periodic domain it is Tikhonov, in one step', () => {
    const whole: Domain = { nx: 32, ny: 16, dx: 1e-3, dy: 1.2e-3, padX: 32, padY: 16 };
    for (const variant of variants) {
      for (const background of [false, true]) {
        const model = modelOf(whole, variant);
        const data = readings(whole, variant.components.length, 0, background, 31);
        const weights = penalty(model, 2);
        const lambda = 1e-3 * (Math.max(...model.power) / weights[1]);
        const { psi, steps } = solveClosed(model, data, inverseOfSum(model, weights, lambda), 0);
        expect(steps).toBe(1);
        expectBelow(relativeError(psi, tikhonov(model, data.values, inverseOfSum(model, weights, lambda))), 1e-12);
      }
    }
  });

  it('a map of zeros has zero current', () => {
    const model = modelOf(window, variants[0]);
    const data = readings(window, 1, 0, true, 1);
    const inverse = inverseOfSum(model, penalty(model, 2), 1e-20);
    const { psi } = solveClosed(model, { ...data, values: [data.values[0].map(() => 0)] }, inverse, 0);
    expect(psi.every(v => v === 0)).toBe(true);
  });
});
