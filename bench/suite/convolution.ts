import { random } from '../../src/random.js';
import { type Kernel, realTransform2D } from '../../src/transforms/index.js';
import { type BenchCase, type BenchJob, sameValues } from './benchCase.js';

/** Convolution of one map with one kernel, or with three (the field of a sheet): transform, products and transforms back. */

function convolution(id: string, n: number, outputs: number): BenchCase {
  const transform = realTransform2D(n, n);
  const rng = random(n + outputs);
  const values = transform.allocate(n * n);
  for (let i = 0; i < n * n; i++) values[i] = rng.normal();
  const room = () => transform.allocate(n * n);
  const results = Array.from({ length: outputs }, room);
  // The kernels of Bx and By are odd, that of Bz even: half of each spectrum is zero and is not kept.
  const kinds: Kernel['kind'][] = ['real', 'imaginary', 'imaginary'];
  const kernels = kinds.slice(0, outputs).map((kind): Kernel[] => {
    const half = transform.allocate(transform.spectrumLength / 2);
    for (let i = 0; i < half.length; i++) half[i] = rng.normal();
    // What its own mirror image stands in would have to be zero in an odd kernel.
    for (let iy = 0; iy < n; iy++) half[iy * transform.columns] = half[(iy + 1) * transform.columns - 1] = 0;
    return [{ kind, values: half }];
  });
  const whole = kernels.flatMap(([{ kind, values: half }]) =>
    Array.from(half).flatMap(v => (kind === 'real' ? [v, 0] : [0, v])),
  );
  return {
    id,
    work: `${outputs === 1 ? 'one kernel' : `${outputs} kernels`}, ${n} x ${n}`,
    peer: 'scipy.fft.rfft2, products, irfft2',
    settings: { n, outputs },
    arrays: { values: values.slice(), kernels: Float64Array.from(whole) },
    aim: 1,
    run: () => transform.convolve([values], kernels, results),
    compare: theirs => sameValues(Float64Array.from(results.flatMap(r => [...r])), theirs.out, 1e-12),
  };
}

export const convolutions: BenchJob = {
  name: 'convolution',
  title: 'Convolution',
  cases: [
    { id: 'one-256', make: id => convolution(id, 256, 1) },
    { id: 'one-1024', make: id => convolution(id, 1024, 1) },
    { id: 'three-256', make: id => convolution(id, 256, 3) },
    { id: 'three-512', quick: true, guarded: true, make: id => convolution(id, 512, 3) },
    { id: 'three-1024', make: id => convolution(id, 1024, 3) },
  ],
};
