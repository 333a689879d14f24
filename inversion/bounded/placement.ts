import type { Vector3 } from '../../src/biotSavart/index.js';
import type { Cell } from '../../src/model/cell.js';
import { boundingBox } from '../../src/model/outline.js';
import type { ScanReadings } from './scanReadings.js';

/** A small motion of the whole scan about the middle of the cell. */
export interface Motion {
  /** m */
  readonly shift: Vector3;
  /** Rotation vector, rad: tilt about x and y, rotation in the plane. */
  readonly turn: Vector3;
}

/** Six numbers: shift, then turn. */
export function numbersOf({ shift, turn }: Motion): number[] {
  return [...shift, ...turn];
}

export function motionOf(numbers: ArrayLike<number>): Motion {
  const [x, y, z, tx, ty, tz] = Array.from(numbers);
  return { shift: [x, y, z], turn: [tx, ty, tz] };
}

export const STILL = motionOf([0, 0, 0, 0, 0, 0]);

/** The point about which scans are turned: the middle of the outline's box, at the mean height of the sheets. */
export function middleOf(cell: Cell): Vector3 {
  const { x0, y0, x1, y1 } = boundingBox(cell.outline);
  const sheets = [...cell.sheets];
  return [(x0 + x1) / 2, (y0 + y1) / 2, sheets.reduce((sum, z) => sum + z, 0) / sheets.length];
}

/** Half the diagonal of the outline's box, m: what a turn moves there, by the angle. */
export function reachOf(cell: Cell): number {
  const { x0, y0, x1, y1 } = boundingBox(cell.outline);
  return Math.hypot(x1 - x0, y1 - y0) / 2;
}

/** The samples moved, r' = r + shift + turn x (r - middle), and their sensors turned with them, n' = n + turn x n. */
export function moved(readings: ScanReadings, motion: Motion, middle: Vector3): ScanReadings {
  if (numbersOf(motion).every(v => v === 0)) return readings;
  const { shift, turn } = motion;
  const [x, y, z] = turned([readings.x, readings.y, readings.z], turn, middle).map((values, axis) =>
    values.map(v => v + shift[axis]),
  );
  const [nx, ny, nz] = turned([readings.nx, readings.ny, readings.nz], turn, [0, 0, 0]);
  return { ...readings, x, y, z, nx, ny, nz };
}

function turned([x, y, z]: Float64Array[], [tx, ty, tz]: Vector3, [mx, my, mz]: Vector3): Float64Array[] {
  return [
    x.map((v, i) => v + ty * (z[i] - mz) - tz * (y[i] - my)),
    y.map((v, i) => v + tz * (x[i] - mx) - tx * (z[i] - mz)),
    z.map((v, i) => v + tx * (y[i] - my) - ty * (x[i] - mx)),
  ];
}

/** One small motion after the other. */
export function together(a: Motion, b: Motion): Motion {
  const second = numbersOf(b);
  return motionOf(numbersOf(a).map((v, i) => v + second[i]));
}
