import type { Cell, Polarity } from '../../src/model/cell.js';
import type { DepartureForm } from '../bounded/departureForm.js';
import { type DefectRegion, defectRegions, strength } from './defectRegions.js';
import type { FoilSolution } from './foilInversion.js';
import { type WeldDefect, weldDefects } from './welds.js';

/** Something wrong with a foil or a tab, as far as the field tells. SI units. */
export type ConductanceDefect = FoilDefect | WeldDefect;

/** A place where a foil conducts worse or better than the rest of it. */
export interface FoilDefect extends DefectRegion {
  readonly kind: 'foil';
  /** The foil, if the readings tell which; undefined also for a single conductor. */
  readonly foil: Polarity | undefined;
  /** Sheet of the cell and its height, m. */
  readonly sheet: number;
  readonly z: number;
  /** Geometric mean of its conductance, relative to the rest of the foil. */
  readonly conductance: number;
  /** Resistance of the foil between its tabs that it adds, a part of the whole foil's; and ohm, where the foils are known. */
  readonly addedPart: number;
  readonly added: number | undefined;
  /** How much larger chi2 is without it (with the readings' own scatter as unit), and how sure it is therefore to be there. */
  readonly chi2Gain: number;
  readonly confidence: number;
}

/** Defects surer than this are told. */
const CONFIDENT = 0.99;
/** Beside a region so many times stronger another one is taken as its rim. */
const FRINGE = 0.2;
/** Freedoms of a region: place, size, shape, conductance. */
const FREEDOMS = 6;

/**
 * The defects that one hypothesis finds, the strongest first: regions of the foils, each judged by how much worse the readings
 * are explained when the foil is whole there; and welds of tabs.
 * @param named whether the readings tell this foil from the other one @param excess variance of the readings over the stated one
 */
export function conductanceDefects(
  cell: Cell,
  form: DepartureForm,
  solution: FoilSolution,
  named: boolean,
  excess: number,
): ConductanceDefect[] {
  const { lattice, logResistance, objective, equations, foil } = solution;
  const pixels = lattice.pixels.length;
  const sheets = equations.length;
  const spots = Math.max(1, (pixels * lattice.grid.dx * lattice.grid.dy) / form.model.standoff ** 2);
  const best = objective.solve(logResistance);
  const losses = equations.map(equation => equation.loss());
  const out: FoilDefect[] = [];
  for (let sheet = 0; sheet < sheets; sheet++) {
    const own = logResistance.subarray(sheet * pixels, (sheet + 1) * pixels);
    const regions = defectRegions(lattice, own);
    for (const region of regions.filter(r => !regions.some(other => isFringe(r, other, form.model.standoff)))) {
      const without = logResistance.slice();
      // The rim of the region belongs to it.
      for (const p of grown(lattice, region.pixels)) without[sheet * pixels + p] = 0;
      const gain = (2 * (objective.solve(without) - best)) / Math.max(1, excess);
      const chance = spots * Math.exp(-Math.max(0, gain - FREEDOMS) / 2);
      const confidence = Math.max(0, 1 - chance);
      if (confidence < CONFIDENT) continue;
      const loss = equations[sheet].loss();
      const part = (losses[sheet] - loss) / loss;
      const resistance = sheetResistance(cell, foil);
      out.push({
        ...region,
        kind: 'foil',
        foil: named ? foil : undefined,
        sheet,
        z: form.model.departures[sheet].z,
        conductance: Math.exp(-region.logResistance),
        addedPart: part,
        added:
          resistance === undefined
            ? undefined
            : (resistance * (losses[sheet] - loss)) / (currentThrough(cell) / sheets) ** 2,
        chi2Gain: gain,
        confidence,
      });
    }
  }
  objective.solve(logResistance);
  return [...out, ...weldDefects(cell, form, solution)];
}

/** Whether a region is what the blurred rim of a much stronger one beside it leaves. */
function isFringe(region: DefectRegion, other: DefectRegion, reach: number): boolean {
  const [x, y] = region.centre;
  const { x0, y0, x1, y1 } = other.box;
  const near = x > x0 - reach && x < x1 + reach && y > y0 - reach && y < y1 + reach;
  return near && strength(region) < FRINGE * strength(other);
}

function currentThrough({ current = 0, tabs }: Cell): number {
  return current * tabs.reduce((sum, tab) => sum + Math.max(0, tab.share), 0);
}

/** Ohm per square of one foil of all pairs of a sheet. */
function sheetResistance({ electrical, sheets }: Cell, foil: Polarity | undefined): number | undefined {
  if (electrical === undefined || foil === undefined) return undefined;
  const { thickness, conductivity } = foil === 'positive' ? electrical.positiveFoil : electrical.negativeFoil;
  return sheets.length / (electrical.pairs * thickness * conductivity);
}

/** The pixels of a region and their neighbours. */
function grown({ grid, pixels, pixelOf }: FoilSolution['lattice'], region: Int32Array): Set<number> {
  const out = new Set<number>(region);
  for (const p of region) {
    const [ix, iy] = [pixels[p] % grid.nx, Math.floor(pixels[p] / grid.nx)];
    for (let y = Math.max(0, iy - 1); y <= Math.min(grid.ny - 1, iy + 1); y++) {
      for (let x = Math.max(0, ix - 1); x <= Math.min(grid.nx - 1, ix + 1); x++) {
        const q = pixelOf[y * grid.nx + x];
        if (q >= 0) out.add(q);
      }
    }
  }
  return out;
}
