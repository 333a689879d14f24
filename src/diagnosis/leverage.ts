import { fLimit, fTail, limitOf } from './distributions.js';

/**
 * The law of Q for a new map: mean f / E(f) times F(h, g). f = 1 + 1/n + part T2/(n - 1) is the share of the errors of mean map and
 * loadings, which leave the more behind the farther out a map lies along them; part is v_j / lambda_j, the middle over the
 * components. F(h, g) is Box's (1954) chi2_h / h with an uncertain mean.
 */
export interface QLaw {
  readonly mean: number;
  readonly degrees: number;
  /** Degrees of freedom g of the mean. */
  readonly meanDegrees: number;
  /** 0 where the degrees come from the scatter of the maps' own Q, which has f in it. */
  readonly part: number;
}

const NODES = 24;
/** Nodes crowd towards the far tail by this power. */
const CROWDING = 4;

/** Values of f / E(f) and their weights. T2 follows k (n^2 - 1) / (n (n - k)) F(k, n - k). */
export interface Nodes {
  readonly values: Float64Array;
  readonly weights: Float64Array;
  /** E(f). */
  readonly mean: number;
}

export function leverageNodes(n: number, k: number, part: number): Nodes {
  if (!(part > 0)) return { values: Float64Array.of(1), weights: Float64Array.of(1), mean: 1 };
  const values = new Float64Array(NODES);
  const weights = new Float64Array(NODES);
  const scale = (part * k * (n * n - 1)) / (n * (n - k) * (n - 1));
  let mean = 0;
  for (let i = 0; i < NODES; i++) {
    const tail = (v: number) => (1 - v) ** CROWDING;
    weights[i] = tail(i / NODES) - tail((i + 1) / NODES);
    values[i] = 1 + 1 / n + scale * fLimit(tail((i + 0.5) / NODES), k, n - k);
    mean += weights[i] * values[i];
  }
  for (let i = 0; i < NODES; i++) values[i] /= mean;
  return { values, weights, mean };
}

/** Variance of f / E(f). */
export function scatterOf({ values, weights }: Nodes): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights[i] * (values[i] - 1) ** 2;
  return sum;
}

/** P(Q > q) of a map whose T2 with lambda_j is known, and with it f. */
export function qTailAt(law: QLaw, { mean }: Nodes, n: number, t2: number, q: number): number {
  const f = law.part > 0 ? (1 + 1 / n + t2 / (n - 1)) / mean : 1;
  return fTail(q / (law.mean * f), law.degrees, law.meanDegrees);
}

/** P(Q > q) of any map. */
export function qTail({ mean, degrees, meanDegrees }: QLaw, { values, weights }: Nodes, q: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += weights[i] * fTail(q / (mean * values[i]), degrees, meanDegrees);
  return sum;
}

/** The Q that is exceeded with this probability. */
export function qLimit(law: QLaw, nodes: Nodes, probability: number): number {
  return limitOf(q => qTail(law, nodes, q), probability, law.mean);
}
