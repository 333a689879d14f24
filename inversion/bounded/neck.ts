import { plainAlgebra } from '../../src/linearAlgebra/index.js';
import type { HarmonicExtension } from './harmonicExtension.js';

/** A strip that leaves the outline: its current is uniform at the far end, and finds its own profile at the outline. */
export interface Neck {
  /** Arc at which it begins, width along the outline, and length, m. */
  readonly start: number;
  readonly width: number;
  readonly length: number;
  /** Number of sine modes of its profile. */
  readonly modes: number;
}

/** Value of sine mode j (1, 2, ...) of a neck: sin(j pi along), fading outside as exp(-j pi distance / width). */
export function sineMode({ width }: Neck, j: number, along: number, distance: number): number {
  return Math.sin(j * Math.PI * along) * Math.exp((-j * Math.PI * distance) / width);
}

/**
 * How far the profiles of the necks depart from the uniform one, in one sheet that covers the outline and the necks:
 * psi = ramp + sum c_ij mode_ij on the outline. The energy of the inside, S, comes from the lattice; that of neck i,
 * whose psi is uniform at the far end, per mode is j pi / 2 coth(j pi L / w). The current takes the least energy
 * (Thomson's principle): (S + D) c = -s, with s the energy between modes and ramp.
 * @param ramp psi of uniform profiles
 * @returns coefficients per neck, A
 */
export function neckProfiles(extension: HarmonicExtension, necks: readonly Neck[], ramp: Float64Array): Float64Array[] {
  const values: Float64Array[] = [];
  const fluxes: Float64Array[] = [];
  const stiffness: number[] = [];
  for (const neck of necks) {
    const ring = extension.strip(neck.start, neck.width, true);
    for (let j = 1; j <= neck.modes; j++) {
      const psi = extension.extendStrip(ring, along => sineMode(neck, j, along, 0));
      values.push(extension.ringValues(psi));
      fluxes.push(extension.ringFlux(psi));
      stiffness.push((j * Math.PI) / 2 / Math.tanh((j * Math.PI * neck.length) / neck.width));
    }
  }
  const n = values.length;
  const rampFlux = extension.ringFlux(ramp);
  const matrix = new Float64Array(n * n);
  const c = new Float64Array(n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) matrix[a * n + b] = dot(values[a], fluxes[b]);
    matrix[a * n + a] += stiffness[a];
    c[a] = -dot(values[a], rampFlux);
  }
  plainAlgebra.cholesky(matrix, n);
  plainAlgebra.solveCholesky(matrix, n, c, 1);
  let first = 0;
  return necks.map(({ modes }) => c.slice(first, (first += modes)));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
