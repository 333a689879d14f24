import { InputError } from '../../errors.js';
import { gridSize } from '../../grid.js';
import { assemble, referenceVoltage, rimResistance, sources } from './assemble.js';
import type { CellModel, CellState, Faces } from './cellModel.js';
import { conjugateGradients } from './conjugateGradients.js';
import { multigrid, type Preconditioner } from './multigrid.js';
import { type PairLevel, vectorLength } from './pairLevel.js';

/** Part of the current (or of what would flow within the cell) that a pixel may fail to balance. */
const TOLERANCE = 1e-12;

/** A state and how it was found. */
export interface SolvedState extends CellState {
  /** Steps of conjugate gradients. */
  readonly steps: number;
  /** Largest current that a pixel of a foil fails to balance, A. */
  readonly imbalance: number;
}

/**
 * Potentials and currents of one electrode pair, linear and steady:
 *
 *     div(S_p grad phi_p) =  J + J_s - tabs of the positive foil,
 *     div(S_n grad phi_n) = -J - J_s - tabs of the negative foil,
 *     J = Y (phi_p - phi_n - U),   J_s = G (phi_p - phi_n),
 *
 * S sheet conductances, S; Y, G conductances of electrodes and shorts, S/m^2; no current through the rim but at tabs
 * (Newman-Tobias-Gu-Kwon potential pair). Finite volumes, second order; each pixel balances within 1e-12 of the current.
 * Potentials count from the mean of the negative tabs.
 * @param current A, what a share of 1 stands for
 * @throws {InputError} where a tab's pixel has no foil, or the current is not a number
 * @throws {NumericalError} where the current has no way through
 */
export function steadyState(model: CellModel, current: number): SolvedState {
  return pairSolver(model).solve(current);
}

/** Solves the same foils and electrodes again and again, for other currents or voltages. */
export interface PairSolver {
  /**
   * @param model the one that the solver was made for, or one that differs in `openCircuit` alone
   * @param guess a state to start from
   */
  solve(current: number, model?: CellModel, guess?: SolvedState): SolvedState;
}

/** Prepares the solver: conductances and coarse levels. @throws as {@link steadyState} */
export function pairSolver(model: CellModel): PairSolver {
  checkTabs(model);
  const level = assemble(model);
  const precondition: Preconditioner = multigrid(level);
  const b = new Float64Array(vectorLength(level));
  return {
    solve(current, at = model, guess) {
      if (!Number.isFinite(current)) {
        throw new InputError(`the current must be a number, not ${current}`, { advice: 'give it in A' });
      }
      const reference = referenceVoltage(at, current);
      sources(at, current, reference, b);
      const x = guess === undefined ? new Float64Array(b.length) : vectorOf(guess, reference);
      const { steps, imbalance } = conjugateGradients(level, precondition, b, x, TOLERANCE * scaleOf(b));
      return { ...stateOf(at, level, current, reference, x), steps, imbalance };
    },
  };
}

/** The current that balances are measured against, A: half of what all sources together put in and take out. */
function scaleOf(b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += Math.abs(b[i]);
  return sum > 0 ? sum / 2 : 1;
}

function checkTabs({ tabs, positive, negative }: CellModel): void {
  for (const { name, polarity, pixels, part } of tabs) {
    const foil = polarity === 'positive' ? positive : negative;
    for (let j = 0; j < pixels.length; j++) {
      if (part[j] === 0 || foil[pixels[j]] > 0) continue;
      throw new InputError(`the tab '${name}' meets a place without ${polarity} foil`, {
        advice: 'leave foil along the tab, or take that part out of the tab',
      });
    }
  }
}

function vectorOf({ model, positivePotential, negativePotential }: CellState, reference: number): Float64Array {
  const { nx, ny } = model.grid;
  const x = new Float64Array(vectorLength(model.grid));
  for (let i = 0; i < nx * ny; i++) {
    const k = 2 * (i + nx);
    if (!Number.isNaN(positivePotential[i])) x[k] = positivePotential[i] - reference;
    if (!Number.isNaN(negativePotential[i])) x[k + 1] = negativePotential[i];
  }
  return x;
}

function stateOf(model: CellModel, level: PairLevel, current: number, reference: number, x: Float64Array): CellState {
  const { grid, inside, reaction, openCircuit, short } = model;
  const n = gridSize(grid);
  const tabMean = { positive: meanAtTabs(model, current, x, 0), negative: meanAtTabs(model, current, x, 1) };
  const nothing = () => new Float64Array(n).fill(Number.NaN);
  const positivePotential = nothing();
  const negativePotential = nothing();
  const reactionCurrent = nothing();
  const shortCurrent = nothing();
  for (let i = 0; i < n; i++) {
    const k = 2 * (i + grid.nx);
    if (model.positive[i] > 0 || level.between[i + grid.nx] > 0) {
      positivePotential[i] = x[k] + reference - tabMean.negative;
    }
    if (model.negative[i] > 0 || level.between[i + grid.nx] > 0) negativePotential[i] = x[k + 1] - tabMean.negative;
    if (!inside[i]) continue;
    const difference = x[k] - x[k + 1];
    reactionCurrent[i] = reaction[i] === 0 ? 0 : reaction[i] * (difference - (openCircuit[i] - reference));
    shortCurrent[i] = short[i] === 0 ? 0 : short[i] * (difference + reference);
  }
  return {
    model,
    current,
    voltage: tabMean.positive - tabMean.negative + reference,
    positivePotential,
    negativePotential,
    reactionCurrent,
    shortCurrent,
    positiveFaces: facesOf(level, x, 0),
    negativeFaces: facesOf(level, x, 1),
  };
}

/** Mean potential of a foil where its tabs' currents enter, on the rim, V; the weights are the currents'. */
function meanAtTabs(model: CellModel, current: number, x: Float64Array, foil: 0 | 1): number {
  let [sum, weight] = [0, 0];
  for (const tab of model.tabs) {
    if (tab.polarity !== (foil === 0 ? 'positive' : 'negative')) continue;
    for (let j = 0; j < tab.pixels.length; j++) {
      if (tab.part[j] === 0) continue;
      const potential = x[2 * (tab.pixels[j] + model.grid.nx) + foil];
      const rise = current * tab.share * tab.part[j] * rimResistance(model, tab, j);
      const w = Math.abs(tab.share) * tab.part[j];
      sum += w * (potential + rise);
      weight += w;
    }
  }
  return weight > 0 ? sum / weight : 0;
}

function facesOf({ nx, ny, east, north }: PairLevel, x: Float64Array, foil: 0 | 1): Faces {
  const faces = { x: new Float64Array((nx + 1) * ny), y: new Float64Array(nx * (ny + 1)) };
  for (let iy = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++) {
      const k = 2 * ((iy + 1) * nx + ix) + foil;
      if (ix + 1 < nx) faces.x[iy * (nx + 1) + ix + 1] = east[k] * (x[k] - x[k + 2]);
      if (iy + 1 < ny) faces.y[(iy + 1) * nx + ix] = north[k] * (x[k] - x[k + 2 * nx]);
    }
  }
  return faces;
}
