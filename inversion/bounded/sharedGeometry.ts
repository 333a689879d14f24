import { Memo } from './memo.js';
import type { ScanReadings } from './scanReadings.js';

/**
 * What scans of one geometry have in common: fields of the tabs, normal equations, elimination, posteriors. One geometry at a
 * time is kept, the last. For scans of one cell, inverted with the same options; a solution does not depend on what was
 * inverted before.
 */
export class SharedGeometry {
  private last: { readonly readings: ScanReadings; readonly current: number; readonly memo: Memo } | undefined;

  /** What is known of the geometry of a scan: of a new one nothing. */
  of(readings: ScanReadings, current: number): Memo {
    // The fields of an array's gains and turns are made of the values themselves.
    if (readings.sensorNames.length > 1) return new Memo(0);
    const { last } = this;
    if (last === undefined || last.current !== current || !sameGeometry(last.readings, readings)) {
      this.last = { readings, current, memo: new Memo() };
    }
    return this.last!.memo;
  }
}

const ARRAYS = ['x', 'y', 'z', 'nx', 'ny', 'nz', 'sigma', 'first', 'sample', 'component'] as const;

/** Whether two scans differ by the values of their readings alone. */
function sameGeometry(a: ScanReadings, b: ScanReadings): boolean {
  if (a.count !== b.count || a.sigmaStated !== b.sigmaStated) return false;
  return ARRAYS.every(name => equal(a[name], b[name]));
}

function equal(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
