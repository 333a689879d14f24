import { stackOf } from '../../src/diagnosis/mapStack.js';
import { type Pca, principalComponents } from '../../src/diagnosis/pca.js';
import { random } from '../../src/random.js';
import { type BenchCase, type BenchJob, sameValues } from './benchCase.js';

/** Five principal components of a cohort of maps, which are five patterns in noise. Savart looks for gaps as well. */

const STRENGTHS = [300, 150, 80, 40, 20];

function components(id: string, maps: number, side: number, by: 'svd' | 'gram'): BenchCase {
  const layout = { grid: { nx: side, ny: side, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 }, channels: ['bz'], unit: 'T' };
  const pixels = side * side;
  const rng = random(maps);
  const shapes = STRENGTHS.map((_, k) =>
    Float64Array.from({ length: pixels }, (_, i) => {
      const [x, y] = [((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side];
      return (2 / side) * Math.cos(Math.PI * (k + 1) * x) * Math.cos(Math.PI * (k + 2) * y);
    }),
  );
  const all = new Float64Array(maps * pixels);
  const cohort = Array.from({ length: maps }, (_, i) => {
    const map = all.subarray(i * pixels, (i + 1) * pixels);
    for (let q = 0; q < pixels; q++) map[q] = rng.normal();
    shapes.forEach((shape, k) => {
      const t = STRENGTHS[k] * rng.normal();
      for (let q = 0; q < pixels; q++) map[q] += t * shape[q];
    });
    return map;
  });
  const stack = stackOf(layout, cohort);
  let found: Pca;
  return {
    id,
    work: `${maps} maps of ${side} x ${side}`,
    peer: by === 'svd' ? 'scipy.linalg.svd' : 'Gram matrix, scipy.linalg.eigh',
    settings: { maps, by, components: STRENGTHS.length },
    arrays: { maps: all },
    ...(by === 'svd' ? { aim: 1 } : {}),
    run() {
      found = principalComponents(stack, { components: STRENGTHS.length });
    },
    compare(theirs) {
      // Both sides are free in the signs.
      const signs = found.loadings.map((loading, j) =>
        Math.sign(loading.reduce((sum, v, q) => sum + v * theirs.loadings[j * pixels + q], 0)),
      );
      const signed = (values: Float64Array, component: (i: number) => number) =>
        values.map((v, i) => v * signs[component(i)]);
      const loadings = Float64Array.from(found.loadings.flatMap(loading => [...loading]));
      const ours = [
        ...found.variances,
        ...signed(loadings, i => Math.floor(i / pixels)),
        ...signed(found.scores, i => i % signs.length),
      ];
      return sameValues(ours, [...theirs.variances, ...theirs.loadings, ...theirs.scores], 1e-9);
    },
  };
}

export const pca: BenchJob = {
  name: 'pca',
  title: 'Principal components',
  cases: [
    { id: 'svd-200', quick: true, guarded: true, make: id => components(id, 200, 100, 'svd') },
    { id: 'gram-200', make: id => components(id, 200, 100, 'gram') },
    { id: 'gram-60', make: id => components(id, 60, 64, 'gram') },
  ],
};
