import type { Readings } from '../../src/forward/index.js';
import { addScaled } from '../../src/linearAlgebra/vectors.js';
import type { Cell } from '../../src/model/cell.js';
import { amounts } from './maps.js';
import type { Memo } from './memo.js';
import type { BoundedModel } from './model.js';
import { predictedReadings } from './modelRows.js';
import type { Gradient } from './pointSources.js';
import type { ScanReadings } from './scanReadings.js';
import type { TabColumns } from './tabColumns.js';
import { streamField, streamFields, tabFields } from './tabFields.js';

export interface FieldTask {
  readonly cell: Cell;
  readonly tabs: TabColumns;
  readonly model: BoundedModel;
  readonly readings: ScanReadings;
  /** What is made once for all scans of the geometry. */
  readonly geometry?: Memo;
}

/** Step of the difference quotients, m. */
const STEP = 0.1e-3;

/** Readings of a solution, T, and their derivatives with respect to the positions of the sensors; of backgrounds none. */
export function predictedGradient(
  task: FieldTask,
  kept: Float64Array,
  outside: Float64Array,
): { readonly field: Float64Array; readonly gradient: Gradient } {
  const gradient = harmonicGradient(task, kept);
  return { field: predictedReadings(task.model, task.readings, kept, outside, gradient), gradient };
}

/** Of the harmonic part, by central differences. */
function harmonicGradient(task: FieldTask, kept: Float64Array): Gradient {
  const { readings } = task;
  const fields = harmonicFields(task, harmonicPsi(task, kept), 'beside the readings', 6, () => moved(readings));
  const [x, y, z] = [0, 1, 2].map(k => difference(fields[2 * k], fields[2 * k + 1]));
  return { x, y, z };
}

/** The readings a {@link STEP} forwards and backwards along x, y and z: six copies. */
export function moved<T extends Readings>(readings: T): T[] {
  return (['x', 'y', 'z'] as const).flatMap(axis =>
    [STEP, -STEP].map(by => ({ ...readings, [axis]: readings[axis].map(v => v + by) })),
  );
}

/** Central difference of what such a pair of copies sees. */
export function difference(after: Float64Array, before: Float64Array): Float64Array {
  const out = new Float64Array(after.length);
  for (let r = 0; r < out.length; r++) out[r] = (after[r] - before[r]) / (2 * STEP);
  return out;
}

/** psi (A) of the harmonic part of a solution, per sheet of the cell, on the nodes of the tabs' lattice. */
export function harmonicPsi({ tabs, model }: FieldTask, kept: Float64Array): Float64Array[] {
  const first = model.departures.length * model.interior.count;
  return amounts(model, kept).map((amount, sheet) => {
    const base = tabs.base.map(v => v * amount);
    model.patterns.forEach(({ tab }, p) => {
      if (tab?.sheet !== sheet) return;
      addScaled(base, kept[first + p], tabs.columns[tab.column].psi);
    });
    return base;
  });
}

/**
 * What copies of the readings, each with its own places and directions, see of the harmonic part of a solution, T.
 * @param psi as {@link harmonicPsi} gives it
 * @param name of the copies: always the same ones of a geometry
 * @param number of copies @param make makes them, where they are not known yet
 */
export function harmonicFields(
  task: FieldTask,
  psi: readonly Float64Array[],
  name: string,
  number: number,
  make: () => readonly Readings[],
): Float64Array[] {
  const { cell, tabs, readings, geometry } = task;
  const { count, footprint } = readings;
  const joined = () => {
    const copies = make();
    const all = (which: keyof Readings) => {
      const out = new Float64Array(number * count);
      for (const [k, copy] of copies.entries()) out.set(copy[which], k * count);
      return out;
    };
    return { x: all('x'), y: all('y'), z: all('z'), nx: all('nx'), ny: all('ny'), nz: all('nz') };
  };
  const sum = new Float64Array(number * count);
  if (psi.length === 1) {
    const [fine, z0] = [tabs.fine, cell.sheets[0]];
    // Kept for the scans to come, where there are any.
    const fieldOf = geometry?.keeps
      ? geometry.once(name, () => streamField(fine, z0, joined(), footprint, 1))
      : (one: Float64Array) => streamFields(fine, z0, [one], joined(), footprint)[0];
    sum.set(fieldOf(psi[0]));
  } else {
    psi.forEach((base, sheet) => {
      const field = tabFields({ ...tabs, base, columns: [] }, cell, joined(), footprint).base[sheet];
      for (let r = 0; r < sum.length; r++) sum[r] += field[r];
    });
  }
  return Array.from({ length: number }, (_, k) => sum.subarray(k * count, (k + 1) * count));
}
