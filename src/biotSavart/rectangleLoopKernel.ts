/**
 * The field of a rectangular current loop, which is also the field of a thin tile magnetised along its normal, without
 * constants and units: the pixel kernel of a lattice of psi or of susceptibility. B = (mu0 / 4 pi) I kernel, where I is
 * the loop's current (A) or the tile's magnetic moment per area (A).
 *
 * The loop lies in z = 0, centred on the origin, with corners (+-a, +-b), and runs anticlockwise seen from +z. With
 * u = x -+ a, v = y -+ b to the four corners and r their distances, the integral of dl x R / R^3 is
 *
 *     Bz = sum of +-(u v / r) (1 / (u^2 + z^2) + 1 / (v^2 + z^2))
 *     Bx = -z times the sum of +-v / (r (u^2 + z^2)), By likewise
 *
 * Far away this sum loses a factor (distance / size)^2 of accuracy, and it is 0 / 0 on the extensions of the edges.
 * Here the two corners of an edge are therefore combined as in the field of a finite wire, F = L s / (p (p + d)) with s,
 * p and d the sum, product and scalar product of the corners' vectors, and at a distance the two opposite edges are
 * combined by differences of s, p and d that are themselves free of cancellation. The error is about 2e-15 of |B| at any
 * distance and aspect ratio.
 *
 * The kernel is homogeneous of degree -1 in (x, y, z, a, b): any unit of length will do, the result is in its inverse.
 *
 * Singular points: on an edge (corners included) that edge contributes zero, the principal value, and the others what
 * they do; so the shared edges of adjoining tiles cancel exactly. In the loop's plane Bx and By are zero, the mean of
 * the two sides.
 *
 * @param x position relative to the centre
 * @param y position relative to the centre
 * @param z height above the loop's plane
 * @param a half side along x, positive
 * @param b half side along y, positive
 * @param out receives the x, y and z component (overwritten)
 * @param at index of the x component in `out`; y and z follow
 */
export function rectangleLoopKernel(
  x: number,
  y: number,
  z: number,
  a: number,
  b: number,
  out: Float64Array,
  at: number,
): void {
  // Mirror symmetry: evaluate in the quadrant x, y >= 0, so that the edge at +a and the one at +b are the nearer ones.
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const u1 = ax + a;
  const u2 = ax - a;
  const v1 = ay + b;
  const v2 = ay - b;
  const z2 = z * z;
  const r11 = Math.sqrt(u1 * u1 + v1 * v1 + z2);
  const r12 = Math.sqrt(u1 * u1 + v2 * v2 + z2);
  const r21 = Math.sqrt(u2 * u2 + v1 * v1 + z2);
  const r22 = Math.sqrt(u2 * u2 + v2 * v2 + z2);
  out[at + 2] = 0;
  addEdgePair(u1, u2, a, v1, v2, b, ay, z2, r11, r21, r12, r22, out, at + 1, at + 2);
  addEdgePair(v1, v2, b, u1, u2, a, ax, z2, r11, r12, r21, r22, out, at, at + 2);
  out[at] *= x < 0 ? z : -z;
  out[at + 1] *= y < 0 ? z : -z;
}

/**
 * The pair of edges along u, at v1 (far) and v2 (near). With F the integral of du / R^3 along an edge, writes F1 - F2
 * to `out[difference]` and adds v1 F1 - v2 F2 to `out[normal]`. Lengths: 2a along u, 2b = v1 - v2, v the mean of v1 and
 * v2, r of the corners (u1 v1), (u2 v1), (u1 v2), (u2 v2).
 */
function addEdgePair(
  u1: number,
  u2: number,
  a: number,
  v1: number,
  v2: number,
  b: number,
  v: number,
  z2: number,
  r11: number,
  r21: number,
  r12: number,
  r22: number,
  out: Float64Array,
  difference: number,
  normal: number,
): void {
  const rho1 = v1 * v1 + z2;
  const rho2 = v2 * v2 + z2;
  const d1 = u1 * u2 + rho1;
  const d2 = u1 * u2 + rho2;
  const f2 = edgeIntegral(a, rho2, d2, r12, r22);
  if (rho2 < b * b) {
    // Close to one edge, whose field dominates: nothing to combine.
    const f1 = edgeIntegral(a, rho1, d1, r11, r21);
    out[difference] = f1 - f2;
    out[normal] += v1 * f1 - v2 * f2;
    return;
  }
  const dv2 = 4 * v * b;
  const dr1 = dv2 / (r11 + r12);
  const dr2 = dv2 / (r21 + r22);
  const ds = dr1 + dr2;
  const p1 = r11 * r21;
  const p2 = r12 * r22;
  const dp = r11 * dr2 + r22 * dr1;
  let df: number;
  if (d2 > 0) {
    // F = 2a s / q with q = p (p + d)
    const dq = dp * (p1 + d1) + p2 * (dp + dv2);
    df = (2 * a * ds - f2 * dq) / (p1 * (p1 + d1));
  } else {
    // F = s (1 - g) / (2a rho^2) with g = d / p
    const dg = (dv2 * p2 - d2 * dp) / (p1 * p2);
    df = ((ds * (1 - d1 / p1) - (r12 + r22) * dg) / (2 * a) - f2 * dv2) / rho1;
  }
  out[difference] = df;
  out[normal] += 2 * b * f2 + v1 * df;
}

/** Integral of du / R^3 along an edge of length 2a at squared distance rho2 from its line; zero on the edge itself. */
function edgeIntegral(a: number, rho2: number, dot: number, r1: number, r2: number): number {
  const p = r1 * r2;
  if (dot > 0) return (2 * a * (r1 + r2)) / (p * (p + dot));
  return rho2 > 0 ? ((r1 + r2) * (p - dot)) / (2 * a * p * rho2) : 0;
}
