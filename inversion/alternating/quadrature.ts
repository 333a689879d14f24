import type { CurrentMap } from '../../src/currentMap.js';
import { COMPONENTS, type ComponentName, type FieldComponent, type FieldScan } from '../../src/fieldScan.js';
import type { Cell } from '../../src/model/cell.js';
import { scanSubset } from '../../src/scanSubset.js';
import { boundedInversion } from '../bounded/boundedInversion.js';
import type { BoundedOptions, BoundedSolution } from '../bounded/solution.js';
import type { FourierOptions } from '../fourier/fourierInversion.js';
import { type Inversion, invertScan } from '../invertScan.js';

/** The part of the quadrature that is added to the other, so that outliers and weights stay those of the part in phase. */
const SMALL_PART = 0.02;

/**
 * The quadrature by the Fourier method with every choice of the part in phase: lambda, order, exterior, background, and the
 * samples that it rejected.
 */
export function quadratureByFourier(quadrature: FieldScan, inPhase: Inversion, options: FourierOptions): CurrentMap {
  const { solution, residual, sheet } = inPhase;
  const kept = keptSamples(residual.rejected);
  const chosen: FourierOptions = {
    ...options,
    lambda: solution.lambda,
    order: solution.order,
    exterior: solution.exterior,
    background: Object.values(solution.background).some(b => b !== 0),
  };
  const found = invertScan(kept.length === quadrature.count ? quadrature : scanSubset(quadrature, kept), chosen).sheet;
  const same = found.grid.nx === sheet.grid.nx && found.grid.ny === sheet.grid.ny;
  return same ? found : invertScan(quadrature, chosen).sheet;
}

/**
 * Both parts by the bounded method with one lambda and one set of weights: with these fixed the method is affine in the
 * readings, so the map of (in phase + a little quadrature) less that of the part in phase is the quadrature's, with no current
 * through its tabs: the phase of the whole current was taken out.
 * @param solution of the part in phase, all choices made
 */
export function bothByBounded(
  inPhase: FieldScan,
  quadrature: FieldScan,
  cell: Cell,
  options: BoundedOptions,
  solution: BoundedSolution,
): { readonly inPhase: readonly CurrentMap[]; readonly quadrature: readonly CurrentMap[] } {
  const kept = keptSamples(solution.residual.rejected);
  const fixed: BoundedOptions = {
    ...options,
    lambda: solution.lambda,
    gainError: solution.gainError,
    positionError: solution.positionError,
    place: 'given',
    sensors: 'exact',
    errors: false,
    onEstimate: () => {},
  };
  const invert = (scan: FieldScan) => boundedInversion(scanSubset(scan, kept), cell, fixed).sheets;
  const p = invert(inPhase);
  const both = invert(sumOf(inPhase, quadrature, SMALL_PART));
  const less = (a: Float64Array, b: Float64Array) => a.map((v, i) => (v - b[i]) / SMALL_PART);
  return {
    // Errors and resolution are those of the first inversion, under the same prior.
    inPhase: p.map((sheet, k) => ({ ...solution.sheets[k], psi: sheet.psi, kx: sheet.kx, ky: sheet.ky })),
    quadrature: both.map(({ grid, z, psi, kx, ky }, k) => ({
      grid,
      z,
      psi: less(psi, p[k].psi),
      kx: less(kx, p[k].kx),
      ky: less(ky, p[k].ky),
    })),
  };
}

function keptSamples(rejected: Uint8Array): number[] {
  return Array.from(rejected, (_, s) => s).filter(s => rejected[s] === 0);
}

function sumOf(a: FieldScan, b: FieldScan, part: number): FieldScan {
  const components: Partial<Record<ComponentName, FieldComponent>> = {};
  for (const name of COMPONENTS) {
    const own = a.components[name];
    if (own === undefined) continue;
    const other = b.components[name]!.values;
    components[name] = { ...own, values: own.values.map((v, s) => v + part * other[s]) };
  }
  return { ...a, components };
}
