import { denseWorkspace } from '../linearAlgebra/index.js';
import { type LeadingEigen, leadingEigen } from './leadingEigen.js';
import type { MapStack } from './mapStack.js';
import type { ComponentChoice, Rest } from './parallelAnalysis.js';
import { type Preparation, toRow } from './preparation.js';

/** What decomposing a stack gives, before the number of components is settled and after. */
export interface Spectrum {
  /** Eigenvalues of the covariance (divisor n - 1), falling. */
  readonly spectrum: Float64Array;
  /** What is left after the first k. */
  readonly restAfter: (k: number) => Rest;
}

export interface Decomposition extends Spectrum {
  readonly mean: Float64Array;
  readonly totalVariance: number;
  /** Of the components that were chosen. */
  readonly loadings: Float64Array[];
  readonly scores: Float64Array;
  readonly squaredErrors: Float64Array;
  readonly gram?: Float64Array;
}

/** Missing readings are filled until none moves by more than this part of the spread. */
const SETTLED = 1e-4;
const ROUNDS = 50;
/** Pixels of a block. */
const BLOCK = 256;

/**
 * All maps in memory: the Gram matrix of the maps where there are fewer maps than pixels, else that of the pixels.
 *
 * Missing readings are filled with what the components say, and the components computed again, until both agree
 * (expectation-maximisation without noise term: Dempster, Laird and Rubin 1977; Kiers 1997).
 */
export function wholeDecomposition(
  stack: MapStack,
  preparation: Preparation,
  choose: (d: Spectrum) => ComponentChoice,
): Decomposition & { readonly choice: ComponentChoice } {
  const { count } = stack;
  const { pixels, sigma, missing } = preparation;
  const p = pixels.length;
  const mean = preparation.mean.slice();
  const rows = new Float64Array(count * p);
  for (let i = 0; i < count; i++) toRow(stack.read(i), preparation, rows.subarray(i * p, (i + 1) * p));
  const gaps = missing > 0 ? gapsOf(rows) : undefined;
  let found = decompose(rows, count, p);
  let choice = choose(found);
  let parts = project(found, rows, count, p, choice.components);
  for (let round = 0; gaps !== undefined && round < ROUNDS; round++) {
    const moved = fill(rows, gaps, parts, p, choice.components);
    recentre(rows, count, p, mean, sigma);
    found = decompose(rows, count, p);
    choice = choose(found);
    parts = project(found, rows, count, p, choice.components);
    if (moved < SETTLED * Math.sqrt(found.totalVariance / p)) break;
  }
  const k = choice.components;
  const squaredErrors = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let sum = found.gram?.[i * count + i] ?? 0;
    if (found.gram === undefined) for (let j = 0; j < p; j++) sum += rows[i * p + j] ** 2;
    for (let j = 0; j < k; j++) sum -= parts.scores[i * k + j] ** 2;
    squaredErrors[i] = Math.max(0, sum);
  }
  return { ...found, ...parts, squaredErrors, mean, choice };
}

interface Found extends Spectrum {
  readonly totalVariance: number;
  readonly eigen: LeadingEigen;
  readonly gram?: Float64Array;
}

function decompose(rows: Float64Array, n: number, p: number): Found {
  const dual = n <= p;
  const size = dual ? n : p;
  const gram = dual ? gramOfRows(rows, n, p) : gramOfColumns(rows, n, p);
  const eigen = leadingEigen(gram, size);
  const spectrum = eigen.values.map(v => Math.max(0, v) / (n - 1)).slice(0, Math.min(n - 1, p));
  const totalVariance = spectrum.reduce((sum, v) => sum + v, 0);
  return { eigen, spectrum, totalVariance, restAfter: k => restOf(spectrum, n, p, k), ...(dual ? { gram } : {}) };
}

/**
 * What is left after k components of n maps. With m = n - 1 - k degrees of freedom the sum s of the eigenvalues, scaled by
 * (n - 1)/m, is unbiased for tr S; tr S^2 = m^2 / ((m - 1)(m + 2)) (sum of squares - s^2 / m) (Bai and Saranadasa 1996).
 */
export function restOf(spectrum: Float64Array, n: number, p: number, k: number): Rest {
  const degrees = n - 1 - k;
  let [sum, squares] = [0, 0];
  for (let j = k; j < spectrum.length; j++) {
    sum += spectrum[j];
    squares += spectrum[j] ** 2;
  }
  const scale = degrees > 0 ? (n - 1) / degrees : 0;
  const trace = sum * scale;
  // All directions alike: there is no smaller square.
  const least = trace ** 2 / p;
  if (degrees < 2) return { sum, trace, square: squares * scale ** 2, degrees };
  const unbiased =
    ((degrees * degrees) / ((degrees - 1) * (degrees + 2))) * (squares * scale ** 2 - trace ** 2 / degrees);
  return { sum, trace, square: Math.min(trace ** 2, Math.max(unbiased, least)), degrees };
}

/** rows rows^T, both triangles, through blocks of pixels. */
function gramOfRows(rows: Float64Array, n: number, p: number): Float64Array {
  const workspace = denseWorkspace(8 * (BLOCK * n + n * n) + (1 << 22) + 64 * n * BLOCK);
  const gram = workspace.allocate(n * n);
  const block = workspace.room(BLOCK * n);
  for (let first = 0; first < p; first += BLOCK) {
    const size = Math.min(BLOCK, p - first);
    for (let i = 0, at = first; i < n; i++, at += p) block.set(rows.subarray(at, at + size), i * size);
    workspace.addGram(block, size, n, gram, { transposed: true });
  }
  return mirrored(gram, n);
}

function gramOfColumns(rows: Float64Array, n: number, p: number): Float64Array {
  const workspace = denseWorkspace(8 * (BLOCK * p + p * p) + (1 << 22) + 64 * p * BLOCK);
  const gram = workspace.allocate(p * p);
  for (let first = 0; first < n; first += BLOCK) {
    workspace.addGram(rows.subarray(first * p), Math.min(BLOCK, n - first), p, gram);
  }
  return mirrored(gram, p);
}

function mirrored(lower: Float64Array, n: number): Float64Array {
  const out = lower.slice();
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j];
  return out;
}

/** Loadings and scores of the first k components. */
function project({ eigen, gram }: Found, rows: Float64Array, n: number, p: number, k: number) {
  const { values } = eigen;
  const vectors = eigen.vectors(k);
  const scores = new Float64Array(n * k);
  if (gram === undefined) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < k; j++) {
        const loading = vectors[j];
        let sum = 0;
        for (let q = 0; q < p; q++) sum += rows[i * p + q] * loading[q];
        scores[i * k + j] = sum;
      }
    }
    return { loadings: vectors, scores };
  }
  const loadings = vectors.map(() => new Float64Array(p));
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * p, (i + 1) * p);
    for (let j = 0; j < k; j++) {
      const length = Math.sqrt(Math.max(0, values[j]));
      if (length === 0) continue;
      scores[i * k + j] = vectors[j][i] * length;
      addMultiple(vectors[j][i] / length, row, loadings[j]);
    }
  }
  return { loadings, scores };
}

function addMultiple(factor: number, row: Float64Array, to: Float64Array): void {
  for (let q = 0; q < to.length; q++) to[q] += factor * row[q];
}

function gapsOf(rows: Float64Array): Int32Array {
  const places: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    if (!Number.isNaN(rows[i])) continue;
    places.push(i);
    rows[i] = 0;
  }
  return Int32Array.from(places);
}

/** Puts what the components say into the gaps. @returns the root mean square of the changes */
function fill(
  rows: Float64Array,
  gaps: Int32Array,
  { loadings, scores }: { loadings: Float64Array[]; scores: Float64Array },
  p: number,
  k: number,
): number {
  let changes = 0;
  for (const place of gaps) {
    const i = Math.floor(place / p);
    let value = 0;
    for (let j = 0; j < k; j++) value += scores[i * k + j] * loadings[j][place - i * p];
    changes += (value - rows[place]) ** 2;
    rows[place] = value;
  }
  return Math.sqrt(changes / gaps.length);
}

/** Columns to mean zero again; the shift goes into `mean`, in the maps' unit. */
function recentre(rows: Float64Array, n: number, p: number, mean: Float64Array, sigma: Float64Array): void {
  for (let q = 0; q < p; q++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += rows[i * p + q];
    const shift = sum / n;
    for (let i = 0; i < n; i++) rows[i * p + q] -= shift;
    mean[q] += shift * sigma[q];
  }
}
