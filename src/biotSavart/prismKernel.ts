/** Beyond so many half diagonals the prism is summed from dipoles: there the closed form loses its digits. */
const FAR = 40;
/** Gauss-Legendre rule with 3 points, exact to the fifth degree. */
const NODES = [-Math.sqrt(3 / 5), 0, Math.sqrt(3 / 5)];
const WEIGHTS = [5 / 18, 8 / 18, 5 / 18];

/**
 * The tensor T of a uniformly magnetised rectangular prism, without units: H = T M / (4 pi), so that the demagnetising tensor
 * is -T / (4 pi) and, outside, B = (mu0 / 4 pi) T M. T is symmetric; its trace is 0 outside and -4 pi inside.
 *
 * The prism is centred on the origin with half sides a, b, c. With u, v, w the distances from the faces and r from a corner,
 * summed over the corners with the sign of u v w at a far point (the charges M.n on the faces, Osborn 1945; Newell, Williams
 * and Dunlop 1993),
 *
 *     Tzz = -sum of +-atan(u v / (w r)),   Txy = sum of +-log(w + r),   the others by exchange of the axes.
 *
 * Logarithms are taken of one product and arc tangents of products of two, so that a tensor costs 3 logarithms, 12 arc tangents
 * and 8 roots; beyond 40 half diagonals 27 dipoles take over. Error: about 1e-11 of |T| at most, 1e-14 close by.
 *
 * Singular points: on a face H takes the mean of its two sides; on an edge, where two components grow without limit, the
 * edge's own share of them is left out.
 *
 * @param out receives xx, yy, zz, xy, xz, yz (overwritten)
 * @param at index of the first
 */
export function prismKernel(
  x: number,
  y: number,
  z: number,
  a: number,
  b: number,
  c: number,
  out: Float64Array,
  at: number,
): void {
  if (x * x + y * y + z * z > FAR * FAR * (a * a + b * b + c * c)) {
    farKernel(x, y, z, a, b, c, out, at);
    return;
  }
  // In the octant x, y, z >= 0 the extension of an edge has both of its ends on the same side.
  const [ax, ay, az] = [Math.abs(x), Math.abs(y), Math.abs(z)];
  const [u1, u2, v1, v2, w1, w2] = [ax + a, ax - a, ay + b, ay - b, az + c, az - c];
  const [uu1, uu2, vv1, vv2, ww1, ww2] = [u1 * u1, u2 * u2, v1 * v1, v2 * v2, w1 * w1, w2 * w2];
  const r111 = Math.sqrt(uu1 + vv1 + ww1);
  const r112 = Math.sqrt(uu1 + vv1 + ww2);
  const r121 = Math.sqrt(uu1 + vv2 + ww1);
  const r122 = Math.sqrt(uu1 + vv2 + ww2);
  const r211 = Math.sqrt(uu2 + vv1 + ww1);
  const r212 = Math.sqrt(uu2 + vv1 + ww2);
  const r221 = Math.sqrt(uu2 + vv2 + ww1);
  const r222 = Math.sqrt(uu2 + vv2 + ww2);
  out[at] =
    difference(v1, w1, u1, r111, u2, r211) -
    difference(v1, w2, u1, r112, u2, r212) -
    difference(v2, w1, u1, r121, u2, r221) +
    difference(v2, w2, u1, r122, u2, r222);
  out[at + 1] =
    difference(u1, w1, v1, r111, v2, r121) -
    difference(u1, w2, v1, r112, v2, r122) -
    difference(u2, w1, v1, r211, v2, r221) +
    difference(u2, w2, v1, r212, v2, r222);
  out[at + 2] =
    difference(u1, v1, w1, r111, w2, r112) -
    difference(u1, v2, w1, r121, w2, r122) -
    difference(u2, v1, w1, r211, w2, r212) +
    difference(u2, v2, w1, r221, w2, r222);
  const xy =
    (edge(w1, r111, uu1 + vv1) / edge(w2, r112, uu1 + vv1)) *
    (edge(w2, r122, uu1 + vv2) / edge(w1, r121, uu1 + vv2)) *
    (edge(w2, r212, uu2 + vv1) / edge(w1, r211, uu2 + vv1)) *
    (edge(w1, r221, uu2 + vv2) / edge(w2, r222, uu2 + vv2));
  const xz =
    (edge(v1, r111, uu1 + ww1) / edge(v2, r121, uu1 + ww1)) *
    (edge(v2, r122, uu1 + ww2) / edge(v1, r112, uu1 + ww2)) *
    (edge(v2, r221, uu2 + ww1) / edge(v1, r211, uu2 + ww1)) *
    (edge(v1, r212, uu2 + ww2) / edge(v2, r222, uu2 + ww2));
  const yz =
    (edge(u1, r111, vv1 + ww1) / edge(u2, r211, vv1 + ww1)) *
    (edge(u2, r212, vv1 + ww2) / edge(u1, r112, vv1 + ww2)) *
    (edge(u2, r221, vv2 + ww1) / edge(u1, r121, vv2 + ww1)) *
    (edge(u1, r122, vv2 + ww2) / edge(u2, r222, vv2 + ww2));
  out[at + 3] = x < 0 !== y < 0 ? -Math.log(xy) : Math.log(xy);
  out[at + 4] = x < 0 !== z < 0 ? -Math.log(xz) : Math.log(xz);
  out[at + 5] = y < 0 !== z < 0 ? -Math.log(yz) : Math.log(yz);
}

/** -(atan(p q / (w1 r1)) - atan(p q / (w2 r2))) as one arc tangent, both with a positive denominator. */
function difference(p: number, q: number, w1: number, r1: number, w2: number, r2: number): number {
  const n1 = p * q;
  const d1 = w1 * r1;
  const d2 = Math.abs(w2) * r2;
  if (d2 === 0) return -Math.atan2(n1, d1);
  const n2 = w2 < 0 ? -n1 : n1;
  return Math.atan2(n2 * d1 - n1 * d2, d1 * d2 + n1 * n2);
}

/** w + r without cancellation, rho2 = r^2 - w^2; 1, whose logarithm is 0, on the edge itself. */
function edge(w: number, r: number, rho2: number): number {
  if (w > 0) return w + r;
  return rho2 > 0 ? rho2 / (r - w) : 1;
}

function farKernel(
  x: number,
  y: number,
  z: number,
  a: number,
  b: number,
  c: number,
  out: Float64Array,
  at: number,
): void {
  let [xx, yy, zz, xy, xz, yz] = [0, 0, 0, 0, 0, 0];
  const volume = 8 * a * b * c;
  for (let i = 0; i < 3; i++) {
    const u = x - NODES[i] * a;
    for (let j = 0; j < 3; j++) {
      const v = y - NODES[j] * b;
      for (let k = 0; k < 3; k++) {
        const w = z - NODES[k] * c;
        const r2 = u * u + v * v + w * w;
        const scale = (volume * WEIGHTS[i] * WEIGHTS[j] * WEIGHTS[k]) / (r2 * r2 * Math.sqrt(r2));
        xx += scale * (3 * u * u - r2);
        yy += scale * (3 * v * v - r2);
        zz += scale * (3 * w * w - r2);
        xy += scale * 3 * u * v;
        xz += scale * 3 * u * w;
        yz += scale * 3 * v * w;
      }
    }
  }
  out[at] = xx;
  out[at + 1] = yy;
  out[at + 2] = zz;
  out[at + 3] = xy;
  out[at + 4] = xz;
  out[at + 5] = yz;
}
