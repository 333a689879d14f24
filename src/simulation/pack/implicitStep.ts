import { NumericalError } from '../../errors.js';
import { slopeAt, valueAt } from '../../model/socTable.js';
import { circuitSolver, terminalVoltage } from './circuit.js';
import { branchResistance, resistanceSlope } from './packCurrents.js';
import type { PackModel } from './packModel.js';

/** What came through so far. */
export interface Throughput {
  /** Integral of terminal voltage times current, J. */
  supplied: number;
  /** In all resistances, J. */
  dissipated: number;
  /** Through each cell, A s. */
  readonly charge: Float64Array;
}

/** Second-order L-stable (Alexander 1977). */
const GAMMA = 1 - Math.SQRT1_2;
/** Newton's method mostly takes two or three; kinks of the tables a few more. */
const MOST_ITERATIONS = 25;
/** Change of the currents in an iteration over the largest; charge is conserved whatever is left. */
const CONVERGED = 1e-11;
/** The same where low resistances turn the rounding of voltages into currents: Newton has then long converged. */
const ROUNDED = 1e-8;
/** A step that does not converge is halved at most so often. */
const MOST_HALVINGS = 20;

/**
 * Advances the states of charge of a pack through a time of constant current: d(soc)/dt = i / capacity, the currents i
 * from Kirchhoff's laws with U(soc) and R(soc). Two implicit stages, of second order and stable for any step: with one
 * much longer than the time constants R capacity / U' the cells come into balance without oscillation. In a stage the
 * state of charge at its end depends on the current, soc = soc0 + a i, so each cell drops
 *
 *     f(i) = U(soc0 + a i) + R(soc0 + a i) i
 *
 * and Newton's method solves the circuit with the resistances f' and the voltages f - f' i. Charge is conserved to
 * rounding, because the currents of every stage obey the current law.
 *
 * The stepper owns its buffers and remembers the last currents as the next first guess.
 * @returns a function that overwrites `soc` and adds to `sums`
 * @throws {NumericalError} from that function, if halving the step does not make it converge.
 */
export function implicitStepper(
  model: PackModel,
): (soc: Float64Array, current: number, duration: number, sums: Throughput) => void {
  const { cells, circuit, branchOf, busbars } = model;
  const n = cells.length;
  const solve = circuitSolver(circuit);
  const resistance = busbars.slice();
  const emf = new Float64Array(busbars.length);
  const currents = new Float64Array(busbars.length);
  const before = new Float64Array(busbars.length);
  const base = new Float64Array(n);
  const start = new Float64Array(n);
  const firstStage = new Float64Array(n);

  /** Solves one stage from `base`; leaves the branch currents in `currents`. False if it does not converge. */
  const stage = (current: number, time: number): boolean => {
    for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
      for (let k = 0; k < n; k++) {
        const cell = cells[k];
        const b = branchOf[k];
        const i = currents[b];
        const a = time / cell.capacity;
        const z = base[k] + a * i;
        const r = branchResistance(cell, z);
        const rise = slopeAt(cell.openCircuit, z) + resistanceSlope(cell, z) * i;
        // A falling table may turn the slope over: then a flatter step, whose fixed point is the same.
        const slope = Math.max(r + a * rise, 0.3 * r);
        if (!(slope > 0)) return false;
        resistance[b] = slope;
        emf[b] = valueAt(cell.openCircuit, z) + r * i - slope * i;
      }
      before.set(currents);
      solve(resistance, emf, current, currents);
      let change = 0;
      let largest = Math.abs(current);
      for (let b = 0; b < currents.length; b++) {
        change = Math.max(change, Math.abs(currents[b] - before[b]));
        largest = Math.max(largest, Math.abs(currents[b]));
      }
      if (!Number.isFinite(change)) return false;
      if (change <= CONVERGED * largest || (iteration > 3 && change <= ROUNDED * largest) || change < 1e-15)
        return true;
    }
    return false;
  };

  /** Voltage and heat of a stage at its own states of charge, times its weight in the step. */
  const account = (time: number, weight: number): readonly [volt: number, heat: number] => {
    let heat = 0;
    for (let k = 0; k < n; k++) {
      const cell = cells[k];
      const b = branchOf[k];
      const z = base[k] + (time / cell.capacity) * currents[b];
      resistance[b] = branchResistance(cell, z);
      emf[b] = valueAt(cell.openCircuit, z);
    }
    for (let b = 0; b < currents.length; b++) heat += resistance[b] * currents[b] ** 2;
    return [weight * terminalVoltage(circuit, resistance, emf, currents), weight * heat];
  };

  const advance = (soc: Float64Array, current: number, duration: number, sums: Throughput, halvings: number) => {
    const time = GAMMA * duration;
    start.set(soc);
    base.set(soc);
    if (stage(current, time)) {
      const [firstVoltage, firstHeat] = account(time, duration - time);
      for (let k = 0; k < n; k++) {
        firstStage[k] = currents[branchOf[k]];
        base[k] = start[k] + ((duration - time) / cells[k].capacity) * firstStage[k];
      }
      if (stage(current, time)) {
        const [secondVoltage, secondHeat] = account(time, time);
        sums.supplied += current * (firstVoltage + secondVoltage);
        sums.dissipated += firstHeat + secondHeat;
        for (let k = 0; k < n; k++) {
          const i = currents[branchOf[k]];
          soc[k] = base[k] + (time / cells[k].capacity) * i;
          sums.charge[k] += (duration - time) * firstStage[k] + time * i;
        }
        return;
      }
    }
    if (halvings === MOST_HALVINGS) {
      throw new NumericalError('the currents of the pack cannot be followed over time', {
        advice: 'check that the open-circuit voltages rise with the state of charge and the resistances are positive',
      });
    }
    currents.fill(0);
    advance(soc, current, duration / 2, sums, halvings + 1);
    advance(soc, current, duration / 2, sums, halvings + 1);
  };
  return (soc, current, duration, sums) => advance(soc, current, duration, sums, 0);
}
