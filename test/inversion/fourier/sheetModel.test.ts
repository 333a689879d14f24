import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addAdjointResponse,
  applyResponse,
  crop,
  currentOf,
  type Domain,
  fieldOf,
  penalty,
  sheetModel,
  streamFunctionOf,
} from '../../../inversion/fourier/sheetModel.js';
import { MU0 } from '../../../src/constants.js';
import { NumericalError } from '../../../src/errors.js';
import { AXES } from '../../../src/fieldMap.js';
import {
  expectBelow,
  innerProduct,
  normals,
  randomSpectrum,
  relativeError,
  SEEDED,
  sampled,
  spectrumOf,
} from './support.js';

const domain: Domain = { nx: 20, ny: 11, dx: 1.3e-3, dy: 0.7e-3, padX: 32, padY: 16 };
/** Waves that fit the domain: signed periods along x and y, not both zero, below Nyquist. */
const waves = fc
  .record({
    periodsX: fc.integer({ min: -15, max: 15 }),
    periodsY: fc.integer({ min: -7, max: 7 }),
    phase: fc.double({ min: 0, max: 6, noNaN: true }),
    height: fc.double({ min: 0.1e-3, max: 1e-3, noNaN: true }),
    below: fc.boolean(),
  })
  .filter(({ periodsX, periodsY }) => periodsX !== 0 || periodsY !== 0);

describe('the field of a plane wave of psi = cos(k.r + phase)', () => {
  it('is the textbook eigen-relation above the sheet; below it Bx and By change sign, Bz does not', () => {
    fc.assert(
      fc.property(waves, ({ periodsX, periodsY, phase, height, below }) => {
        const model = sheetModel(domain, AXES, below ? -height : height);
        const kx = (2 * Math.PI * periodsX) / (domain.padX * domain.dx);
        const ky = (2 * Math.PI * periodsY) / (domain.padY * domain.dy);
        const k = Math.hypot(kx, ky);
        const angle = (x: number, y: number) => kx * x + ky * y + phase;
        const side = below ? -1 : 1;
        const scale = (MU0 / 2) * Math.exp(-k * height);
        // Kx = d psi/dy = -ky sin, Ky = -d psi/dx = kx sin; Bx = s mu0/2 Ky, By = -s mu0/2 Kx, Bz = mu0/2 k psi at h = 0.
        const expected = [
          (x: number, y: number) => side * scale * kx * Math.sin(angle(x, y)),
          (x: number, y: number) => side * scale * ky * Math.sin(angle(x, y)),
          (x: number, y: number) => scale * k * Math.cos(angle(x, y)),
        ];
        const psi = spectrumOf(model, (x, y) => Math.cos(angle(x, y)));
        const field = new Float64Array(model.real.length);
        const size = scale * k * Math.sqrt(field.length / 2);
        expected.forEach((f, c) => {
          fieldOf(model, c, psi, field);
          const exact = sampled(model, f);
          const error = field.map((v, i) => v - exact[i]);
          expectBelow(Math.hypot(...error) / size, 1e-13 * Math.exp(k * height), AXES[c]);
        });
      }),
      SEEDED,
    );
  });

  it('belongs to the current K = (d psi/dy, -d psi/dx)', () => {
    fc.assert(
      fc.property(waves, ({ periodsX, periodsY, phase, height }) => {
        const model = sheetModel(domain, ['bz'], height);
        const kx = (2 * Math.PI * periodsX) / (domain.padX * domain.dx);
        const ky = (2 * Math.PI * periodsY) / (domain.padY * domain.dy);
        const angle = (x: number, y: number) => kx * x + ky * y + phase;
        const psi = spectrumOf(model, (x, y) => Math.cos(angle(x, y)));
        const current = currentOf(model, psi);
        const size = Math.hypot(kx, ky) * Math.sqrt(domain.nx * domain.ny);
        const inWindow = (f: (x: number, y: number) => number) => crop(domain, sampled(model, f));
        const wrong = (values: Float64Array, f: (x: number, y: number) => number) =>
          Math.hypot(...inWindow(f).map((v, i) => v - values[i]));
        const back = wrong(streamFunctionOf(model, psi), (x, y) => Math.cos(angle(x, y)));
        expectBelow(back / Math.sqrt(domain.nx * domain.ny), 1e-14);
        expectBelow(wrong(current.kx, (x, y) => -ky * Math.sin(angle(x, y))) / size, 1e-13);
        expectBelow(wrong(current.ky, (x, y) => kx * Math.sin(angle(x, y))) / size, 1e-13);
      }),
      SEEDED,
    );
  });

  it('costs k^(2p) times its own energy under the penalty of order p', () => {
    const model = sheetModel(domain, ['bz'], 1e-3);
    for (const [periodsX, periodsY] of [
      [3, 0],
      [0, 2],
      [-4, 5],
    ]) {
      const kx = (2 * Math.PI * periodsX) / (domain.padX * domain.dx);
      const ky = (2 * Math.PI * periodsY) / (domain.padY * domain.dy);
      const psi = spectrumOf(model, (x, y) => Math.cos(kx * x + ky * y));
      for (const order of [1, 2, 3]) {
        const weights = penalty(model, order);
        const weighted = psi.map((v, i) => v * weights[i >> 1]);
        const ratio = innerProduct(model, psi, weighted) / innerProduct(model, psi, psi);
        expectBelow(Math.abs(ratio / (kx * kx + ky * ky) ** order - 1), 1e-13);
      }
    }
  });
});

describe('continuation in height', () => {
  it('the field at h2 is the field at h1 times e^(-k (h2 - h1)), upwards and downwards, mode by mode', () => {
    for (const sensor of [undefined, { kind: 'disc', radius: 1e-3 }] as const) {
      for (const [h1, h2] of [
        [1e-3, 2.5e-3],
        [3e-3, 1.2e-3],
        [-2e-3, -1e-3],
      ]) {
        const [from, to] = [sheetModel(domain, AXES, h1, sensor), sheetModel(domain, AXES, h2, sensor)];
        const psi = randomSpectrum(from, 3);
        const [b1, b2] = [new Float64Array(psi.length), new Float64Array(psi.length)];
        for (let c = 0; c < AXES.length; c++) {
          applyResponse(from, c, psi, b1);
          applyResponse(to, c, psi, b2);
          const continued = b1.map((v, i) => v * Math.exp(-Math.sqrt(from.k2[i >> 1]) * (Math.abs(h2) - Math.abs(h1))));
          expectBelow(relativeError(continued, b2), 1e-13, AXES[c]);
        }
      }
    }
  });

  it('mirror heights: the same Bz, opposite Bx and By', () => {
    const [above, below] = [sheetModel(domain, AXES, 1.5e-3), sheetModel(domain, AXES, -1.5e-3)];
    const psi = randomSpectrum(above, 4);
    const [up, down] = [new Float64Array(above.real.length), new Float64Array(above.real.length)];
    for (const [c, sign] of [
      [0, -1],
      [1, -1],
      [2, 1],
    ]) {
      fieldOf(above, c, psi, up);
      fieldOf(below, c, psi, down);
      expect(
        relativeError(
          down.map(v => sign * v),
          up,
        ),
      ).toBe(0);
    }
  });

  it('has no answer in the plane of the sheet, nor at a height that is no number', () => {
    for (const height of [0, -0, Number.NaN]) {
      expect(() => sheetModel(domain, ['bz'], height)).toThrow(NumericalError);
    }
  });
});

describe('Maxwell, mode by mode: above and below the sheet B is a gradient', () => {
  it('ky Bx~ = kx By~, and i kx Bx~ + i ky By~ = + or - k Bz~', () => {
    for (const [height, side] of [
      [1e-3, 1],
      [-1e-3, -1],
    ]) {
      const model = sheetModel(domain, AXES, height);
      const [bx, by, bz] = model.response;
      const { columns } = model.transform;
      const [curl, divergence, expected] = [[], [], []] as number[][];
      for (let m = 0; m < model.power.length; m++) {
        const [kx, ky] = [model.kx[m % columns], model.ky[Math.floor(m / columns)]];
        for (const part of [0, 1]) curl.push(ky * bx[2 * m + part] - kx * by[2 * m + part]);
        divergence.push(
          -kx * bx[2 * m + 1] - ky * by[2 * m + 1] - side * Math.hypot(kx, ky) * bz[2 * m],
          kx * bx[2 * m] + ky * by[2 * m] - side * Math.hypot(kx, ky) * bz[2 * m + 1],
        );
        expected.push(Math.hypot(kx, ky) * bz[2 * m]);
      }
      const size = Math.hypot(...expected);
      expect(size).toBeGreaterThan(0);
      expectBelow(Math.hypot(...curl) / size, 1e-15);
      expectBelow(Math.hypot(...divergence) / size, 1e-15);
    }
  });
});

describe('scalar products and adjoints', () => {
  /** A lopsided sensor: its transfer function is complex. */
  const lopsided = {
    kind: 'area',
    image: { values: Float64Array.of(1, 2, 0, 0, 3, 1, 0, 0, 0.5), nx: 3, ny: 3, dx: 0.9e-3, dy: 0.8e-3 },
  } as const;

  it('the scalar product of two spectra is that of their real arrays (Parseval)', () => {
    const model = sheetModel(domain, ['bz'], 1e-3);
    const [f, g] = [normals(model.real.length, 5), normals(model.real.length, 6)];
    const [a, b] = [new Float64Array(model.spectrum.length), new Float64Array(model.spectrum.length)];
    model.transform.forward(f, a);
    model.transform.forward(g, b);
    const real = f.reduce((sum, v, i) => sum + v * g[i], 0);
    expectBelow(Math.abs(innerProduct(model, a, b) - real) / (Math.hypot(...f) * Math.hypot(...g)), 1e-14);
  });

  for (const [name, sensor] of [
    ['no sensor', undefined],
    ['a lopsided sensor', lopsided],
  ] as const) {
    for (const height of [1e-3, -1e-3]) {
      it(`field . (A psi) = (A^T field) . psi for every component, z = ${height}, ${name}`, () => {
        const model = sheetModel(domain, AXES, height, sensor);
        for (let c = 0; c < AXES.length; c++) {
          const psi = randomSpectrum(model, 10 + c);
          const values = normals(model.real.length, 20 + c);
          const field = new Float64Array(model.real.length);
          fieldOf(model, c, psi, field);
          const left = values.reduce((sum, v, i) => sum + v * field[i], 0);
          const back = new Float64Array(psi.length);
          model.transform.forward(values, model.spectrum);
          addAdjointResponse(model, c, model.spectrum, back);
          const right = innerProduct(model, psi, back);
          expectBelow(Math.abs(left - right) / (Math.hypot(...values) * Math.hypot(...field)), 1e-13, AXES[c]);
          // It adds to what is there.
          const twice = back.slice();
          model.transform.forward(values, model.spectrum);
          addAdjointResponse(model, c, model.spectrum, twice);
          expectBelow(
            relativeError(
              twice,
              back.map(v => 2 * v),
            ),
            1e-15,
          );
        }
      });
    }
  }

  it('the power is the sum of |A|^2 over the components, with the sensor', () => {
    for (const sensor of [undefined, lopsided]) {
      const model = sheetModel(domain, ['bx', 'bz'], 1e-3, sensor);
      const expected = model.power.map((_, m) =>
        model.response.reduce((sum, a) => sum + a[2 * m] ** 2 + a[2 * m + 1] ** 2, 0),
      );
      expectBelow(relativeError(model.power, expected), 1e-15);
      expect(model.power[0]).toBe(0);
      expect(Math.max(...model.power)).toBeGreaterThan(0);
    }
  });
});
