import { contains, distanceToOutline } from '../../src/model/outline.js';
import type { FineLattice } from '../bounded/fineLattice.js';
import { INSIDE, RING } from '../bounded/fineLattice.js';
import type { PlacedCell } from './packCell.js';

/** Distance over which what flows around a cell fades where nothing stands in the way, m. */
export const FADE = 25e-3;

/**
 * How a cell's psi goes on outside its outline: by these factors on what it is at the nearest point of the outline. They
 * are 1 on the outline, 0 on and in the outlines of the other cells, and fade smoothly in between and within {@link FADE}.
 * So a cell's own pattern never flows through another cell, and sums of patterns are continuous; what really flows
 * outside is the sheets' to say.
 * @param fine lattice in the cell's own axes
 * @returns one factor per node
 */
export function surroundings(own: PlacedCell, others: readonly PlacedCell[], fine: FineLattice): Float64Array {
  const { lattice, nodes } = fine;
  const { from, to, cos, sin } = own.frame;
  const out = new Float64Array(nodes.length);
  for (let iy = 0, i = 0; iy < lattice.ny; iy++) {
    const v = lattice.y0 + iy * lattice.pitch - from[1];
    for (let ix = 0; ix < lattice.nx; ix++, i++) {
      if (nodes[i] === INSIDE || nodes[i] === RING) {
        out[i] = 1;
        continue;
      }
      const u = lattice.x0 + ix * lattice.pitch - from[0];
      const near = distanceToOutline(own.unit.outline, from[0] + u, from[1] + v);
      if (near >= FADE) continue;
      const [x, y] = [to[0] + cos * u - sin * v, to[1] + sin * u + cos * v];
      let far = Number.POSITIVE_INFINITY;
      for (const { placed } of others) {
        if (contains(placed.outline, x, y)) {
          far = 0;
          break;
        }
        far = Math.min(far, distanceToOutline(placed.outline, x, y));
      }
      const part = far === Number.POSITIVE_INFINITY ? 1 : far / (far + near || 1);
      out[i] = part * Math.cos((Math.PI / 2) * (near / FADE)) ** 2;
    }
  }
  return out;
}
