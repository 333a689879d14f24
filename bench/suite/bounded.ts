import { boundedInversion } from '../../inversion/bounded/boundedInversion.js';
import { COARSE, coarseForm } from '../../inversion/bounded/coarseForm.js';
import { interpolationAt } from '../../inversion/bounded/cubicConvolution.js';
import type { DepartureForm } from '../../inversion/bounded/departureForm.js';
import { type InteriorLattice, interiorLattice } from '../../inversion/bounded/interiorLattice.js';
import { chooseDensity } from '../../inversion/bounded/lambdaChoice.js';
import { bestSummation } from '../../inversion/bounded/normalEquations.js';
import { preparedModel } from '../../inversion/bounded/preparedModel.js';
import { sparseSolution } from '../../inversion/bounded/sparseSolution.js';
import { weighReadings } from '../../inversion/bounded/weighing.js';
import { type DenseWorkspace, withWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell } from '../../src/model/cell.js';
import { type Outline, outlineArea } from '../../src/model/outline.js';
import { parseDefects } from '../../src/simulation/defects/parseDefects.js';
import { rasterPlan } from '../../src/simulation/field/samplePlan.js';
import { simulateCell } from '../../src/simulation/field/simulateCell.js';
import { EXAMPLES, LIBRARY_NOISE, LIBRARY_SCAN, libraryCell } from '../defectLibrary.js';
import type { BenchCase, BenchJob } from './benchCase.js';
import { describedModel } from './fieldModel.js';

/**
 * The bounded inversion of a cell with a hole in a foil, place and errors of the readings given, the map alone. The other side is
 * given the model's geometry (where the functions are, patterns of the tabs, priors outside) and does from there on the same work
 * with dense algebra: rows, weights of the samples, normal equations, elimination, lambda, sparse prior. `solution` times just
 * that on both sides; in `whole` Savart starts from scan and cell file and ends with maps.
 */

/** As in inversion/bounded/attempt.ts. */
const START = 0.1;
const GIVEN = { place: 'given', gainError: 0, positionError: 0 } as const;

/** psi less that of the healthy cell at the nodes inside, A. */
interface Solution {
  readonly departures: Float64Array;
}

function bounded(id: string, pitch: number, whole: boolean): BenchCase {
  const cell = libraryCell();
  const plan = rasterPlan([cell.outline], { ...LIBRARY_SCAN, pitch });
  const defects = parseDefects(EXAMPLES[0], 'hole');
  const { scan } = simulateCell(cell, plan, { noise: LIBRARY_NOISE, pitch: 0.5e-3, defects });
  const form = boundedInversion(scan, cell, { ...GIVEN, keepForm: true }).form!;
  const { model, readings } = form;
  const centre = ((START * Math.abs(cell.current!)) / Math.sqrt(outlineArea(cell.outline))) ** 2;
  const fine = model.interior;
  const coarse = coarseLattice(cell.outline, fine);
  const described = describedModel(model, readings);
  let solution: Solution;
  return {
    id,
    work: `${whole ? 'scan to map' : 'model to solution'}, ${readings.count} readings, ${model.unknowns} unknowns`,
    peer: 'numpy and scipy.linalg, model given',
    settings: { model: described.settings, fine: sizes(fine), coarse: sizes(coarse), centre },
    arrays: {
      ...described.arrays,
      'fine-unknown': Float64Array.from(fine.unknown),
      'coarse-unknown': Float64Array.from(coarse.unknown),
      ...spread(fine, coarse),
    },
    ...(whole ? {} : { aim: 0.7 }),
    run() {
      if (whole) {
        boundedInversion(scan, cell, { ...GIVEN, errors: false });
        // The same inversion, which has left its unknowns above.
        solution = { departures: form.kept.slice(0, fine.count) };
      } else solution = withWorkspace(dense => solved(form, cell, centre, dense));
    },
    compare(theirs) {
      // Summed up plainly, in double precision, Savart agrees to 1e-9; what differs is what the compressed rows leave out.
      const far = solution.departures.reduce((most, v, i) => Math.max(most, Math.abs(v - theirs.x[i])), 0);
      return { of: 'psi, in parts of the current', difference: far / Math.abs(cell.current!), tolerance: 2e-3 };
    },
  };
}

/** The steps of `attempt.ts` from the model to the solution. */
function solved({ model, readings, tabs }: DepartureForm, cell: Cell, centre: number, dense: DenseWorkspace): Solution {
  const summation = bestSummation(model, readings, true, true);
  const prepared = preparedModel(model, readings, summation, { shared: false, closed: true }, dense, () => {});
  const weighed = weighReadings({
    cell,
    tabs,
    model,
    prepared,
    readings,
    below: undefined,
    centre,
    given: undefined,
    known: GIVEN,
    mayRefine: false,
    report: () => {},
  })!;
  const { reduced, weights } = weighed;
  const used = weights.reduce((sum, w) => sum + (w > 0 ? 1 : 0), 0);
  const choose = () => {
    const coarse = coarseForm(model, reduced, cell.outline, COARSE, dense);
    return chooseDensity(coarse.model, coarse.reduced, used, centre, dense, () => {});
  };
  const { density } = weighed.choice ?? choose();
  const { x } = sparseSolution(model, reduced, cell.outline, density, dense, () => {}).solution;
  return { departures: x.slice(0, model.interior.count) };
}

function coarseLattice(outline: Outline, fine: InteriorLattice): InteriorLattice {
  return interiorLattice(outline, COARSE * Math.sqrt(fine.dx * fine.dy));
}

function sizes({ dx, dy, nx, ny }: InteriorLattice) {
  return { dx, dy, nx, ny };
}

/** The matrix that interpolates departures from the coarse lattice to the fine one. */
function spread(fine: InteriorLattice, coarse: InteriorLattice) {
  const [row, column, value]: [number[], number[], number[]] = [[], [], []];
  const index = new Int32Array(16);
  const [weight, slope] = [new Float64Array(16), new Float64Array(16)];
  for (let u = 0; u < fine.count; u++) {
    const n = interpolationAt(coarse, fine.x[u], fine.y[u], index, weight, slope, slope);
    for (let k = 0; k < n; k++) {
      row.push(u);
      column.push(index[k]);
      value.push(weight[k]);
    }
  }
  const f64 = (values: number[]) => Float64Array.from(values);
  return { 'spread-row': f64(row), 'spread-column': f64(column), 'spread-value': f64(value) };
}

export const boundedInversions: BenchJob = {
  name: 'bounded',
  title: 'Bounded inversion',
  cases: [
    { id: 'solution', quick: true, make: id => bounded(id, 3e-3, false) },
    { id: 'whole', make: id => bounded(id, 3e-3, true) },
    { id: 'solution-2mm', make: id => bounded(id, 2e-3, false) },
  ],
};
