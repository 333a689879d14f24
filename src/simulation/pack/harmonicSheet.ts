import { boundaryPsi, type CellBoundary, type TabProfiles, tabSpans } from '../../model/boundaryStreamFunction.js';
import { arcLength, contains, distanceToOutline, type Outline, wrapArc } from '../../model/outline.js';
import { harmonicPsi, type LatticeFunction } from './harmonicPsi.js';

/** A sheet current as elements: the current density times the area of its pixel, at the pixel's centre. */
export interface SheetElements {
  /** m. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** A m. */
  readonly jx: Float64Array;
  readonly jy: Float64Array;
}

/** Subpixels per side with which the part of a pixel within the outline is counted. */
const SUBPIXELS = 4;

/**
 * The sheet current of uniform foils for a current of 1 A: psi harmonic inside the outline, with the values of
 * {@link boundaryPsi} on it, K = (d psi/dy, -d psi/dx). The current between two nodes is exactly the difference of their
 * psi.
 * @param pitch see {@link harmonicPsi}
 * @param profiles how the tabs' currents are spread; default evenly
 */
export function harmonicSheet(cell: CellBoundary, pitch: number, profiles: TabProfiles = []): SheetElements {
  const onEdge = boundaryPsi(cell);
  return sheetElements(
    cell,
    harmonicPsi(cell.outline, arc => onEdge(arc, profiles), pitch),
  );
}

/**
 * K of every pixel between four nodes, times its area. Where the outline cuts a pixel, psi of the nodes outside is that
 * of the outline, so the current is already the one inside; only beyond a tab, where psi is not constant, it would flow
 * on, and counts by the part of the pixel that lies inside.
 * @param counts whether a pixel with this centre is wanted
 */
export function sheetElements(
  cell: CellBoundary,
  { nx, ny, x0, y0, dx, dy, psi }: LatticeFunction,
  counts: (x: number, y: number) => boolean = () => true,
): SheetElements {
  const { outline } = cell;
  const spans = tabSpans(cell);
  const atTab = (px: number, py: number) => {
    const arc = arcLength(outline, px, py);
    return spans.some(({ start, length }) => wrapArc(outline, arc - start) <= length);
  };
  const [x, y, jx, jy]: number[][] = [[], [], [], []];
  for (let iy = 0; iy + 1 < ny; iy++) {
    for (let ix = 0; ix + 1 < nx; ix++) {
      const cx = x0 + (ix + 0.5) * dx;
      const cy = y0 + (iy + 0.5) * dy;
      if (!counts(cx, cy)) continue;
      const inside = partInside(outline, cx, cy, dx, dy);
      if (inside === 0) continue;
      const part = inside === 1 || atTab(cx, cy) ? inside : 1;
      const k = iy * nx + ix;
      const [a, b, c, d] = [psi[k], psi[k + 1], psi[k + nx], psi[k + nx + 1]];
      x.push(cx);
      y.push(cy);
      jx.push((part * dx * (c + d - a - b)) / 2);
      jy.push((-part * dy * (b + d - a - c)) / 2);
    }
  }
  return {
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    jx: Float64Array.from(jx),
    jy: Float64Array.from(jy),
  };
}

function partInside(outline: Outline, cx: number, cy: number, dx: number, dy: number): number {
  if (distanceToOutline(outline, cx, cy) >= Math.hypot(dx, dy) / 2) return contains(outline, cx, cy) ? 1 : 0;
  let inside = 0;
  for (let j = 0; j < SUBPIXELS; j++) {
    for (let i = 0; i < SUBPIXELS; i++) {
      const px = cx + ((i + 0.5) / SUBPIXELS - 0.5) * dx;
      const py = cy + ((j + 0.5) / SUBPIXELS - 0.5) * dy;
      if (contains(outline, px, py)) inside++;
    }
  }
  return inside / SUBPIXELS ** 2;
}
