import { describe, expect, it } from 'vitest';
import {
  currentOf,
  type Domain,
  fieldOf,
  sheetModel,
  streamFunctionOf,
} from '../../../inversion/fourier/sheetModel.js';
import {
  dipoleField,
  rectangleBetween,
  rectangleLoopField,
  type Vector3,
  zeroField,
} from '../../../src/biotSavart/index.js';
import { MU0 } from '../../../src/constants.js';
import { AXES } from '../../../src/fieldMap.js';
import { expectBelow, relativeError, spectrumOf } from './support.js';

/**
 * psi of dipoles at depth h below the sheet, whose field above is exactly theirs. Four with alternating signs: their
 * periodic images fall off as 1/D^5, so that the periodic domain hardly matters.
 */
const size = 512;
const pitch = 1e-3;
const domain: Domain = { nx: size, ny: size, dx: pitch, dy: pitch, padX: size, padY: size };
const [middle, depth] = [255.5 * pitch, 6e-3];
const dipoles: readonly (readonly [x: number, y: number, m: number])[] = [
  [middle - 7e-3, middle - 5e-3, 1],
  [middle + 9e-3, middle - 5e-3, -1],
  [middle + 9e-3, middle + 8e-3, 1],
  [middle - 7e-3, middle + 8e-3, -1],
];
const bump = (x: number, y: number) => {
  let psi = 0;
  for (const [x0, y0, m] of dipoles) {
    psi += (m * depth) / (2 * Math.PI * ((x - x0) ** 2 + (y - y0) ** 2 + depth ** 2) ** 1.5);
  }
  return psi;
};

/** Points of the domain within 60 mm of its middle, every fourth along both axes, at height z, and their pixels. */
function points(z: number) {
  const [x, y, pixels]: number[][] = [[], [], []];
  for (let iy = 196; iy < 316; iy += 4) {
    for (let ix = 196; ix < 316; ix += 4) {
      x.push(ix * pitch);
      y.push(iy * pitch);
      pixels.push(iy * size + ix);
    }
  }
  return {
    pixels,
    positions: { x: Float64Array.from(x), y: Float64Array.from(y), z: new Float64Array(x.length).fill(z) },
  };
}

describe('the field of a smooth current is that of Biot and Savart', () => {
  for (const z of [2e-3, 5e-3, -3e-3]) {
    it(`dipoles below the sheet, all three components, sensors at z = ${1e3 * z} mm`, () => {
      const model = sheetModel(domain, AXES, z);
      const psi = spectrumOf(model, bump);
      const { pixels, positions } = points(z);
      // Below the sheet the same current has the field of dipoles mirrored to the other side.
      const expected = zeroField(pixels.length);
      for (const [x0, y0, m] of dipoles) {
        dipoleField(positions, [x0, y0, -Math.sign(z) * depth], [0, 0, m], expected);
      }
      const field = new Float64Array(size * size);
      AXES.forEach((name, c) => {
        fieldOf(model, c, psi, field);
        expectBelow(
          relativeError(
            pixels.map(p => field[p]),
            expected[name],
          ),
          1e-7,
          name,
        );
      });
    });
  }
});

describe('the right-hand rule', () => {
  const small: Domain = { nx: 256, ny: 256, dx: pitch, dy: pitch, padX: 256, padY: 256 };
  const [x0, y0] = [120 * pitch, 131 * pitch];

  it('an anticlockwise loop has psi > 0 inside and Bz > 0 above it and below it', () => {
    // A rectangle of psi = I, its edges between pixels: the current I runs round it anticlockwise.
    const [a, b, current] = [20.5e-3, 12.5e-3, 3];
    const inside = (x: number, y: number) => (Math.abs(x - x0) < a && Math.abs(y - y0) < b ? current : 0);
    for (const z of [10e-3, -10e-3]) {
      const model = sheetModel(small, AXES, z);
      const psi = spectrumOf(model, inside);
      const loop = rectangleBetween(x0 - a, y0 - b, x0 + a, y0 + b, 0);
      const at: Vector3[] = [];
      const pixels: number[] = [];
      for (let iy = 91; iy < 171; iy += 10) {
        for (let ix = 80; ix < 160; ix += 10) {
          at.push([ix * pitch, iy * pitch, z]);
          pixels.push(iy * 256 + ix);
        }
      }
      const expected = zeroField(at.length);
      const column = (axis: number) => Float64Array.from(at, point => point[axis]);
      rectangleLoopField({ x: column(0), y: column(1), z: column(2) }, loop, current, expected);
      const field = new Float64Array(256 * 256);
      AXES.forEach((name, c) => {
        fieldOf(model, c, psi, field);
        const values = pixels.map(p => field[p]);
        // Two per cent: the images of the periodic domain and the pixels of psi.
        expectBelow(relativeError(values, expected[name]), 0.02, name);
      });
      fieldOf(model, 2, psi, field);
      expect(field[131 * 256 + 120]).toBeGreaterThan(0);
    }
  });

  it('where psi has a hill the current circulates anticlockwise around its top', () => {
    const model = sheetModel(small, ['bz'], 5e-3);
    const width = 12e-3;
    const hill = (x: number, y: number) => Math.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * width * width));
    const spectrum = spectrumOf(model, hill);
    const { kx, ky } = currentOf(model, spectrum);
    expect(streamFunctionOf(model, spectrum)[131 * 256 + 120]).toBeGreaterThan(0);
    let wrong = 0;
    for (let i = 0; i < kx.length; i++) {
      const [x, y] = [(i % 256) * pitch - x0, Math.floor(i / 256) * pitch - y0];
      const r = Math.hypot(x, y);
      const slope = (r / width ** 2) * hill(x + x0, y + y0);
      // K = (-y, x) / r times |d psi / dr|.
      wrong = Math.max(wrong, Math.hypot(kx[i] * r + slope * y, ky[i] * r - slope * x) / (r || 1));
    }
    expectBelow(wrong * width, 1e-10);
  });

  it('just above and below a wide sheet the field along it jumps by mu0 K (Ampere)', () => {
    const height = 1e-6;
    const wide = (x: number, y: number) => Math.sin((2 * Math.PI * (x + 2 * y)) / (256 * pitch));
    const [above, below] = [sheetModel(small, ['bx', 'by'], height), sheetModel(small, ['bx', 'by'], -height)];
    const psi = spectrumOf(above, wide);
    const { kx, ky } = currentOf(above, psi);
    const jump = (c: number) => {
      const [up, down] = [new Float64Array(256 * 256), new Float64Array(256 * 256)];
      fieldOf(above, c, psi, up);
      fieldOf(below, c, psi, down);
      return up.map((v, i) => v - down[i]);
    };
    // n x (B+ - B-) = mu0 K.
    expectBelow(
      relativeError(
        jump(0),
        ky.map(v => MU0 * v),
      ),
      1e-4,
    );
    expectBelow(
      relativeError(
        jump(1),
        kx.map(v => -MU0 * v),
      ),
      1e-4,
    );
  });
});
