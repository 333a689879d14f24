import { InputError } from '../../errors.js';
import { slopeAt, valueAt } from '../../model/socTable.js';
import { circuitSolver, terminalVoltage } from './circuit.js';
import type { CellBranch, PackModel } from './packModel.js';

/** A pack at one moment. Currents are positive when they charge. */
export interface PackMoment {
  /** A through the pack. */
  readonly current: number;
  /** Between the terminals, V. */
  readonly voltage: number;
  /** Through each cell, A. */
  readonly cellCurrents: Float64Array;
  /** Through every branch, A: busbars, then cells (`PackModel.branchOf`). */
  readonly branchCurrents: Float64Array;
  /** In all resistances, W. */
  readonly heat: number;
  /** Into the open-circuit voltages of all cells, W; heat and this add up to voltage times current. */
  readonly storedPower: number;
}

/** Of the cell and its connection at a state of charge, ohm; beyond empty and full it stays. */
export function branchResistance(cell: CellBranch, soc: number): number {
  return cell.resistanceFactor * valueAt(cell.resistance, Math.min(1, Math.max(0, soc))) + cell.connectionResistance;
}

/** Its slope over the state of charge, ohm. */
export function resistanceSlope(cell: CellBranch, soc: number): number {
  return soc < 0 || soc > 1 ? 0 : cell.resistanceFactor * slopeAt(cell.resistance, soc);
}

/**
 * The currents of a pack at one moment.
 * @param current A through the pack, + charging
 * @param soc state of charge of each cell; by default that of the beginning
 * @throws {InputError} for a resistance that is not positive
 */
export function packCurrents(
  model: PackModel,
  current: number,
  soc: ArrayLike<number> = model.cells.map(cell => cell.soc),
): PackMoment {
  const resistance = model.busbars.slice();
  const emf = new Float64Array(resistance.length);
  model.cells.forEach((cell, i) => {
    const b = model.branchOf[i];
    resistance[b] = branchResistance(cell, soc[i]);
    emf[b] = valueAt(cell.openCircuit, soc[i]);
    if (resistance[b] > 0) return;
    const advice = 'give a resistance that is positive at every state of charge';
    throw new InputError(`cell '${cell.name}' has no positive resistance at state of charge ${soc[i]}`, { advice });
  });
  const branchCurrents = new Float64Array(resistance.length);
  circuitSolver(model.circuit)(resistance, emf, current, branchCurrents);
  let heat = 0;
  let storedPower = 0;
  for (let b = 0; b < resistance.length; b++) {
    heat += resistance[b] * branchCurrents[b] ** 2;
    storedPower += emf[b] * branchCurrents[b];
  }
  return {
    current,
    voltage: terminalVoltage(model.circuit, resistance, emf, branchCurrents),
    cellCurrents: Float64Array.from(model.branchOf, b => branchCurrents[b]),
    branchCurrents,
    heat,
    storedPower,
  };
}

/**
 * The part of the pack's current that each cell takes by its resistance alone, all open-circuit voltages equal: in
 * parallel 1/R over the sum of all 1/R, in series 1.
 */
export function currentShares(model: PackModel): Float64Array {
  const cells = model.cells.map(cell => ({ ...cell, openCircuit: 0 }));
  return packCurrents({ ...model, cells }, 1).cellCurrents;
}
