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
  const { gradient } = harmonicField(task, harmonicPsi(task, kept));
  return { field: predictedReadings(task.model, task.readings, kept, outside, gradient), gradient };
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

/** B at the readings, T, and how what they see along their directions changes with their places, T/m. */
export interface FieldAtReadings {
  readonly field: readonly [x: Float64Array, y: Float64Array, z: Float64Array];
  readonly gradient: Gradient;
}

/**
 * Of the harmonic part of a solution. Slopes along x and y by central differences; those along z follow, for outside the
 * sheets the field has neither sources nor curl: dBx/dz = dBz/dx, dBy/dz = dBz/dy, dBz/dz = - dBx/dx - dBy/dy.
 * @param psi as {@link harmonicPsi} gives it
 */
export function harmonicField(task: FieldTask, psi: readonly Float64Array[]): FieldAtReadings {
  const { readings } = task;
  const { places, placeOf } = placesOf(readings);
  const [here, right, left, behind, before] = fieldsBeside(task, psi, places);
  const alongX = here.map((_, c) => difference(right[c], left[c]));
  const alongY = here.map((_, c) => difference(behind[c], before[c]));
  const gradient = { x: alongDirections(readings, placeOf, alongX), y: alongDirections(readings, placeOf, alongY) };
  const alongZ = [alongX[2], alongY[2], alongX[0].map((v, p) => -v - alongY[1][p])];
  const [x, y, z] = here.map(b => atReadings(placeOf, b));
  return { field: [x, y, z], gradient: { ...gradient, z: alongDirections(readings, placeOf, alongZ) } };
}

/** A reading of every place where there are some, and the place of every reading. */
function placesOf({ first, count }: ScanReadings): { places: Int32Array; placeOf: Int32Array } {
  const places: number[] = [];
  const placeOf = new Int32Array(count);
  for (let s = 0; s + 1 < first.length; s++) {
    if (first[s] === first[s + 1]) continue;
    placeOf.fill(places.length, first[s], first[s + 1]);
    places.push(first[s]);
  }
  return { places: Int32Array.from(places), placeOf };
}

function atReadings(placeOf: Int32Array, values: Float64Array): Float64Array {
  const out = new Float64Array(placeOf.length);
  for (let r = 0; r < out.length; r++) out[r] = values[placeOf[r]];
  return out;
}

/** The components of a vector field along the directions of the readings. */
function alongDirections(
  { nx, ny, nz }: ScanReadings,
  placeOf: Int32Array,
  [x, y, z]: readonly Float64Array[],
): Float64Array {
  const out = new Float64Array(placeOf.length);
  for (let r = 0; r < out.length; r++) {
    const p = placeOf[r];
    out[r] = nx[r] * x[p] + ny[r] * y[p] + nz[r] * z[p];
  }
  return out;
}

/** The three components at some places, and a {@link STEP} to the right and left of them, behind and before them. */
function fieldsBeside(task: FieldTask, psi: readonly Float64Array[], places: Int32Array): Float64Array[][] {
  const { cell, tabs, readings, geometry } = task;
  const { footprint } = readings;
  const count = places.length;
  const shifts = [
    [0, 0],
    [STEP, 0],
    [-STEP, 0],
    [0, STEP],
    [0, -STEP],
  ];
  const copies = (): Readings => {
    const all = (of: (r: number, shift: readonly number[], axis: number) => number) => {
      const out = new Float64Array(3 * shifts.length * count);
      let at = 0;
      for (const shift of shifts) {
        for (let p = 0; p < count; p++) for (let axis = 0; axis < 3; axis++) out[at++] = of(places[p], shift, axis);
      }
      return out;
    };
    return {
      x: all((r, [by]) => readings.x[r] + by),
      y: all((r, [, by]) => readings.y[r] + by),
      z: all(r => readings.z[r]),
      nx: all((_r, _by, axis) => (axis === 0 ? 1 : 0)),
      ny: all((_r, _by, axis) => (axis === 1 ? 1 : 0)),
      nz: all((_r, _by, axis) => (axis === 2 ? 1 : 0)),
    };
  };
  let sum: Float64Array;
  if (psi.length === 1) {
    const [fine, z0] = [tabs.fine, cell.sheets[0]];
    // Kept for the scans to come, where there are any.
    const fieldOf = geometry?.keeps
      ? geometry.once('beside the readings', () => streamField(fine, z0, copies(), footprint, 1))
      : (one: Float64Array) => streamFields(fine, z0, [one], copies(), footprint)[0];
    sum = fieldOf(psi[0]);
  } else {
    const all = copies();
    sum = new Float64Array(all.x.length);
    psi.forEach((base, sheet) => {
      addScaled(sum, 1, tabFields({ ...tabs, base, columns: [] }, cell, all, footprint).base[sheet]);
    });
  }
  return shifts.map((_, k) => [0, 1, 2].map(axis => everyThird(sum, 3 * k * count + axis, count)));
}

function everyThird(values: Float64Array, first: number, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let p = 0, at = first; p < count; p++, at += 3) out[p] = values[at];
  return out;
}
