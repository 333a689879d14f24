import type { CellBoundary, TabProfile } from '../../model/boundaryStreamFunction.js';
import type { Tab } from '../../model/cell.js';
import { contains, cornerAt, cornerCount, outlineArea, wrapArc } from '../../model/outline.js';
import { harmonicPsi, type LatticeFunction } from './harmonicPsi.js';
import { type SheetElements, sheetElements } from './harmonicSheet.js';
import { hasNeck, neckedOutline } from './neckedOutline.js';

/** A tab of known length: how its current is spread where it joins the cell, and the current in the strip for 1 A. */
export interface TabNeck {
  readonly profile: TabProfile;
  readonly strip: SheetElements;
}

/** Points of the profile that is kept. */
const PROFILE_POINTS = 200;

/**
 * The current of a tab in its strip and where the strip joins its foil. The strip belongs to one foil only, and the
 * current spreads in that foil towards the whole electrode, not towards the other tab: with a uniform reaction the
 * foil's current is K = K0 + curl(psi z), div K = -1 A over the area, no current through the edges except 1 A at the
 * strip's far end, uniform there. With u the distance from the tab's edge, positive outward, and n its normal,
 * K0 = -(1 A / area) u n has that divergence and no curl in the cell; it vanishes at the edge and is zero in the strip.
 * So psi is harmonic in cell and strip together, with d psi/ds = (K - K0).n along their outline.
 * @returns undefined for a tab without a length
 * @throws {InputError} as {@link neckedOutline}
 */
export function tabNeck({ outline }: CellBoundary, tab: Tab, pitch: number): TabNeck | undefined {
  if (!hasNeck(tab)) return undefined;
  const alone = neckedOutline({ outline, tabs: [{ ...tab, share: 1 }] });
  // The neck comes first: its corners are a, far from a, far from b, b, anticlockwise.
  const union = alone.outline;
  const [a, farA, , b] = [0, 1, 2, 3].map(i => cornerAt(union, i));
  const length = Math.hypot(farA[0] - a[0], farA[1] - a[1]);
  const [ux, uy] = [(farA[0] - a[0]) / length, (farA[1] - a[1]) / length];
  const outward = (x: number, y: number) => (x - a[0]) * ux + (y - a[1]) * uy;
  const n = cornerCount(union);
  const area = outlineArea(outline);

  /** Growth of psi along edge i up to the part t of its length. */
  const along = (i: number, t: number): number => {
    if (i === 0 || i === 2) return 0;
    if (i === 1) return -t;
    const [p, q] = [cornerAt(union, i), cornerAt(union, (i + 1) % n)];
    const start = outward(...p);
    const mean = start + (t * (outward(...q) - start)) / 2;
    // n ds of an anticlockwise edge is (dy, -dx).
    return (t * mean * ((q[1] - p[1]) * ux - (q[0] - p[0]) * uy)) / area;
  };
  const atCorner = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) atCorner[i + 1] = atCorner[i] + along(i, 1);
  const edgeValue = (arc: number): number => {
    const s = wrapArc(union, arc);
    let i = 0;
    while (i + 1 < n && union.arcs[i + 1] <= s) i++;
    return atCorner[i] + along(i, (s - union.arcs[i]) / (union.arcs[i + 1] - union.arcs[i]));
  };
  const solution = harmonicPsi(union, edgeValue, pitch);
  const samples = Float64Array.from({ length: PROFILE_POINTS + 1 }, (_, k) => {
    const t = k / PROFILE_POINTS;
    return -interpolated(solution, a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]));
  });
  // The ends lie on the outline, where psi is known: 0 and -1.
  samples[0] = 0;
  samples[PROFILE_POINTS] = 1;
  return {
    profile: t => {
      const place = Math.min(1, Math.max(0, t)) * PROFILE_POINTS;
      const k = Math.min(PROFILE_POINTS - 1, Math.floor(place));
      return samples[k] + (place - k) * (samples[k + 1] - samples[k]);
    },
    strip: sheetElements(alone, solution, (x, y) => !contains(outline, x, y) && outward(x, y) > 0),
  };
}

/** Bilinear. */
function interpolated({ nx, ny, x0, y0, dx, dy, psi }: LatticeFunction, x: number, y: number): number {
  const fx = (x - x0) / dx;
  const fy = (y - y0) / dy;
  const ix = Math.min(nx - 2, Math.max(0, Math.floor(fx)));
  const iy = Math.min(ny - 2, Math.max(0, Math.floor(fy)));
  const [tx, ty] = [fx - ix, fy - iy];
  const k = iy * nx + ix;
  return (1 - ty) * ((1 - tx) * psi[k] + tx * psi[k + 1]) + ty * ((1 - tx) * psi[k + nx] + tx * psi[k + nx + 1]);
}
