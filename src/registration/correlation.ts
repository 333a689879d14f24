import { realTransform2D, transformLength } from '../transforms/index.js';

/** How alike two maps of one grid are. */
export interface Correlation {
  /** Pearson's coefficient. NaN where one of the maps is constant or fewer than four pixels have both values. */
  readonly r: number;
  /** Ends of the interval of confidence; NaN where there are too few independent samples for one. */
  readonly low: number;
  readonly high: number;
  /** Pixels that have both values. */
  readonly samples: number;
  /** As many independent samples tell as much. */
  readonly effective: number;
}

/** Two-sided 95 % of a normal distribution. */
const Z95 = 1.959964;
const FEWEST = 4;

/**
 * Pearson's correlation of two maps with its 95 % interval by Fisher's transformation, atanh r +- 1.96 / sqrt(N - 3). Pixels
 * of smooth maps do not tell independently; N is the effective number of samples of Clifford, Richardson and Hemon (1989,
 * doi 10.2307/2532039) as amended by Dutilleul (1993, doi 10.2307/2532625): N = 1 + 1 / s^2 with
 * s^2 = sum over d of n(d) ra(d) rb(d) / n^2, n(d) the pairs of pixels at distance d and ra, rb the autocorrelations of the
 * maps, up to where either first falls to zero.
 * @param a row-major [iy][ix]; NaN where there is no value
 * @param select pixels that count; all by default
 */
export function correlation(
  a: Float64Array,
  b: Float64Array,
  nx: number,
  ny: number,
  select?: (ix: number, iy: number) => boolean,
): Correlation {
  const mask = new Float64Array(nx * ny);
  let box = { x0: nx, x1: -1, y0: ny, y1: -1 };
  let [n, sumA, sumB] = [0, 0, 0];
  for (let iy = 0, i = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, i++) {
      if (!Number.isFinite(a[i] + b[i]) || select?.(ix, iy) === false) continue;
      mask[i] = 1;
      n++;
      sumA += a[i];
      sumB += b[i];
      box = {
        x0: Math.min(box.x0, ix),
        x1: Math.max(box.x1, ix),
        y0: Math.min(box.y0, iy),
        y1: Math.max(box.y1, iy),
      };
    }
  }
  const none = { r: Number.NaN, low: Number.NaN, high: Number.NaN, samples: n, effective: 0 };
  if (n < FEWEST) return none;
  const [w, h] = [box.x1 - box.x0 + 1, box.y1 - box.y0 + 1];
  const [meanA, meanB] = [sumA / n, sumB / n];
  const cut = (value: (i: number) => number) =>
    Float64Array.from({ length: w * h }, (_, k) => {
      const i = (box.y0 + Math.floor(k / w)) * nx + box.x0 + (k % w);
      return mask[i] === 1 ? value(i) : 0;
    });
  const [da, db] = [cut(i => a[i] - meanA), cut(i => b[i] - meanB)];
  let [saa, sbb, sab] = [0, 0, 0];
  for (let k = 0; k < da.length; k++) {
    saa += da[k] * da[k];
    sbb += db[k] * db[k];
    sab += da[k] * db[k];
  }
  // Below this the spread is rounding.
  const flat = (s: number, mean: number) => !(s > n * (1e-12 * mean) ** 2) || s === 0;
  if (flat(saa, meanA) || flat(sbb, meanB)) return none;
  const r = Math.min(1, Math.max(-1, sab / Math.sqrt(saa * sbb)));
  const effective = effectiveSamples(
    da,
    db,
    cut(() => 1),
    w,
    h,
    n,
  );
  if (!(effective > FEWEST)) return { ...none, r, effective };
  const [z, half] = [Math.atanh(Math.min(1 - 1e-15, Math.max(1e-15 - 1, r))), Z95 / Math.sqrt(effective - 3)];
  return { r, low: Math.tanh(z - half), high: Math.tanh(z + half), samples: n, effective };
}

function effectiveSamples(
  da: Float64Array,
  db: Float64Array,
  mask: Float64Array,
  w: number,
  h: number,
  n: number,
): number {
  const [my, mx] = [transformLength(2 * h), transformLength(2 * w)];
  const transform = realTransform2D(my, mx);
  const padded = new Float64Array(my * mx);
  const spectrum = new Float64Array(transform.spectrumLength);
  const ownProducts = (values: Float64Array) => {
    padded.fill(0);
    for (let iy = 0; iy < h; iy++) padded.set(values.subarray(iy * w, (iy + 1) * w), iy * mx);
    transform.forward(padded, spectrum);
    for (let k = 0; k < spectrum.length; k += 2) {
      spectrum[k] = spectrum[k] ** 2 + spectrum[k + 1] ** 2;
      spectrum[k + 1] = 0;
    }
    const out = new Float64Array(my * mx);
    transform.inverse(spectrum, out);
    return out;
  };
  const [pairs, pa, pb] = [mask, da, db].map(ownProducts);
  const most = Math.ceil(Math.hypot(w, h));
  const [count, suma, sumb] = [0, 1, 2].map(() => new Float64Array(most + 1));
  for (let iy = 0, i = 0; iy < my; iy++) {
    const y = Math.min(iy, my - iy);
    for (let ix = 0; ix < mx; ix++, i++) {
      const ring = Math.round(Math.hypot(y, Math.min(ix, mx - ix)));
      if (ring > most) continue;
      count[ring] += pairs[i];
      suma[ring] += pa[i];
      sumb[ring] += pb[i];
    }
  }
  const [varianceA, varianceB] = [suma[0] / count[0], sumb[0] / count[0]];
  let square = 0;
  for (let ring = 0; ring <= most && count[ring] > 0.5; ring++) {
    const [ra, rb] = [suma[ring] / count[ring] / varianceA, sumb[ring] / count[ring] / varianceB];
    if (ra <= 0 || rb <= 0) break;
    square += count[ring] * ra * rb;
  }
  return Math.min(n, 1 + n ** 2 / square);
}
