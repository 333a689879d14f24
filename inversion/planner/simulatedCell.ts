import type { FieldVectors, Positions } from '../../src/biotSavart/index.js';
import type { Cell, Polarity } from '../../src/model/cell.js';
import { boundingBox } from '../../src/model/outline.js';
import type { Defect } from '../../src/simulation/defects/defect.js';
import { cellStack } from '../../src/simulation/field/cellStack.js';
import { defectDifference, differenceField } from '../../src/simulation/field/defectChange.js';
import { knownConductorField } from '../../src/simulation/field/knownConductors.js';
import { type StackCurrents, stackCurrents } from '../../src/simulation/field/stackCurrents.js';
import { outletField, stackField } from '../../src/simulation/field/stackField.js';
import { stackState } from '../../src/simulation/field/stackState.js';
import { withUsualFoils } from '../../src/simulation/field/usualFoils.js';
import { readingPoints } from '../bounded/readingPoints.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import type { ReadField } from './nuisances.js';

/** A cell whose current is known. */
export type DrivenCell = Cell & { readonly current: number };

/** The healthy cell as it is simulated, and what defects change. */
export interface SimulatedCell {
  readonly cell: DrivenCell;
  /** Whether foils and electrodes were assumed, because the cell says nothing of them. */
  readonly assumed: boolean;
  readonly currents: StackCurrents;
  /** Field of the healthy cell without anything that leads to it, T. */
  readonly cellField: (points: Positions) => FieldVectors;
  /** Of its known leads and return plate, or, where no leads are known, of strips that run straight on from the tabs, T. */
  readonly leadField: (points: Positions) => FieldVectors;
  /** What the defects add to it, T. */
  readonly change: (defects: readonly Defect[], points: Positions) => FieldVectors;
}

/** Pixels along the longer side: what a defect changes is smooth at the sensors. */
const PIXELS = 128;
/** Step of the difference quotients, in standoffs. */
const STEP = 0.02;

/** @throws {InputError} for tabs and foils that make no cell @param pixels along the longer side */
export function simulatedCell(given: DrivenCell, pixels = PIXELS): SimulatedCell {
  const assumed = given.electrical === undefined;
  const cell = withUsualFoils(given);
  const { x0, y0, x1, y1 } = boundingBox(cell.outline);
  const stack = cellStack(cell, { pitch: Math.max(x1 - x0, y1 - y0) / pixels });
  const currents = stackCurrents(stackState(stack, cell.current));
  const outlets = cell.leads.length === 0;
  const known = new Map<string, StackCurrents>();
  const differenceOf = (defects: readonly Defect[]) => {
    const name = JSON.stringify(defects);
    const difference = known.get(name) ?? defectDifference(stack, currents, cell.current, defects);
    known.set(name, difference);
    return difference;
  };
  return {
    cell,
    assumed,
    currents,
    cellField: points => stackField(currents, points),
    leadField: points => {
      const field = knownConductorField(cell, cell.current, points, currents);
      if (outlets) add(field, outletField(currents, points));
      return field;
    },
    change: (defects, points) => differenceField(stack, differenceOf(defects), cell.current, points),
  };
}

/** The sheet current of one foil of the uppermost pair at pixel centres, A/m. */
export function foilCurrent({ currents }: SimulatedCell, foil: Polarity): { kx: Float64Array; ky: Float64Array } {
  const { grid, pairs } = currents;
  const flow = pairs[pairs.length - 1].flow[foil];
  return { kx: flow.alongX.map(v => v / grid.dy), ky: flow.alongY.map(v => v / grid.dx) };
}

/** Height of a foil of the uppermost pair, m. */
export function foilHeight({ currents }: SimulatedCell, foil: Polarity): number {
  const top = currents.pairs[currents.pairs.length - 1];
  return foil === 'positive' ? top.positiveZ : top.negativeZ;
}

/** The readings of a field, T. */
export function signalOf(readings: ScanReadings, fieldAt: (points: Positions) => FieldVectors): Float64Array {
  const points = readingPoints(readings, readings.footprint);
  return points.readings(fieldAt(points.positions));
}

/**
 * The readings of a field and its slopes. Derivatives along x and y by difference quotients; those along z follow, for the
 * field has neither divergence nor curl where the sensors are.
 * @param standoff of the readings, m
 */
export function readFieldOf(
  readings: ScanReadings,
  fieldAt: (points: Positions) => FieldVectors,
  standoff: number,
): ReadField {
  const points = readingPoints(readings, readings.footprint);
  const { positions } = points;
  const step = STEP * standoff;
  const here = fieldAt(positions);
  const slope = (axis: 'x' | 'y'): FieldVectors => {
    const there = fieldAt({ ...positions, [axis]: positions[axis].map(v => v + step) });
    const of = (c: keyof FieldVectors) => there[c].map((v, i) => (v - here[c][i]) / step);
    return { bx: of('bx'), by: of('by'), bz: of('bz') };
  };
  const [alongX, alongY] = [slope('x'), slope('y')];
  const alongZ = { bx: alongX.bz, by: alongY.bz, bz: alongX.bx.map((v, i) => -v - alongY.by[i]) };
  const zero = here.bx.map(() => 0);
  const minus = (values: Float64Array) => values.map(v => -v);
  const read = (field: FieldVectors) => points.readings(field);
  return {
    value: read(here),
    dx: read(alongX),
    dy: read(alongY),
    dz: read(alongZ),
    // (w x n) . B = n . (B x w)
    turned: [
      read({ bx: zero, by: here.bz, bz: minus(here.by) }),
      read({ bx: minus(here.bz), by: zero, bz: here.bx }),
      read({ bx: here.by, by: minus(here.bx), bz: zero }),
    ],
  };
}

function add(to: FieldVectors, from: FieldVectors): void {
  for (const c of ['bx', 'by', 'bz'] as const) for (let i = 0; i < to[c].length; i++) to[c][i] += from[c][i];
}
