import { type FourierSolution, fourierInversion } from '../../inversion/index.js';
import type { AxisName } from '../../src/fieldMap.js';
import { type AnalyticCase, buried, centredGrid, currentError, cut, frame, measured } from '../analyticCases.js';
import type { BenchCase, BenchJob } from './benchCase.js';

/**
 * The Fourier inversion with every parameter automatic, on currents whose field is known exactly, 1 % noise: order, all lambda, the
 * outside of the window, and the errors. On the other side plain numpy with lambda alone automatic. The two make different
 * maps of the same data; they agree if Savart's is no worse.
 */

const NOISE = 0.01;
const SEED = 1;

function inversion(id: string, truth: AnalyticCase, components: readonly AxisName[], error: number): BenchCase {
  const map = measured(truth, components, NOISE, SEED);
  const { nx: n, dx: pitch } = truth.grid;
  let solution: FourierSolution;
  return {
    id,
    work: `${truth.name} at ${(1e3 * truth.z).toFixed(1)} mm, ${components.join(' and ')}, ${n} x ${n}`,
    peer: 'numpy, lambda by GCV, padding best in hindsight',
    settings: { n, z: truth.z, pitch, components },
    arrays: { ...map.components, kx: truth.kx, ky: truth.ky },
    aim: 0.5,
    run() {
      solution = fourierInversion(map);
    },
    compare(theirs) {
      const { kx, ky } = solution.current;
      return {
        of: 'error of the map',
        difference: currentError(truth, kx, ky),
        tolerance: Math.min(error, 1.02 * currentError(truth, theirs.kx, theirs.ky)),
      };
    },
  };
}

/** The frame of 256 x 256 mm in more or fewer pixels, as far above in pixels as there. */
function scaled(id: string, n: number): BenchCase {
  const pitch = 0.256 / n;
  return inversion(id, frame(4 * pitch, 0, centredGrid(n, pitch)), ['bz'], Number.POSITIVE_INFINITY);
}

export const fourier: BenchJob = {
  name: 'fourier',
  title: 'Fourier inversion, all lambda',
  cases: [
    { id: 'frame-4mm', quick: true, guarded: true, make: id => inversion(id, frame(4e-3), ['bz'], 0.22) },
    { id: 'frame-8mm', make: id => inversion(id, frame(8e-3), ['bz'], 0.275) },
    { id: 'buried-4mm', make: id => inversion(id, buried(4e-3), ['bz'], 0.14) },
    { id: 'cut-4mm-in-plane', make: id => inversion(id, cut(4e-3), ['bx', 'by'], 0.265) },
    ...[64, 128, 512, 1024].map(n => ({ id: `frame-${n}`, make: (id: string) => scaled(id, n) })),
  ],
};
