import type { CurrentMap } from '../../src/currentMap.js';
import type { DepartureForm } from '../bounded/departureForm.js';
import { amounts, HarmonicMaps } from '../bounded/maps.js';
import type { ConductanceLattice } from './conductanceLattice.js';
import type { FoilSolution } from './foilInversion.js';

/**
 * The current that follows from a conductance, one map per sheet on the lattice's pixels: the harmonic part with the patterns'
 * coefficients that go with the departure, plus the departure's own current, the mean over each pixel of the curl of psi, bilinear
 * between its corners; and the healthy cell's.
 */
export function conductanceCurrent(
  form: DepartureForm,
  solution: FoilSolution,
): { map: CurrentMap; healthy: CurrentMap }[] {
  const { lattice, equations } = solution;
  const { grid } = lattice;
  const kept = form.keptOf(solution.departures, solution.objective.also);
  const harmonic = new HarmonicMaps(form.tabs, grid);
  const amount = amounts(form.model, kept);
  return form.model.departures.map(({ z }, sheet) => {
    const healthy = harmonic.sheet(form.model, kept, sheet, amount[sheet]);
    const map = { kx: healthy.kx.slice(), ky: healthy.ky.slice(), psi: healthy.psi.slice() };
    addCurl(lattice, equations[sheet].departure, map);
    for (let i = 0; i < map.psi.length; i++) {
      if (Number.isNaN(healthy.kx[i])) map.psi[i] = healthy.psi[i] = Number.NaN;
    }
    return { map: { grid, z, ...map }, healthy: { grid, z, ...healthy } };
  });
}

/** Adds psi and K = (d psi/dy, -d psi/dx) of a departure at the nodes, means over the pixels. */
function addCurl(
  { grid, nodes }: ConductanceLattice,
  departure: Float64Array,
  map: { kx: Float64Array; ky: Float64Array; psi: Float64Array },
): void {
  const at = (corner: number) => (nodes.of[corner] < 0 ? 0 : departure[nodes.of[corner]]);
  for (let iy = 0, i = 0; iy < grid.ny; iy++) {
    for (let ix = 0; ix < grid.nx; ix++, i++) {
      const corner = iy * (grid.nx + 1) + ix;
      const [sw, se, nw, ne] = [at(corner), at(corner + 1), at(corner + grid.nx + 1), at(corner + grid.nx + 2)];
      map.kx[i] += (nw + ne - sw - se) / (2 * grid.dy);
      map.ky[i] -= (se + ne - sw - nw) / (2 * grid.dx);
      map.psi[i] += (sw + se + nw + ne) / 4;
    }
  }
}
