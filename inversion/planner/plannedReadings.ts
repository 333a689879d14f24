import { InputError } from '../../src/errors.js';
import type { Rig } from '../../src/model/rig.js';
import { random } from '../../src/random.js';
import { standoff } from '../bounded/model.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import { likelyWires } from './likelyWires.js';
import type { ReadField } from './nuisances.js';
import { rigReadings } from './rigReadings.js';
import type { ScanCourse } from './scanCourse.js';
import { readFieldOf, type SimulatedCell } from './simulatedCell.js';

/** Draws of wires. */
const DRAWS = 12;

/** Deviation of a reading that counts for nothing, T. */
const LOST = 1;

/** Everything that a rig's scan of a cell is judged by. */
export interface PlannedReadings {
  readonly readings: ScanReadings;
  readonly healthy: ReadField;
  /** The cell with wires as they may run, where nobody knows them. */
  readonly likely: readonly ReadField[];
  /** Of each reading, T: noise, gain and position errors. */
  readonly deviation: Float64Array;
  readonly beyondRange: number;
  readonly standoff: number;
}

/** The readings of a rig, and how much each of them errs. */
export function plannedReadings(rig: Rig, course: ScanCourse, simulated: SimulatedCell): PlannedReadings {
  const { readings, range } = rigReadings(rig, course);
  const h = standoff(simulated.cell, readings);
  if (!(h > 0))
    throw new InputError('the rig scans in the plane of the current', {
      column: 'heights_mm',
      advice: 'give a height above the cell',
    });
  const own = readFieldOf(readings, simulated.cellField, h);
  const healthy = sumOf(own, readFieldOf(readings, simulated.leadField, h));
  // What gain and position errors make of the field: with wires that nobody knows, in the mean over some that may be.
  const rng = random(1);
  const likely =
    simulated.cell.leads.length > 0
      ? [healthy]
      : Array.from({ length: DRAWS }, () => sumOf(own, readFieldOf(readings, likelyWires(simulated.cell, rng), h)));
  let beyondRange = 0;
  const deviation = readings.sigma.map((sigma, r) => {
    if (Math.abs(healthy.value[r]) > range[r]) {
      beyondRange++;
      return LOST;
    }
    let square = sigma ** 2;
    for (const { value, dx, dy, dz } of likely) {
      const slope = Math.hypot(dx[r], dy[r], dz[r]);
      square += ((rig.gainError * value[r]) ** 2 + (rig.positionError * slope) ** 2) / likely.length;
    }
    return Math.sqrt(square);
  });
  return { readings, healthy, likely, deviation, beyondRange, standoff: h };
}

function sumOf(a: ReadField, b: ReadField): ReadField {
  const sum = (u: Float64Array, v: Float64Array) => u.map((w, i) => w + v[i]);
  const turned = [0, 1, 2].map(k => sum(a.turned[k], b.turned[k])) as [Float64Array, Float64Array, Float64Array];
  return { value: sum(a.value, b.value), dx: sum(a.dx, b.dx), dy: sum(a.dy, b.dy), dz: sum(a.dz, b.dz), turned };
}
