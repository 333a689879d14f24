import { describe, expect, it } from 'vitest';
import { boundedInversion } from '../../../inversion/bounded/boundedInversion.js';
import { modelBox } from '../../../inversion/bounded/model.js';
import { scanReadings } from '../../../inversion/bounded/scanReadings.js';
import { SharedGeometry } from '../../../inversion/bounded/sharedGeometry.js';
import type { BoundedOptions } from '../../../inversion/bounded/solution.js';
import { tabColumns } from '../../../inversion/bounded/tabColumns.js';
import { tabFields } from '../../../inversion/bounded/tabFields.js';
import type { FieldScan } from '../../../src/fieldScan.js';
import type { Cell } from '../../../src/model/cell.js';
import { random } from '../../../src/random.js';
import { CASES_MISSING, caseCell, caseScan, PATIENCE } from './cases.js';
import { emptyScan, smallCell } from './smallProblem.js';

const NOISE = 50e-9;
const cell = smallCell(40, 30);
const places = emptyScan(40, 30, { pitch: 4, margin: 12, z: [7], sigma: NOISE });
const readings = scanReadings(places);
const tabs = tabColumns(cell, modelBox(cell, readings));
const healthy = (shift: number) => tabFields(tabs, cell, { ...readings, x: readings.x.map(x => x + shift) }).base[0];

/** The healthy field in parts of the cell's current, with noise; spikes of some samples; as seen from `shift` further on. */
function scanOf(seed: number, { part = 1, spikes = 0, shift = 0 } = {}): FieldScan {
  const rng = random(seed);
  const field = healthy(shift).map(v => part * v + NOISE * rng.normal());
  const axes = Object.keys(places.components) as ('bx' | 'by' | 'bz')[];
  const values = axes.map((_, c) => Float64Array.from({ length: places.count }, (_, s) => field[axes.length * s + c]));
  for (let k = 0; k < spikes; k++) values[0][40 + 17 * k] += 3e-6;
  return { ...places, components: Object.fromEntries(axes.map((axis, c) => [axis, { values: values[c] }])) };
}

/** The scan inverted with what others left, and alone; and the names of the steps of the former. */
function both(shared: SharedGeometry, scan: FieldScan, own: Cell = cell, options: BoundedOptions = {}) {
  const steps = new Set<string>();
  const onProgress = (_: number, next: string) => steps.add(next);
  const together = boundedInversion(scan, own, { ...options, onProgress }, shared);
  return { together, alone: boundedInversion(scan, own, options), steps };
}

describe('scans of one geometry', () => {
  it('give bit for bit what each gives alone, whatever was inverted before', () => {
    const shared = new SharedGeometry();
    boundedInversion(scanOf(1), cell, {}, shared);
    const kinds: [FieldScan, Cell][] = [
      [scanOf(2), cell],
      [scanOf(3, { spikes: 3 }), cell],
      [scanOf(4, { shift: 2e-3 }), cell],
      [scanOf(6, { part: 0.5 }), { ...cell, current: 5 }],
      [scanOf(7), cell],
    ];
    const found = kinds.map(([scan, own]) => both(shared, scan, own));
    for (const { together, alone } of found) expect(together).toStrictEqual(alone);
    // They are of the kinds that they are meant to be.
    const [plain, spiky, shifted] = found.map(({ together }) => together);
    expect([plain.rejected, plain.place!.applied.shift]).toStrictEqual([0, [0, 0, 0]]);
    expect(spiky.rejected).toBe(9);
    expect(shifted.place!.applied.shift[0]).toBeGreaterThan(1e-3);
    // What was made for the first is used for the next, but not for another current.
    const sums = found.map(({ steps }) => steps.has('readings'));
    expect([sums[0], sums[3]]).toStrictEqual([false, true]);
  }, 300_000);

  it('also where the noise is not stated, or the errors are left out', () => {
    const shared = new SharedGeometry();
    const unstated = (seed: number) => {
      const { sigma, ...scan } = scanOf(seed);
      return scan;
    };
    boundedInversion(unstated(1), cell, { errors: false }, shared);
    const { together, alone, steps } = both(shared, unstated(2), cell, { errors: false });
    expect(together).toStrictEqual(alone);
    expect(together.sigmaStated).toBe(false);
    expect(steps.has('readings')).toBe(false);
  });

  it('are kept over a scan that cannot be inverted', () => {
    const shared = new SharedGeometry();
    const kept = shared.of(readings, cell.current!);
    const flat = { ...scanOf(1), z: places.z.map(() => 0) };
    expect(() => boundedInversion(flat, cell, {}, shared)).toThrow(/in the plane of the current/);
    expect(shared.of(readings, cell.current!)).toBe(kept);
  });

  it.skipIf(CASES_MISSING)(
    'also where the rows are summed up by tiles',
    async () => {
      const shared = new SharedGeometry();
      const scan = await caseScan('notched-outline');
      const notched = caseCell('notched-outline');
      const rng = random(1);
      const noisy = scan.components.bz!.values.map(v => v + 0.3 * scan.sigma! * rng.normal());
      boundedInversion(scan, notched, {}, shared);
      const again = { ...scan, components: { bz: { values: noisy } } };
      const { together, alone, steps } = both(shared, again, notched);
      expect(together).toStrictEqual(alone);
      expect(steps.has('readings')).toBe(false);
    },
    PATIENCE,
  );
});
