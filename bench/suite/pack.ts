import { scanReadings } from '../../inversion/bounded/scanReadings.js';
import { placedCells } from '../../inversion/cellCurrents/packCell.js';
import { allCellPatterns, packModel } from '../../inversion/cellCurrents/packModel.js';
import { packSystem } from '../../inversion/cellCurrents/packSystem.js';
import { ALONE } from '../../inversion/cellCurrents/splitScans.js';
import { denseWorkspace } from '../../src/linearAlgebra/index.js';
import { type PackCase, simulateCase } from '../packCases.js';
import { type BenchCase, type BenchJob, relativeDifference } from './benchCase.js';
import { describedModel } from './fieldModel.js';

/**
 * Currents of the cells of a pack from scans of the same places: least squares with priors. Both sides start from the model's
 * geometry and end with the currents of every scan and their covariance.
 */

const WORKSPACE = 1e9;
const PACK: PackCase = {
  name: 'row of 4',
  layout: 'row of 4',
  wires: 'straight',
  axes: ['bx', 'by', 'bz'],
  height: 8,
  pitch: 5,
  margin: 15,
  noise: 60,
  scans: 6,
  seed: 1,
};

function currents(id: string, scans: number): BenchCase {
  const { cells: described, scans: measured } = simulateCase({ ...PACK, scans });
  const cells = placedCells(described);
  const all = measured.map(scan => scanReadings(scan));
  const [first] = all;
  const dense = denseWorkspace(WORKSPACE);
  const [scale] = described.map(({ cell }) => cell.current!);
  const model = packModel(cells, allCellPatterns(cells, first), first, scale, dense, { place: 'fit' });
  const weights = first.sigma.map(s => 1 / s);
  const { settings, arrays } = describedModel(model, first);
  const own = cells.map((_, k) => k);
  let found: { current: number[]; deviation: number[] };
  return {
    id,
    work: `${scans} scans of ${cells.length} cells, ${first.count} readings each, ${model.unknowns} unknowns`,
    peer: 'numpy and scipy.linalg, model given',
    settings: { model: settings, scans, cells: cells.length },
    arrays: { ...arrays, scans: Float64Array.from(all.flatMap(({ value }) => [...value])) },
    aim: 0.7,
    run() {
      found = dense.temporarily(() => {
        const factor = packSystem(model, first, weights, dense).factorise(ALONE);
        const solutions = factor.solve(all.map(({ value }) => value));
        const covariance = factor.covariance(own);
        return {
          current: solutions.flatMap(x => own.map(k => x[k])),
          deviation: own.map(k => Math.sqrt(covariance[k][k])),
        };
      });
    },
    compare(theirs) {
      const deviation = own.map(k => Math.sqrt(theirs.covariance[k * cells.length + k]));
      const off = [
        relativeDifference(found.current, theirs.currents),
        0.1 * relativeDifference(found.deviation, deviation),
      ];
      return { of: 'currents, and a tenth of their errors', difference: Math.max(...off), tolerance: 1e-3 };
    },
  };
}

export const pack: BenchJob = {
  name: 'pack',
  title: 'Currents of a pack',
  cases: [{ id: 'six-scans', quick: true, make: id => currents(id, 6) }],
};
