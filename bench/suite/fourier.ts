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

interface Settings {
  readonly truth: AnalyticCase;
  readonly components: readonly AxisName[];
  /** The map's error must not be larger, whatever numpy's is. */
  readonly error?: number;
  /** Padding in windows, its kind, and order, on the other side; default the best in hindsight. */
  readonly way?: readonly [number, 'constant' | 'edge', number];
  readonly aim?: number;
}

function inversion(id: string, { truth, components, error = Number.POSITIVE_INFINITY, way, aim }: Settings): BenchCase {
  const map = measured(truth, components, NOISE, SEED);
  const { nx: n, dx: pitch } = truth.grid;
  const names = components.map(name => name.replace('b', 'B')).join(' and ');
  let solution: FourierSolution;
  return {
    id,
    work: `${truth.name} at ${Number((1e3 * truth.z).toFixed(2))} mm, ${names}, ${n} x ${n}`,
    peer: `numpy, lambda by GCV, ${way === undefined ? 'padding best in hindsight' : 'no padding'}`,
    settings: { n, z: truth.z, pitch, components, ways: way === undefined ? [] : [way] },
    arrays: { ...map.components, kx: truth.kx, ky: truth.ky },
    ...(aim === undefined ? {} : { aim }),
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

/** 256 x 256, for which the ratio has an aim. */
function usual(id: string, truth: AnalyticCase, components: readonly AxisName[], error: number): BenchCase {
  return inversion(id, { truth, components, error, aim: 0.5 });
}

/** The frame of 256 x 256 mm in more or fewer pixels, as far above in pixels as there. */
function scaled(id: string, n: number): BenchCase {
  const pitch = 0.256 / n;
  const truth = frame(4 * pitch, 0, centredGrid(n, pitch));
  return inversion(id, { truth, components: ['bz'], way: [0, 'constant', 2] });
}

export const fourier: BenchJob = {
  name: 'fourier',
  title: 'Fourier inversion, all lambda',
  // Not guarded: garbage is collected more or less often, and on a loaded machine single ratios scatter by half.
  cases: [
    { id: 'frame-4mm', quick: true, make: id => usual(id, frame(4e-3), ['bz'], 0.22) },
    { id: 'frame-8mm', make: id => usual(id, frame(8e-3), ['bz'], 0.275) },
    { id: 'buried-4mm', make: id => usual(id, buried(4e-3), ['bz'], 0.14) },
    { id: 'cut-4mm-in-plane', make: id => usual(id, cut(4e-3), ['bx', 'by'], 0.265) },
    ...[64, 128, 512, 1024].map(n => ({ id: `frame-${n}`, make: (id: string) => scaled(id, n) })),
  ],
};
