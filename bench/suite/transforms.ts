import { random } from '../../src/random.js';
import {
  complexTransform2D,
  realTransform2D,
  type Trigonometric,
  trigonometricTransform2D,
} from '../../src/transforms/index.js';
import { type BenchCase, type BenchJob, type CaseMaker, sameValues } from './benchCase.js';

/** Fourier, sine and cosine transforms of numbers in double precision, next to scipy.fft. */

const TOLERANCE = 1e-12;

function normal(length: number, seed: number): Float64Array {
  const rng = random(seed);
  return Float64Array.from({ length }, () => rng.normal());
}

function real(id: string, n: number): BenchCase {
  const transform = realTransform2D(n, n);
  const values = transform.allocate(n * n);
  values.set(normal(n * n, n));
  const out = transform.allocate(transform.spectrumLength);
  return {
    id,
    work: `real, ${n} x ${n}`,
    peer: 'scipy.fft.rfft2',
    settings: { kind: 'real', shape: [n, n] },
    arrays: { values: values.slice() },
    aim: 1,
    run: () => transform.forward(values, out),
    compare: theirs => sameValues(out, theirs.out, TOLERANCE),
  };
}

function realBack(id: string, n: number): BenchCase {
  const transform = realTransform2D(n, n);
  const out = transform.allocate(n * n);
  const spectrum = transform.allocate(transform.spectrumLength);
  transform.forward(normal(n * n, n), spectrum);
  return {
    id,
    work: `real, back, ${n} x ${n}`,
    peer: 'scipy.fft.irfft2',
    settings: { kind: 'real back', shape: [n, n] },
    arrays: { values: spectrum.slice() },
    aim: 1,
    run: () => transform.inverse(spectrum, out),
    compare: theirs => sameValues(out, theirs.out, TOLERANCE),
  };
}

function complex(id: string, n: number): BenchCase {
  const transform = complexTransform2D(n, n);
  const values = transform.allocate(2 * n * n);
  values.set(normal(2 * n * n, n));
  const out = transform.allocate(2 * n * n);
  return {
    id,
    work: `complex, ${n} x ${n}`,
    peer: 'scipy.fft.fft2',
    settings: { kind: 'complex', shape: [n, n] },
    arrays: { values: values.slice() },
    aim: 1,
    run: () => transform.forward(values, out),
    compare: theirs => sameValues(out, theirs.out, TOLERANCE),
  };
}

/** One-dimensional: `rows` of them, each n long. */
function rows(id: string, n: number, count: number): BenchCase {
  const transform = complexTransform2D(1, n, count);
  const values = transform.allocate(2 * n * count);
  values.set(normal(2 * n * count, n));
  const out = transform.allocate(2 * n * count);
  return {
    id,
    work: `complex, 1-D, ${count} of ${n}`,
    peer: 'scipy.fft.fft',
    settings: { kind: 'rows', shape: [count, n] },
    arrays: { values: values.slice() },
    aim: 1,
    run: () => transform.forward(values, out),
    compare: theirs => sameValues(out, theirs.out, TOLERANCE),
  };
}

/** In place: each run transforms a copy of the same numbers. */
function trigonometric(id: string, kind: Trigonometric, n: number, name: string): BenchCase {
  const transform = trigonometricTransform2D(n, n, kind, kind);
  const values = normal(n * n, n);
  const out = transform.allocate(n * n);
  return {
    id,
    work: `${kind.startsWith('sine') ? 'sine' : 'cosine'} ${kind.endsWith('1') ? 'I' : 'II'}, ${n} x ${n}`,
    peer: name,
    settings: { kind, shape: [n, n] },
    arrays: { values },
    aim: 1,
    run() {
      out.set(values);
      transform.forward(out);
    },
    compare: theirs => sameValues(out, theirs.out, TOLERANCE),
  };
}

const SIZES = [64, 128, 256, 512, 1024];

const sized = (kind: string, make: (id: string, n: number) => BenchCase, guarded = true): CaseMaker[] =>
  SIZES.map(n => ({ id: `${kind}-${n}`, quick: n === 512, guarded: guarded && n === 512, make: id => make(id, n) }));

export const transforms: BenchJob = {
  name: 'transforms',
  title: 'Transforms',
  cases: [
    ...sized('real', real),
    // Back and complex not guarded: scipy's time depends on where its result happens to be put, up to a factor of two.
    ...sized('real-back', realBack, false),
    ...sized('complex', complex, false),
    { id: 'rows-1024', quick: true, guarded: true, make: id => rows(id, 1024, 512) },
    { id: 'rows-8192', make: id => rows(id, 8192, 64) },
    { id: 'cosine2-512', quick: true, guarded: true, make: id => trigonometric(id, 'cosine2', 512, 'scipy.fft.dctn') },
    { id: 'sine1-511', quick: true, guarded: true, make: id => trigonometric(id, 'sine1', 511, 'scipy.fft.dstn') },
    { id: 'cosine1-513', make: id => trigonometric(id, 'cosine1', 513, 'scipy.fft.dctn') },
    { id: 'sine2-512', make: id => trigonometric(id, 'sine2', 512, 'scipy.fft.dstn') },
  ],
};
