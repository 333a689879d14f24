import { describe, expect, it } from 'vitest';
import { embed, inverseOfSum, meanResidual, projectOnData, tikhonov } from '../../../inversion/fourier/missingData.js';
import { crop, type Domain, fieldOf, penalty } from '../../../inversion/fourier/sheetModel.js';
import { dot, expectBelow, normals, randomSpectrum, relativeError } from './support.js';
import { modelOf, readings, variants, window } from './windows.js';

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

describe('a field known everywhere', () => {
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
      expectBelow(
        relativeError(tikhonov(model, fields, inverseOfSum(model, penalty(model, 2), 0)), psi),
        seen,
        variant.name,
      );
    }
  });
});

describe('the background', () => {
  it('is the constant that leaves a residual of mean zero', () => {
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
