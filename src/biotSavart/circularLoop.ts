import { MU0 } from '../constants.js';
import { type FieldVectors, type Positions, pointCount, type Vector3 } from './buffers.js';
import { coincidenceDistance, requireFinite, requirePositive, unit } from './geometry.js';

/** A thin circular loop. The current runs anticlockwise seen from the tip of `axis` (its length does not matter). */
export interface CircularLoop {
  /** m */
  readonly centre: Vector3;
  readonly axis: Vector3;
  readonly radius_m: number;
}

/** The arithmetic-geometric mean converges quadratically, so stopping at sqrt(eps) leaves an error of order eps. */
const AGM_TOLERANCE = 1e-8;

/**
 * Adds the field of a thin circular loop (complete elliptic integrals; Jackson, Classical Electrodynamics, sec. 5.5).
 *
 * In cylindrical coordinates (rho, z) in units of the radius, with alpha^2 = (1-rho)^2 + z^2, beta^2 = (1+rho)^2 + z^2,
 * kc = alpha / beta, and Bulirsch's general complete elliptic integral cel (Numerische Mathematik 13 (1969) 305)
 *
 *     B_rho = (mu0 I / pi R) (z / beta^3) cel(kc, kc^2, -1, 1)
 *     B_z   = (mu0 I / pi R) (1 / beta^3) cel(kc, kc^2, 1 + rho, 1 - rho)
 *
 * Taken literally the first cancels near the axis and far away, the second far away. Therefore the first step of the
 * algorithm is done by hand, which brings out the factor k^2 = 4 rho / beta^2 of B_rho and leaves B_z with no
 * difference but that of a dipole, z^2 - rho^2 (for B_rho this is the idea of Ortner et al., Magnetism 3 (2023) 11).
 * The error is about 1e-15 of |B| everywhere, on the axis, near it, near the wire and far away.
 *
 * Singular points: on the wire itself the loop contributes zero. (A curved wire has no principal value there.)
 *
 * @param points n points, m
 * @param loop the loop
 * @param current_A current, anticlockwise seen from the tip of the axis, A; B is then along the axis at the centre
 * @param out n field vectors, T, added to
 * @throws {InputError} if the arrays differ in length, the radius is not positive or the axis has no direction.
 */
export function circularLoopField(points: Positions, loop: CircularLoop, current_A: number, out: FieldVectors): void {
  const n = pointCount(points, out);
  const { x, y, z } = points;
  const { bx, by, bz } = out;
  const radius = loop.radius_m;
  requirePositive(radius, 'radius_m');
  requireFinite(loop.centre, 'centre');
  const [cx, cy, cz] = loop.centre;
  const [ax, ay, az] = unit(loop.axis, 'axis');
  const scale = (MU0 * current_A) / (Math.PI * radius);
  const onWire2 = (coincidenceDistance(cx, cy, cz, radius) / radius) ** 2;

  for (let i = 0; i < n; i++) {
    const dx = (x[i] - cx) / radius;
    const dy = (y[i] - cy) / radius;
    const dz = (z[i] - cz) / radius;
    const h = dx * ax + dy * ay + dz * az;
    const px = dx - h * ax;
    const py = dy - h * ay;
    const pz = dz - h * az;
    const rho = Math.sqrt(px * px + py * py + pz * pz);
    const alpha2 = (1 - rho) * (1 - rho) + h * h;
    if (alpha2 <= onWire2) continue;
    const beta2 = (1 + rho) * (1 + rho) + h * h;
    const beta = Math.sqrt(beta2);
    const kc = Math.sqrt(alpha2) / beta;

    // (1 - rho) + (1 + rho) kc, rationalised outside the loop, where it is a difference.
    const outer = (1 + rho) * kc;
    const balance = rho < 1 ? 1 - rho + outer : (4 * rho * h * h) / (beta2 * (outer + rho - 1));

    // State of the algorithm after its first step; (a, b) for B_rho / k^2 and for B_z share everything else.
    let aRho = beta2 / alpha2;
    let bRho = 2 / (kc * (1 + kc));
    let aZ = (2 * ((1 - rho) * (1 + rho) + h * h)) / alpha2;
    let bZ = (2 * balance) / kc;
    let p = 1 + kc;
    let e = kc;
    let g = 1;
    let mean = 1 + kc;
    let k = kc;
    while (Math.abs(g - k) > AGM_TOLERANCE * g) {
      k = 2 * Math.sqrt(e);
      e = k * mean;
      const q = e / p;
      const fRho = aRho;
      aRho += bRho / p;
      bRho = 2 * (bRho + fRho * q);
      const fZ = aZ;
      aZ += bZ / p;
      bZ = 2 * (bZ + fZ * q);
      p += q;
      g = mean;
      mean += k;
    }
    const common = (scale / (beta2 * beta)) * (Math.PI / 2 / (mean * (mean + p)));
    const along = common * (bZ + aZ * mean);
    // B_rho / rho: the factor rho comes with the vector (px, py, pz).
    const radial = common * ((4 * h) / beta2) * (bRho + aRho * mean);
    bx[i] += along * ax + radial * px;
    by[i] += along * ay + radial * py;
    bz[i] += along * az + radial * pz;
  }
}
