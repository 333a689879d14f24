import { AXES } from '../../src/fieldMap.js';
import type { Cell } from '../../src/model/cell.js';
import type { Pack } from '../../src/model/parsePack.js';
import type { Interval, Rig, Vector3 } from '../../src/model/rig.js';
import type { Defect } from '../../src/simulation/defects/index.js';
import { simulateCell } from '../../src/simulation/field/simulateCell.js';
import { packedStack } from '../../src/simulation/field/stackCellField.js';
import type { CellField } from '../../src/simulation/pack/cellField.js';
import { addFields } from '../../src/simulation/pack/packField.js';
import { simulatePack } from '../../src/simulation/pack/simulatePack.js';
import { elementPosition, type ScanPlan } from '../scan/plan.js';
import { type FieldTable, type FieldTableOptions, fieldTable } from './fieldTable.js';

/** Room around the places of a plan, m: elements that stand a little off, motion that overshoots. */
const ROOM = 2e-3;

/**
 * The field of a cell per ampere, at its own current: foils, tabs, known leads, or strips where no leads are known.
 * @throws {InputError} for a cell with defects whose current is not known
 */
export function cellFieldOf(cell: Cell, defects: readonly Defect[] = []): CellField {
  if (defects.length === 0) return packedStack(cell).field;
  return (points, out) => {
    const { field, current } = simulateCell(cell, { ...points, axes: AXES }, { defects });
    addFields([field], [1 / current], out);
  };
}

/**
 * The field of a pack per ampere through it, with the split among its cells at its own current at the beginning.
 * @param cells as `simulatePack` takes them
 */
export function packFieldOf(pack: Pack, cells: readonly Cell[]): CellField {
  const stacks = new Map(cells.map(cell => [cell, packedStack(cell)]));
  return (points, out) => {
    const simulation = simulatePack(pack, cells, {
      points,
      cellField: cell => stacks.get(cell)!.field,
      resistanceOf: cell => stacks.get(cell)!.resistance,
    });
    addFields([simulation.fieldAt()], [1 / simulation.history.current[0]], out);
  };
}

/** The table of a field at all places at which a plan reads, and at the rig's reference sensors. */
export function tableForScan(field: CellField, rig: Rig, plan: ScanPlan): FieldTable {
  return fieldTable(field, placesOf(rig, plan));
}

function placesOf(rig: Rig, plan: ScanPlan): FieldTableOptions {
  const x = [Infinity, -Infinity];
  const y = [Infinity, -Infinity];
  const heights = new Set<number>();
  const take = (at: Vector3) => {
    for (const element of plan.elements) {
      const place = elementPosition(at, element);
      [x, y].forEach((range, k) => {
        range[0] = Math.min(range[0], place[k] - ROOM);
        range[1] = Math.max(range[1], place[k] + ROOM);
      });
      // Rounded, so that offsets that add up to one height do not make two planes of it.
      heights.add(Math.round(place[2] * 1e9) / 1e9);
    }
  };
  for (const step of plan.steps) {
    if (step.kind === 'point') take(step.at);
    else if (step.kind === 'line') for (const end of [step.from, step.to]) take(end);
  }
  return {
    x: x as unknown as Interval,
    y: y as unknown as Interval,
    heights: [...heights],
    places: rig.sensors.flatMap(({ role, elements }) => (role === 'reference' ? elements.map(e => e.offset) : [])),
  };
}
