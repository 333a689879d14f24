import type { Random } from '../../src/random.js';
import { FOIL_DISTANCE } from '../../src/simulation/field/cellStack.js';
import type { DepartureForm } from '../bounded/departureForm.js';
import { amounts } from '../bounded/maps.js';
import { type ConductanceLattice, conductanceLattice } from './conductanceLattice.js';
import { contrastOf, type DefectRegion, RIM } from './defectRegions.js';
import { fieldBeyond } from './exactField.js';
import { FoilEquation } from './foilEquation.js';
import { FoilFlux } from './foilFlux.js';
import { type FoilSolution, type FoilTask, resampled, tabCoefficients } from './foilInversion.js';
import { latticeTransfer } from './latticeTransfer.js';

/** Pitch of the simulated damage, in pixels of the map: its edges run elsewhere than those that the inversion can draw. */
const FINER = 0.75;

/**
 * The form as it would be if the foil had damage like what was found, but with sharp edges, and the readings no noise: every
 * region has the mean log resistance that was found in it, the area that goes with it (`DefectRegion.area`), the shape of the
 * contour that encloses that area, moved by up to half a pixel; elsewhere the foil is whole. The foil lies half the distance of the
 * two above or below the sheet, in which the inversion lays both. Tabs' profiles and everything outside stay as found.
 * @param regions per sheet
 */
export function formOfDamage(
  task: FoilTask,
  solution: FoilSolution,
  regions: readonly (readonly DefectRegion[])[],
  rng: Random,
): DepartureForm {
  const { cell, form, foil, room, pitch } = task;
  const lattice = conductanceLattice(cell, FINER * pitch);
  const sheets = regions.length;
  const { grid, nodes } = lattice;
  const pixels = lattice.pixels.length;
  const damage = new Float64Array(sheets * pixels);
  const shift = [grid.dx, grid.dy].map(step => (step / FINER) * (rng.uniform() - 0.5));
  const map = resampled(solution.logResistance, solution.lattice, lattice, sheets, shift);
  regions.forEach((own, s) => {
    const values = map.subarray(s * pixels, (s + 1) * pixels);
    for (const region of own) fill(lattice, values, region, damage.subarray(s * pixels, (s + 1) * pixels));
  });

  const flows = new FoilFlux(cell, form.tabs, lattice, foil);
  const transfer = latticeTransfer(nodes.x, nodes.y, grid.dx * grid.dy, form.model.interior);
  const equations = Array.from({ length: sheets }, () => new FoilEquation(lattice, new Float64Array(0)));
  const kept = form.keptOf(solution.departures, solution.objective.also);
  const amount = amounts(form.model, kept);
  const departures = new Float64Array(form.n);
  equations.forEach((equation, s) => {
    const own = damage.subarray(s * pixels, (s + 1) * pixels);
    equation.healthyFlux = flows.flux(amount[s], tabCoefficients(form, kept, s), own.map(Math.exp));
    equation.solve(own);
    transfer.apply(equation.departure, departures.subarray(s * transfer.coarse, (s + 1) * transfer.coarse));
  });
  const beyond = fieldBeyond(
    form,
    lattice,
    equations.map(equation => equation.departure),
    departures,
    foilDistance(cell) * (rng.uniform() < 0.5 ? -0.5 : 0.5),
  );
  const gradient = new Float64Array(form.n);
  room.dense.times(room.matrix, form.n, form.n, departures, gradient);
  for (let i = 0; i < form.n; i++) gradient[i] += beyond.cross[i];
  // The patterns are those found when the damage is this one; with another they change as in the form itself.
  const here = form.keptOf(departures, beyond);
  return {
    ...form,
    gradient,
    keptOf(others, also) {
      const out = form.keptOf(others, also);
      for (let i = form.n; i < out.length; i++) out[i] += kept[i] - here[i];
      return out;
    },
  };
}

/** m; as the simulation has it (`src/simulation/field/cellStack.ts`). */
function foilDistance({ electrical, thickness }: FoilTask['cell']): number {
  if (electrical === undefined) return 0;
  return electrical.foilDistance ?? Math.min(FOIL_DISTANCE, thickness / (2 * electrical.pairs));
}

/** Gives the pixels of largest contrast in and around a region, as many as its area holds, its log resistance. */
function fill(
  { grid, pixels }: ConductanceLattice,
  values: Float64Array,
  region: DefectRegion,
  out: Float64Array,
): void {
  const { x0, y0, x1, y1 } = region.box;
  const reach = Math.max(grid.dx, grid.dy) * (RIM / FINER);
  const near: number[] = [];
  pixels.forEach((pixel, p) => {
    const x = grid.x0 + (pixel % grid.nx) * grid.dx;
    const y = grid.y0 + Math.floor(pixel / grid.nx) * grid.dy;
    if (x > x0 - reach && x < x1 + reach && y > y0 - reach && y < y1 + reach) near.push(p);
  });
  near.sort((a, b) => region.sign * (values[b] - values[a]));
  const wanted = Math.round(region.area / (grid.dx * grid.dy));
  for (const p of near.slice(0, wanted)) {
    if (contrastOf(region.sign * values[p]) > 0) out[p] = region.logResistance;
  }
}
