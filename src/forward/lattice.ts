import { InputError } from '../errors.js';

/**
 * The nodes that carry the stream function: a regular lattice with one pitch in both directions, in a plane that is
 * given elsewhere. Values stand row-major `[iy][ix]`, y ascending: node (ix, iy) is number iy nx + ix and lies at
 * (x0 + ix pitch, y0 + iy pitch). Metres.
 */
export interface Lattice {
  /** Position of the first node. */
  readonly x0: number;
  readonly y0: number;
  /** Positive. */
  readonly pitch: number;
  readonly nx: number;
  readonly ny: number;
}

/** Number of nodes. */
export function latticeSize(lattice: Lattice): number {
  return lattice.nx * lattice.ny;
}

/** @throws {InputError} unless the lattice has nodes, a positive pitch and a finite place. */
export function checkLattice(lattice: Lattice): void {
  const { x0, y0, pitch, nx, ny } = lattice;
  if (!(Number.isInteger(nx) && Number.isInteger(ny) && nx > 0 && ny > 0)) {
    throw new InputError(`a lattice of ${nx} x ${ny} nodes`, { advice: 'give at least one node each way' });
  }
  if (!(pitch > 0 && Number.isFinite(pitch) && Number.isFinite(x0) && Number.isFinite(y0))) {
    throw new InputError(`the lattice starts at (${x0}, ${y0}) with pitch ${pitch}`, {
      advice: 'give a finite place and a positive pitch',
    });
  }
}
