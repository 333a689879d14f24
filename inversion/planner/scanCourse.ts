import { InputError } from '../../src/errors.js';
import type { Cell } from '../../src/model/cell.js';
import { boundingBox } from '../../src/model/outline.js';
import type { Rig, RigStage } from '../../src/model/rig.js';
import { averagingFor } from './readingNoise.js';

/** Where the stage stands and how long the scan takes. */
export interface ScanCourse {
  /** Points of the stage in the cell's axes, m, in the order of the scan: plane by plane, row by row, there and back. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly columns: number;
  readonly rows: number;
  /** Averaging per point, s: shorter than allowed where `target_sigma_nT` is reached before. */
  readonly average: number;
  /** From one repeat of the first point to the next, or the whole scan, s: over which drift builds up. */
  readonly record: number;
  readonly time: ScanTime;
}

/** Parts of the time of a scan, s. */
export interface ScanTime {
  readonly total: number;
  readonly moving: number;
  readonly settling: number;
  readonly averaging: number;
  /** Going back to the first point, and reading it; contained in none of the others. */
  readonly repeats: number;
  readonly repeatCount: number;
}

/** Without a stage in the rig: what `rig.yaml` takes by default. */
const MOTION = { feed: 50e-3, acceleration: 0.5, settle: 0.2 };
/** More stage points than this are a mistake of units. */
const MOST_POINTS = 1e6;

/**
 * The raster of a rig over a cell, and its time. A move is a trapezoid of speed, d / v + v / a, or 2 sqrt(d / a) where the feed
 * is not reached. `step` stops and settles at every point; `fly` runs along a row so fast that a point takes its averaging time
 * (not faster than the feed) and settles at its beginning. Homing and the switching of the current take no time here.
 * @throws {InputError} for a raster that makes no sense
 */
export function scanCourse(rig: Rig, cell: Cell): ScanCourse {
  const { scan } = rig;
  const box = boundingBox(cell.outline);
  const margin = scan.margin;
  const area = scan.area ?? { x: [box.x0 - margin, box.x1 + margin], y: [box.y0 - margin, box.y1 + margin] };
  const count = ([low, high]: readonly [number, number]) => Math.floor((high - low) / scan.pitch + 1e-6) + 1;
  const [columns, rows] = [count(area.x), count(area.y)];
  const points = columns * rows * scan.heights.length;
  if (!(points <= MOST_POINTS)) {
    throw new InputError(`a raster of ${columns} by ${rows} points`, { advice: 'choose another pitch or area' });
  }
  const start = ([low, high]: readonly [number, number], n: number) => (low + high - (n - 1) * scan.pitch) / 2;
  const [left, below] = [start(area.x, columns), start(area.y, rows)];
  const [x, y, z] = [0, 1, 2].map(() => new Float64Array(points));
  scan.heights.forEach((height, plane) => {
    for (let iy = 0; iy < rows; iy++) {
      for (let k = 0; k < columns; k++) {
        const i = (plane * rows + iy) * columns + k;
        x[i] = left + (iy % 2 === 0 ? k : columns - 1 - k) * scan.pitch;
        y[i] = below + (plane % 2 === 0 ? iy : rows - 1 - iy) * scan.pitch;
        z[i] = height;
      }
    }
  });
  const places = { x, y, z };
  // What drifts meanwhile sets how long to average, and that how long it takes: two rounds settle it.
  let average = scan.average;
  let timed = timeOf(rig, places, columns, average);
  for (let round = 0; round < 2 && scan.targetSigma !== undefined; round++) {
    const own = rig.sensors.filter(sensor => sensor.role === 'scan');
    const { targetSigma } = scan;
    average = Math.max(...own.map(sensor => averagingFor(targetSigma, sensor, scan, timed.record)));
    timed = timeOf(rig, places, columns, average);
  }
  return { ...places, columns, rows, average, ...timed };
}

function timeOf(
  { stage, scan }: Rig,
  { x, y, z }: { readonly x: Float64Array; readonly y: Float64Array; readonly z: Float64Array },
  columns: number,
  average: number,
): { time: ScanTime; record: number } {
  const motion = stage ?? MOTION;
  const { settle } = motion;
  const n = x.length;
  const distance = (a: number, b: number) => Math.hypot(x[a] - x[b], y[a] - y[b], z[a] - z[b]);
  let [moving, settling] = [0, 0];
  const flying = scan.mode === 'fly';
  for (let i = 0; i < n; i++) {
    const inRow = flying && i % columns !== 0;
    if (i > 0)
      moving += inRow ? Math.max(0, distance(i, i - 1) / motion.feed - average) : moveTime(motion, distance(i, i - 1));
    if (!inRow) settling += settle;
  }
  const averaging = n * average;
  const repeatCount = scan.repeatEvery === 0 ? 0 : Math.floor((n - 1) / scan.repeatEvery);
  let repeats = 0;
  for (let k = 1; k <= repeatCount; k++) {
    repeats += 2 * (moveTime(motion, distance(0, k * scan.repeatEvery)) + settle) + average;
  }
  const total = moving + settling + averaging + repeats;
  return {
    time: { total, moving, settling, averaging, repeats, repeatCount },
    record: Math.max(average, total / (repeatCount + 1)),
  };
}

/** Time of a straight move from rest to rest, s. */
export function moveTime({ feed, acceleration }: Pick<RigStage, 'feed' | 'acceleration'>, distance: number): number {
  const full = feed ** 2 / acceleration;
  return distance < full ? 2 * Math.sqrt(distance / acceleration) : distance / feed + feed / acceleration;
}
