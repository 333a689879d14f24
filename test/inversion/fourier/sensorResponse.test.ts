import { describe, expect, it } from 'vitest';
import { besselJ, type SensorImage } from '../../../inversion/fourier/dipoleImage.js';
import { type Sensor, sensorTransfer } from '../../../inversion/fourier/sensorResponse.js';
import { dipoleField, zeroField } from '../../../src/biotSavart/index.js';
import { InputError } from '../../../src/errors.js';
import { gaussLegendre } from '../../biotSavart/support.js';
import { expectBelow, relativeError } from './support.js';

/** Transfer function at wave numbers (0, k) along y, then along x, as complex pairs. */
function along(sensor: Sensor, ks: readonly number[]): { x: [number, number][]; y: [number, number][] } {
  const pairs = (t: Float64Array) => ks.map((_, i): [number, number] => [t[2 * i], t[2 * i + 1]]);
  const zero = Float64Array.of(0);
  return {
    x: pairs(sensorTransfer(sensor, zero, Float64Array.from(ks))),
    y: pairs(sensorTransfer(sensor, Float64Array.from(ks), zero)),
  };
}

/** 2 J1(q) / q by its power series; q up to 8. */
function discSeries(q: number): number {
  let [term, sum] = [1, 1];
  for (let n = 1; n < 60; n++) {
    term *= -(q * q) / 4 / (n * (n + 1));
    sum += term;
  }
  return sum;
}

const FIRST_ZERO = 3.8317059702075125;

describe('Bessel functions', () => {
  it('known values', () => {
    const known: readonly [number, number, number][] = [
      [0, 1, 0],
      [1, 0.7651976865579666, 0.4400505857449335],
      [10, -0.2459357644513483, 0.04347274616886144],
      [100, 0.01998585030422312, -0.07714535201411216],
    ];
    for (const [x, j0, j1] of known) {
      expectBelow(Math.abs(besselJ(x)[0] - j0), 1e-14, `J0(${x})`);
      expectBelow(Math.abs(besselJ(x)[1] - j1), 1e-14, `J1(${x})`);
    }
  });

  it('zeros, and J0 derived is -J1', () => {
    expectBelow(Math.abs(besselJ(2.404825557695773)[0]), 1e-15);
    expectBelow(Math.abs(besselJ(FIRST_ZERO)[1]), 1e-15);
    const h = 1e-4;
    for (const x of [0.3, 4, 17, 60]) {
      const slope = (besselJ(x + h)[0] - besselJ(x - h)[0]) / (2 * h);
      expectBelow(Math.abs(slope + besselJ(x)[1]), 1e-8);
    }
  });
});

describe('transfer functions of sensors', () => {
  const radius = 2e-3;
  const pixelated = (pitch: number, cx = 0, cy = 0): SensorImage => {
    const n = 2 * Math.ceil(radius / pitch) + 11;
    const at = (i: number) => (i - (n - 1) / 2) * pitch;
    // A hair smaller, so that no pixel lies on the circle.
    const values = Float64Array.from({ length: n * n }, (_, i) =>
      Math.hypot(at(i % n) - cx, at(Math.floor(i / n)) - cy) < 0.9999 * radius ? 0.7 : 0,
    );
    return { values, nx: n, ny: n, dx: pitch, dy: pitch };
  };

  it('are 1 at k = 0: a uniform field is read as it is', () => {
    const sensors: Sensor[] = [
      { kind: 'disc', radius },
      { kind: 'square', side: 3e-3 },
      { kind: 'area', image: pixelated(0.3e-3, 0.4e-3) },
      { kind: 'dipole', image: dipoleImage({ height: 1e-3, radius: 1e-3, n: 41, pitch: 0.2e-3 }), height: 1e-3 },
    ];
    for (const sensor of sensors) {
      // Other wave numbers stand beside it, as in use.
      const t = sensorTransfer(sensor, Float64Array.of(0, 300, 600), Float64Array.of(0, 500, 1000));
      expectBelow(Math.hypot(t[0] - 1, t[1]), 1e-12, sensor.kind);
    }
  });

  it('of a disc is 2 J1(ka) / (ka), the same in all directions', () => {
    const ks = [0, 1e-3, 0.4, 0.5, 1, 100, 700, 2000, 4000];
    const { x, y } = along({ kind: 'disc', radius }, ks);
    ks.forEach((k, i) => {
      expectBelow(Math.hypot(x[i][0] - discSeries(k * radius), x[i][1]), 1e-13, `k = ${k}`);
      expect(y[i]).toEqual(x[i]);
    });
    const diagonal = sensorTransfer({ kind: 'disc', radius }, Float64Array.of(-400), Float64Array.of(300));
    expectBelow(Math.abs(diagonal[0] - discSeries(500 * radius)), 1e-13);
  });

  it('of a square is the average of exp(-i k.r) over it, zero where the wave fits its side', () => {
    const side = 3e-3;
    const { nodes, weights } = gaussLegendre(20);
    const average = (k: number) =>
      nodes.reduce((sum, u, i) => sum + 0.5 * weights[i] * Math.cos(k * 0.5 * side * u), 0);
    const [kys, kxs] = [Float64Array.of(0, 900, -2000), Float64Array.of(0, 1e-3, 500, 2100)];
    const t = sensorTransfer({ kind: 'square', side }, kys, kxs);
    kys.forEach((ky, row) => {
      kxs.forEach((kx, j) => {
        const at = 2 * (row * kxs.length + j);
        expectBelow(Math.hypot(t[at] - average(kx) * average(ky), t[at + 1]), 1e-13);
      });
    });
    const fits = along({ kind: 'square', side }, [(2 * Math.PI) / side]);
    expectBelow(Math.abs(fits.x[0][0]), 1e-15);
  });

  it('of the area image of a disc comes to that of the disc as the pixels become smaller', () => {
    const ks = [0, 300, 800, 1300, 1900, 2400];
    const disc = along({ kind: 'disc', radius }, ks);
    const errors = [0.4e-3, 0.1e-3, 0.025e-3].map(pitch => {
      const image = along({ kind: 'area', image: pixelated(pitch) }, ks);
      return Math.max(...ks.map((_, i) => Math.hypot(image.x[i][0] - disc.x[i][0], image.x[i][1])));
    });
    expectBelow(errors[0], 0.06);
    expectBelow(errors[1], 0.012);
    expectBelow(errors[2], 0.002);
  });

  it('of an area image off its middle has the phase exp(-i k.r) of its position', () => {
    const shift = 0.4e-3;
    const ks = [200, 900];
    const middle = along({ kind: 'area', image: pixelated(0.1e-3) }, ks);
    const [right, up] = [pixelated(0.1e-3, shift, 0), pixelated(0.1e-3, 0, shift)];
    const [x, y] = [along({ kind: 'area', image: right }, ks).x, along({ kind: 'area', image: up }, ks).y];
    ks.forEach((k, i) => {
      const expected = [middle.x[i][0] * Math.cos(k * shift), -middle.x[i][0] * Math.sin(k * shift)];
      for (const t of [x[i], y[i]]) expectBelow(Math.hypot(t[0] - expected[0], t[1] - expected[1]), 1e-12);
    });
  });

  it('refuse what has no size or no area', () => {
    const empty = { ...pixelated(0.2e-3), values: pixelated(0.2e-3).values.map(v => -v) };
    const bad: Sensor[] = [
      { kind: 'disc', radius: 0 },
      { kind: 'square', side: -1e-3 },
      { kind: 'square', side: Number.NaN },
      { kind: 'area', image: empty },
      { kind: 'dipole', image: empty, height: 1e-3 },
    ];
    for (const sensor of bad) {
      expect(() => sensorTransfer(sensor, Float64Array.of(0, 300), Float64Array.of(0, 300))).toThrow(InputError);
    }
  });
});

/** Flux density of a dipole along z at `height` below, averaged over a disc by quadrature of the closed form, arbitrary scale. */
function dipoleImage(o: {
  height: number;
  radius: number;
  n: number;
  pitch: number;
  cx?: number;
  cy?: number;
  offset?: number;
}): SensorImage {
  const { nodes, weights } = gaussLegendre(8);
  const spokes = 24;
  const count = nodes.length * spokes;
  const [x, y, z] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const values = new Float64Array(o.n * o.n);
  let peak = 0;
  for (let i = 0; i < values.length; i++) {
    const px = ((i % o.n) - (o.n - 1) / 2) * o.pitch - (o.cx ?? 0);
    const py = (Math.floor(i / o.n) - (o.n - 1) / 2) * o.pitch - (o.cy ?? 0);
    for (let q = 0; q < count; q++) {
      const r = 0.5 * o.radius * (1 + nodes[q % nodes.length]);
      const angle = (2 * Math.PI * Math.floor(q / nodes.length)) / spokes;
      x[q] = px + r * Math.cos(angle);
      y[q] = py + r * Math.sin(angle);
    }
    const b = zeroField(count);
    dipoleField({ x, y, z }, [0, 0, -o.height], [0, 0, 1], b);
    for (let q = 0; q < count; q++) {
      const r = 0.5 * o.radius * (1 + nodes[q % nodes.length]);
      values[i] += ((weights[q % nodes.length] * r) / o.radius / spokes) * b.bz[q];
    }
    peak = Math.max(peak, values[i]);
  }
  const offset = (o.offset ?? 0) * peak;
  return { values: values.map(v => v + offset), nx: o.n, ny: o.n, dx: o.pitch, dy: o.pitch };
}

describe('a sensor known by its image of a dipole', () => {
  const radius = 1e-3;
  const disc = (k: number) => discSeries(k * radius);
  /** Wave numbers along both axes, and all directions between them, up to the first zero of the disc's transfer function. */
  const last = FIRST_ZERO / radius;
  const kxs = Float64Array.from({ length: 33 }, (_, j) => (j * last) / 32);
  const kys = Float64Array.from({ length: 65 }, (_, i) => ((i - 32) * last) / 32);
  /** The largest error of the transfer function, in parts of its value at k = 0. */
  const worst = (image: SensorImage, height: number) => {
    const t = sensorTransfer({ kind: 'dipole', image, height }, kys, kxs);
    let most = 0;
    for (let i = 0; i < kys.length; i++) {
      for (let j = 0; j < kxs.length; j++) {
        const k = Math.hypot(kys[i], kxs[j]);
        const at = 2 * (i * kxs.length + j);
        if (k <= last) most = Math.max(most, Math.hypot(t[at] - disc(k), t[at + 1]));
      }
    }
    return most;
  };

  const cases = [
    { name: 'a wide image in the middle', height: 1e-3, n: 81, pitch: 0.2e-3, bound: 0.03 },
    {
      name: 'an image with an offset of 30 % of its peak',
      height: 1e-3,
      n: 61,
      pitch: 0.2e-3,
      offset: 0.3,
      bound: 0.04,
    },
    {
      name: 'one closer up, with a negative offset',
      height: 0.5e-3,
      n: 81,
      pitch: 0.125e-3,
      offset: -0.1,
      bound: 0.03,
    },
    {
      name: 'one with the dipole off the middle',
      height: 1e-3,
      n: 61,
      pitch: 0.2e-3,
      cx: 0.5e-3,
      cy: -0.8e-3,
      offset: 0.3,
      bound: 0.05,
    },
  ];
  for (const { name, bound, ...image } of cases) {
    it(`gets the transfer function of a disc from ${name}`, () => {
      expectBelow(worst(dipoleImage({ radius, ...image }), image.height), bound);
    });
  }

  it('the better, the more of the tail the image shows: 8, 16 and 32 radii wide', () => {
    const errors = [41, 81, 161].map(n =>
      worst(dipoleImage({ radius, height: 1e-3, n, pitch: 0.2e-3, offset: 0.3 }), 1e-3),
    );
    expectBelow(errors[0], 0.06);
    expectBelow(errors[1] / errors[0], 0.7);
    expectBelow(errors[2] / errors[1], 0.7);
  });

  it('whatever the scale of the image', () => {
    const image = dipoleImage({ radius, height: 1e-3, n: 41, pitch: 0.2e-3, offset: 0.1 });
    const scaled = { ...image, values: image.values.map(v => 1e9 * v) };
    const [a, b] = [image, scaled].map(i => sensorTransfer({ kind: 'dipole', image: i, height: 1e-3 }, kys, kxs));
    expectBelow(relativeError(a, b), 1e-12);
  });

  it('an image smaller than its wave numbers can use is refused', () => {
    const image = dipoleImage({ radius, height: 1e-3, n: 41, pitch: 0.2e-3 });
    const fine = () =>
      sensorTransfer({ kind: 'dipole', image, height: 1e-3 }, Float64Array.of(0), Float64Array.of(0, 1e4));
    expect(fine).toThrow(InputError);
  });
});
