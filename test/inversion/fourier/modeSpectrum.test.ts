import { describe, expect, it } from 'vitest';
import type { WindowData } from '../../../inversion/fourier/missingData.js';
import { modeEnergy, modeSpectrum } from '../../../inversion/fourier/modeSpectrum.js';
import { type Domain, fieldOf, penalty, type SheetModel, sheetModel } from '../../../inversion/fourier/sheetModel.js';
import { fillGaps } from '../../../inversion/fourier/windowData.js';
import { filtered } from '../../../inversion/regularisation/filteredSpectrum.js';
import { gcvLambda } from '../../../inversion/regularisation/gcv.js';
import { AXES, type AxisName } from '../../../src/fieldMap.js';
import { random } from '../../../src/random.js';
import { transformLength } from '../../../src/transforms/index.js';
import { dot, expectBelow, normals, spectrumOf } from './support.js';

function domainOf(nx: number, ny: number, larger = 1, dx = 1e-3, dy = 1.3e-3): Domain {
  return { nx, ny, dx, dy, padX: larger * transformLength(nx), padY: larger * transformLength(ny) };
}

function dataOf(domain: Domain, values: readonly Float64Array[]): WindowData {
  const measured = new Uint8Array(domain.nx * domain.ny).fill(1);
  return { values, measured, count: measured.length, background: true };
}

/** The spectrum of white noise of standard deviation sigma, or of a given field, in every component. */
function spectrum(model: SheetModel, whole: readonly Float64Array[], order = 2) {
  return modeSpectrum(model, penalty(model, order), modeEnergy(model, whole), dataOf(model.domain, whole));
}

function noise(domain: Domain, components: readonly AxisName[], sigma: number, seed: number): Float64Array[] {
  return components.map((_, c) => normals(domain.nx * domain.ny, seed + c).map(v => sigma * v));
}

const total = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0);

describe('the spectrum of the readings', () => {
  it('counts every mode that the field reaches once: the domain less k = 0 and Nyquist', () => {
    for (const larger of [1, 2]) {
      const domain = domainOf(64, 32, larger);
      const { multiplicity } = spectrum(sheetModel(domain, ['bz'], 3e-3), noise(domain, ['bz'], 1, 1));
      const reachable = (domain.padX - 1) * (domain.padY - 1) - 1;
      const perReading = (64 * 32) / (domain.padX * domain.padY);
      expectBelow(Math.abs(total(multiplicity) / (reachable * perReading) - 1), 1e-12);
    }
  });

  it('holds generalised singular values |A|^2 / L, to the one per cent that a bin is wide', () => {
    const domain = domainOf(32, 32, 1, 1e-3, 1e-3);
    const model = sheetModel(domain, ['bz'], 3e-3);
    const weights = penalty(model, 2);
    const { values } = spectrum(model, noise(domain, ['bz'], 1, 1));
    for (let m = 0; m < model.power.length; m++) {
      if (model.power[m] === 0) continue;
      const exact = model.power[m] / weights[m];
      const nearest = values.reduce((best, v) => (Math.abs(v - exact) < Math.abs(best - exact) ? v : best));
      expectBelow(Math.abs(nearest / exact - 1), 0.012);
    }
  });

  it('keeps the energy of one component, whatever the domain and the height: it is that of the readings', () => {
    const reference = domainOf(64, 48);
    const [values] = noise(reference, ['bz'], 2, 5);
    const energy = (domain: Domain, height: number) => {
      const { energy, outside } = spectrum(sheetModel(domain, ['bz'], height), [values]);
      return total(energy) + outside;
    };
    const expected = energy(reference, 1e-3);
    expectBelow(Math.abs(expected / dot(values, values) - 1), 0.05);
    for (const larger of [1, 2]) {
      // Up to 200 pixels: e^(-kh) falls below the smallest number.
      for (const height of [1e-3, 5e-3, 30e-3, 110e-3, 200e-3]) {
        const domain = domainOf(64, 48, larger);
        expectBelow(Math.abs(energy(domain, height) / expected - 1), 1e-9, `${larger} x, ${1e3 * height} mm`);
      }
    }
  });

  it('has the energy of a wave at its own singular value', () => {
    const domain = domainOf(64, 64, 1, 1e-3, 1e-3);
    const model = sheetModel(domain, AXES, 2e-3);
    const k = (2 * Math.PI * 10) / (64 * 1e-3);
    const psi = spectrumOf(model, x => Math.cos(k * x));
    const fields = AXES.map((_, c) => {
      const field = new Float64Array(64 * 64);
      fieldOf(model, c, psi, field);
      return field;
    });
    const { values, energy, outside } = spectrum(model, fields);
    const exact = model.power[10] / penalty(model, 2)[10];
    let near = 0;
    values.forEach((v, i) => {
      // The taper smears it over the nearest wave numbers.
      if (Math.abs(Math.log(v / exact)) < 2) near += energy[i];
    });
    expectBelow(1 - near / (total(energy) + outside), 0.02);
  });
});

describe('white noise', () => {
  const domain = domainOf(128, 128);
  const sigma = 3e-8;
  const sets: readonly (readonly AxisName[])[] = [['bz'], ['bx', 'by'], AXES];
  for (const components of sets) {
    it(`GCV finds no structure and the noise to 2 %: ${components.join(', ')}`, () => {
      for (const [seed, height] of [
        [1, 2e-3],
        [2, 6e-3],
        [3, 150e-3],
      ]) {
        for (const order of [1, 2, 3]) {
          const s = spectrum(
            sheetModel(domain, components, height),
            noise(domain, components, sigma, 10 * seed),
            order,
          );
          const at = filtered(s, gcvLambda(s));
          expectBelow(at.degrees / s.count, 0.01, `height ${height}`);
          const estimate = Math.sqrt(at.residual / (s.count - at.degrees));
          expectBelow(Math.abs(estimate / sigma - 1), 0.02, `height ${height}`);
        }
      }
    });
  }

  it('is found to 3 % where every tenth pixel, here and there, is missing and filled', () => {
    for (const seed of [1, 2, 3]) {
      const [values] = noise(domain, ['bz'], sigma, 10 * seed);
      const rng = random(seed);
      const measured = Uint8Array.from(values, () => (rng.uniform() < 0.1 ? 0 : 1));
      const filled = fillGaps(
        values.map((v, i) => (measured[i] === 1 ? v : 0)),
        measured,
        domain.ny,
        domain.nx,
      );
      const count = total(Float64Array.from(measured));
      const model = sheetModel(domain, ['bz'], 3e-3);
      const data = { values: [values], measured, count, background: true };
      const s = modeSpectrum(model, penalty(model, 2), modeEnergy(model, [filled]), data);
      const at = filtered(s, gcvLambda(s));
      expect(s.count).toBe(count - 1);
      // Modes are counted in readings: a tenth fewer.
      const all = (domain.padX - 1) * (domain.padY - 1) - 1;
      expectBelow(Math.abs(total(s.multiplicity) / all / (count / domain.padX / domain.padY) - 1), 1e-12);
      expectBelow(Math.abs(Math.sqrt(at.residual / (s.count - at.degrees)) / sigma - 1), 0.03);
    }
  });
});
