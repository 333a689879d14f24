/**
 * The pixel by pixel half of the alternating direction method of multipliers (Boyd et al. 2011): with what the other half found
 * (t = found + dual) each split variable takes its proximal point p, its dual becomes t - p, and the other half is given
 * p - dual = 2 p - t. All of it happens where the arrays stand, in one pass: `found` becomes what is given.
 */

/**
 * Data with step parameter 1: p = (b - level + t) / 2 where there is a reading, t elsewhere.
 * @param found over the domain, which holds the window in its corner; the rest is given back as it is
 * @param dual window-shaped; zero where there is no reading
 * @param level what is no field of the sheet, the same everywhere
 */
export function splitData(
  found: Float64Array,
  { nx, ny, padX }: { readonly nx: number; readonly ny: number; readonly padX: number },
  dual: Float64Array,
  values: Float64Array,
  measured: Uint8Array,
  level: number,
): void {
  for (let iy = 0, w = 0; iy < ny; iy++) {
    for (let ix = 0, at = iy * padX; ix < nx; ix++, w++, at++) {
      if (measured[w] !== 1) continue;
      const t = found[at] + dual[w];
      const p = 0.5 * (values[w] - level + t);
      dual[w] = t - p;
      found[at] = p + p - t;
    }
  }
}

/**
 * Total variation: the vectors (a, b, c) of every pixel become shorter by `threshold`, or zero (group soft threshold).
 * @param dual a, b and c of a pixel next to each other
 */
export function splitVectors(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  dual: Float64Array,
  threshold: number,
): void {
  const square = threshold * threshold;
  for (let i = 0, d = 0; i < a.length; i++, d += 3) {
    const ta = a[i] + dual[d];
    const tb = b[i] + dual[d + 1];
    const tc = c[i] + dual[d + 2];
    const norm2 = ta * ta + tb * tb + tc * tc;
    // p = keep t; dual = (1 - keep) t; given: (2 keep - 1) t.
    const keep = norm2 > square ? 1 - threshold / Math.sqrt(norm2) : 0;
    const drop = 1 - keep;
    const given = keep - drop;
    dual[d] = drop * ta;
    dual[d + 1] = drop * tb;
    dual[d + 2] = drop * tc;
    a[i] = given * ta;
    b[i] = given * tb;
    c[i] = given * tc;
  }
}
