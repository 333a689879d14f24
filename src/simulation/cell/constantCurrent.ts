import { InputError } from '../../errors.js';
import type { CellModel, CellState } from './cellModel.js';
import { type SocCurve, type SocTable, socCurve } from './socTable.js';
import { pairSolver, type SolvedState } from './steadyState.js';

/** What a charge or discharge at constant current needs beside the model. */
export interface ConstantCurrentOptions {
  /** Areal capacity of the electrode pair, C/m^2: one number or a map. */
  readonly capacity: number | Float64Array;
  /** Open-circuit voltage over the state of charge, V. */
  readonly openCircuit: SocTable;
  /** Area-specific resistance over the state of charge, ohm m^2, in place of the model's; dead places stay dead. */
  readonly areaResistance?: SocTable;
  /** State of charge at the start: one number or a map. */
  readonly soc: number | Float64Array;
  /** Length of a step, s. */
  readonly step: number;
  /** Ends at this time, s. */
  readonly time?: number;
  /** Ends before the voltage leaves these bounds, V. */
  readonly voltage?: readonly [least: number, most: number];
}

/** One step. Currents, potentials and states of charge belong to its middle. */
export interface ChargeStep {
  /** Middle of the step, s. */
  readonly time: number;
  readonly voltage: number;
  /** Per pixel; NaN outside. */
  readonly soc: Float64Array;
  readonly socMean: number;
  readonly socLeast: number;
  readonly socMost: number;
  /** Its model holds U and 1 / ASR at these states of charge. */
  readonly state: CellState;
}

/**
 * Charges (current > 0 with the positive tabs at +1) or discharges one electrode pair at constant current, with a state of
 * charge of its own at every pixel: q ds/dt = J, J = (phi_p - phi_n - U(s)) / ASR(s).
 *
 * Each step solves the pair with the middle of the step in view: with U + J ASR linear in s over the step, the electrodes
 * act like a resistance ASR + (U' + J ASR') dt / 2q (a Rosenbrock method of one stage, gamma = 1/2: second order in time,
 * A-stable; Hairer and Wanner, Solving ODEs II, section IV.7). The mean state of charge follows the current to rounding.
 *
 * Ends at `time`, before a pixel leaves the states of charge 0 to 1, or before the voltage leaves its bounds.
 * @throws {InputError} for steps, capacities, tables or states of charge that make no sense
 */
export function* constantCurrent(
  model: CellModel,
  current: number,
  options: ConstantCurrentOptions,
): Generator<ChargeStep, void, void> {
  const { step, time: end = Infinity, voltage: [lowest, highest] = [-Infinity, Infinity] } = options;
  if (!(step > 0 && Number.isFinite(step))) {
    throw new InputError(`a time step of ${step} s cannot be taken`, { advice: 'give a positive number of seconds' });
  }
  const n = model.inside.length;
  const capacity = mapOf(options.capacity, n, 'capacity', q => q > 0);
  const soc = mapOf(options.soc, n, 'state of charge', s => s >= 0 && s <= 1);
  const voltageOf = socCurve(options.openCircuit, 'open-circuit voltage');
  const resistanceOf =
    options.areaResistance === undefined ? undefined : socCurve(options.areaResistance, 'area-specific resistance');
  let state: SolvedState | undefined;
  for (let time = 0; time < end * (1 - 1e-12); time += step) {
    const dt = Math.min(step, end - time);
    const effective = linearised(model, { voltageOf, resistanceOf, capacity, soc, dt, state });
    state = pairSolver(effective).solve(current, effective, state);
    const middle = new Float64Array(n).fill(Number.NaN);
    const openCircuit = new Float64Array(n);
    const reaction = model.reaction.slice();
    let [sum, count, least, most] = [0, 0, Infinity, -Infinity];
    for (let i = 0; i < n; i++) {
      if (!model.inside[i]) continue;
      const change = (state.reactionCurrent[i] * dt) / capacity[i];
      const s = soc[i] + change / 2;
      middle[i] = s;
      openCircuit[i] = voltageOf.value(s);
      if (resistanceOf !== undefined && reaction[i] > 0) reaction[i] = 1 / resistanceOf.value(s);
      soc[i] += change;
      sum += s;
      count++;
      least = Math.min(least, s, soc[i]);
      most = Math.max(most, s, soc[i]);
    }
    if (least < 0 || most > 1 || state.voltage < lowest || state.voltage > highest) return;
    yield {
      time: time + dt / 2,
      voltage: state.voltage,
      soc: middle,
      socMean: sum / count,
      ...extremes(middle, model.inside),
      state: { ...state, model: { ...model, reaction, openCircuit } },
    };
  }
}

function extremes(soc: Float64Array, inside: Uint8Array): { socLeast: number; socMost: number } {
  let [socLeast, socMost] = [Infinity, -Infinity];
  for (let i = 0; i < soc.length; i++) {
    if (!inside[i]) continue;
    socLeast = Math.min(socLeast, soc[i]);
    socMost = Math.max(socMost, soc[i]);
  }
  return { socLeast, socMost };
}

interface Linearisation {
  readonly voltageOf: SocCurve;
  readonly resistanceOf: SocCurve | undefined;
  readonly capacity: Float64Array;
  readonly soc: Float64Array;
  readonly dt: number;
  /** The step before, whose J stands for this one's in the derivative. */
  readonly state: CellState | undefined;
}

/** The model whose steady state is the middle of the step. */
function linearised(model: CellModel, { voltageOf, resistanceOf, capacity, soc, dt, state }: Linearisation): CellModel {
  const reaction = new Float64Array(soc.length);
  const openCircuit = new Float64Array(soc.length);
  for (let i = 0; i < reaction.length; i++) {
    if (!model.inside[i]) continue;
    openCircuit[i] = voltageOf.value(soc[i]);
    if (model.reaction[i] === 0) continue;
    const resistance = resistanceOf === undefined ? 1 / model.reaction[i] : resistanceOf.value(soc[i]);
    if (!(resistance > 0)) {
      throw new InputError(`the area-specific resistance is ${resistance} ohm m^2 at a state of charge of ${soc[i]}`, {
        advice: 'give positive resistances for all states of charge',
      });
    }
    const before = state === undefined ? 0 : state.reactionCurrent[i];
    const slope = voltageOf.slope(soc[i]) + (resistanceOf === undefined ? 0 : before * resistanceOf.slope(soc[i]));
    reaction[i] = 1 / (resistance + (Math.max(0, slope) * dt) / (2 * capacity[i]));
  }
  return { ...model, reaction, openCircuit };
}

function mapOf(given: number | Float64Array, n: number, name: string, sound: (value: number) => boolean): Float64Array {
  const map = typeof given === 'number' ? new Float64Array(n).fill(given) : given.slice();
  const wrong = map.findIndex(value => !sound(value));
  if (map.length === n && wrong < 0) return map;
  const what = map.length === n ? `${map[wrong]} at pixel ${wrong}` : `for ${map.length} pixels, the model has ${n}`;
  throw new InputError(`the ${name} is ${what}`, { advice: 'give one number, or one for every pixel of the model' });
}
