import { NumericalError } from '../../errors.js';
import { arcLength, boundingBox, contains, distanceToOutline, type Outline } from '../../model/outline.js';

/** A function on the nodes (x0 + ix dx, y0 + iy dy) of a lattice, `[iy][ix]`; the outermost nodes lie on the box. */
export interface LatticeFunction {
  readonly nx: number;
  readonly ny: number;
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
  readonly psi: Float64Array;
}

const [OUTSIDE, INSIDE, EDGE] = [0, 1, 2];
/** Of the norm of the right-hand side. */
const CONVERGED = 1e-10;

/**
 * The harmonic function inside an outline with given values on it; outside, the value of the nearest place of the
 * outline. Five-point differences on a lattice fitted to the bounding box; a link that crosses the outline ends there,
 * with the conductance of what is left of it (second order; Gibou et al. 2002). Conjugate gradients.
 * @param edgeValue of the arc along the outline, m
 * @param pitch wanted distance of nodes, m; the lattice takes the next smaller one that divides the box
 * @throws {NumericalError} if the solution does not converge.
 */
export function harmonicPsi(outline: Outline, edgeValue: (arc: number) => number, pitch: number): LatticeFunction {
  const { x0, y0, x1, y1 } = boundingBox(outline);
  const nx = Math.max(3, Math.ceil((x1 - x0) / pitch - 1e-6) + 1);
  const ny = Math.max(3, Math.ceil((y1 - y0) / pitch - 1e-6) + 1);
  const dx = (x1 - x0) / (nx - 1);
  const dy = (y1 - y0) / (ny - 1);
  const edgePsi = (x: number, y: number) => edgeValue(arcLength(outline, x, y));
  const at = (k: number): [number, number] => [x0 + (k % nx) * dx, y0 + Math.floor(k / nx) * dy];

  const n = nx * ny;
  const kind = new Uint8Array(n);
  const psi = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const [x, y] = at(k);
    if (distanceToOutline(outline, x, y) <= 1e-3 * Math.min(dx, dy)) kind[k] = EDGE;
    else kind[k] = contains(outline, x, y) ? INSIDE : OUTSIDE;
    // Outside, the value of the nearest place of the outline: only pixels that it cuts read it.
    if (kind[k] !== INSIDE) psi[k] = edgePsi(x, y);
  }

  // Conductances of the links to the right and upwards between unknowns; the others go into diagonal and right side.
  const right = new Float64Array(n);
  const up = new Float64Array(n);
  const diagonal = new Float64Array(n);
  const rhs = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    if (kind[k] !== INSIDE) continue;
    for (const [step, whole, conductance] of [
      [1, dx, dy / dx],
      [-1, dx, dy / dx],
      [nx, dy, dx / dy],
      [-nx, dy, dx / dy],
    ]) {
      const other = k + step;
      const cut = linkCut(outline, at(k), at(other), kind[other] === OUTSIDE, whole);
      const g = conductance / cut.fraction;
      diagonal[k] += g;
      if (cut.end !== undefined) rhs[k] += g * edgePsi(...cut.end);
      else if (kind[other] === EDGE) rhs[k] += g * psi[other];
      else if (step === 1) right[k] = g;
      else if (step === nx) up[k] = g;
    }
  }
  conjugateGradients({ nx, right, up, diagonal }, rhs, psi, kind);
  return { nx, ny, x0, y0, dx, dy, psi };
}

/** How much of a link lies inside, as a fraction, and where it ends if the outline cuts it. */
function linkCut(
  outline: Outline,
  a: readonly [number, number],
  b: readonly [number, number],
  outside: boolean,
  length: number,
): { fraction: number; end?: [number, number] } {
  if (!outside) return { fraction: 1 };
  let [low, high] = [0, 1];
  while ((high - low) * length > 1e-10) {
    const middle = (low + high) / 2;
    if (contains(outline, a[0] + middle * (b[0] - a[0]), a[1] + middle * (b[1] - a[1]))) low = middle;
    else high = middle;
  }
  const fraction = Math.max(high, 1e-3);
  return { fraction, end: [a[0] + high * (b[0] - a[0]), a[1] + high * (b[1] - a[1])] };
}

interface Links {
  readonly nx: number;
  readonly right: Float64Array;
  readonly up: Float64Array;
  readonly diagonal: Float64Array;
}

/** Solves for the nodes inside with the diagonal as preconditioner; `psi` holds the solution there. */
function conjugateGradients(
  { nx, right, up, diagonal }: Links,
  rhs: Float64Array,
  psi: Float64Array,
  kind: Uint8Array,
) {
  const unknowns = Int32Array.from(kind.keys()).filter(k => kind[k] === INSIDE);
  const residual = rhs.slice();
  const direction = new Float64Array(rhs.length);
  const image = new Float64Array(rhs.length);
  let norm = 0;
  let rz = 0;
  for (const k of unknowns) {
    direction[k] = residual[k] / diagonal[k];
    rz += residual[k] * direction[k];
    norm += rhs[k] ** 2;
    psi[k] = 0;
  }
  const goal = CONVERGED ** 2 * norm;
  for (let step = 0; norm > 0; step++) {
    if (step > 20 * Math.sqrt(unknowns.length) + 200) {
      throw new NumericalError('the sheet current of a cell did not converge', { advice: 'choose another pitch' });
    }
    let curvature = 0;
    for (const k of unknowns) {
      image[k] =
        diagonal[k] * direction[k] -
        right[k] * direction[k + 1] -
        right[k - 1] * direction[k - 1] -
        up[k] * direction[k + nx] -
        up[k - nx] * direction[k - nx];
      curvature += image[k] * direction[k];
    }
    const alpha = rz / curvature;
    let left = 0;
    let next = 0;
    for (const k of unknowns) {
      psi[k] += alpha * direction[k];
      residual[k] -= alpha * image[k];
      left += residual[k] ** 2;
      next += residual[k] ** 2 / diagonal[k];
    }
    if (left <= goal) return;
    const beta = next / rz;
    rz = next;
    for (const k of unknowns) direction[k] = residual[k] / diagonal[k] + beta * direction[k];
  }
}
