import { contains, distanceToOutline } from '../../src/model/outline.js';
import type { FineLattice } from '../bounded/fineLattice.js';
import { INSIDE, RING } from '../bounded/fineLattice.js';
import type { PlacedCell } from './packCell.js';

/** Distance from the cells over which what flows around them fades, m; near them it does not fade at all. */
export const FADE = 30e-3;
const FLAT = 8e-3;

/**
 * How a cell's psi goes on outside its outline: by these factors on what it is at the nearest point of the outline. They
 * are 1 on the outline, 0 on and in the outlines of the other cells, and share the room between cells by the inverse square of
 * the distance (Shepard 1968): the factors of all cells sum to 1 near them, so that in a gap between cells whose psi agrees
 * nothing flows. Farther away they fade; what really flows outside is the sheets' to say.
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
      let [nearest, rivals] = [near, 0];
      for (const { placed } of others) {
        const far = contains(placed.outline, x, y) ? 0 : distanceToOutline(placed.outline, x, y);
        nearest = Math.min(nearest, far);
        rivals += (near / far) ** 2;
      }
      // On the corner that two outlines share it is theirs together.
      const part = Number.isNaN(rivals) ? 0.5 : 1 / (1 + rivals);
      out[i] = part * Math.cos((Math.PI / 2) * (Math.max(0, nearest - FLAT) / (FADE - FLAT))) ** 2;
    }
  }
  return out;
}
