import type { FieldScan } from '../../src/fieldScan.js';
import type { Footprint } from '../../src/forward/index.js';
import { scanReadings } from '../bounded/scanReadings.js';
import type { SlabLattice } from './slabLattice.js';
import { type MagnetisedSlab, SlabRows } from './slabRows.js';
import type { Slab, SusceptibilitySolution } from './solution.js';

/** The slab's tiles with the applied field at each. */
export function magnetisedSlab({ thickness, field }: Slab, lattice: SlabLattice): MagnetisedSlab {
  const at = Array.from(lattice.x, (x, u) => (typeof field === 'function' ? field(x, lattice.y[u]) : field));
  return {
    lattice,
    bottom: -thickness / 2,
    top: thickness / 2,
    fieldX: Float64Array.from(at, f => f[0]),
    fieldY: Float64Array.from(at, f => f[1]),
    fieldZ: Float64Array.from(at, f => f[2]),
  };
}

/**
 * The field of a map's tiles at every reading of a scan, T, in the order of its readings: sample by sample, component by
 * component.
 */
export function slabField(
  scan: FieldScan,
  slab: Slab,
  { lattice, chi }: SusceptibilitySolution['tiles'],
  footprint?: Footprint,
): Float64Array {
  return predictedField(new SlabRows(magnetisedSlab(slab, lattice), scanReadings(scan), footprint), chi);
}

/** Field of a map at all readings, T. */
export function predictedField(rows: SlabRows, chi: Float64Array): Float64Array {
  const { x } = rows.readings;
  const out = new Float64Array(x.length);
  const block = 256;
  const ones = new Float64Array(x.length).fill(1);
  const n = chi.length;
  const matrix = new Float64Array(block * n);
  for (let first = 0; first < out.length; first += block) {
    const last = Math.min(out.length, first + block);
    rows.fill(first, last, ones, matrix);
    for (let r = first, at = 0; r < last; r++, at += n) {
      let sum = 0;
      for (let u = 0; u < n; u++) sum += matrix[at + u] * chi[u];
      out[r] = sum;
    }
  }
  return out;
}
