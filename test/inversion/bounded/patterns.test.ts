import { describe, expect, it } from 'vitest';
import { boundedInversion } from '../../../inversion/bounded/boundedInversion.js';
import { modelBox } from '../../../inversion/bounded/model.js';
import { patternColumns } from '../../../inversion/bounded/patterns.js';
import { type ScanReadings, scanReadings } from '../../../inversion/bounded/scanReadings.js';
import { tabColumns } from '../../../inversion/bounded/tabColumns.js';
import { tabFields } from '../../../inversion/bounded/tabFields.js';
import { AXES } from '../../../src/fieldMap.js';
import type { FieldScan } from '../../../src/fieldScan.js';
import { random } from '../../../src/random.js';
import { emptyScan, smallCell } from './smallProblem.js';

const cell = smallCell(40, 50);
const empty = emptyScan(40, 50, { pitch: 4, margin: 12 });

/** A healthy cell's scan, its vectors spoilt by `change`. */
function healthy(change: (b: number[], sample: number) => number[], more: Partial<FieldScan> = {}): FieldScan {
  const readings = scanReadings(empty);
  const tabs = tabColumns(cell, modelBox(cell, readings));
  const [field] = tabFields(tabs, cell, readings).base;
  const rng = random(3);
  const vectors = Array.from({ length: empty.count }, (_, s) =>
    change(
      [0, 1, 2].map(k => field[3 * s + k] + 1e-7 * rng.normal()),
      s,
    ),
  );
  const components = Object.fromEntries(
    AXES.map((axis, k) => [axis, { values: Float64Array.from(vectors, vector => vector[k]) }]),
  );
  return { ...empty, ...more, components };
}

/** The fitted numbers by name, with their errors. */
function fitted(scan: FieldScan, options: Parameters<typeof boundedInversion>[2]) {
  const { nuisances, totalCurrent } = boundedInversion(scan, cell, { place: 'given', ...options });
  return { totalCurrent, of: (name: string) => nuisances.find(n => n.name === name)! };
}

describe('unknowns beside the map', () => {
  it('the slopes of a background are fields without sources', () => {
    const readings = scanReadings(empty);
    const tabs = tabColumns(cell, modelBox(cell, readings));
    const fields = tabFields(tabs, cell, readings);
    const step = 1e-3;
    const at = (dx: number, dy: number, dz: number): ScanReadings => ({
      ...readings,
      x: readings.x.map(v => v + dx),
      y: readings.y.map(v => v + dy),
      z: readings.z.map(v => v + dz),
    });
    const slopes = (moved: ScanReadings) =>
      patternColumns(cell, moved, fields, tabs, { background: 'linear' }).filter(p => p.name.includes('slope'));
    const here = slopes(readings);
    expect(here.length).toBe(5);
    const along = [at(step, 0, 0), at(0, step, 0), at(0, 0, step)].map(slopes);
    here.forEach(({ field }, p) => {
      // d B_k / d x_j of the first sample, whose readings are Bx, By, Bz.
      const jacobian = [0, 1, 2].map(k => [0, 1, 2].map(j => (along[j][p].field[k] - field[k]) / step));
      expect(jacobian[0][0] + jacobian[1][1] + jacobian[2][2]).toBeCloseTo(0, 12);
      for (const [k, j] of [
        [0, 1],
        [0, 2],
        [1, 2],
      ])
        expect(jacobian[k][j]).toBeCloseTo(jacobian[j][k], 12);
      expect(Math.max(...jacobian.flat().map(Math.abs))).toBeGreaterThan(1e-7);
    });
  });

  it('a slope of the background is found', () => {
    const scan = healthy(([bx, by, bz], s) => {
      const [x, y] = [empty.x[s], empty.y[s]];
      return [bx + 1.5e-4 * y, by + 1.5e-4 * x, bz];
    });
    const { value, error } = fitted(scan, { background: 'linear' }).of('background slope xy, uT/m');
    expect(Math.abs(value - 150)).toBeLessThan(2.5 * error!);
    // Wires beyond the sensors make such fields too: it is not known well, but much better than beforehand.
    expect(error).toBeLessThan(50);
  });

  it('gain and turn of one sensor of two are found', () => {
    const sensor = Int32Array.from({ length: empty.count }, (_, s) => s % 2);
    const turn = 4e-3;
    const scan = healthy(
      ([bx, by, bz], s) => (s % 2 === 0 ? [bx, by, bz] : [1.01 * bx, by - turn * bz, bz + turn * by]),
      {
        sensor,
        sensorNames: ['left', 'right'],
      },
    );
    const { of } = fitted(scan, {});
    const [gain, gainLeft] = ['right', 'left'].map(name => of(`gain bx of sensor ${name}`));
    expect(gain.value - gainLeft.value).toBeCloseTo(0.01, 2.5);
    const [rotation, rotationLeft] = ['right', 'left'].map(name => of(`turn about x, rad, of sensor ${name}`));
    expect(rotation.value - rotationLeft.value).toBeCloseTo(turn, 3);
    expect(rotation.error).toBeLessThan(1e-2);
    expect(fitted(scan, { sensors: 'exact' }).of('gain bx of sensor right')).toBeUndefined();
  });

  it('a total current that is 2 % off is found where it may be', () => {
    const scan = healthy(vector => vector.map(b => 1.02 * b));
    expect(fitted(scan, { currentError: 0.05 }).totalCurrent / cell.current!).toBeCloseTo(1.02, 2);
    expect(fitted(scan, {}).totalCurrent).toBe(cell.current);
  });

  it('gain errors that are known widen the errors of the map, also of a scan that does not show them', () => {
    const scan = healthy(vector => vector);
    const options = { place: 'given', currentError: 0 } as const;
    const plain = boundedInversion(scan, cell, { ...options, gainError: 0, positionError: 0 });
    const known = boundedInversion(scan, cell, { ...options, gainError: 0.02, positionError: 0 });
    expect([plain.gainError, known.gainError, known.positionError]).toEqual([0, 0.02, 0]);
    expect(plain.chi2).toBeGreaterThan(0.8);
    expect(known.chi2).toBeLessThan(0.5 * plain.chi2);
  });
});
