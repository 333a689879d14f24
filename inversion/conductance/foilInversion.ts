import type { Cell, Polarity } from '../../src/model/cell.js';
import type { DepartureForm } from '../bounded/departureForm.js';
import { amounts } from '../bounded/maps.js';
import { median } from '../median.js';
import { type ConductanceLattice, conductanceLattice } from './conductanceLattice.js';
import { fieldBeyond } from './exactField.js';
import { FoilEquation } from './foilEquation.js';
import { FoilFlux } from './foilFlux.js';
import { FoilMisfit } from './foilMisfit.js';
import type { FormRoom } from './formRoom.js';
import { minimise } from './gaussNewton.js';
import { latticeTransfer } from './latticeTransfer.js';
import { TotalVariation } from './totalVariation.js';
import { variationWeight, WEIGHING } from './variationWeight.js';

/** One hypothesis: this foil is damaged, the other one whole. */
export interface FoilTask {
  readonly cell: Cell;
  readonly form: DepartureForm;
  readonly room: FormRoom;
  /** undefined: a single conductor. */
  readonly foil: Polarity | undefined;
  /** m */
  readonly pitch: number;
  /** Variance of the readings over the stated one. */
  readonly excess: number;
  /** Weight of the total variation, 1/m; default {@link variationWeight}. */
  readonly weight?: number;
  /** Called after each step; false ends the work with what there is. */
  readonly onStep?: (part: number) => boolean | Promise<boolean>;
}

/** What one hypothesis makes of the readings. */
export interface FoilSolution {
  readonly foil: Polarity | undefined;
  readonly lattice: ConductanceLattice;
  /** Log relative resistance per pixel of the foil, sheet by sheet; the median of each sheet is zero. */
  readonly logResistance: Float64Array;
  /** chi2 / 2 over that of a healthy cell. */
  readonly misfit: number;
  /** Weight of the total variation, 1/m. */
  readonly weight: number;
  readonly variation: readonly TotalVariation[];
  /** Departures on the lattice of the form. */
  readonly departures: Float64Array;
  /** Solved at the end. */
  readonly equations: readonly FoilEquation[];
  readonly objective: FoilMisfit;
  readonly steps: number;
  /** False where it was stopped before it had converged. */
  readonly finished: boolean;
}

/** Pitches of the first solution and the last, and steps on each. */
const COARSE = 2;
const STEPS = { coarse: 7, fine: 4 };
/** Slopes that count as none, 1/m: those of a percent per ten millimetres in the end. */
const FLOORS = { coarse: [300, 100, 30, 10], fine: [20, 5] };
/** A step that lowers chi2 / 2 by less is the last. */
const TOLERANCE = 1;
/** Slope, 1/m, beyond which a step is one: 5 % in a millimetre. */
const STEP_SCALE = 50;
/** Rounds, between which the current of the other foil and the exact field are found anew for the damage found. */
const ROUNDS = 2;

/** A hypothesis on pixels of twice the pitch, for comparison and as a start. */
export function coarseFoil(task: FoilTask, factor = COARSE): Promise<FoilSolution> {
  const lattice = conductanceLattice(task.cell, factor * task.pitch);
  return solved(task, lattice, undefined, FLOORS.coarse, STEPS.coarse);
}

/** The same on pixels of the pitch. */
export function fineFoil(task: FoilTask, start: FoilSolution): Promise<FoilSolution> {
  const lattice = conductanceLattice(task.cell, task.pitch);
  return solved(task, lattice, start, FLOORS.fine, STEPS.fine);
}

async function solved(
  task: FoilTask,
  lattice: ConductanceLattice,
  from: FoilSolution | undefined,
  floors: readonly number[],
  most: number,
): Promise<FoilSolution> {
  const { cell, form, room, foil } = task;
  const { nodes, grid } = lattice;
  const sheets = form.model.departures.length;
  const flows = new FoilFlux(cell, form.tabs, lattice, foil);
  const transfer = latticeTransfer(nodes.x, nodes.y, grid.dx * grid.dy, form.model.interior);
  const none = new Float64Array(lattice.faces.count);
  const equations = Array.from({ length: sheets }, () => new FoilEquation(lattice, none));
  const misfit = new FoilMisfit(equations, form, transfer, room);
  const variation = equations.map(() => new TotalVariation(lattice));
  const pixels = misfit.count / sheets;
  let map: Float64Array = new Float64Array(misfit.count);
  /** The flux in every foil that goes with the patterns' coefficients and the damage. */
  const renew = (kept: Float64Array, damage?: Float64Array) => {
    const amount = amounts(form.model, kept);
    equations.forEach((equation, s) => {
      const own = damage?.subarray(s * pixels, (s + 1) * pixels).map(Math.exp);
      equation.healthyFlux = flows.flux(amount[s], tabCoefficients(form, kept, s), own);
    });
  };
  /** The field of the departures as they now are, beyond what the form knows of it. */
  const correct = (damage: Float64Array) => {
    misfit.solve(damage);
    misfit.also = fieldBeyond(
      form,
      lattice,
      equations.map(equation => equation.departure),
      misfit.departures,
    );
  };
  renew(form.kept);
  misfit.solve(map);
  const weight =
    task.weight ?? from?.weight ?? variationWeight(misfit, room.noise.slice(0, WEIGHING), lattice, task.excess);
  if (from !== undefined) map = resampled(from.logResistance, from.lattice, lattice, sheets);
  let result = { logResistance: map, misfit: 0, steps: 0, finished: false };
  let steps = 0;
  let stopped = false;
  for (let round = 0; round < ROUNDS && !stopped; round++) {
    if (round > 0 || from !== undefined) {
      misfit.solve(result.logResistance);
      renew(form.keptOf(misfit.departures, misfit.also), result.logResistance);
      correct(result.logResistance);
    }
    result = await minimise(
      {
        misfit,
        variation,
        weight,
        ...(round > 0 || from !== undefined ? { stepScale: STEP_SCALE } : {}),
        floors: round > 0 ? floors.slice(-1) : floors,
        most,
        tolerance: TOLERANCE,
        onStep: async step => {
          stopped = (await task.onStep?.((round + (step + 1) / most) / ROUNDS)) === false;
          return !stopped;
        },
      },
      result.logResistance,
    );
    steps += result.steps;
  }
  const logResistance = result.logResistance.slice();
  for (let s = 0; s < sheets; s++) {
    const own = logResistance.subarray(s * pixels, (s + 1) * pixels);
    const middle = median(own);
    for (let i = 0; i < pixels; i++) own[i] -= middle;
  }
  correct(logResistance);
  const value = misfit.solve(logResistance);
  return {
    foil,
    lattice,
    logResistance,
    misfit: value,
    weight,
    variation,
    departures: misfit.departures.slice(),
    equations,
    objective: misfit,
    steps,
    finished: !stopped,
  };
}

/** Coefficients of the tabs' columns in one sheet. */
export function tabCoefficients({ model, tabs, n }: DepartureForm, kept: Float64Array, sheet: number): number[] {
  const out = new Array<number>(tabs.columns.length).fill(0);
  model.patterns.forEach(({ tab }, p) => {
    if (tab?.sheet === sheet) out[tab.column] = kept[n + p];
  });
  return out;
}

/**
 * The values of the pixels of one lattice at the pixels' centres of another, sheet by sheet; bilinear, nearest at the outline.
 * @param shift of the map, m
 */
export function resampled(
  values: Float64Array,
  { grid, pixelOf, pixels: known }: ConductanceLattice,
  lattice: ConductanceLattice,
  sheets: number,
  [shiftX, shiftY]: readonly number[] = [0, 0],
): Float64Array {
  const own = lattice.pixels.length;
  const out = new Float64Array(sheets * own);
  lattice.pixels.forEach((pixel, p) => {
    const x = lattice.grid.x0 + (pixel % lattice.grid.nx) * lattice.grid.dx - shiftX;
    const y = lattice.grid.y0 + Math.floor(pixel / lattice.grid.nx) * lattice.grid.dy - shiftY;
    const [u, v] = [(x - grid.x0) / grid.dx, (y - grid.y0) / grid.dy];
    for (let s = 0; s < sheets; s++) {
      let [sum, weight] = [0, 0];
      for (let iy = Math.floor(v); iy <= Math.floor(v) + 1; iy++) {
        for (let ix = Math.floor(u); ix <= Math.floor(u) + 1; ix++) {
          const i = ix < 0 || iy < 0 || ix >= grid.nx || iy >= grid.ny ? -1 : pixelOf[iy * grid.nx + ix];
          const w = (1 - Math.abs(u - ix)) * (1 - Math.abs(v - iy));
          if (i < 0 || w <= 0) continue;
          sum += w * values[s * known.length + i];
          weight += w;
        }
      }
      out[s * own + p] = weight > 0 ? sum / weight : 0;
    }
  });
  return out;
}
