/**
 * The value between the four pixels around column u and row v of `[iy][ix]`, whole numbers at the pixels' centres. Beyond the
 * outer centres the outer pixels go on for half a pixel; farther out it is NaN, and where a pixel that counts is NaN.
 */
export function bilinear(values: ArrayLike<number>, nx: number, ny: number, u: number, v: number): number {
  if (!(u >= -0.5 && v >= -0.5 && u <= nx - 0.5 && v <= ny - 0.5)) return Number.NaN;
  const ix = Math.max(0, Math.min(nx - 2, Math.floor(u)));
  const iy = Math.max(0, Math.min(ny - 2, Math.floor(v)));
  const s = nx > 1 ? Math.min(1, Math.max(0, u - ix)) : 0;
  const t = ny > 1 ? Math.min(1, Math.max(0, v - iy)) : 0;
  const at = iy * nx + ix;
  if (t === 0) return between(values, at, s);
  if (t === 1) return between(values, at + nx, s);
  return (1 - t) * between(values, at, s) + t * between(values, at + nx, s);
}

/** Of two neighbours; one without weight may be NaN. */
function between(values: ArrayLike<number>, at: number, s: number): number {
  if (s === 0) return values[at];
  return s === 1 ? values[at + 1] : (1 - s) * values[at] + s * values[at + 1];
}
