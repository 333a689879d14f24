import { describe, expect, it } from 'vitest';
import { centredGrid, cut, measured } from '../../../bench/analyticCases.js';
import { type FourierOptions, fourierInversion } from '../../../inversion/fourier/fourierInversion.js';
import { pointSpreadWidth } from '../../../inversion/fourier/pointSpread.js';
import { crop, currentOf, type Domain, fieldOf, penalty, sheetModel } from '../../../inversion/fourier/sheetModel.js';
import { drawFromPrior, interiorVariance } from '../../../inversion/fourier/standardError.js';
import type { AxisName } from '../../../src/fieldMap.js';
import { random } from '../../../src/random.js';
import { expectBelow, rms, spectrumOf } from './support.js';

const n = 96;
const pitch = 1e-3;
const grid = centredGrid(n, pitch);
const domain: Domain = { nx: n, ny: n, dx: pitch, dy: pitch, padX: 256, padY: 256 };
const height = 3e-3;
const sigma = 2e-8;

/** lambda for which the response at the given wavelength is damped by half. */
function halfAt(wavelength: number, components: readonly AxisName[], order: number, z = height): number {
  const model = sheetModel(domain, components, z);
  const j = Math.round((domain.padX * pitch) / wavelength);
  return model.power[j] / penalty(model, order)[j];
}

const inMiddle = (i: number) => Math.min(i % n, n - 1 - (i % n), Math.floor(i / n), n - 1 - Math.floor(i / n)) >= n / 4;

describe('the stated errors', () => {
  for (const components of [['bz'], ['bx', 'by']] as const) {
    it(`of truths drawn from the prior cover 68 % in the middle of the window: ${components.join(', ')}`, () => {
      const order = 2;
      const lambda = halfAt(12e-3, components, order);
      const options: FourierOptions = { order, lambda, exterior: 'closed', background: false };
      const model = sheetModel(domain, components, height);
      const weights = penalty(model, order);
      const [covered, count] = [
        { kx: 0, ky: 0 },
        { kx: 0, ky: 0 },
      ];
      for (let draw = 1; draw <= 8; draw++) {
        const rng = random(draw);
        const psi = drawFromPrior(model, weights, lambda, sigma, rng);
        const truth = currentOf(model, psi);
        const fields = components.map((name, c) => {
          const field = new Float64Array(model.real.length);
          fieldOf(model, c, psi, field);
          return [name, crop(domain, field).map(v => v + sigma * rng.normal())] as const;
        });
        const { current, errors } = fourierInversion(
          { grid, z: height, components: Object.fromEntries(fields), sigma },
          options,
        );
        for (const name of ['kx', 'ky'] as const) {
          for (let i = 0; i < n * n; i++) {
            if (!inMiddle(i)) continue;
            count[name]++;
            if (Math.abs(current[name][i] - truth[name][i]) < errors[name][i]) covered[name]++;
          }
        }
      }
      for (const name of ['kx', 'ky'] as const) expectBelow(Math.abs(covered[name] / count[name] - 0.683), 0.03, name);
    });
  }

  it('the prior has the variance sigma^2 / (lambda k^2p) in every mode', () => {
    const model = sheetModel(domain, ['bz'], height);
    const weights = penalty(model, 2);
    const lambda = halfAt(12e-3, ['bz'], 2);
    const psi = drawFromPrior(model, weights, lambda, sigma, random(3));
    // |psi~|^2 of white noise of variance 1 is the number of pixels, on average.
    let [sum, count] = [0, 0];
    for (let m = 0; m < model.power.length; m++) {
      if (model.power[m] === 0) {
        expect(Math.hypot(psi[2 * m], psi[2 * m + 1])).toBe(0);
        continue;
      }
      sum += ((psi[2 * m] ** 2 + psi[2 * m + 1] ** 2) * lambda * weights[m]) / sigma ** 2 / domain.padX / domain.padY;
      count++;
    }
    expectBelow(Math.abs(sum / count - 1), 0.02);
  });

  it('the interior variance is that of the posterior: of the error of draws, filtered mode by mode', () => {
    // Bx alone sees the current along y and hardly that along x: the two errors differ.
    for (const components of [['bz'], ['bx', 'by'], ['bx']] as const) {
      const model = sheetModel({ ...domain, nx: 256, ny: 256, dy: 1.5 * pitch }, components, height);
      const weights = penalty(model, 2);
      const lambda = halfAt(10e-3, components, 2);
      const { kx, ky } = interiorVariance(model, weights, lambda, sigma);
      // The error of one draw: the prior times the part that the penalty takes, and the noise that comes through.
      const filter = model.power.map((p, m) => (p > 0 ? p / (p + lambda * weights[m]) : 0));
      const error = drawFromPrior(model, weights, lambda, sigma, random(4)).map((v, i) => v * (1 - filter[i >> 1]));
      const noise = new Float64Array(error.length);
      const rng = random(5);
      for (let i = 0; i < model.real.length; i++) model.real[i] = sigma * rng.normal();
      model.transform.forward(model.real, noise);
      for (let m = 0; m < model.power.length; m++) {
        const gain = model.power[m] > 0 ? filter[m] / Math.sqrt(model.power[m]) : 0;
        error[2 * m] += gain * noise[2 * m];
        error[2 * m + 1] += gain * noise[2 * m + 1];
      }
      const current = currentOf(model, error);
      expectBelow(Math.abs(rms(current.kx) / Math.sqrt(kx) - 1), 0.02);
      expectBelow(Math.abs(rms(current.ky) / Math.sqrt(ky) - 1), 0.02);
    }
  });

  it('grow where the map rests on a belief: towards a rim that cuts a conductor, not in the middle', () => {
    const { errors, rim } = fourierInversion(measured(cut(8e-3, centredGrid(128, 2e-3)), ['bz'], 0.01, 1));
    expect(rim).toBeGreaterThan(0.25);
    const mean = (iy: number) => {
      let sum = 0;
      for (let ix = 0; ix < 128; ix++) sum += errors.kx[iy * 128 + ix] / 128;
      return sum;
    };
    // The frame leaves through the upper edge.
    expect(mean(127)).toBeGreaterThan(2 * mean(40));
  });
});

describe('the resolution', () => {
  const options = (lambda: number): FourierOptions => ({ order: 2, lambda, exterior: 'closed', background: false });

  for (const components of [['bz'], ['bx', 'by']] as const) {
    it(`is the width at which a point comes out: ${components.join(', ')}`, () => {
      for (const wavelength of [8e-3, 14e-3, 24e-3]) {
        const model = sheetModel(domain, components, height);
        const lambda = halfAt(wavelength, components, 2);
        // A bump of psi much narrower than the resolution.
        const at = 48 * pitch;
        const narrow = 0.8e-3;
        const psi = spectrumOf(model, (x, y) => Math.exp(-((x - at) ** 2 + (y - at) ** 2) / (2 * narrow ** 2)));
        const fields = components.map((name, c) => {
          const field = new Float64Array(model.real.length);
          fieldOf(model, c, psi, field);
          return [name, crop(domain, field)] as const;
        });
        const map = { grid, z: height, components: Object.fromEntries(fields), sigma: 1e-10 };
        const solution = fourierInversion(map, options(lambda));
        // psi is known up to a constant; far from the bump it is zero.
        const floor = solution.psi[48 * n + 4];
        for (const [along, stride] of [
          ['x', 1],
          ['y', n],
        ] as const) {
          const width = pitch * fullWidth(solution.psi, 48 * n + 48, stride, floor);
          // Widths of a bump and of the point spread add in squares.
          const expected = Math.hypot(solution.resolution[along], 2.3548 * narrow);
          expectBelow(Math.abs(width / expected - 1), 0.1, `${along}, ${1e3 * wavelength} mm`);
        }
      }
    });
  }

  it('becomes coarser with height, and with stronger smoothing', () => {
    const width = (z: number, lambda: number) => {
      const model = sheetModel(domain, ['bz'], z);
      return pointSpreadWidth(model, penalty(model, 2), lambda).x;
    };
    const lambda = halfAt(12e-3, ['bz'], 2);
    const heights = [1e-3, 2e-3, 4e-3, 8e-3].map(z => width(z, lambda));
    const lambdas = [1e-2, 1, 1e2, 1e4].map(factor => width(height, factor * lambda));
    for (const widths of [heights, lambdas]) {
      for (let i = 1; i < widths.length; i++) expect(widths[i]).toBeGreaterThan(1.1 * widths[i - 1]);
    }
  });

  it('does not depend on the domain', () => {
    const [small, large] = [64, 512].map(pad => {
      const model = sheetModel({ ...domain, padX: pad, padY: pad }, ['bz'], height);
      return pointSpreadWidth(model, penalty(model, 2), halfAt(36e-3, ['bz'], 2)).x;
    });
    expect(large).toBeGreaterThan(12 * pitch);
    expectBelow(Math.abs(small / large - 1), 0.01);
  });

  it('without smoothing is the pitch, along x and y each its own', () => {
    const model = sheetModel({ ...domain, dy: 2 * pitch }, ['bz'], 0.2e-3);
    const width = pointSpreadWidth(model, penalty(model, 2), 0);
    for (const ratio of [width.x / pitch, width.y / (2 * pitch)]) {
      expect(ratio).toBeGreaterThanOrEqual(1);
      expect(ratio).toBeLessThan(1.01);
    }
  });
});

/** Steps over which values stay above half of their height over the floor, on a line through the top. */
function fullWidth(values: Float64Array, top: number, stride: number, floor: number): number {
  const half = floor + (values[top] - floor) / 2;
  const side = (direction: number) => {
    for (let i = 1; ; i++) {
      const [before, at] = [values[top + direction * (i - 1) * stride], values[top + direction * i * stride]];
      if (at <= half) return i - 1 + (before - half) / (before - at);
    }
  };
  return side(1) + side(-1);
}
