import type { BenchJob } from './benchCase.js';
import { boundedInversions } from './bounded.js';
import { convolutions } from './convolution.js';
import { fourier } from './fourier.js';
import { interpolations } from './interpolation.js';
import { pack } from './pack.js';
import { pca } from './pca.js';
import { poissonSolves } from './poisson.js';
import { transforms } from './transforms.js';
import { variations } from './variation.js';

/** All jobs, in the order of the table. */
export const jobs: readonly BenchJob[] = [
  transforms,
  convolutions,
  interpolations,
  poissonSolves,
  fourier,
  variations,
  boundedInversions,
  pack,
  pca,
];
