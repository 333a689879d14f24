import { plainAlgebra } from '../../src/linearAlgebra/index.js';
import type { InteriorLattice } from '../bounded/interiorLattice.js';

/**
 * Hands a departure on a fine lattice over to the lattice on which the readings were summed up, such that the field does
 * not change: every node's moment (psi times its area) is shared among coarse nodes inside the outline near it, with the
 * weights of least size (over a window) that keep all its moments up to degree 4. The field at a height of two coarse pitches is
 * then that of the fine nodes up to some 1e-3 of the shortest waves that it holds; at the outline, where no nodes lie beyond,
 * the stencil is one-sided and needs no continuation of psi.
 */
export interface LatticeTransfer {
  readonly fine: number;
  readonly coarse: number;
  /** out (coarse) = T d. */
  apply(fine: Float64Array, out: Float64Array): void;
  /** out (fine) = T' g. */
  transpose(coarse: Float64Array, out: Float64Array): void;
}

const DEGREE = 4;
/** Half width of the window in coarse pitches; wider where too few nodes lie in it. */
const REACH = 3;
const WIDER = 1.3;
const TERMS = ((DEGREE + 1) * (DEGREE + 2)) / 2;
/** Of the largest moment: keeps stencils in corners of the outline, where moments depend on each other, finite. */
const RIDGE = 1e-9;

/** @param area of a fine node, m^2 */
export function latticeTransfer(
  x: Float64Array,
  y: Float64Array,
  area: number,
  coarse: InteriorLattice,
): LatticeTransfer {
  const first = new Int32Array(x.length + 1);
  const index: number[] = [];
  const weight: number[] = [];
  const scale = area / (coarse.dx * coarse.dy);
  const moments = new Float64Array(TERMS * TERMS);
  const right = new Float64Array(TERMS);
  const found: number[] = [];
  for (let i = 0; i < x.length; i++) {
    let reach = REACH;
    do {
      nodesWithin(coarse, x[i], y[i], reach, found);
      reach *= WIDER;
    } while (found.length < 1.5 * TERMS && reach < 4 * REACH);
    reach /= WIDER;
    const terms = new Float64Array(found.length * TERMS);
    const window = new Float64Array(found.length);
    moments.fill(0);
    found.forEach((node, k) => {
      const u = (coarse.x[node] - x[i]) / (reach * coarse.dx);
      const v = (coarse.y[node] - y[i]) / (reach * coarse.dy);
      window[k] = Math.max(1e-3, (1 - u * u) * (1 - v * v)) ** 2;
      monomials(u, v, terms, k * TERMS);
      for (let a = 0; a < TERMS; a++) {
        for (let b = 0; b <= a; b++) moments[a * TERMS + b] += window[k] * terms[k * TERMS + a] * terms[k * TERMS + b];
      }
    });
    for (let a = 0; a < TERMS; a++) moments[a * TERMS + a] += RIDGE * moments[0];
    // The moments of a source at the origin of its own window: 1, 0, 0, ...
    right.fill(0);
    right[0] = 1;
    plainAlgebra.cholesky(moments, TERMS);
    plainAlgebra.solveCholesky(moments, TERMS, right, 1);
    found.forEach((node, k) => {
      let w = 0;
      for (let a = 0; a < TERMS; a++) w += terms[k * TERMS + a] * right[a];
      index.push(node);
      weight.push(scale * window[k] * w);
    });
    first[i + 1] = index.length;
  }
  const [nodes, weights] = [Int32Array.from(index), Float64Array.from(weight)];
  return {
    fine: x.length,
    coarse: coarse.count,
    apply(fine, out) {
      out.fill(0);
      for (let i = 0; i < fine.length; i++) {
        for (let k = first[i]; k < first[i + 1]; k++) out[nodes[k]] += weights[k] * fine[i];
      }
    },
    transpose(values, out) {
      for (let i = 0; i < out.length; i++) {
        let sum = 0;
        for (let k = first[i]; k < first[i + 1]; k++) sum += weights[k] * values[nodes[k]];
        out[i] = sum;
      }
    },
  };
}

function nodesWithin(lattice: InteriorLattice, x: number, y: number, reach: number, out: number[]): void {
  out.length = 0;
  const [u, v] = [(x - lattice.x0) / lattice.dx, (y - lattice.y0) / lattice.dy];
  for (let iy = Math.max(0, Math.ceil(v - reach)); iy <= Math.min(lattice.ny - 1, v + reach); iy++) {
    for (let ix = Math.max(0, Math.ceil(u - reach)); ix <= Math.min(lattice.nx - 1, u + reach); ix++) {
      const node = lattice.unknown[iy * lattice.nx + ix];
      if (node >= 0) out.push(node);
    }
  }
}

function monomials(u: number, v: number, out: Float64Array, at: number): void {
  let k = at;
  for (let degree = 0; degree <= DEGREE; degree++) {
    for (let p = 0; p <= degree; p++) out[k++] = u ** (degree - p) * v ** p;
  }
}
