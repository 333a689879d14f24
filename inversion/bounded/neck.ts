import { plainAlgebra } from '../../src/linearAlgebra/index.js';
import { boundaryPsi, type CellBoundary } from '../../src/model/boundaryStreamFunction.js';
import { cornerAt, cornerCount, outlineArea, type Point, perimeter, wrapArc } from '../../src/model/outline.js';
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
 * psi on the outline, per ampere, of the foil of one tab alone whose current enters evenly along the tab and leaves the foil
 * evenly over the area A of the cell, as the electrode takes it up: K = K0 + curl(psi z) with K0 = -(u / A) n, u the
 * distance from the tab's edge, n its outward normal. K0 has that divergence, no curl, and is zero along the tab; no
 * current crosses the outline elsewhere, so d psi/ds = -K0.n there.
 */
export function foilBoundary({ outline, tabs }: CellBoundary, tab: number): (arc: number) => number {
  const entering = boundaryPsi({ outline, tabs: [{ ...tabs[tab], share: 1 }] });
  const { start, end } = tabs[tab];
  const width = Math.hypot(end[0] - start[0], end[1] - start[1]);
  const [nx, ny] = [(end[1] - start[1]) / width, (start[0] - end[0]) / width];
  const outward = ([x, y]: Point) => (x - start[0]) * nx + (y - start[1]) * ny;
  const area = outlineArea(outline);
  const count = cornerCount(outline);
  const corners = Array.from({ length: count }, (_, i) => cornerAt(outline, i));
  /** Growth along edge i up to the part t of it; n ds of an anticlockwise edge is (dy, -dx). */
  const along = (i: number, t: number) => {
    const [p, q] = [corners[i], corners[(i + 1) % count]];
    const mean = outward(p) + (t * (outward(q) - outward(p))) / 2;
    return (t * mean * ((q[1] - p[1]) * nx - (q[0] - p[0]) * ny)) / area;
  };
  const before = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) before[i + 1] = before[i] + along(i, 1);
  return arc => {
    const s = wrapArc(outline, arc);
    let i = 0;
    while (i + 1 < count && outline.arcs[i + 1] <= s) i++;
    const end = i + 1 < count ? outline.arcs[i + 1] : perimeter(outline);
    return entering(s) + before[i] + along(i, (s - outline.arcs[i]) / (end - outline.arcs[i]));
  };
}

/**
 * How far the profile of each tab's neck departs from the uniform one, per ampere that enters. A tab belongs to one foil, and
 * its current spreads there towards the whole electrode, not towards the other tab ({@link foilBoundary}):
 * psi = ramp + sum c_j mode_j on the outline. The energy of the inside, S, comes from the lattice; that of the neck, whose
 * psi is uniform at the far end, per mode is j pi / 2 coth(j pi L / w). The current takes the least energy (Thomson's
 * principle): (S + D) c = -s, with s the energy between modes and ramp.
 * @param ramps psi of the foil of each neck's tab
 * @returns coefficients per neck
 */
export function neckProfiles(
  extension: HarmonicExtension,
  necks: readonly Neck[],
  ramps: readonly Float64Array[],
): Float64Array[] {
  return necks.map((neck, k) => {
    const n = neck.modes;
    const ring = extension.strip(neck.start, neck.width, true);
    const m = ring.nodes.length;
    const modes = Float64Array.from({ length: m * n }, (_, i) =>
      sineMode(neck, (i % n) + 1, ring.along[Math.floor(i / n)], 0),
    );
    const fluxes = new Float64Array(m * n);
    plainAlgebra.addCross(extension.energy(ring.nodes), m, m, modes, n, fluxes);
    const matrix = new Float64Array(n * n);
    plainAlgebra.addCross(modes, m, n, fluxes, n, matrix);
    for (let j = 1, at = 0; j <= n; j++, at += n + 1) {
      matrix[at] += (j * Math.PI) / 2 / Math.tanh((j * Math.PI * neck.length) / neck.width);
    }
    const rampFlux = extension.flux(ramps[k], ring.nodes);
    const c = new Float64Array(n);
    plainAlgebra.addCross(modes, m, n, rampFlux, 1, c, { weights: new Float64Array(m).fill(-1) });
    plainAlgebra.cholesky(matrix, n);
    plainAlgebra.solveCholesky(matrix, n, c, 1);
    return c;
  });
}
