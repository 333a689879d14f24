import { boundedInversion } from '../../inversion/bounded/boundedInversion.js';
import { coarseForm } from '../../inversion/bounded/coarseForm.js';
import { type InteriorLattice, interpolationAt } from '../../inversion/bounded/interiorLattice.js';
import type { BoundedSolution } from '../../inversion/bounded/solution.js';
import { COARSE } from '../../inversion/bounded/weighing.js';
import { outlineArea } from '../../src/model/outline.js';
import { parseDefects } from '../../src/simulation/defects/parseDefects.js';
import { rasterPlan } from '../../src/simulation/field/samplePlan.js';
import { simulateCell } from '../../src/simulation/field/simulateCell.js';
import { EXAMPLES, LIBRARY_NOISE, LIBRARY_SCAN, libraryCell } from '../defectLibrary.js';
import { type BenchCase, type BenchJob, relativeDifference } from './benchCase.js';
import { describedModel } from './fieldModel.js';

/**
 * The bounded inversion of a cell with a hole in a foil, place and errors of the readings given, the map alone. Savart starts from
 * scan and cell file; the other side is given the model's geometry (where the functions are, patterns of the tabs, priors
 * outside) and does from there on the same work with dense algebra: rows, weights, normal equations, elimination, lambda, sparse prior.
 */

/** As in inversion/bounded/attempt.ts. */
const START = 0.1;

function bounded(id: string, pitch: number): BenchCase {
  const cell = libraryCell();
  const plan = rasterPlan([cell.outline], { ...LIBRARY_SCAN, pitch });
  const defects = parseDefects(EXAMPLES[0], 'hole');
  const { scan } = simulateCell(cell, plan, { noise: LIBRARY_NOISE, pitch: 0.5e-3, defects });
  const given = { place: 'given', gainError: 0, positionError: 0 } as const;
  const { form } = boundedInversion(scan, cell, { ...given, keepForm: true });
  const { model, readings, kept } = form!;
  const fine = model.interior;
  const none = { n: 0, form: new Float64Array(), gradient: new Float64Array(), energy: 0, outsideDegrees: 0 };
  const coarse = coarseForm(model, { ...none, outsideLog: 0, outsideOf: x => x }, cell.outline, COARSE).model.interior;
  const described = describedModel(model, readings);
  let solution: BoundedSolution;
  return {
    id,
    work: `${readings.count} readings, ${model.unknowns} unknowns`,
    peer: 'numpy and scipy.linalg, the model given',
    settings: {
      model: described.settings,
      fine: sizes(fine),
      coarse: sizes(coarse),
      centre: ((START * Math.abs(cell.current!)) / Math.sqrt(outlineArea(cell.outline))) ** 2,
    },
    arrays: {
      ...described.arrays,
      'fine-unknown': Float64Array.from(fine.unknown),
      'coarse-unknown': Float64Array.from(coarse.unknown),
      ...spread(fine, coarse),
    },
    aim: 0.7,
    run() {
      solution = boundedInversion(scan, cell, { ...given, errors: false });
    },
    compare(theirs) {
      const map = relativeDifference(kept, theirs.x);
      const lambda = Math.abs(Math.log(solution.lambda / theirs.lambda[0]));
      return { of: 'departure and log lambda', difference: Math.max(map, lambda), tolerance: 1e-2 };
    },
  };
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
    { id: 'hole-3mm', make: id => bounded(id, 3e-3) },
    { id: 'hole-2mm', make: id => bounded(id, 2e-3) },
  ],
};
