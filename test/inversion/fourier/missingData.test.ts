import { Matrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  embed,
  meanResidual,
  normalOperator,
  projectOnData,
  solveClosed,
  tikhonov,
  type WindowData,
} from '../../../inversion/fourier/missingData.js';
import type { Sensor } from '../../../inversion/fourier/sensorResponse.js';
import {
  addAdjointResponse,
  crop,
  type Domain,
  fieldOf,
  innerProduct,
  penalty,
  type SheetModel,
  sheetModel,
} from '../../../inversion/fourier/sheetModel.js';
import { AXES, type AxisName } from '../../../src/fieldMap.js';
import { dot, expectBelow, normals, randomSpectrum, relativeError } from './support.js';

const lopsided: Sensor = {
  kind: 'area',
  image: { values: Float64Array.of(1, 2, 0, 0, 3, 1, 0, 0, 0.5), nx: 3, ny: 3, dx: 0.9e-3, dy: 0.8e-3 },
};

/** Readings over a window, every `gap`-th pixel missing (0: none), plus a corner where there are any. */
function readings(domain: Domain, components: number, gap: number, background: boolean, seed: number): WindowData {
  const n = domain.nx * domain.ny;
  const measured = new Uint8Array(n).fill(1);
  if (gap > 0) for (let i = 0; i < n; i += gap) measured[i] = 0;
  if (gap > 0) for (let i = 0; i < 3; i++) measured[i] = 0;
  const values = Array.from({ length: components }, (_, c) =>
    normals(n, seed + c).map((v, i) => (measured[i] === 1 ? v : 0)),
  );
  return { values, measured, count: measured.reduce((sum, v) => sum + v, 0), background };
}

const window: Domain = { nx: 13, ny: 10, dx: 1e-3, dy: 1.2e-3, padX: 32, padY: 16 };
const variants: readonly {
  name: string;
  components: readonly AxisName[];
  gap: number;
  background: boolean;
  sensor?: Sensor;
}[] = [
  { name: 'Bz, no gaps', components: ['bz'], gap: 0, background: false },
  { name: 'Bz, gaps and background', components: ['bz'], gap: 5, background: true },
  { name: 'all components, gaps and background', components: AXES, gap: 4, background: true },
  {
    name: 'Bx and By with a lopsided sensor and gaps',
    components: ['bx', 'by'],
    gap: 6,
    background: false,
    sensor: lopsided,
  },
];

function modelOf(domain: Domain, { components, sensor }: (typeof variants)[number], height = 1.5e-3): SheetModel {
  return sheetModel(domain, components, height, sensor);
}

describe('projection on the data', () => {
  for (const variant of variants) {
    it(`is symmetric and idempotent, and keeps only what was measured: ${variant.name}`, () => {
      const data = readings(window, variant.components.length, variant.gap, variant.background, 1);
      const n = window.padX * window.padY;
      const project = (values: Float64Array) => {
        const out = values.slice();
        projectOnData(window, data, out);
        return out;
      };
      const [a, b] = [normals(n, 2), normals(n, 3)];
      const [pa, pb] = [project(a), project(b)];
      expectBelow(Math.abs(dot(pa, b) - dot(a, pb)) / Math.hypot(...pa) / Math.hypot(...pb), 1e-14);
      expectBelow(relativeError(project(pa), pa), 1e-15);
      const kept = embedded(Float64Array.from(data.measured));
      expect(pa.every((v, i) => (kept[i] === 0 ? v === 0 : true))).toBe(true);
      // Its trace is the number of readings, less one where a constant is fitted; a constant is then seen not at all.
      let trace = 0;
      for (let i = 0; i < n; i++) {
        const unit = new Float64Array(n);
        unit[i] = 1;
        trace += project(unit)[i];
      }
      expectBelow(Math.abs(trace - data.count + (data.background ? 1 : 0)), 1e-10);
      const constant = project(new Float64Array(n).fill(1));
      if (data.background) expectBelow(Math.hypot(...constant), 1e-12);
      else expect(constant).toEqual(kept);
    });
  }

  function embedded(values: Float64Array): Float64Array {
    const out = new Float64Array(window.padX * window.padY);
    embed(window, values, out);
    return out;
  }

  it('embedding and cropping are adjoint, and cropping undoes embedding', () => {
    const small = normals(window.nx * window.ny, 4);
    const large = normals(window.padX * window.padY, 5);
    expectBelow(Math.abs(dot(embedded(small), large) - dot(small, crop(window, large))), 1e-13);
    expect(crop(window, embedded(small))).toEqual(small);
  });
});

describe('the normal operator', () => {
  for (const variant of variants) {
    it(`is symmetric, and psi . N psi = |P A psi|^2 + lambda |L psi|^2 > 0: ${variant.name}`, () => {
      const model = modelOf(window, variant);
      const data = readings(window, variant.components.length, variant.gap, variant.background, 1);
      const weights = penalty(model, 2);
      // Both parts of the operator weigh about the same.
      const lambda = 1e-3 * (Math.max(...model.power) / weights[1]);
      const apply = (psi: Float64Array) => {
        const out = new Float64Array(psi.length);
        normalOperator(model, data, weights, lambda, psi, out);
        return out;
      };
      const [p, q] = [randomSpectrum(model, 6), randomSpectrum(model, 7)];
      const [np, nq] = [apply(p), apply(q)];
      const size = Math.sqrt(innerProduct(model, np, np) * innerProduct(model, q, q));
      expectBelow(Math.abs(innerProduct(model, np, q) - innerProduct(model, p, nq)) / size, 1e-12);
      let energy =
        lambda *
        innerProduct(
          model,
          p,
          p.map((v, i) => v * weights[i >> 1]),
        );
      const penaltyPart = energy;
      for (let c = 0; c < variant.components.length; c++) {
        fieldOf(model, c, p, model.real);
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
        const { psi } = solveClosed(model, data, weights, lambda, 0, 500);
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
    /** r . M^-1 r with the residual r of the normal equations and M the operator of a field known everywhere. */
    const leftToGain = (psi: Float64Array) => {
      const r = new Float64Array(psi.length);
      normalOperator(model, data, weights, lambda, psi, r);
      for (let i = 0; i < r.length; i++) r[i] = -r[i];
      data.values.forEach((values, c) => {
        embed(window, values, model.real);
        projectOnData(window, data, model.real);
        model.transform.forward(model.real, model.spectrum);
        addAdjointResponse(model, c, model.spectrum, r);
      });
      const weighted = r.map((v, i) => {
        const p = model.power[i >> 1];
        return p > 0 ? v / (p + lambda * weights[i >> 1]) : 0;
      });
      return innerProduct(model, r, weighted);
    };
    let before = 0;
    for (const sigma of [0.3, 1e-2, 1e-4]) {
      const { psi, steps, converged } = solveClosed(model, data, weights, lambda, sigma, 1000);
      const noise = sigma * sigma * data.count * variant.components.length;
      expectBelow(leftToGain(psi) / noise, 1.01e-3);
      expect(converged).toBe(true);
      expect(steps).toBeGreaterThan(before);
      before = steps;
    }
    const { steps, converged } = solveClosed(model, data, weights, lambda, 1e-4, 3);
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
        const { psi, steps } = solveClosed(model, data, weights, lambda, 0);
        expect(steps).toBe(1);
        expectBelow(relativeError(psi, tikhonov(model, data.values, weights, lambda)), 1e-12);
      }
    }
  });

  it('Tikhonov with a vanishing penalty gives back the psi of a field known everywhere', () => {
    const whole: Domain = { nx: 32, ny: 16, dx: 1e-3, dy: 1.2e-3, padX: 32, padY: 16 };
    for (const variant of variants) {
      const model = modelOf(whole, variant, 0.5e-3);
      const psi = randomSpectrum(model, 41).map((v, i) => (model.power[i >> 1] > 0 ? v : 0));
      const fields = variant.components.map((_, c) => {
        const field = new Float64Array(model.real.length);
        fieldOf(model, c, psi, field);
        return field;
      });
      const seen = variant.sensor === undefined ? 1e-12 : 1e-9;
      expectBelow(relativeError(tikhonov(model, fields, penalty(model, 2), 0), psi), seen, variant.name);
    }
  });

  it('a map of zeros has zero current', () => {
    const model = modelOf(window, variants[0]);
    const data = readings(window, 1, 0, true, 1);
    const { psi } = solveClosed(model, { ...data, values: [data.values[0].map(() => 0)] }, penalty(model, 2), 1e-20, 0);
    expect(psi.every(v => v === 0)).toBe(true);
  });

  it('the background is the constant that leaves a residual of mean zero', () => {
    const model = modelOf(window, variants[2]);
    const data = readings(window, 3, 4, true, 51);
    const psi = randomSpectrum(model, 52).map(v => 1e3 * v);
    const background = meanResidual(model, data, psi);
    for (let c = 0; c < 3; c++) {
      const field = new Float64Array(model.real.length);
      fieldOf(model, c, psi, field);
      const fitted = crop(window, field);
      let sum = 0;
      data.values[c].forEach((v, i) => {
        if (data.measured[i] === 1) sum += v - fitted[i] - background[c];
      });
      expectBelow(Math.abs(sum), 1e-11);
      expect(background[c]).not.toBe(0);
    }
    expect([...meanResidual(model, { ...data, background: false }, psi)]).toEqual([0, 0, 0]);
  });
});
