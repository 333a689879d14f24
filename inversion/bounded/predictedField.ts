import type { Cell } from '../../src/model/cell.js';
import { amounts } from './maps.js';
import type { BoundedModel } from './model.js';
import { predictedReadings } from './normalEquations.js';
import type { Gradient } from './pointSources.js';
import type { ScanReadings } from './scanReadings.js';
import type { TabColumns } from './tabColumns.js';
import { tabFields } from './tabFields.js';

export interface FieldTask {
  readonly cell: Cell;
  readonly tabs: TabColumns;
  readonly model: BoundedModel;
  readonly readings: ScanReadings;
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
function harmonicGradient({ cell, tabs, model, readings }: FieldTask, kept: Float64Array): Gradient {
  const first = model.departures.length * model.interior.count;
  const { count } = readings;
  const axes = ['x', 'y', 'z'] as const;
  /** Six copies of the readings: forward and back along every axis. */
  const moved = (values: Float64Array, own?: number) =>
    Float64Array.from({ length: 6 * count }, (_, i) => {
      const copy = Math.floor(i / count);
      return values[i % count] + (copy >> 1 === own ? (copy % 2 === 0 ? STEP : -STEP) : 0);
    });
  const [x, y, z] = axes.map((axis, k) => moved(readings[axis], k));
  const [nx, ny, nz] = [readings.nx, readings.ny, readings.nz].map(n => moved(n));
  const gradient = { x: new Float64Array(count), y: new Float64Array(count), z: new Float64Array(count) };
  amounts(model, kept).forEach((amount, sheet) => {
    const base = tabs.base.map(v => v * amount);
    model.patterns.forEach(({ tab }, p) => {
      if (tab?.sheet !== sheet) return;
      const { psi } = tabs.columns[tab.column];
      const c = kept[first + p];
      for (let i = 0; i < base.length; i++) base[i] += c * psi[i];
    });
    const field = tabFields({ ...tabs, base, columns: [] }, cell, { x, y, z, nx, ny, nz }).base[sheet];
    axes.forEach((axis, k) => {
      const [plus, minus] = [2 * k * count, (2 * k + 1) * count];
      for (let r = 0; r < count; r++) gradient[axis][r] += (field[plus + r] - field[minus + r]) / (2 * STEP);
    });
  });
  return gradient;
}
