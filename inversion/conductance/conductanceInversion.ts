import type { ConductanceMap } from '../../src/conductanceMap.js';
import type { CurrentMap } from '../../src/currentMap.js';
import { NumericalError } from '../../src/errors.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { gridSize } from '../../src/grid.js';
import { denseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell, Polarity } from '../../src/model/cell.js';
import { outlineArea } from '../../src/model/outline.js';
import { boundedInversion } from '../bounded/boundedInversion.js';
import type { BoundedOptions, BoundedSolution } from '../bounded/solution.js';
import { type ConductanceEnsemble, conductanceEnsemble, meanLogRange } from './conductanceEnsemble.js';
import { conductanceErrors, ERROR_REALISATIONS } from './conductanceErrors.js';
import { conductanceCurrent } from './conductanceMaps.js';
import { type ConductanceDefect, conductanceDefects } from './defects.js';
import { coarseFoil, type FoilSolution, type FoilTask, fineFoil, resampled } from './foilInversion.js';
import { formRoom } from './formRoom.js';
import { WEIGHING } from './variationWeight.js';

/** Options of the bounded inversion that comes first, and of the conductance. */
export interface ConductanceOptions extends Omit<BoundedOptions, 'keepForm'> {
  /** Weight of the total variation, 1/m; default: with which noise alone leaves a healthy foil healthy. */
  readonly variationWeight?: number;
  /** Solutions of the ensemble from which ranges of the defects are told; default 0: none. */
  readonly ensemble?: number;
  /** Called after each step of the conductance; false ends the work with what there is. */
  readonly onStep?: () => boolean | Promise<boolean>;
}

/** What one hypothesis explains: this foil is damaged, the other one whole. */
export interface Hypothesis {
  readonly foil: Polarity | undefined;
  /** Squared residual per degree of freedom, priors of the sheets outside included. */
  readonly chi2: number;
  /** chi2 total over that of the best hypothesis. */
  readonly worse: number;
}

/** The inversion of a scan to the conductance of a foil. */
export interface ConductanceSolution {
  /** The bounded inversion: weights, outside, background, residual, choice of lambda. */
  readonly bounded: BoundedSolution;
  readonly conductance: readonly ConductanceMap[];
  /** The current that follows, and the healthy cell's, per sheet, on the same grid. */
  readonly sheets: readonly CurrentMap[];
  readonly healthy: readonly CurrentMap[];
  readonly hypotheses: readonly Hypothesis[];
  /** The damaged foil, where the readings tell; undefined also for a single conductor or a healthy cell. */
  readonly foil: Polarity | undefined;
  /** Which foil the map shows: the likelier one. */
  readonly shown: Polarity | undefined;
  /** 90 % range of the mean log conductance, where there is an ensemble. */
  readonly defects: readonly (ConductanceDefect & { readonly logRange?: readonly [number, number] })[];
  /** Where it was asked for; pixels as those of the lattice, sheet by sheet. */
  readonly ensemble?: ConductanceEnsemble;
  /** Weight of the total variation, 1/m. */
  readonly variationWeight: number;
  /** chi2 per degree of freedom of the current of the conductance. */
  readonly chi2: number;
  readonly steps: number;
  /** False where it was stopped: the last iterate. */
  readonly finished: boolean;
  readonly warnings: readonly string[];
}

/** Pixels that a foil may have; the pitch grows instead. */
const MOST_PIXELS = 16000;
const WORKSPACE = 1.2e9;
/** A foil is named where the other one's chi2 is larger by so much, */
const NAMED = 30;
/** and leaves so many times as much unexplained as this one. */
const NAMED_RATIO = 1.5;
/** Members without which no range is told: those of a work that was interrupted. */
const FEWEST = 2;
/** The part of the bar that the bounded inversion has. */
const BOUNDED_PART = 0.45;

/**
 * From a scan to the relative conductance of the damaged foil: the bounded inversion settles weights, place and outside; then each
 * foil in turn is taken as damaged while the other one carries what the potential pair says. Without `electrical` the cell is
 * taken as a single conductor. See `docs/conductance.md`.
 * @throws {NumericalError} as the bounded inversion, and where it does not explain the readings
 */
export async function conductanceInversion(
  scan: FieldScan,
  cell: Cell,
  options: ConductanceOptions = {},
): Promise<ConductanceSolution> {
  const { variationWeight, ensemble = 0, onStep, onProgress, ...rest } = options;
  const bounded = boundedInversion(scan, cell, {
    ...rest,
    errors: false,
    keepForm: true,
    onProgress: (part, next) => onProgress?.(BOUNDED_PART * part, next),
  });
  const { form, ...current } = bounded;
  if (form === undefined)
    throw new NumericalError('the bounded inversion left no form', { advice: 'please report it' });
  const room = formRoom(form, denseWorkspace(WORKSPACE), WEIGHING + ERROR_REALISATIONS + ensemble);
  const excess = Math.max(1, bounded.chi2);
  const pitch = Math.max(options.pitch ?? 1e-3, Math.sqrt(outlineArea(cell.outline) / MOST_PIXELS));
  const foils: (Polarity | undefined)[] = cell.electrical === undefined ? [undefined] : ['positive', 'negative'];
  let stopped = false;
  const stepping = (from: number, to: number, what: string) => async (part: number) => {
    onProgress?.(BOUNDED_PART + (1 - BOUNDED_PART) * (from + (to - from) * Math.min(1, part)), what);
    if ((await onStep?.()) === false) stopped = true;
    return !stopped;
  };
  const task = (foil: Polarity | undefined, from: number, to: number): FoilTask => ({
    cell,
    form,
    room,
    foil,
    pitch,
    excess,
    ...(variationWeight === undefined ? {} : { weight: variationWeight }),
    onStep: stepping(from, to, foil === undefined ? 'conductance' : `conductance of the ${foil} foil`),
  });
  const tried: FoilSolution[] = [];
  for (const [k, foil] of foils.entries()) {
    tried.push(await coarseFoil(task(foil, (0.4 * k) / foils.length, (0.4 * (k + 1)) / foils.length)));
    if (stopped) break;
  }
  tried.sort((a, b) => a.misfit - b.misfit);
  const [best, other] = tried;
  const named = other !== undefined && isNamed(form, bounded, best, other, excess);
  const fine = stopped ? best : await fineFoil(task(best.foil, 0.4, 0.9), best);
  const sheets = fine.equations.length;
  const deviation = resampled(
    conductanceErrors(best, room.noise.slice(WEIGHING, WEIGHING + ERROR_REALISATIONS), excess),
    best.lattice,
    fine.lattice,
    sheets,
  );
  const defects = conductanceDefects(cell, form, fine, named, excess);
  const members =
    ensemble > 0 && !stopped
      ? await conductanceEnsemble(task(best.foil, 0.6, 1), fine, ensemble, room.noise.slice(-ensemble))
      : undefined;
  const currents = conductanceCurrent(form, fine);
  onProgress?.(1, 'done');
  const chi2Of = (misfit: number) => (form.energy + 2 * misfit) / Math.max(1, form.freedoms);
  return {
    bounded: current,
    conductance: form.model.departures.map(({ z }, s) => conductanceMap(fine, deviation, s, z)),
    sheets: currents.map(({ map }) => map),
    healthy: currents.map(({ healthy }) => healthy),
    hypotheses: tried.map(({ foil, misfit }) => ({
      foil,
      chi2: chi2Of(misfit),
      worse: (2 * (misfit - best.misfit)) / excess,
    })),
    foil: named && defects.some(defect => defect.kind === 'foil') ? best.foil : undefined,
    shown: best.foil,
    defects: defects.map(defect => {
      if (members === undefined || members.members.length < FEWEST || defect.kind !== 'foil') return defect;
      return { ...defect, logRange: meanLogRange(members, fine, defect.sheet, defect) };
    }),
    ...(members === undefined ? {} : { ensemble: members }),
    variationWeight: fine.weight,
    chi2: chi2Of(fine.misfit),
    steps: tried.reduce((sum, { steps }) => sum + steps, 0) + fine.steps,
    finished: !stopped,
    warnings: [
      ...bounded.warnings,
      ...(stopped ? ['The work was interrupted: this is the last iterate, not the solution.'] : []),
    ],
  };
}

/** Whether the readings tell the two foils apart: against their noise, and against what the better one leaves unexplained too. */
function isNamed(
  form: NonNullable<BoundedSolution['form']>,
  { chi2 }: BoundedSolution,
  best: FoilSolution,
  other: FoilSolution,
  excess: number,
): boolean {
  const worse = (2 * (other.misfit - best.misfit)) / excess;
  // What a free current would explain of the readings.
  const free = form.n === 0 ? 0 : freeMisfit(form);
  const left = Math.max(best.misfit - free, 0) + chi2;
  return worse > NAMED && other.misfit - free > NAMED_RATIO * left;
}

/** Misfit of the departures that the bounded inversion found. */
function freeMisfit({ n, form, gradient, kept }: NonNullable<BoundedSolution['form']>): number {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let product = 0;
    for (let j = 0; j < n; j++) product += form[i * n + j] * kept[j];
    sum += kept[i] * (product / 2 - gradient[i]);
  }
  return sum;
}

function conductanceMap(solution: FoilSolution, deviation: Float64Array, sheet: number, z: number): ConductanceMap {
  const { grid, pixels } = solution.lattice;
  const relative = new Float64Array(gridSize(grid)).fill(Number.NaN);
  const errors = relative.slice();
  pixels.forEach((pixel, p) => {
    const i = sheet * pixels.length + p;
    relative[pixel] = Math.exp(-solution.logResistance[i]);
    errors[pixel] = relative[pixel] * deviation[i];
  });
  return { grid, z, relative, errors };
}
