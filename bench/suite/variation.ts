import { totalVariationInversion, type VariationSolution } from '../../inversion/fourier/totalVariation.js';
import { type AnalyticCase, buried, currentError, cut, frame, measured } from '../analyticCases.js';
import { type BenchCase, type BenchJob, sameValues } from './benchCase.js';

/** The inversion with the total variation of the current as penalty: 60 steps of alternating directions, the same on both sides. */

const NOISE = 0.01;
const SEED = 1;
const [STEPS, WEIGHT] = [60, 3];
/** Length of the domain, in windows. */
const DOMAIN = 1.5;

function variation(id: string, truth: AnalyticCase): BenchCase {
  const { nx: n, dx: pitch } = truth.grid;
  const noise = NOISE * truth.field.bz!.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const map = { ...measured(truth, ['bz'], NOISE, SEED), sigma: noise };
  const bz = map.components.bz!;
  const range = bz.reduce((a, b) => Math.max(a, b)) - bz.reduce((a, b) => Math.min(a, b));
  let solution: VariationSolution;
  return {
    id,
    work: `${truth.name} at ${(1e3 * truth.z).toFixed(0)} mm, ${STEPS} steps, ${n} x ${n}`,
    peer: 'numpy and scipy.fft, the same steps',
    settings: { n, z: truth.z, pitch, lambda: WEIGHT * (noise / range) ** 2, domain: DOMAIN * n, steps: STEPS },
    arrays: { bz },
    aim: 0.6,
    run() {
      solution = totalVariationInversion(map, { steps: STEPS, weight: WEIGHT });
    },
    compare(theirs) {
      const { kx, ky } = solution.current;
      process.env.BENCH_ERRORS &&
        process.stderr.write(`error ${currentError(truth, kx, ky)} ${currentError(truth, theirs.kx, theirs.ky)}\n`);
      return sameValues([...kx, ...ky], [...theirs.kx, ...theirs.ky], 1e-4);
    },
  };
}

export const variations: BenchJob = {
  name: 'variation',
  title: 'Total variation',
  cases: [
    { id: 'frame-4mm', quick: true, guarded: true, make: id => variation(id, frame(4e-3)) },
    { id: 'buried-4mm', make: id => variation(id, buried(4e-3)) },
    { id: 'cut-4mm', make: id => variation(id, cut(4e-3)) },
  ],
};
