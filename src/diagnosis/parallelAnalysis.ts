import { random } from '../random.js';

/**
 * How many components stand out of chance: parallel analysis (Horn 1965), one component after the other. Component k + 1 stays
 * while its variance is larger than 95 % of the largest variances that pure noise of the same size gives, the components
 * before it taken out.
 *
 * Pixels of a map are not independent (the field is smooth, a map is regularised), so noise has not p but
 * p_eff = (tr S)^2 / tr(S^2) degrees of freedom per map, S the covariance of the rest (Satterthwaite 1946). It is taken from
 * the eigenvalues after the one in question, which may be a signal. So may the next: two patterns of like strength hide each
 * other, for beside the second no direction of the rest counts. A component that exceeds noise twice over therefore
 * brings along all before it.
 */

/** What is left after the components in question, for deciding on the next. */
export interface Rest {
  /** Sum of the eigenvalues that are left. */
  readonly sum: number;
  /** Unbiased trace of the covariance. */
  readonly trace: number;
  /** Unbiased trace of its square. */
  readonly square: number;
  /** Degrees of freedom among the maps. */
  readonly degrees: number;
}

export interface ComponentChoice {
  readonly components: number;
  readonly by: 'parallel analysis' | 'given';
  /** For people. */
  readonly why: string;
  /** What the variance of each component had to exceed, as far as was asked; same unit as the eigenvalues. */
  readonly thresholds: readonly number[];
}

const DRAWS = 400;
/** Above this the law of the largest eigenvalue (Johnstone 2001) replaces simulation. */
const LARGE = 100;
/** 95 % point of the Tracy-Widom law of order 1. */
const TRACY_WIDOM = 0.9793;
const LEVEL = 0.95;
/** A component behind one that noise could reach counts where it exceeds what noise reaches so many times. */
const BEYOND_DOUBT = 2;

/**
 * @param values the largest eigenvalues of the covariance, falling
 * @param restAfter what is left after the first k
 * @param most no more components than this
 */
export function parallelAnalysis(
  values: ArrayLike<number>,
  restAfter: (k: number) => Rest,
  most: number,
): ComponentChoice {
  const thresholds: number[] = [];
  /** By how much component k exceeds what noise reaches; 0 where nothing is left to tell it from. */
  const excess = (k: number): number => {
    const rest = restAfter(k + 1);
    if (!(rest.trace > 0 && rest.degrees >= 2)) return 0;
    const effective = Math.max(1, rest.trace ** 2 / Math.max(rest.square, 1e-300 * rest.trace ** 2));
    thresholds[k] = (largestOverRest(rest.degrees + 1, effective) * rest.sum) / rest.degrees;
    return values[k] / thresholds[k];
  };
  const last = Math.min(most, values.length);
  let k = 0;
  for (let asked = 0; asked < last; asked++) {
    const own = excess(asked);
    if (own === 0) break;
    if (own > (asked === k ? 1 : BEYOND_DOUBT)) k = asked + 1;
  }
  const components = Math.max(1, Math.min(k, most));
  const stopped = thresholds[k] !== undefined;
  const why =
    k === 0
      ? 'Parallel analysis: no component has more variance than pure noise of the same size would give it; one is kept as an axis of the charts.'
      : `Parallel analysis: ${k === 1 ? 'the first component has' : `each of the first ${k} components has`} more variance than 95 % of pure noise of the same size` +
        (stopped
          ? `; the next has ${percent(values[k] / thresholds[k])} of what noise reaches.`
          : '; more were not looked at.');
  return { components, by: 'parallel analysis', why, thresholds };
}

function percent(part: number): string {
  return `${Math.round(100 * part)} %`;
}

/**
 * 95 % point of the largest eigenvalue of W = X^T X over the mean of the others, X (m x q) of independent normal numbers; q
 * need not be whole. Up to 100 by simulation: the eigenvalues are those of a tridiagonal matrix of chi-distributed
 * numbers (Dumitriu and Edelman 2002), so a draw costs a few thousand operations.
 */
export function largestOverRest(m: number, q: number): number {
  const size = Math.max(2, Math.round(Math.min(m, q)));
  const large = Math.max(m, q, size);
  if (size > LARGE) {
    const a = Math.sqrt(size - 1) + Math.sqrt(large);
    const b = 1 / Math.sqrt(size - 1) + 1 / Math.sqrt(large);
    const top = a * a + TRACY_WIDOM * a * b ** (1 / 3);
    return top / ((size * large - top) / (m - 1));
  }
  const source = random(1);
  const ratios = new Float64Array(DRAWS);
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  for (let draw = 0; draw < DRAWS; draw++) {
    let trace = 0;
    let before = 0;
    for (let i = 0; i < size; i++) {
      const d = chiSquare(large - i, source);
      diagonal[i] = d + before;
      const s = i + 1 < size ? chiSquare(size - 1 - i, source) : 0;
      // Squares of the elements beside the diagonal.
      beside[i] = d * s;
      before = s;
      trace += diagonal[i];
    }
    const top = largestOfTridiagonal(diagonal, beside, size, trace);
    ratios[draw] = top / ((trace - top) / (m - 1));
  }
  ratios.sort();
  return ratios[Math.floor(LEVEL * DRAWS)];
}

/** Bisection with Sturm's sequence. @param squares of the elements beside the diagonal */
function largestOfTridiagonal(diagonal: Float64Array, squares: Float64Array, n: number, trace: number): number {
  let low = trace / n;
  let high = trace;
  while (high - low > 1e-6 * high) {
    const middle = (low + high) / 2;
    let q = 1;
    let above = false;
    for (let i = 0; i < n && !above; i++) {
      q = diagonal[i] - middle - (i > 0 ? squares[i - 1] / q : 0);
      above = q > 0;
    }
    if (above) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Gamma numbers of shape a >= 1/2 after Marsaglia and Tsang (2000). */
function chiSquare(degrees: number, { uniform, normal }: ReturnType<typeof random>): number {
  const shape = Math.max(degrees, 1e-3) / 2;
  const boost = shape < 1 ? (1 - uniform()) ** (1 / shape) : 1;
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return 2 * d * v * boost;
  }
}
