import { type Lattice, latticeSize } from '../../src/forward/index.js';
import { type Outline, perimeter, wrapArc } from '../../src/model/outline.js';
import { type FineLattice, INSIDE, OUTSIDE, RING } from './fineLattice.js';
import { polygonPoisson } from './polygonPoisson.js';

/** The nodes, not inside, whose nearest point of the outline lies within a part of it. */
export interface Strip {
  readonly nodes: Int32Array;
  /** Where in the part the nearest point lies, 0 ... 1, both exclusive. */
  readonly along: Float64Array;
  /** Distance from it, m; 0 on the ring. */
  readonly distance: Float64Array;
}

/** Stream functions with given values on the outline. */
export interface HarmonicExtension {
  readonly fine: FineLattice;
  /**
   * psi on every node: the given values, by the arc (m) of the nearest point of the outline, on the ring and outside,
   * harmonic inside (five-point equation, to rounding). Outside, current runs straight out of the outline, as a strip.
   * @param onlyRing leaves psi 0 outside
   */
  extend(values: (arc: number) => number, onlyRing?: boolean): Float64Array;
  /** The same with values on one strip, 0 on the other nodes. */
  extendStrip(strip: Strip, values: (along: number, distance: number) => number): Float64Array;
  /** The strip of the outline from the arc `start` on; only its ring nodes, if asked. */
  strip(start: number, length: number, onlyRing?: boolean): Strip;
  /**
   * What flows into the inside at ring nodes per unit of psi: a . flux(b), over all ring nodes, is the integral of
   * grad a . grad b inside, for b harmonic. Differences along edges, weighted by the part of the edge's two pixels that is inside.
   */
  flux(psi: Float64Array, ring: Int32Array): Float64Array;
  /**
   * The integral of grad a . grad b inside for a that is 1 on one of the given ring nodes and b on another, each 0 on the rest
   * of the ring and harmonic inside: what {@link flux} gives at one node for the other. n x n.
   */
  energy(ring: Int32Array): Float64Array;
}

/** Prepares the extension of any number of boundary values. */
export function harmonicExtension(outline: Outline, fine: FineLattice): HarmonicExtension {
  const { lattice, nodes } = fine;
  const solver = polygonPoisson(fine);
  const { arcs, distances } = nearestPoints(outline, fine);
  const ringNodes = nodesThat(nodes, RING, RING);
  const outer = nodesThat(nodes, RING, OUTSIDE);
  const steps = [1, -1, lattice.nx, -lattice.nx];
  return {
    fine,
    extend(values, onlyRing = false) {
      const psi = new Float64Array(nodes.length);
      for (const node of onlyRing ? ringNodes : outer) psi[node] = values(arcs[node]);
      solver.extend(psi);
      return psi;
    },
    extendStrip(strip, values) {
      const psi = new Float64Array(nodes.length);
      strip.nodes.forEach((node, i) => {
        psi[node] = values(strip.along[i], strip.distance[i]);
      });
      solver.extend(psi);
      return psi;
    },
    strip(start, length, onlyRing = false) {
      const offset = (node: number) => wrapArc(outline, arcs[node] - start) / length;
      const own = (onlyRing ? ringNodes : outer).filter(node => offset(node) > 0 && offset(node) < 1);
      return {
        nodes: own,
        along: Float64Array.from(own, offset),
        distance: Float64Array.from(own, node => distances[node]),
      };
    },
    flux(psi, ring) {
      const weights = edgeWeights(fine, ring);
      return Float64Array.from(ring, (node, r) => {
        let flux = 0;
        for (let e = 0; e < 4; e++) {
          const weight = weights[4 * r + e];
          if (weight !== 0) flux += weight * (psi[node] - psi[node + steps[e]]);
        }
        return flux;
      });
    },
    energy(ring) {
      const n = ring.length;
      const weights = edgeWeights(fine, ring);
      const indexOf = new Map(Array.from(ring, (node, r) => [node, r]));
      const out = new Float64Array(n * n);
      // The edges that lead inside have weight 1; the node there takes part of what stands on any of the ring.
      const inward: { r: number; node: number }[] = [];
      ring.forEach((node, r) => {
        steps.forEach((step, e) => {
          const weight = weights[4 * r + e];
          if (weight === 0) return;
          out[r * n + r] += weight;
          const other = indexOf.get(node + step);
          if (nodes[node + step] === INSIDE) inward.push({ r, node: node + step });
          else if (other !== undefined) out[r * n + other] -= weight;
        });
      });
      const green = solver.green(Int32Array.from(inward, ({ node }) => node));
      inward.forEach(({ r }, i) => {
        inward.forEach(({ r: s }, j) => {
          out[r * n + s] -= green[i * inward.length + j];
        });
      });
      return out;
    },
  };
}

/** Nodes of one kind or the other. */
function nodesThat(nodes: Uint8Array, kind: number, other: number): Int32Array {
  const found = new Int32Array(nodes.length);
  let count = 0;
  for (let i = 0; i < nodes.length; i++) if (nodes[i] === kind || nodes[i] === other) found[count++] = i;
  return found.slice(0, count);
}

/** As `arcLength` and `distanceToOutline` for every node that is not inside, in one pass. */
function nearestPoints(outline: Outline, { lattice, nodes }: FineLattice) {
  const { corners, arcs: cornerArcs } = outline;
  const n = corners.length / 2;
  const edges = Array.from({ length: n }, (_, i) => {
    const j = (i + 1) % n;
    const [ax, ay] = [corners[2 * i], corners[2 * i + 1]];
    const [ux, uy] = [corners[2 * j] - ax, corners[2 * j + 1] - ay];
    return { ax, ay, ux, uy, inverse: 1 / (ux * ux + uy * uy), arc: cornerArcs[i], length: Math.hypot(ux, uy) };
  });
  const turn = perimeter(outline);
  const arcs = new Float64Array(latticeSize(lattice));
  const distances = new Float64Array(arcs.length);
  for (let iy = 0, i = 0; iy < lattice.ny; iy++) {
    const y = lattice.y0 + iy * lattice.pitch;
    for (let ix = 0; ix < lattice.nx; ix++, i++) {
      if (nodes[i] === INSIDE) continue;
      const x = lattice.x0 + ix * lattice.pitch;
      let least = Infinity;
      for (const edge of edges) {
        const px = x - edge.ax;
        const py = y - edge.ay;
        const t = Math.min(1, Math.max(0, (px * edge.ux + py * edge.uy) * edge.inverse));
        const dx = px - t * edge.ux;
        const dy = py - t * edge.uy;
        const d2 = dx * dx + dy * dy;
        if (d2 < least) {
          least = d2;
          arcs[i] = edge.arc + t * edge.length;
        }
      }
      if (arcs[i] >= turn) arcs[i] = 0;
      if (nodes[i] === OUTSIDE) distances[i] = Math.sqrt(least);
    }
  }
  return { arcs, distances };
}

/** Weights of the edges to the right, left, above and below each ring node: the part of their pixels that is inside. */
function edgeWeights({ lattice, pixels }: FineLattice, ring: Int32Array): Float64Array {
  const { nx, ny }: Lattice = lattice;
  const pixel = (ix: number, iy: number) =>
    ix < 0 || iy < 0 || ix >= nx - 1 || iy >= ny - 1 ? 0 : pixels[iy * (nx - 1) + ix];
  const weights = new Float64Array(4 * ring.length);
  ring.forEach((node, r) => {
    const ix = node % nx;
    const iy = (node - ix) / nx;
    const [sw, se, nw, ne] = [pixel(ix - 1, iy - 1), pixel(ix, iy - 1), pixel(ix - 1, iy), pixel(ix, iy)];
    weights.set([(se + ne) / 2, (sw + nw) / 2, (nw + ne) / 2, (sw + se) / 2], 4 * r);
  });
  return weights;
}
