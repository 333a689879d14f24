import { describe, expect, it } from 'vitest';
import {
  ALONG_X,
  ALONG_Y,
  COIL,
  NOISE,
  overSource,
  type Pose,
  rotations,
  spreadOf,
  TRIALS,
} from '../../../bench/calibrationTrials.js';
import { elementResponse, product, rotation, times } from '../../../sensors/calibration/apply.js';
import { formatCalibration, parseCalibration, uncalibrated } from '../../../sensors/calibration/calibrationFile.js';
import { ellipsoidFit } from '../../../sensors/calibration/ellipsoid.js';
import { sourceFit } from '../../../sensors/calibration/knownSource.js';
import type { Vector3 } from '../../../src/model/rig.js';
import { random } from '../../../src/random.js';

/* `npm run validate` does the same with 400 seeds; docs/rig.md has the table. */
describe('simulated calibrations of many sensors', () => {
  const SEEDS = 80;
  it.each(Object.entries(TRIALS))('%s: what is fitted errs as much as is stated', (_, trial) => {
    const all: Record<string, number[]> = {};
    for (let seed = 1; seed <= SEEDS; seed++) {
      for (const [name, pulls] of Object.entries(trial(seed))) all[name] = [...(all[name] ?? []), ...pulls];
    }
    // Those of one seed are correlated: the mean square is known to sqrt(2 / SEEDS), its root to half of that.
    for (const pulls of Object.values(all))
      expect(Math.abs(spreadOf(pulls).rms - 1)).toBeLessThan(3.5 / Math.sqrt(2 * SEEDS));
  });
});

describe('ellipsoid fit', () => {
  it('without a known field the gains have mean 1, and the sphere is as round', () => {
    const fit = ellipsoidFit(...rotations(random(1), 60).columns);
    expect(fit.gain[0][0] + fit.gain[1][1] + fit.gain[2][2]).toBeCloseTo(3, 9);
    expect(fit.residual).toBeLessThan(1.2 * NOISE);
  });

  it('is as good when the channels are named otherwise', () => {
    const { columns, field } = rotations(random(2), 60);
    const [x, y, z] = columns;
    const a = ellipsoidFit(x, y, z, field);
    const b = ellipsoidFit(y, z, x, field);
    expect(b.gain[0][1]).toBeCloseTo(a.gain[1][2], 8);
    expect(b.offset[2]).toBeCloseTo(a.offset[0], 12);
  });

  it('refuses rotations about one axis only', () => {
    const rng = random(3);
    const angle = Float64Array.from({ length: 60 }, () => 2 * Math.PI * rng.uniform());
    const noisy = (f: (a: number) => number) => angle.map(a => 48e-6 * f(a) + NOISE * rng.normal());
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
  const POSE: Pose = { turn: [1.5, -2, 0.7], shift: [0.4e-3, -0.2e-3, 0.6e-3], scale: 1.01 };

  it.each([
    ['two crossed wires', [ALONG_X, ALONG_Y]],
    ['a coil', [COIL]],
  ])('%s fix the place to some hundredths of a millimetre', (_, sources) => {
    const rng = random(1);
    const fit = sourceFit(sources.map(source => overSource(source, rng, POSE)));
    for (const error of fit.shiftErrors) expect(error).toBeLessThan(60e-6);
    expect(fit.residual).toBeLessThan(1.2 * NOISE);
  });

  it('one straight wire leaves the place along itself as uncertain as it was', () => {
    const fit = sourceFit([overSource(ALONG_Y, random(5), POSE)]);
    expect(fit.shiftErrors[1]).toBeGreaterThan(1e-3);
    expect(fit.shiftErrors[0]).toBeLessThan(60e-6);
    expect(Math.abs(fit.shift[2] - POSE.shift[2])).toBeLessThan(5 * fit.shiftErrors[2]);
  });

  it('a current of the wrong sign is refused', () => {
    const set = overSource(COIL, random(7), POSE);
    expect(() => sourceFit([{ ...set, current: set.current.map(v => -v) }])).toThrow(/do not look like/);
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
