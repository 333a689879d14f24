import { prismKernel, type Vector3 } from '../../src/biotSavart/index.js';
import { type Footprint, POINT_SENSOR, type Readings } from '../../src/forward/index.js';
import { findSites } from '../../src/forward/readings.js';
import type { SlabLattice } from './slabLattice.js';

/** A slab that a field magnetises: B = (1 / 4 pi) T B0 chi of every tile, M = chi B0 / mu0 being uniform in it. */
export interface MagnetisedSlab {
  readonly lattice: SlabLattice;
  /** Heights of its lower and upper face, m. */
  readonly bottom: number;
  readonly top: number;
  /** The applied field at every unknown, T: one value each. */
  readonly fieldX: Float64Array;
  readonly fieldY: Float64Array;
  readonly fieldZ: Float64Array;
}

/** The same applied field at all unknowns. */
export function uniformField(
  { count }: SlabLattice,
  [x, y, z]: Vector3,
): Pick<MagnetisedSlab, 'fieldX' | 'fieldY' | 'fieldZ'> {
  const all = (value: number) => new Float64Array(count).fill(value);
  return { fieldX: all(x), fieldY: all(y), fieldZ: all(z) };
}

/** Fills rows of the matrix from chi to readings, T per unit of chi, times a factor per reading. */
export class SlabRows {
  readonly #sites;
  readonly #columns: number;
  /** Field of all tiles at one site: x, y, z of each. */
  readonly #field: Float64Array;

  constructor(
    readonly slab: MagnetisedSlab,
    readonly readings: Readings,
    readonly footprint: Footprint = POINT_SENSOR,
  ) {
    this.#sites = findSites(readings);
    this.#columns = slab.lattice.count;
    this.#field = new Float64Array(3 * this.#columns);
  }

  /**
   * Rows `first` to `last` - 1, row-major. Readings of one place that follow each other cost one evaluation.
   * @param factor of each reading of the whole scan: one over its standard deviation, or 0
   */
  fill(first: number, last: number, factor: Float64Array, out: Float64Array): void {
    const { nx, ny, nz } = this.readings;
    const n = this.#columns;
    const field = this.#field;
    let site = -1;
    for (let r = first, at = 0; r < last; r++, at += n) {
      if (factor[r] === 0) {
        out.fill(0, at, at + n);
        continue;
      }
      if (this.#sites.ofReading[r] !== site) {
        site = this.#sites.ofReading[r];
        this.#fieldAt(r);
      }
      const [dx, dy, dz] = [factor[r] * nx[r], factor[r] * ny[r], factor[r] * nz[r]];
      for (let u = 0, f = 0; u < n; u++, f += 3) out[at + u] = dx * field[f] + dy * field[f + 1] + dz * field[f + 2];
    }
  }

  #fieldAt(r: number): void {
    const { lattice, bottom, top, fieldX, fieldY, fieldZ } = this.slab;
    const { x, y, halfX, halfY } = lattice;
    const { footprint } = this;
    const field = this.#field;
    const half = (top - bottom) / 2;
    const tensor = new Float64Array(6);
    field.fill(0);
    for (let q = 0; q < footprint.weight.length; q++) {
      const px = this.readings.x[r] + footprint.dx[q];
      const py = this.readings.y[r] + footprint.dy[q];
      const pz = this.readings.z[r] + footprint.dz[q] - (top + bottom) / 2;
      const weight = footprint.weight[q] / (4 * Math.PI);
      for (let u = 0, f = 0; u < this.#columns; u++, f += 3) {
        prismKernel(px - x[u], py - y[u], pz, halfX[u], halfY[u], half, tensor, 0);
        const [fx, fy, fz] = [weight * fieldX[u], weight * fieldY[u], weight * fieldZ[u]];
        field[f] += tensor[0] * fx + tensor[3] * fy + tensor[4] * fz;
        field[f + 1] += tensor[3] * fx + tensor[1] * fy + tensor[5] * fz;
        field[f + 2] += tensor[4] * fx + tensor[5] * fy + tensor[2] * fz;
      }
    }
  }
}
