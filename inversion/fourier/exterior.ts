import type { AxisName } from '../../src/fieldMap.js';
import { solveClosed } from './closedExterior.js';
import { continueField } from './continuation.js';
import { inverseOfSum, meanResidual, squaredResidual, tikhonov, type WindowData, windowFields } from './missingData.js';
import { currentOf, penalty, type SheetCurrent, type SheetModel } from './sheetModel.js';

/**
 * What lies outside the window. A truncated window is missing data, not zero data, and the map inside depends on what is
 * believed about the field outside. Two beliefs, both linear in the data:
 *
 * - *closed*: nothing is known outside. The current there is the least that explains the window (the same penalty as
 *   inside), so what crosses the rim closes just beyond it.
 * - *continued*: currents that cross the rim go on. The field at the rim is carried outwards and fades over a given length,
 *   which is about the field of leads that go on straight and end far away. For Bz only: the in-plane components, carried
 *   outwards each by itself, are no field of a sheet; and they see the current directly, so that *closed* does them justice.
 *
 * No reading can tell them apart; the better one is the one whose map needs less current, because conductors are few and
 * elsewhere there is none.
 */
export type Exterior = 'closed' | number;

/** A solution under one belief. */
export interface Attempt {
  /** 'closed', or the length of the continuation in windows. */
  readonly exterior: Exterior;
  readonly model: SheetModel;
  /** psi~ over the model's domain. */
  readonly psi: Float64Array;
  readonly current: SheetCurrent;
  /** Constant field of each component, T. */
  readonly background: Float64Array;
  /** Field in the window without the background, T, one array per component; computed when it is first asked for. */
  readonly fitted: () => readonly Float64Array[];
  /** Squared residual over the readings, T^2. */
  readonly residual: () => number;
  /** False where the iteration was stopped before it got to the noise. */
  readonly converged: boolean;
}

/** The attempt that was chosen and one under the other belief, whose difference says what the belief is worth. */
export interface Beliefs {
  readonly chosen: Attempt;
  readonly other: Attempt;
}

/** Lengths over which the field may go on outside, in windows. */
export const LENGTHS: readonly number[] = [0.25, 0.5, 1, 2];
/** Length of the domain where nothing is continued: half a window of room, in which what crosses the rim closes. */
export const CLOSED_LENGTH = 0.5 / 3;
/** With less than this part of the field's rms along the rim, nothing that matters is cut off. */
export const OPEN_RIM = 0.25;

/** A continuation explains the readings if it leaves at most this times the squared residual of *closed*, */
const MOST_RESIDUAL = 1.5;
/** or this part of the rms field: so much its fading may disturb at the rim. */
const MOST_DISTURBANCE = 0.02;

/** Whether readings of these components are ever continued. */
const continues = (components: readonly AxisName[]) => components.join() === 'bz';

/** Length of the domain for a closed exterior: for Bz that of the shortest continuation, with which it shares the model. */
export function closedLength(components: readonly AxisName[]): number {
  return continues(components) ? LENGTHS[0] : CLOSED_LENGTH;
}

/** What all attempts share. */
export interface Task {
  readonly data: WindowData & { readonly components: readonly AxisName[] };
  /** Readings with their gaps filled, window-shaped. */
  readonly whole: readonly Float64Array[];
  readonly order: number;
  readonly lambda: number;
  /** Noise of a reading, T. */
  readonly sigma: number;
}

/** A model with Tikhonov's filter, for all attempts that share it. */
export interface Filter {
  readonly model: SheetModel;
  /** 1 / (|A|^2 + lambda L). */
  readonly inverse: Float64Array;
}

export function filterOf(model: SheetModel, { order, lambda }: Task): Filter {
  return { model, inverse: inverseOfSum(model, penalty(model, order), lambda) };
}

/** Nothing is known outside. */
export function closedAttempt({ model, inverse }: Filter, task: Task, background: boolean): Attempt {
  const data = { ...task.data, background };
  const { psi, converged } = solveClosed(model, data, inverse, task.sigma);
  const fitted = windowFields(model, psi);
  const constant = meanResidual(model, data, psi, fitted);
  return {
    exterior: 'closed',
    model,
    psi,
    current: currentOf(model, psi),
    background: constant,
    fitted: () => fitted,
    residual: () => squaredResidual(data, fitted, constant),
    converged,
  };
}

/**
 * The field at the rim goes on and fades over `length` windows.
 * @param background of each component, T
 */
export function continuedAttempt(
  { model, inverse }: Filter,
  task: Task,
  background: Float64Array,
  length: number,
): Attempt {
  const { nx, ny } = model.domain;
  /** One after the other in the same place. */
  function* fields() {
    for (const [c, values] of task.whole.entries()) {
      yield continueField(model.domain, values, length * nx, length * ny, background[c], model.real);
    }
  }
  const psi = tikhonov(model, fields(), inverse);
  let known: Float64Array[] | undefined;
  const fitted = () => {
    known ??= windowFields(model, psi);
    return known;
  };
  return {
    exterior: length,
    model,
    psi,
    current: currentOf(model, psi),
    background,
    fitted,
    residual: () => squaredResidual(task.data, fitted(), background),
    converged: true,
  };
}

/**
 * The attempt with the least mean current, and the best one under the other belief.
 *
 * First the background: a constant is not told from currents far away, so it is fitted only where it is plainly there. For
 * Bz that is where it saves current, as the shortest continuation shows (zero against the mean along the rim); for in-plane
 * readings, where the mean along the rim of a component exceeds its variation there. Then, for Bz that is cut off at the rim, *closed*
 * against *continued* over longer and longer lengths that explain the readings, while that saves current.
 * @param modelFor the model on a domain for a continuation over so many windows
 * @param background whether it is fitted, where that is settled
 * @param goOn false where *closed* is settled
 */
export function leastCurrentAttempt(
  task: Task,
  modelFor: (length: number) => SheetModel,
  background: boolean | undefined,
  goOn: boolean,
): Beliefs {
  const { data, whole } = task;
  const model = modelFor(closedLength(task.data.components));
  const filter = filterOf(model, task);
  const { nx, ny } = model.domain;
  if (!continues(model.components)) {
    // In-plane readings are never continued, so that belief says nothing about the map either.
    const closed = closedAttempt(filter, task, background ?? whole.some(v => mostlyConstant(v, data.measured, ny, nx)));
    return { chosen: closed, other: closed };
  }
  let start = continuedAttempt(filter, task, new Float64Array(whole.length), LENGTHS[0]);
  let fitted = background ?? false;
  if (background === undefined) {
    const level = Float64Array.from(whole, v => rimMean(v, data.measured, ny, nx));
    fitted = meanCurrent(continuedAttempt(filter, task, level, LENGTHS[0]).current) < meanCurrent(start.current);
  }
  const closed = closedAttempt(filter, task, fitted);
  const constant = closed.background;
  if (fitted) start = continuedAttempt(filter, task, constant, LENGTHS[0]);
  const cutOff = whole.some((v, c) => rimShare(v, constant[c], data.measured, ny, nx) > OPEN_RIM);
  const energy = whole.reduce((sum, v, c) => sum + v.reduce((part, b) => part + (b - constant[c]) ** 2, 0), 0);
  const limit = Math.max(MOST_RESIDUAL * closed.residual(), MOST_DISTURBANCE ** 2 * energy);
  const explains = (attempt: Attempt) => attempt.residual() <= limit;
  if (!goOn || !cutOff) return { chosen: closed, other: explains(start) ? start : closed };
  let chosen = closed;
  for (const length of LENGTHS) {
    const next =
      length === LENGTHS[0] ? start : continuedAttempt(filterOf(modelFor(length), task), task, constant, length);
    if (!explains(next)) continue;
    if (meanCurrent(next.current) >= meanCurrent(chosen.current)) break;
    chosen = next;
  }
  return { chosen, other: chosen === closed ? start : closed };
}

/** Mean of |K| over the window, A/m. */
export function meanCurrent(current: SheetCurrent): number {
  let sum = 0;
  const { kx, ky } = current;
  for (let i = 0; i < kx.length; i++) sum += Math.sqrt(kx[i] * kx[i] + ky[i] * ky[i]);
  return sum / kx.length;
}

/** Calls `visit` for every measured pixel along the rim. */
function alongRim(measured: Uint8Array, ny: number, nx: number, visit: (pixel: number) => void): void {
  for (let iy = 0; iy < ny; iy++) {
    const step = iy === 0 || iy === ny - 1 ? 1 : nx - 1;
    for (let ix = 0; ix < nx; ix += step) if (measured[iy * nx + ix] === 1) visit(iy * nx + ix);
  }
}

/** Whether the mean along the rim exceeds the standard deviation there. */
function mostlyConstant(values: Float64Array, measured: Uint8Array, ny: number, nx: number): boolean {
  const mean = rimMean(values, measured, ny, nx);
  let square = 0;
  let count = 0;
  alongRim(measured, ny, nx, pixel => {
    square += (values[pixel] - mean) ** 2;
    count++;
  });
  return mean * mean * count > square;
}

function rimMean(values: Float64Array, measured: Uint8Array, ny: number, nx: number): number {
  let sum = 0;
  let count = 0;
  alongRim(measured, ny, nx, pixel => {
    sum += values[pixel];
    count++;
  });
  return count === 0 ? 0 : sum / count;
}

/** Rms of values - level over the measured pixels of the rim, over that in the window: how much the window cuts off. */
export function rimShare(values: Float64Array, level: number, measured: Uint8Array, ny: number, nx: number): number {
  let rim = 0;
  let rimCount = 0;
  let all = 0;
  let count = 0;
  alongRim(measured, ny, nx, pixel => {
    rim += (values[pixel] - level) ** 2;
    rimCount++;
  });
  for (let i = 0; i < values.length; i++) {
    if (measured[i] !== 1) continue;
    all += (values[i] - level) ** 2;
    count++;
  }
  return all === 0 || rimCount === 0 ? 0 : Math.sqrt(rim / rimCount / (all / count));
}
