import { random } from '../../src/random.js';
import { poissonSolver, type Sides } from '../../src/transforms/index.js';
import { type BenchCase, type BenchJob, sameValues } from './benchCase.js';

/** Direct Poisson solves on a square: a sine or cosine transform, a division, the transform back. */

function poisson(id: string, n: number, condition: Sides['condition']): BenchCase {
  const dirichlet = condition === 'dirichlet';
  const sides: Sides = { condition, points: dirichlet ? 'vertex' : 'centre' };
  const solver = poissonSolver(n, n, { dy: 1, dx: 1 }, { y: sides, x: sides });
  const rng = random(n);
  const f = Float64Array.from({ length: n * n }, () => rng.normal());
  const u = new Float64Array(n * n);
  // Eigenvalues of the five-point Laplacian, -4 sin^2 of half the angle along each direction.
  const own = Float64Array.from({ length: n }, (_, k) => {
    const angle = dirichlet ? (Math.PI * (k + 1)) / (n + 1) : (Math.PI * k) / n;
    return -4 * Math.sin(angle / 2) ** 2;
  });
  const factor = Float64Array.from({ length: n * n }, (_, i) => {
    const value = own[i % n] + own[Math.floor(i / n)];
    return value === 0 ? 0 : 1 / value;
  });
  return {
    id,
    work: `${dirichlet ? 'values' : 'slopes'} zero at the sides, ${n} x ${n}`,
    peer: dirichlet ? 'scipy.fft.dstn, idstn' : 'scipy.fft.dctn, idctn',
    settings: { n, sides: condition },
    arrays: { f, factor },
    aim: 1,
    run() {
      u.set(f);
      solver.solve(u);
    },
    compare: theirs => sameValues(u, theirs.u, 1e-10),
  };
}

export const poissonSolves: BenchJob = {
  name: 'poisson',
  title: 'Poisson equation',
  cases: [
    { id: 'dirichlet-63', make: id => poisson(id, 63, 'dirichlet') },
    { id: 'dirichlet-255', make: id => poisson(id, 255, 'dirichlet') },
    { id: 'dirichlet-511', quick: true, guarded: true, make: id => poisson(id, 511, 'dirichlet') },
    { id: 'dirichlet-1023', make: id => poisson(id, 1023, 'dirichlet') },
    { id: 'neumann-512', make: id => poisson(id, 512, 'neumann') },
  ],
};
