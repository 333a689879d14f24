import { MU0 } from '../../src/constants.js';
import type { Readings } from '../../src/forward/index.js';
import { coarsening, coarseningFactor } from './coarsen.js';
import { type FineLattice, INSIDE } from './fineLattice.js';
import { polygonPoisson } from './polygonPoisson.js';
import { type FieldTask, harmonicPsi } from './predictedField.js';
import { streamFields } from './tabFields.js';

/** How far the current lies above its stated height: coefficients (m) of the three {@link swellingShapes}, with their errors. */
export interface Swelling {
  readonly coefficients: readonly number[];
  readonly errors: readonly number[];
}

/** Step of the difference quotient, m. */
const STEP = 0.1e-3;
/** Standard errors from which a swelling is told. */
const SIGNIFICANT = 4;
/** Magnetic charges may be shared among nodes so many times wider apart than those of a convolution. */
const COARSER = 2;

/**
 * Shapes in which a cell that is held at its outline swells, on the nodes of the fine lattice: that of a membrane under
 * pressure (laplacian h = const, h = 0 on the outline, 1 at its highest), and this times u and times v, which run from -1 to
 * 1 over the outline's box.
 */
export function swellingShapes(fine: FineLattice): Float64Array[] {
  const { lattice, nodes } = fine;
  const { nx, ny, pitch } = lattice;
  const [cx, cy] = [(nx - 1) / 2, (ny - 1) / 2];
  const bowl = (i: number) => (((i % nx) - cx) ** 2 + (Math.floor(i / nx) - cy) ** 2) * (pitch * pitch * 0.25);
  const harmonic = Float64Array.from(nodes, (_, i) => bowl(i));
  polygonPoisson(fine).extend(harmonic);
  const membrane = harmonic.map((value, i) => (nodes[i] === INSIDE ? value - bowl(i) : 0));
  const highest = membrane.reduce((a, b) => Math.max(a, b), 0);
  let [x0, x1, y0, y1] = [nx, 0, ny, 0];
  for (let i = 0; i < nodes.length; i++) {
    if (nodes[i] !== INSIDE) continue;
    x0 = Math.min(x0, i % nx);
    x1 = Math.max(x1, i % nx);
    y0 = Math.min(y0, Math.floor(i / nx));
    y1 = Math.max(y1, Math.floor(i / nx));
  }
  const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return [
    membrane.map(h => h / highest),
    membrane.map((h, i) => ((h / highest) * ((i % nx) - mx)) / (x1 - mx)),
    membrane.map((h, i) => ((h / highest) * (Math.floor(i / nx) - my)) / (y1 - my)),
  ];
}

/**
 * Derivatives of what the readings see of the healthy cell with respect to the coefficients of the shapes, T/m.
 *
 * A stream function psi is a layer of dipoles psi n dS. On the surface z = z0 + h its first order is the field of the flat
 * layer psi h moved along z, -dB/dz, and that of dipoles -psi grad h in the plane: magnetic charges div(psi grad h).
 */
export function swellingColumns(task: FieldTask, kept: Float64Array): Float64Array[] {
  const { cell, tabs, readings } = task;
  const shapes = swellingShapes(tabs.fine);
  const sum = shapes.map(() => new Float64Array(readings.count));
  const beside = [STEP, -STEP].map(step => ({ ...readings, z: readings.z.map(v => v + step) }));
  harmonicPsi(task, kept).forEach((psi, sheet) => {
    const z0 = cell.sheets[sheet];
    const layers = shapes.map(shape => psi.map((value, i) => value * shape[i]));
    const [above, below] = beside.map(copy => streamFields(tabs.fine, z0, layers, copy, readings.footprint));
    const charges = shapes.map(shape => divergence(tabs.fine, psi, shape));
    const fields = chargeFields(tabs.fine, z0, charges, readings);
    sum.forEach((column, k) => {
      for (let r = 0; r < column.length; r++) column[r] += fields[k][r] - (above[k][r] - below[k][r]) / (2 * STEP);
    });
  });
  return sum;
}

/** div(psi grad h) on the nodes, by differences along the edges of the lattice; its sum is zero. psi in A, h in m per unit: A/m. */
function divergence({ lattice }: FineLattice, psi: Float64Array, h: Float64Array): Float64Array {
  const { nx, pitch } = lattice;
  const out = new Float64Array(psi.length);
  const edge = (i: number, j: number) => {
    const flow = ((psi[i] + psi[j]) / 2) * (h[j] - h[i]) * (1 / pitch ** 2);
    out[i] += flow;
    out[j] -= flow;
  };
  for (let i = 0; i < psi.length; i++) {
    if (i % nx < nx - 1) edge(i, i + 1);
    if (i + nx < psi.length) edge(i, i + nx);
  }
  return out;
}

/** What readings see of layers of magnetic charge, (mu0 / 4 pi) integral sigma (r - r') / |r - r'|^3, T; sensors as points. */
function chargeFields(
  { lattice }: FineLattice,
  z0: number,
  layers: readonly Float64Array[],
  readings: Readings,
): Float64Array[] {
  const { lattice: coarse, apply } = coarsening(lattice, COARSER * coarseningFactor(lattice.pitch, z0, readings.z));
  const charges = layers.map(apply);
  const used = Int32Array.from(charges[0].keys()).filter(i => charges.some(charge => charge[i] !== 0));
  const px = Float64Array.from(used, i => coarse.x0 + (i % coarse.nx) * coarse.pitch);
  const py = Float64Array.from(used, i => coarse.y0 + Math.floor(i / coarse.nx) * coarse.pitch);
  const strengths = charges.map(charge => Float64Array.from(used, i => charge[i]));
  const factor = (MU0 / (4 * Math.PI)) * coarse.pitch ** 2;
  const { x, y, z, nx, ny, nz } = readings;
  const out = layers.map(() => new Float64Array(x.length));
  const kernel = new Float64Array(used.length);
  for (let r = 0; r < x.length; r++) {
    const dz = z[r] - z0;
    for (let i = 0; i < used.length; i++) {
      const dx = x[r] - px[i];
      const dy = y[r] - py[i];
      const d2 = dx * dx + dy * dy + dz * dz;
      kernel[i] = (dx * nx[r] + dy * ny[r] + dz * nz[r]) / (d2 * Math.sqrt(d2));
    }
    for (let k = 0; k < strengths.length; k++) {
      const strength = strengths[k];
      let sum = 0;
      for (let i = 0; i < kernel.length; i++) sum += kernel[i] * strength[i];
      out[k][r] = factor * sum;
    }
  }
  return out;
}

/** What a significant swelling means to the user; nothing where the cell is flat as far as the data tell. */
export function swellingWarning({ coefficients, errors }: Swelling): string[] {
  const [middle, error] = [coefficients[0], errors[0]];
  if (Math.abs(middle) < SIGNIFICANT * error) return [];
  return [
    `The current lies ${(1e3 * middle).toFixed(2)} ± ${(1e3 * error).toFixed(2)} mm ${middle > 0 ? 'higher' : 'lower'} in the middle of the cell than at its outline. The map takes it as flat.`,
  ];
}
