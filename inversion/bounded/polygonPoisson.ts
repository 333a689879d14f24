import { UsageError } from '../../src/errors.js';
import { plainAlgebra } from '../../src/linearAlgebra/index.js';
import { transformLength } from '../../src/transforms/index.js';
import { type FineLattice, INSIDE, OUTSIDE, RING } from './fineLattice.js';
import { greenMatrix, rectangleLaplace } from './rectangleLaplace.js';

/** Laplace's equation on the inside nodes of a lattice, with values given on its ring nodes. */
export interface PolygonPoisson {
  /**
   * psi, on every node of the lattice: values of ring nodes are read, those of inside nodes become the solution of the
   * five-point equation, those of outside nodes are left as they are.
   */
  extend(psi: Float64Array): void;
}

/**
 * Direct solver for the inside of any outline: the outline lies in a rectangle, on which Laplace's equation is solved
 * fast, and sources on those ring nodes that are not on the rectangle's sides make psi there what it shall be. The
 * sources' matrix, the Green's function between ring nodes, is positive definite; its factor is made once (capacitance
 * matrix: Buzbee, Dorr, George and Golub 1971). A rectangle needs no such node, each solution then costs two sine
 * transforms; else four. Exact to rounding, some 1e-13.
 */
export function polygonPoisson(fine: FineLattice): PolygonPoisson {
  const { lattice, nodes } = fine;
  const { left, right, bottom, top } = extent(fine);
  // The rectangle may reach beyond the outline to the right, where it has to for the transform.
  const width = transformLength(right - left);
  const nx = width + 1;
  const ny = top - bottom + 1;
  const rectangle = rectangleLaplace(ny, nx);
  const u = new Float64Array(nx * ny);
  const nodeAt = (ix: number, iy: number) => (bottom + iy) * lattice.nx + left + ix;
  const usedX = right - left;

  const free: number[] = [];
  for (let iy = 1; iy < ny - 1; iy++) {
    for (let ix = 1; ix <= Math.min(usedX, width - 1); ix++) {
      if (nodes[nodeAt(ix, iy)] === RING) free.push(iy * nx + ix);
    }
  }
  const places = Int32Array.from(free);
  const factor = greenMatrix(
    ny,
    nx,
    places.map(p => p % nx),
    places.map(p => Math.floor(p / nx)),
  );
  plainAlgebra.cholesky(factor, places.length);
  const sources = new Float64Array(places.length);

  const extend = (psi: Float64Array): void => {
    const sides = () => {
      u.fill(0);
      for (let iy = 0; iy < ny; iy++) {
        const step = iy === 0 || iy === ny - 1 ? 1 : width;
        for (let ix = 0; ix <= usedX; ix += step) {
          const node = nodeAt(ix, iy);
          if (nodes[node] === RING) u[iy * nx + ix] = psi[node];
        }
      }
    };
    sides();
    rectangle.solve(u);
    if (places.length > 0) {
      for (let i = 0; i < places.length; i++) {
        const ix = places[i] % nx;
        sources[i] = psi[nodeAt(ix, (places[i] - ix) / nx)] - u[places[i]];
      }
      plainAlgebra.solveCholesky(factor, places.length, sources, 1);
      sides();
      for (let i = 0; i < places.length; i++) u[places[i]] = -sources[i];
      rectangle.solve(u);
    }
    for (let iy = 1; iy < ny - 1; iy++) {
      for (let ix = 1; ix < usedX; ix++) {
        const node = nodeAt(ix, iy);
        if (nodes[node] === INSIDE) psi[node] = u[iy * nx + ix];
      }
    }
  };
  return { extend };
}

/** The nodes that are not outside lie between these, inclusive. */
function extent({ lattice, nodes }: FineLattice): { left: number; right: number; bottom: number; top: number } {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let iy = 0, i = 0; iy < lattice.ny; iy++) {
    for (let ix = 0; ix < lattice.nx; ix++, i++) {
      if (nodes[i] === OUTSIDE) continue;
      left = Math.min(left, ix);
      right = Math.max(right, ix);
      bottom = Math.min(bottom, iy);
      top = Math.max(top, iy);
    }
  }
  if (!(right - left >= 2 && top - bottom >= 2)) throw new UsageError('no node of the lattice lies inside the outline');
  return { left, right, bottom, top };
}
