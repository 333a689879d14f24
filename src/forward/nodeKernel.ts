import { rectangleLoopKernel } from '../biotSavart/index.js';
import { MU0 } from '../constants.js';

/**
 * What a node of the stream function stands for.
 *
 * - `dipole`: psi is smooth and the nodes sample it. The sheet is a layer of moments psi along z, and the sum over the
 *   nodes is the trapezoid rule, whose error is that of the first alias of the field's spectrum, exp(-2 pi h / pitch):
 *   3e-6 at h = 2 pitch, 7e-9 at 3. It is the better rule wherever psi is smooth, so it is the default from there on.
 * - `tile`: psi is constant on the pixel about each node, exactly (a current loop around it). For smooth psi the
 *   average over the pixel costs (k pitch)^2 / 24, some 1e-3 at h = 5 pitch, but close to the sheet, where single
 *   dipoles would show, the field remains that of a physical current: default below h = 2 pitch.
 */
export type NodeKernel = 'dipole' | 'tile';

/** From this standoff on, in pitches, `dipole` is the default. */
export const DIPOLE_STANDOFF = 2;

/** The default kernel for the smallest height (m) of the readings above or below the sheet. */
export function defaultNodeKernel(height: number, pitch: number): NodeKernel {
  return height >= DIPOLE_STANDOFF * pitch ? 'dipole' : 'tile';
}

/**
 * The field of one node, T per A: B at (x, y, z) (m) from the node, for psi = 1 A on the node and 0 elsewhere.
 *
 *     dipole: B = (mu0 / 4 pi) pitch^2 (3 z x, 3 z y, 2 z^2 - x^2 - y^2) / r^5
 *     tile:   a loop around the pixel, see `rectangleLoopKernel`
 *
 * Sign: psi > 0 is an anticlockwise loop seen from +z and has Bz > 0 above and below itself; Bx and By change sign with
 * z. In x, Bx is odd and By and Bz are even; in y, By is odd and Bx and Bz are even.
 *
 * @param out receives the x, y and z component (overwritten)
 * @param at index of the x component; y and z follow
 */
export function nodeField(
  kernel: NodeKernel,
  pitch: number,
  x: number,
  y: number,
  z: number,
  out: Float64Array,
  at: number,
): void {
  if (kernel === 'tile') {
    rectangleLoopKernel(x, y, z, pitch / 2, pitch / 2, out, at);
    const scale = MU0 / (4 * Math.PI);
    out[at] *= scale;
    out[at + 1] *= scale;
    out[at + 2] *= scale;
    return;
  }
  const rho2 = x * x + y * y;
  const r2 = rho2 + z * z;
  const scale = ((MU0 / (4 * Math.PI)) * pitch * pitch) / (r2 * r2 * Math.sqrt(r2));
  out[at] = scale * 3 * z * x;
  out[at + 1] = scale * 3 * z * y;
  out[at + 2] = scale * (2 * z * z - rho2);
}
