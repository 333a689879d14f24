import { inverse3, rotation, times } from '../sensors/calibration/apply.js';
import { ellipsoidFit } from '../sensors/calibration/ellipsoid.js';
import { flipFit } from '../sensors/calibration/flips.js';
import { type KnownSource, type SourceReadings, sourceField, sourceFit } from '../sensors/calibration/knownSource.js';
import { temperatureFit } from '../sensors/calibration/temperatureFit.js';
import type { Vector3 } from '../src/model/rig.js';
import { type Random, random } from '../src/random.js';

/** Errors of fitted numbers over their stated standard errors, by what was fitted; one trial. */
export type Pulls = Readonly<Record<string, readonly number[]>>;

/** Noise of a reading, and the field of the earth, T. */
export const NOISE = 20e-9;
const FIELD = 48e-6;

/** A direction, uniform over the sphere. */
function direction(rng: Random): Vector3 {
  const [x, y, z] = [rng.normal(), rng.normal(), rng.normal()];
  const r = Math.hypot(x, y, z);
  return [x / r, y / r, z / r];
}

const three = (of: () => number): Vector3 => [of(), of(), of()];

/** Readings of a sensor turned into random directions in a field of constant size: v = M^-1 B + o, M symmetric. */
export function rotations(rng: Random, count: number) {
  const [d, off] = [three(() => 0.03 * rng.normal()), three(() => 0.01 * rng.normal())];
  const gain: Vector3[] = [
    [1 + d[0], off[0], off[1]],
    [off[0], 1 + d[1], off[2]],
    [off[1], off[2], 1 + d[2]],
  ];
  const offset = three(() => 5e-6 * rng.normal());
  const back = inverse3(gain)!;
  const columns = [0, 1, 2].map(() => new Float64Array(count));
  for (let i = 0; i < count; i++) {
    const v = times(back, direction(rng));
    columns.forEach((column, c) => {
      column[i] = FIELD * v[c] + offset[c] + NOISE * rng.normal();
    });
  }
  return { gain, offset, columns: columns as [Float64Array, Float64Array, Float64Array], field: FIELD };
}

function rotationPulls(seed: number, count: number): Pulls {
  const { gain, offset, columns, field } = rotations(random(seed), count);
  const fit = ellipsoidFit(...columns, field);
  const lower = [0, 1, 2].flatMap(i => [0, 1, 2].filter(j => j <= i).map(j => [i, j] as const));
  return {
    gain: lower.map(([i, j]) => (fit.gain[i][j] - gain[i][j]) / fit.gainErrors[i][j]),
    offset: offset.map((value, c) => (fit.offset[c] - value) / fit.offsetErrors[c]),
  };
}

/** Where a sensor really stands and how it is turned. */
export interface Pose {
  readonly turn: Vector3;
  readonly shift: Vector3;
  readonly scale: number;
}

/** A plane of readings over a source, by a sensor that is not quite where and how it is believed to be. */
export function overSource(source: KnownSource, rng: Random, { turn, shift, scale }: Pose): SourceReadings {
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
}

export const ALONG_X: KnownSource = { kind: 'wire', path: [[-1, 0, 0], [1, 0, 0]] }; // biome-ignore format: a path
export const ALONG_Y: KnownSource = { kind: 'wire', path: [[0, -1, 0], [0, 1, 0]] }; // biome-ignore format: a path
export const COIL: KnownSource = { kind: 'coil', centre: [0, 0, 0], axis: [0, 0, 1], radius: 15e-3, turns: 10 };

/** @param seen the axes along which the source shows a place */
function sourcePulls(seed: number, sources: readonly KnownSource[], seen: readonly number[] = [0, 1, 2]): Pulls {
  const rng = random(seed);
  const pose = {
    turn: three(() => 1.5 * rng.normal()),
    shift: three(() => 0.4e-3 * rng.normal()),
    scale: 1 + 0.01 * rng.normal(),
  };
  const fit = sourceFit(sources.map(source => overSource(source, rng, pose)));
  return {
    turn: pose.turn.map((value, c) => (fit.turn[c] - value) / fit.turnErrors[c]),
    place: seen.map(c => (fit.shift[c] - pose.shift[c]) / fit.shiftErrors[c]),
    scale: [(fit.scale - pose.scale) / fit.scaleError],
  };
}

function flipPulls(seed: number, count: number): Pulls {
  const rng = random(seed);
  const offset = 5e-6 * rng.normal();
  const field = Float64Array.from({ length: count }, () => 40e-6 + 1e-6 * rng.normal());
  const set = field.map(b => b + offset + NOISE * rng.normal());
  const reset = field.map(b => -b + offset + NOISE * rng.normal());
  const fit = flipFit(set, reset);
  return { offset: [(fit.offset - offset) / fit.error] };
}

/** @param count readings over 20 K, a coil's current on in every other one */
function temperaturePulls(seed: number, count: number): Pulls {
  const rng = random(seed);
  const temperature = Float64Array.from({ length: count }, (_, i) => 20 + (20 * i) / count);
  const current = temperature.map((_, i) => i % 2);
  const slopes = three(() => 20e-9 * rng.normal());
  const gamma = -0.003 + 1e-3 * rng.normal();
  const middle = temperature.reduce((sum, t) => sum + t, 0) / count;
  const channels = slopes.map((slope, c) =>
    temperature.map((t, i) => {
      const warmer = t - middle;
      return 2e-6 + slope * warmer + (c + 1) * 20e-6 * current[i] * (1 + gamma * warmer) + NOISE * rng.normal();
    }),
  );
  const fit = temperatureFit(channels, temperature, current);
  return {
    'slope of the gain': [(fit.gainSlope! - gamma) / fit.gainSlopeError!],
    'slope of the offset': slopes.map((slope, c) => (fit.offsetSlope[c] - slope) / fit.offsetSlopeErrors[c]),
  };
}

/** Simulated calibrations, by kind: the pulls of a seed. */
export const TRIALS: Readonly<Record<string, (seed: number) => Pulls>> = {
  '30 rotations': seed => rotationPulls(seed, 30),
  '60 rotations': seed => rotationPulls(seed, 60),
  '10 flips': seed => flipPulls(seed, 10),
  '20 flips': seed => flipPulls(seed, 20),
  'a wire, across it': seed => sourcePulls(seed, [ALONG_Y], [0, 2]),
  'two crossed wires': seed => sourcePulls(seed, [ALONG_X, ALONG_Y]),
  'a coil': seed => sourcePulls(seed, [COIL]),
  '20 readings while it warms': seed => temperaturePulls(seed, 20),
  '80 readings while it warms': seed => temperaturePulls(seed, 80),
};

/** Root mean square of pulls, 1 where errors are as stated, and the part of them within one and two. */
export function spreadOf(pulls: readonly number[]): {
  readonly rms: number;
  readonly one: number;
  readonly two: number;
} {
  const within = (limit: number) => pulls.filter(pull => Math.abs(pull) <= limit).length / pulls.length;
  return { rms: Math.sqrt(pulls.reduce((sum, v) => sum + v * v, 0) / pulls.length), one: within(1), two: within(2) };
}
