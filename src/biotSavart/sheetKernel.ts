/**
 * The three integrals behind a uniform sheet, without constants and units. Over the rectangle |x'| <= a, |y'| <= b of
 * the plane z = 0, seen from (x, y, z), with R from the source to the point:
 *
 *     E = integral of R / R^3 dA = (rectangleLogarithm(x,y,z,a,b), rectangleLogarithm(y,x,z,b,a), rectangleSolidAngle)
 *
 * and the field of a sheet current density K is B = (mu0 / 4 pi) K x E. The textbook primitives, four terms of
 * atan(u v / (z r)) and of asinh(u / sqrt(v^2 + z^2)) (Furlani, Permanent Magnet and Electromechanical Devices, 2001),
 * cancel far away. Here every integral is arranged so that only terms of one sign are added; the relative error is about
 * 1e-15 at any distance.
 */

/**
 * Solid angle of the rectangle, positive above (z > 0), 2 pi just above it, -2 pi just below. In its plane (z = 0) it
 * is zero, the mean of the two sides.
 */
export function rectangleSolidAngle(x: number, y: number, z: number, a: number, b: number): number {
  if (z === 0) return 0;
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  const z2 = z * z;
  const u1 = ax + a;
  const u2 = ax - a;
  const v1 = ay + b;
  const v2 = ay - b;
  const r11 = Math.sqrt(u1 * u1 + v1 * v1 + z2);
  const r12 = Math.sqrt(u1 * u1 + v2 * v2 + z2);
  const r21 = Math.sqrt(u2 * u2 + v1 * v1 + z2);
  const r22 = Math.sqrt(u2 * u2 + v2 * v2 + z2);
  // Between the edges of one direction: split at the point's foot into two rectangles whose solid angles add up.
  if (u2 < 0) return halfSolidAngle(u1, v1, v2, ay * b, z, r11, r12) + halfSolidAngle(-u2, v1, v2, ay * b, z, r21, r22);
  if (v2 < 0) return halfSolidAngle(v1, u1, u2, ax * a, z, r11, r21) + halfSolidAngle(-v2, u1, u2, ax * a, z, r12, r22);
  // Outside both: two triangles (Van Oosterom and Strackee, IEEE Trans. Biomed. Eng. 30 (1983) 125), in whose
  // denominators every scalar product is now positive.
  const uu = u1 * u2;
  const vv = v1 * v2;
  const diagonal = uu + vv + z2;
  const d1 = r11 * r21 * r12 + (uu + v1 * v1 + z2) * r12 + (u1 * u1 + vv + z2) * r21 + diagonal * r11;
  const d2 = r22 * r21 * r12 + (uu + v2 * v2 + z2) * r21 + (u2 * u2 + vv + z2) * r12 + diagonal * r22;
  const volume = 4 * a * b * z;
  return 2 * (Math.atan(volume / d1) + Math.atan(volume / d2));
}

/**
 * Solid angle of the rectangle that reaches from the point's foot to u >= 0 in one direction and from v2 to v1 in the
 * other: the argument of (z r1 + i u v1) (z r2 - i u v2). `vb` is (v1^2 - v2^2) / 4, r1 and r2 belong to the corners
 * (u, v1), (u, v2).
 */
function halfSolidAngle(u: number, v1: number, v2: number, vb: number, z: number, r1: number, r2: number): number {
  const u2 = u * u;
  const z2 = z * z;
  const lever = v2 < 0 ? v1 * r2 - v2 * r1 : (4 * vb * (u2 + z2)) / (v1 * r2 + v2 * r1);
  return Math.atan2(z * u * lever, z2 * r1 * r2 + v1 * v2 * u2);
}

/**
 * Integral of X / R^3 over the rectangle, X the x component of R: 2 atanh(2b / s) of the edge x' = a minus that of
 * x' = -a, s the sum of the distances to an edge's ends. Odd in x.
 *
 * Singular points: it diverges as the logarithm of the distance to an edge x' = +-a; on that edge (corners included)
 * the edge contributes zero, so the divergences of adjoining sheets cancel exactly.
 */
export function rectangleLogarithm(x: number, y: number, z: number, a: number, b: number): number {
  const ax = Math.abs(x);
  const z2 = z * z;
  const u1 = ax + a;
  const u2 = ax - a;
  const v1 = y + b;
  const v2 = y - b;
  const rho1 = u1 * u1 + z2;
  const rho2 = u2 * u2 + z2;
  const r11 = Math.sqrt(rho1 + v1 * v1);
  const r12 = Math.sqrt(rho1 + v2 * v2);
  const r21 = Math.sqrt(rho2 + v1 * v1);
  const r22 = Math.sqrt(rho2 + v2 * v2);
  const length = 2 * b;
  const far = r11 + r12 + length;
  const near = r21 + r22 + length;
  const nearExcess = edgeExcess(rho2, v1, v2, r21, r22);
  let value: number;
  if (nearExcess === 0) {
    value = -Math.log1p((length * far) / edgeExcess(rho1, v1, v2, r11, r12));
  } else {
    const ds = 4 * ax * a * (1 / (r11 + r21) + 1 / (r12 + r22));
    value = Math.log1p((length * ds * near) / (far * nearExcess));
  }
  return x < 0 ? -value : value;
}

/** (s^2 - L^2) / 2 of an edge at squared distance rho2 with ends at v1 and v2: zero on the edge, never a difference. */
function edgeExcess(rho2: number, v1: number, v2: number, r1: number, r2: number): number {
  const vv = v1 * v2;
  if (vv >= 0) return rho2 + r1 * r2 + vv;
  return rho2 * (1 + (v1 * v1 + v2 * v2 + rho2) / (r1 * r2 - vv));
}
