import { InputError } from '../../errors.js';
import type { LoadStep } from '../../model/parsePack.js';
import { integralBetween, valueAt } from '../../model/socTable.js';
import { controlledSteps } from './controlledSteps.js';
import type { Throughput } from './implicitStep.js';
import { packCurrents } from './packCurrents.js';
import type { PackModel } from './packModel.js';

/** The current of a pack over time: `current[k]`, A, flows from `time[k]` to `time[k + 1]`, s. */
export interface Load {
  /** Ascending. */
  readonly time: Float64Array;
  /** + charging. */
  readonly current: Float64Array;
}

/** A pack over time. Rows are moments, columns cells: `[moment][cell]`. Currents are positive when they charge. */
export interface PackHistory {
  readonly time: Float64Array;
  /** A through the pack from that moment on. */
  readonly current: Float64Array;
  /** Between the terminals right after the current was set, V. */
  readonly voltage: Float64Array;
  /** A, at the same moment. */
  readonly cellCurrents: Float64Array;
  readonly soc: Float64Array;
  /** Through each cell over the whole time, A s. */
  readonly charge: Float64Array;
  /** Over the whole time, J; `supplied` = `dissipated` + `stored` up to the error of the steps. */
  readonly energy: { readonly supplied: number; readonly dissipated: number; readonly stored: number };
}

export interface OverTimeOptions {
  /** Largest error of a state of charge in one step; default 1e-6. Infinity: one step from moment to moment. */
  readonly tolerance?: number;
}

/** A state of charge may leave 0..1 by so much. */
const SOC_SLACK = 1e-9;

/** Most moments of a load. */
const MOST_MOMENTS = 1_000_000;

/**
 * Follows a pack through a load: see `implicitStepper`. Between two moments it takes as many steps as the tolerance
 * wants; at every moment the currents are those right after the load has changed.
 * @throws {InputError} for a load that does not ascend, and where a cell becomes empty or full; {NumericalError} as
 * `implicitStepper`.
 */
export function packOverTime(model: PackModel, load: Load, { tolerance = 1e-6 }: OverTimeOptions = {}): PackHistory {
  const { time, current } = load;
  const n = model.cells.length;
  const moments = time.length;
  if (moments === 0 || current.length !== moments) {
    throw new InputError('a load needs one current for every time, and at least one');
  }
  const advance = controlledSteps(model, tolerance);
  const soc = Float64Array.from(model.cells, cell => cell.soc);
  const sums: Throughput = { supplied: 0, dissipated: 0, charge: new Float64Array(n) };
  const voltage = new Float64Array(moments);
  const cellCurrents = new Float64Array(moments * n);
  const socs = new Float64Array(moments * n);
  for (let k = 0; k < moments; k++) {
    const now = packCurrents(model, current[k], soc);
    voltage[k] = now.voltage;
    cellCurrents.set(now.cellCurrents, k * n);
    socs.set(soc, k * n);
    if (k + 1 === moments) break;
    const duration = time[k + 1] - time[k];
    if (!(duration > 0)) throw new InputError(`the times of the load do not ascend after ${time[k]} s`);
    advance(soc, current[k], duration, sums);
    checkRange(model, soc, time[k + 1]);
  }
  let stored = 0;
  model.cells.forEach((cell, i) => {
    stored += Number.isFinite(cell.capacity)
      ? cell.capacity * integralBetween(cell.openCircuit, cell.soc, soc[i])
      : valueAt(cell.openCircuit, cell.soc) * sums.charge[i];
  });
  const { supplied, dissipated, charge } = sums;
  return { time, current, voltage, cellCurrents, soc: socs, charge, energy: { supplied, dissipated, stored } };
}

/**
 * The load of `pack.yaml` as moments: every step begins with one, and its last moment is the beginning of the next.
 * @throws {InputError} for more than a million moments.
 */
export function loadOf(steps: readonly LoadStep[]): Load {
  const time: number[] = [];
  const current: number[] = [];
  let start = 0;
  for (const step of steps) {
    const count = Math.max(1, Math.ceil(step.duration / (step.every ?? step.duration) - 1e-9));
    if (time.length + count > MOST_MOMENTS) {
      throw new InputError(`the load asks for more than ${MOST_MOMENTS} results`, { advice: 'give a longer every_s' });
    }
    for (let k = 0; k < count; k++) {
      time.push(start + (k * step.duration) / count);
      current.push(step.current);
    }
    start += step.duration;
  }
  time.push(start);
  current.push(steps[steps.length - 1].current);
  return { time: Float64Array.from(time), current: Float64Array.from(current) };
}

/** The cell currents or states of charge of one cell over time, from `[moment][cell]`. */
export function ofCell(values: Float64Array, cells: number, cell: number): Float64Array {
  return Float64Array.from({ length: values.length / cells }, (_, k) => values[k * cells + cell]);
}

function checkRange(model: PackModel, soc: Float64Array, time: number): void {
  model.cells.forEach((cell, i) => {
    if (soc[i] >= -SOC_SLACK && soc[i] <= 1 + SOC_SLACK) return;
    const state = soc[i] < 0 ? 'empty' : 'full';
    const message = `cell '${cell.name}' is ${state} before ${Number(time.toPrecision(6))} s`;
    throw new InputError(message, { advice: 'shorten the load, or begin at another state of charge' });
  });
}
