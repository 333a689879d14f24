import { describe, expect, it } from 'vitest';
import { boundedInversion } from '../../../inversion/bounded/boundedInversion.js';
import { SavartError } from '../../../src/errors.js';
import type { FieldScan } from '../../../src/fieldScan.js';
import type { Cell } from '../../../src/model/cell.js';
import { rectangleOutline } from '../../../src/model/outline.js';
import { random } from '../../../src/random.js';
import { cellOf } from './support.js';

const MM = 1e-3;
const cell = cellOf(rectangleOutline(50 * MM, 60 * MM), [
  [[35 * MM, 60 * MM], [15 * MM, 60 * MM], 1],
  [[15 * MM, 0], [35 * MM, 0], -1],
]);

/** nx x ny samples of noise, 4 mm apart, from (x0, y0) at height z, mm. */
function scanOf(nx: number, ny: number, x0: number, y0: number, z: number): FieldScan {
  const count = nx * ny;
  const rng = random(1);
  return {
    count,
    x: Float64Array.from({ length: count }, (_, i) => (x0 + 4 * (i % nx)) * MM),
    y: Float64Array.from({ length: count }, (_, i) => (y0 + 4 * Math.floor(i / nx)) * MM),
    z: new Float64Array(count).fill(z * MM),
    components: { bz: { values: Float64Array.from({ length: count }, () => 1e-6 * rng.normal()) } },
    sigma: 1e-7,
  };
}

const { current: _, ...currentUnknown } = cell;

/** What is wrong, the scan, the cell, and what message and advice must speak of. */
const FAULTS: [fault: string, scan: FieldScan, cell: Cell, message: RegExp, advice: RegExp][] = [
  ['too few samples', scanOf(5, 6, 5, 5, 6), cell, /30 readings.*too few/, /scan at least/],
  ['a scan elsewhere', scanOf(20, 20, 500, 0, 6), cell, /see nothing of the cell/, /same origin.*unit/],
  ['a scan in mm taken for m', scanOf(20, 20, 5e4, 5e4, 6e3), cell, /see nothing of the cell/, /same origin.*unit/],
  ['no current', scanOf(20, 20, -10, -10, 6), currentUnknown, /no current/, /give current_A/],
  ['a current of zero', scanOf(20, 20, -10, -10, 6), { ...cell, current: 0 }, /no current/, /give current_A/],
  ['no tabs', scanOf(20, 20, -10, -10, 6), { ...cell, tabs: [] }, /no tabs/, /tabs in the cell file/],
  ['sensors in the plane of the current', scanOf(20, 20, -10, -10, 0), cell, /plane of the current/, /height/],
];

describe('input that cannot carry a map', () => {
  it.each(FAULTS)(
    '%s: an error that says what and what to do, before the work starts',
    (_, scan, of, message, advice) => {
      let thrown: unknown;
      let estimated = false;
      try {
        boundedInversion(scan, of, { onEstimate: () => (estimated = true) });
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(SavartError);
      expect((thrown as SavartError).message).toMatch(message);
      expect((thrown as SavartError).advice).toMatch(advice);
      expect(estimated).toBe(false);
    },
  );

  it('every sample masked: as if there were none', () => {
    const masked = [rectangleOutline(0.2, 0.2)];
    const scan = scanOf(20, 20, 5, 5, 6);
    expect(() => boundedInversion(scan, { ...cell, masked })).toThrow(/0 readings are too few/);
  });
});
