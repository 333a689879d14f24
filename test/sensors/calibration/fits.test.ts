import { describe, expect, it } from 'vitest';
import { elementResponse, product, rotation, times } from '../../../sensors/calibration/apply.js';
import { formatCalibration, parseCalibration, uncalibrated } from '../../../sensors/calibration/calibrationFile.js';
import { ellipsoidFit } from '../../../sensors/calibration/ellipsoid.js';
import { flipFit } from '../../../sensors/calibration/flips.js';
import { type KnownSource, sourceField, sourceFit } from '../../../sensors/calibration/knownSource.js';
import { temperatureFit } from '../../../sensors/calibration/temperatureFit.js';
import type { Vector3 } from '../../../src/model/rig.js';
import { type Random, random } from '../../../src/random.js';

const SEEDS = 40;
const NOISE = 20e-9;
const FIELD = 48e-6;

/** A direction of a random rotation. */
function direction(rng: Random): Vector3 {
  const [x, y, z] = [rng.normal(), rng.normal(), rng.normal()];
  const r = Math.hypot(x, y, z);
  return [x / r, y / r, z / r];
}

/** Root mean square of the numbers; 1 where errors are as stated. */
const rms = (values: readonly number[]) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

describe('ellipsoid fit', () => {
  /** v = M^-1 B + o with the symmetric M of the truth. */
  const readings = (seed: number, inverse: readonly Vector3[], offset: Vector3, count: number) => {
    const rng = random(seed);
    const columns = [0, 1, 2].map(() => new Float64Array(count));
    for (let i = 0; i < count; i++) {
      const v = times(inverse, direction(rng));
      columns.forEach((column, c) => {
        column[i] = FIELD * v[c] + offset[c] + NOISE * rng.normal();
      });
    }
    return columns as [Float64Array, Float64Array, Float64Array];
  };
  const gain: Vector3[] = [
    [1.03, 0.012, -0.004],
    [0.012, 0.96, 0.008],
    [-0.004, 0.008, 1.01],
  ];
  const inverse = (m: readonly Vector3[]) => {
    const { matrix } = elementResponse({ name: 'e', offset: [0, 0, 0], axes: m, delay: 0 }, undefined);
    return matrix!;
  };
  const offset: Vector3 = [3e-6, -12e-6, 0.5e-6];

  it('gives gain and offset within the errors that it states, over seeds', () => {
    const pulls: number[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const fit = ellipsoidFit(...readings(seed, inverse(gain), offset, 60), FIELD);
      for (let i = 0; i < 3; i++) {
        pulls.push((fit.offset[i] - offset[i]) / fit.offsetErrors[i]);
        for (let j = 0; j <= i; j++) pulls.push((fit.gain[i][j] - gain[i][j]) / fit.gainErrors[i][j]);
      }
    }
    // 360 pulls, nine correlated ones per seed.
    expect(rms(pulls)).toBeGreaterThan(0.85);
    expect(rms(pulls)).toBeLessThan(1.15);
    expect(Math.max(...pulls.map(Math.abs))).toBeLessThan(5);
  });

  it('without a known field the gains have mean 1, and the sphere is as round', () => {
    const fit = ellipsoidFit(...readings(1, inverse(gain), offset, 60));
    expect(fit.gain[0][0] + fit.gain[1][1] + fit.gain[2][2]).toBeCloseTo(3, 9);
    expect(fit.residual).toBeLessThan(1.2 * NOISE);
  });

  it('is as good when the channels are named otherwise', () => {
    const [x, y, z] = readings(2, inverse(gain), offset, 60);
    const a = ellipsoidFit(x, y, z, FIELD);
    const b = ellipsoidFit(y, z, x, FIELD);
    expect(b.gain[0][1]).toBeCloseTo(a.gain[1][2], 8);
    expect(b.offset[2]).toBeCloseTo(a.offset[0], 12);
  });

  it('refuses rotations about one axis only', () => {
    const rng = random(3);
    const angle = Float64Array.from({ length: 60 }, () => 2 * Math.PI * rng.uniform());
    const noisy = (f: (a: number) => number) => angle.map(a => FIELD * f(a) + NOISE * rng.normal());
    expect(() =>
      ellipsoidFit(
        noisy(Math.cos),
        noisy(Math.sin),
        noisy(() => 0.3),
      ),
    ).toThrow(/do not fix/);
  });
});

describe('known source', () => {
  const scanned = (source: KnownSource, seed: number, turn: Vector3, shift: Vector3, scale: number) => {
    const rng = random(seed);
    const n = 15 * 5;
    const x = Float64Array.from({ length: n }, (_, i) => 4e-3 * ((i % 15) - 7));
    const y = Float64Array.from({ length: n }, (_, i) => 5e-3 * (Math.floor(i / 15) - 2));
    const z = new Float64Array(n).fill(8e-3);
    const at = (values: Float64Array, k: number) => values.map(v => v + shift[k]);
    const b = sourceField(source, at(x, 0), at(y, 1), at(z, 2));
    const back = rotation(turn.map(v => -v));
    const field = new Float64Array(3 * n);
    for (let i = 0; i < n; i++) {
      const read = times(back, [5 * b.bx[i], 5 * b.by[i], 5 * b.bz[i]]);
      for (let c = 0; c < 3; c++) field[3 * i + c] = read[c] / scale + [20e-6, 3e-6, -40e-6][c] + NOISE * rng.normal();
    }
    return { source, x, y, z, field, current: new Float64Array(n).fill(5) };
  };
  const turn: Vector3 = [1.5, -2, 0.7];
  const shift: Vector3 = [0.4e-3, -0.2e-3, 0.6e-3];
  const alongX: KnownSource = { kind: 'wire', path: [[-1, 0, 0], [1, 0, 0]] }; // biome-ignore format: a path
  const alongY: KnownSource = { kind: 'wire', path: [[0, -1, 0], [0, 1, 0]] }; // biome-ignore format: a path
  const coil: KnownSource = { kind: 'coil', centre: [0, 0, 0], axis: [0, 0, 1], radius: 15e-3, turns: 10 };

  it.each([
    ['two crossed wires', [alongX, alongY]],
    ['a coil', [coil]],
  ])('%s: turn, place and scale within the stated errors, over seeds', (_, sources) => {
    const pulls: number[] = [];
    for (let seed = 1; seed <= SEEDS / 2; seed++) {
      const fit = sourceFit(sources.map((source, k) => scanned(source, 100 * seed + k, turn, shift, 1.01)));
      for (let c = 0; c < 3; c++) {
        pulls.push((fit.shift[c] - shift[c]) / fit.shiftErrors[c], (fit.turn[c] - turn[c]) / fit.turnErrors[c]);
        expect(fit.shiftErrors[c]).toBeLessThan(60e-6);
      }
      pulls.push((fit.scale - 1.01) / fit.scaleError);
      expect(fit.residual).toBeLessThan(1.2 * NOISE);
    }
    // 140 pulls, seven correlated ones per seed.
    expect(rms(pulls)).toBeGreaterThan(0.75);
    expect(rms(pulls)).toBeLessThan(1.35);
  });

  it('one straight wire leaves the place along itself as uncertain as it was', () => {
    const fit = sourceFit([scanned(alongY, 5, turn, shift, 1)]);
    expect(fit.shiftErrors[1]).toBeGreaterThan(1e-3);
    expect(fit.shiftErrors[0]).toBeLessThan(60e-6);
    expect(Math.abs(fit.shift[2] - shift[2])).toBeLessThan(5 * fit.shiftErrors[2]);
  });

  it('a current of the wrong sign is refused', () => {
    const set = scanned(coil, 7, turn, shift, 1);
    expect(() => sourceFit([{ ...set, current: set.current.map(v => -v) }])).toThrow(/do not look like/);
  });
});

describe('flips and temperature', () => {
  it('the half sum of SET and RESET is the offset, whatever the field, over seeds', () => {
    const pulls = Array.from({ length: SEEDS }, (_, seed) => {
      const rng = random(seed + 1);
      const field = Float64Array.from({ length: 30 }, () => 40e-6 + 1e-6 * rng.normal());
      const set = field.map(b => b + 7e-6 + NOISE * rng.normal());
      const reset = field.map(b => -b + 7e-6 + NOISE * rng.normal());
      const fit = flipFit(set, reset);
      expect(Math.abs(fit.field - 40e-6)).toBeLessThan(1e-6);
      return (fit.offset - 7e-6) / fit.error;
    });
    expect(rms(pulls)).toBeGreaterThan(0.75);
    expect(rms(pulls)).toBeLessThan(1.3);
  });

  it('slopes of offset and gain within the stated errors, over seeds', () => {
    const pulls: number[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const rng = random(seed);
      const temperature = Float64Array.from({ length: 80 }, (_, i) => 20 + i / 4);
      const current = temperature.map((_, i) => i % 2);
      const slopes = [30e-9, -10e-9, 5e-9];
      const middle = temperature.reduce((sum, t) => sum + t, 0) / 80;
      const channels = slopes.map(slope =>
        temperature.map((t, i) => {
          const warmer = t - middle;
          return 2e-6 + slope * warmer + 50e-6 * current[i] * (1 - 0.003 * warmer) + NOISE * rng.normal();
        }),
      );
      const fit = temperatureFit(channels, temperature, current);
      pulls.push((fit.gainSlope! + 0.003) / fit.gainSlopeError!);
      slopes.forEach((slope, c) => {
        pulls.push((fit.offsetSlope[c] - slope) / fit.offsetSlopeErrors[c]);
      });
    }
    expect(rms(pulls)).toBeGreaterThan(0.85);
    expect(rms(pulls)).toBeLessThan(1.25);
  });
});

describe('the file of a calibration', () => {
  const element = {
    ...uncalibrated('a'),
    gain: [[1.02, 0.01, 0], [0.01, 0.97, 0], [0, 0, 1]] as ReturnType<typeof uncalibrated>['gain'], // biome-ignore format: a matrix
    offset_nT: [100, -200, 300] as [number, number, number],
    offset_slope_nT_per_K: [10, 0, 0] as [number, number, number],
    gain_slope_per_K: -0.003,
    reference_degC: 20,
    turn_deg: [0, 0, 90] as [number, number, number],
    shift_mm: [0.1, 0, -0.2] as [number, number, number],
  };
  const file = {
    savart_calibration: 1 as const,
    sensor: 's',
    date: '2026-01-01',
    program: 'savart',
    steps: [],
    elements: [element],
  };

  it('comes back as it was written, and unknown keys are refused by name', () => {
    const text = formatCalibration(file);
    expect(parseCalibration(text, 'c.yaml')).toEqual(file);
    expect(() => parseCalibration(text.replace('sensor:', 'sensr:'), 'c.yaml')).toThrow(/sensr/);
  });

  it('is applied as B = R A^-1 M (v - o(T)) / (1 + gamma (T - T0))', () => {
    const axes: Vector3[] = [[0, 1, 0], [-1, 0, 0], [0, 0, 1]]; // biome-ignore format: a matrix
    const { matrix, offset, place } = elementResponse({ name: 'a', offset: [0.01, 0, 0], axes, delay: 0 }, file, 30);
    expect(offset[0]).toBeCloseTo(200e-9, 15);
    expect(place).toEqual([0.0101, 0, -0.0002]);
    const v = [1e-6, 2e-6, 3e-6].map((value, c) => value - offset[c]);
    const gained = times(element.gain, v).map(value => value / 0.97);
    // The axes turn the channels by 90 degrees about z, the calibration by 90 more.
    const expected = [-gained[0], -gained[1], gained[2]];
    times(matrix!, v).forEach((b, c) => {
      expect(b).toBeCloseTo(expected[c], 15);
    });
    expect(product(rotation([10, 20, 30]), rotation([-10, -20, -30]))[0][0]).toBeCloseTo(1, 12);
  });
});
