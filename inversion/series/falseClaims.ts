import { upperGamma } from '../../src/diagnosis/specialFunctions.js';
import { denseWorkspace } from '../../src/linearAlgebra/index.js';
import { random } from '../../src/random.js';
import { alongDisc, type Disc, discPattern, type FittedPatterns } from './discs.js';

/** How often noise alone exceeds so many deviations in at least one of many tests that are not independent. */
export interface FalseClaims {
  /** Probability that the largest of all tests exceeds so many deviations. */
  readonly probability: (sigmas: number) => number;
  /** The deviations that are exceeded with a given probability, below 0.5. */
  readonly threshold: (probability: number) => number;
}

/** Draws: they tell the probability to about a tenth of itself. */
const DRAWS = 160;
/** Deviations at which it is drawn. */
const LEVELS = Array.from({ length: 23 }, (_, k) => 2.5 + 0.25 * k);

/**
 * The distribution of the largest |z| over all discs when the readings hold nothing but noise, by importance sampling (Naiman and
 * Priebe 2001): a disc is picked at random and its z drawn beyond the level u, the others' z go with it as their covariance says;
 * with N the number of discs beyond u, P(max > u) = tests P(|z| > u) mean(1 / N). So rates of 0.1 % take as few draws as
 * any. The gradient of noise has the covariance H, so its draws are L e with H = L L'.
 *
 * @param matrix H, n x n, lower triangle @param fitted what is fitted along with every disc @param discs all that are tested
 */
export function falseClaims(
  { matrix, n }: { readonly matrix: Float64Array; readonly n: number },
  fitted: FittedPatterns,
  discs: readonly Disc[],
): FalseClaims {
  const dense = denseWorkspace(8 * n * n + 2 ** 16);
  const L = dense.allocate(n * n);
  let trace = 0;
  for (let u = 0; u < n; u++) trace += matrix[u * n + u];
  for (let u = 0; u < n; u++) {
    L.set(matrix.subarray(u * n, u * n + u + 1), u * n);
    // Patterns that no sensor sees make H singular.
    L[u * n + u] += (1e-13 * trace) / n;
  }
  dense.cholesky(L, n);
  for (let u = 0; u < n; u++) L.fill(0, u * n + u + 1, (u + 1) * n);
  const deviation = Float64Array.from(discs, disc => Math.sqrt(fitted.information(disc)));
  const rng = random(1);
  const gradient = new Float64Array(n);
  const z = new Float64Array(discs.length);
  const along = new Float64Array(discs.length);
  const shares = LEVELS.map(() => 0);
  for (let draw = 0; draw < DRAWS; draw++) {
    const noise = Float64Array.from({ length: n }, () => rng.normal());
    dense.times(L, n, n, noise, gradient);
    const { left } = fitted.taken(gradient);
    const picked = Math.floor(rng.uniform() * discs.length);
    const response = fitted.project(discPattern(discs[picked], n));
    discs.forEach((disc, k) => {
      z[k] = alongDisc(disc, left) / deviation[k];
      along[k] = alongDisc(disc, response) / (deviation[k] * deviation[picked]);
    });
    const tail = rng.uniform();
    const sign = rng.uniform() < 0.5 ? -1 : 1;
    LEVELS.forEach((level, i) => {
      const change = sign * deviations(tail * twoSided(level)) - z[picked];
      let beyond = 0;
      for (let k = 0; k < z.length; k++) if (Math.abs(z[k] + along[k] * change) > level) beyond++;
      shares[i] += 1 / Math.max(1, beyond) / DRAWS;
    });
  }
  // So many independent tests would exceed the level as often; the number changes slowly with it.
  const tests = shares.map(share => share * discs.length);
  const testsAt = (sigmas: number) => {
    const place = (sigmas - LEVELS[0]) / (LEVELS[1] - LEVELS[0]);
    const i = Math.min(LEVELS.length - 2, Math.max(0, Math.floor(place)));
    const part = Math.max(0, place - i);
    return Math.max(1, tests[i] + part * (tests[i + 1] - tests[i]));
  };
  const probability = (sigmas: number) => Math.min(1, testsAt(sigmas) * twoSided(sigmas));
  return {
    probability,
    threshold: wanted => bisected(s => probability(s) > wanted),
  };
}

/** Probability that a normal number is further than so many deviations from zero. */
function twoSided(sigmas: number): number {
  return upperGamma(0.5, sigmas ** 2 / 2);
}

/** The deviations that are exceeded with a given probability. */
function deviations(probability: number): number {
  return bisected(s => twoSided(s) > probability);
}

/** Where a condition ends that holds for small deviations only. */
function bisected(holds: (sigmas: number) => boolean): number {
  let [low, high] = [0, 40];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}
