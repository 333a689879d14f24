import type { ScanReadings } from '../bounded/scanReadings.js';

/** Positions that differ by less are the same, m: rounding of a file. */
const SAME_PLACE = 1e-7;

/**
 * Scans whose readings were taken at the same places, along the same directions and with the same stated noise: one list
 * of indices per geometry, each ascending, in the order of their first scans. Scans by several sensors stand alone, for
 * the errors of their gains scale with what they read.
 */
export function geometryClasses(scans: readonly ScanReadings[]): number[][] {
  const classes: number[][] = [];
  scans.forEach((own, s) => {
    const alike = classes.find(members => same(scans[members[0]], own));
    if (alike) alike.push(s);
    else classes.push([s]);
  });
  return classes;
}

function same(a: ScanReadings, b: ScanReadings): boolean {
  if (a.count !== b.count || a.sigmaStated !== b.sigmaStated) return false;
  if (a.sensorNames.length > 1 || b.sensorNames.length > 1) return false;
  for (let r = 0; r < a.count; r++) {
    if (a.sample[r] !== b.sample[r] || a.component[r] !== b.component[r] || a.sigma[r] !== b.sigma[r]) return false;
    if (Math.abs(a.x[r] - b.x[r]) > SAME_PLACE || Math.abs(a.y[r] - b.y[r]) > SAME_PLACE) return false;
    if (Math.abs(a.z[r] - b.z[r]) > SAME_PLACE) return false;
    if (a.nx[r] !== b.nx[r] || a.ny[r] !== b.ny[r] || a.nz[r] !== b.nz[r]) return false;
  }
  return true;
}
