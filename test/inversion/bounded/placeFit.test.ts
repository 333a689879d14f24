import { describe, expect, it } from 'vitest';
import { boundedInversion } from '../../../inversion/bounded/boundedInversion.js';
import { modelBox } from '../../../inversion/bounded/model.js';
import { placeColumns } from '../../../inversion/bounded/placeFit.js';
import { middleOf, motionOf, moved, numbersOf } from '../../../inversion/bounded/placement.js';
import { contradicted } from '../../../inversion/bounded/placeVerdict.js';
import { scanReadings } from '../../../inversion/bounded/scanReadings.js';
import { tabColumns } from '../../../inversion/bounded/tabColumns.js';
import { tabFields } from '../../../inversion/bounded/tabFields.js';
import { polylineField } from '../../../src/biotSavart/index.js';
import { COMPONENTS, type FieldScan } from '../../../src/fieldScan.js';
import { rectangleOutline } from '../../../src/model/outline.js';
import { random } from '../../../src/random.js';
import { emptyScan, smallCell, smallProblem } from './smallProblem.js';
import { cellOf } from './support.js';

const MM = 1e-3;
const NOISE = 50e-9;
const cell = smallCell(60, 80, { tabs: smallCell(60, 80).tabs.map(tab => ({ ...tab, length: 12 * MM })) });
const middle = middleOf(cell);

/** The healthy cell's field with noise where the sensors are; the samples say that they are `motion` away from there. */
function misplacedScan(motion: ReturnType<typeof motionOf>): FieldScan {
  const scan = emptyScan(60, 80, { pitch: 4, margin: 16, z: [6], sigma: NOISE });
  const readings = scanReadings(scan);
  const tabs = tabColumns(cell, modelBox(cell, readings));
  const rng = random(7);
  const field = tabFields(tabs, cell, readings).base[0].map(v => v + NOISE * rng.normal());
  const at = moved(readings, motion, middle);
  const of = (values: Float64Array) => Float64Array.from({ length: scan.count }, (_, s) => values[readings.first[s]]);
  return {
    ...scan,
    x: of(at.x),
    y: of(at.y),
    z: of(at.z),
    components: Object.fromEntries(
      (['bx', 'by', 'bz'] as const).map(axis => [
        axis,
        { values: field.filter((_, r) => COMPONENTS[readings.component[r]] === axis) },
      ]),
    ),
  };
}

describe('place of the scan', () => {
  it('turns positions about the middle and the sensors with them; there and back is still to second order', () => {
    const readings = scanReadings(emptyScan(20, 30));
    const motion = motionOf([1e-4, -2e-4, 3e-4, 1e-4, 2e-4, -3e-4]);
    const back = motionOf(numbersOf(motion).map(v => -v));
    const there = moved(moved(readings, motion, middle), back, middle);
    for (const key of ['x', 'y', 'z', 'nx', 'ny', 'nz'] as const) {
      for (let r = 0; r < readings.count; r++) expect(Math.abs(there[key][r] - readings[key][r])).toBeLessThan(3e-7);
    }
    const quarter = moved(readings, motionOf([0, 0, 0, 0, 0, 1e-3]), [0, 0, 0]);
    expect(quarter.y[5] - readings.y[5]).toBeCloseTo(1e-3 * readings.x[5], 12);
    expect(quarter.ny[0]).toBeCloseTo(1e-3, 12);
  });

  it.each([[[0]], [[-1 * MM, 1 * MM]]])(
    'has the columns of a finite motion, to second order, sheets at %j m',
    sheets => {
      const stack = { ...cell, sheets: Float64Array.from(sheets) };
      const { readings, tabs, model } = smallProblem(stack, emptyScan(60, 80, { pitch: 8 }), 1e6);
      const columns = placeColumns({ cell: stack, tabs, model, readings }, new Float64Array(model.kept));
      const motion = [2e-4, -1e-4, 1e-4, 1e-3, -1e-3, 2e-3];
      const at = (sign: number) => {
        const { base } = tabFields(tabs, stack, moved(readings, motionOf(motion.map(v => sign * v)), middle));
        return base[0].map((_, r) => base.reduce((sum, field) => sum + field[r] / base.length, 0));
      };
      const [plus, minus] = [at(1), at(-1)];
      let [miss, size] = [0, 0];
      for (let r = 0; r < readings.count; r++) {
        const change = (plus[r] - minus[r]) / 2;
        miss += (columns.reduce((sum, column, i) => sum + column[r] * motion[i], 0) - change) ** 2;
        size += change ** 2;
      }
      expect(Math.sqrt(miss / size)).toBeLessThan(2e-3);
    },
  );

  it.each([
    ['nothing', [0, 0, 0, 0]],
    ['1 mm along x', [1, 0, 0, 0]],
    ['0.7 mm askew and half a degree', [-0.7, 0.7, 0, 8.7]],
    ['1 mm up', [0, 0, 1, 0]],
  ])('finds %s', (_, [x, y, z, turn]) => {
    const motion = motionOf([x * MM, y * MM, z * MM, 0, 0, turn * MM]);
    const { place } = boundedInversion(misplacedScan(motion), cell, { errors: false });
    const [applied, left, error] = [place!.applied, place!.left, place!.error].map(numbersOf);
    numbersOf(motion).forEach((v, i) => {
      const found = applied[i] + left[i];
      expect(Math.abs(found + v)).toBeLessThan(3 * error[i]);
      if (v === 0) expect(applied[i]).toBe(0);
      else expect(applied[i]).not.toBe(0);
    });
  });

  it('finds a cell that swells in its middle, its current drawn by bent wires, and a flat one flat', () => {
    const [width, height] = [60 * MM, 80 * MM];
    const ends = cellOf(rectangleOutline(width, height), [
      [[width, height], [0, height], 1],
      [[0, 0], [width, 0], -1],
    ]);
    // Known to carry a uniform current, as the wires do.
    const wide = { ...ends, tabs: ends.tabs.map(tab => ({ ...tab, length: 0 })) };
    const empty = emptyScan(60, 80, { pitch: 5, margin: 15, z: [6], sigma: NOISE });
    const WIRES = 120;
    const ys = [-2, ...Array.from({ length: 41 }, (_, i) => (i / 40) * height), 2].reverse();
    /** What the inversion finds over a dome of this height, which is zero on the outline. */
    const swellingOver = (dome: number) => {
      const [bx, by, bz] = [0, 1, 2].map(() => new Float64Array(empty.count));
      for (let i = 0; i < WIRES; i++) {
        const x = ((i + 0.5) / WIRES) * width;
        const u = (2 * x) / width - 1;
        const path = {
          x: Float64Array.from(ys, () => x),
          y: Float64Array.from(ys),
          z: Float64Array.from(ys, y => dome * (1 - u * u) * Math.max(0, 1 - ((2 * y) / height - 1) ** 2)),
        };
        polylineField(empty, path, wide.current! / WIRES, { bx, by, bz });
      }
      const rng = random(3);
      const noisy = (values: Float64Array) => ({ values: values.map(v => v + NOISE * rng.normal()) });
      const scan = { ...empty, components: { bx: noisy(bx), by: noisy(by), bz: noisy(bz) } };
      const { place } = boundedInversion(scan, wide, { errors: false, swelling: true });
      return place!;
    };
    const dome = 1 * MM;
    const [swollen, flat] = [swellingOver(dome), swellingOver(0)];
    const [[found], [flatFound]] = [swollen.swelling!.coefficients, flat.swelling!.coefficients];
    expect(Math.abs(found - flatFound - dome)).toBeLessThan(0.15 * MM);
    // Where the wires beyond the view go changes the flat one's answer by what the stated error allows.
    expect(Math.abs(flatFound)).toBeLessThan(2 * flat.swelling!.errors[0]);
    for (const askew of [1, 2]) {
      expect(Math.abs(swollen.swelling!.coefficients[askew])).toBeLessThan(swollen.swelling!.errors[askew]);
    }
  });

  it('moves nothing that is small or uncertain, and never tilts', () => {
    const error = motionOf([1e-5, 3e-4, 1e-5, 1e-4, 1e-4, 1e-4]);
    const fit = { motion: motionOf([3e-4, 1e-3, 0, 1, 1, 1e-4]), error };
    expect(contradicted(fit, motionOf([0, 0, 0, 0, 0, 0]), cell)).toBeUndefined();
    const moves = contradicted({ ...fit, motion: motionOf([1e-3, 0, 0, 1, 0, 0]) }, motionOf([0, 0, 0, 0, 0, 0]), cell);
    expect(moves).toEqual(motionOf([1e-3, 0, 0, 0, 0, 0]));
  });
});
