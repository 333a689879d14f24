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
  /**
   * Green's function between inside nodes, with zero on the ring: what a source of -1 on one makes of another.
   * @returns n x n, symmetric
   */
  green(nodes: Int32Array): Float64Array;
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
  const usedX = right - left;

  /** Ring nodes on the sides of the rectangle and within it, and rows of inside nodes: places in u and on the lattice. */
  const [sides, free, runs]: [number[], number[], number[]] = [[], [], []];
  for (let iy = 0; iy < ny; iy++) {
    let begin = -1;
    for (let ix = 0; ix <= usedX; ix++) {
      const at = iy * nx + ix;
      const node = (bottom + iy) * lattice.nx + left + ix;
      const within = ix > 0 && ix < width && iy > 0 && iy < ny - 1;
      if (nodes[node] === RING) (within ? free : sides).push(at, node);
      if (nodes[node] === INSIDE && begin < 0) begin = ix;
      if (nodes[node] !== INSIDE && begin >= 0) {
        runs.push(iy * nx + begin, node - (ix - begin), ix - begin);
        begin = -1;
      }
    }
  }
  const count = free.length / 2;
  const sources = new Float64Array(count);
  const inner = (places: Int32Array) => ({ xs: places.map(p => p % nx), ys: places.map(p => Math.floor(p / nx)) });
  const own = inner(Int32Array.from({ length: count }, (_, i) => free[2 * i]));
  const factor = greenMatrix(ny, nx, own);
  plainAlgebra.cholesky(factor, count);

  const onSides = (psi: Float64Array): void => {
    u.fill(0);
    for (let i = 0; i < sides.length; i += 2) u[sides[i]] = psi[sides[i + 1]];
  };
  const extend = (psi: Float64Array): void => {
    onSides(psi);
    rectangle.solve(u);
    if (count > 0) {
      for (let i = 0; i < count; i++) sources[i] = psi[free[2 * i + 1]] - u[free[2 * i]];
      plainAlgebra.solveCholesky(factor, count, sources, 1);
      onSides(psi);
      for (let i = 0; i < count; i++) u[free[2 * i]] = -sources[i];
      rectangle.solve(u);
    }
    for (let i = 0; i < runs.length; i += 3) psi.set(u.subarray(runs[i], runs[i] + runs[i + 2]), runs[i + 1]);
  };

  // On the rectangle, less what the sources on the ring have to take away again.
  const green = (wanted: Int32Array): Float64Array => {
    const n = wanted.length;
    const place = (node: number) => (Math.floor(node / lattice.nx) - bottom) * nx + (node % lattice.nx) - left;
    const these = inner(wanted.map(place));
    const out = greenMatrix(ny, nx, these);
    if (count === 0) return out;
    const across = greenMatrix(ny, nx, own, these);
    const solved = across.slice();
    plainAlgebra.solveCholesky(factor, count, solved, n);
    plainAlgebra.addCross(across, count, n, solved, n, out, { weights: new Float64Array(count).fill(-1) });
    return out;
  };
  return { extend, green };
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
