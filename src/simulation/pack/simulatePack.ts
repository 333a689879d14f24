import { type FieldVectors, type Positions, zeroField } from '../../biotSavart/buffers.js';
import { InputError } from '../../errors.js';
import type { Cell } from '../../model/cell.js';
import { leadField } from '../../model/leadField.js';
import type { Pack } from '../../model/parsePack.js';
import { type CellField, harmonicCellField } from './cellField.js';
import { addFields, placedField } from './packField.js';
import { chargingSign, type PackModel, packModel } from './packModel.js';
import { type Load, loadOf, type PackHistory, packOverTime } from './packOverTime.js';

export interface PackSimulationOptions {
  /** A through the pack, + charging; default what the files say. */
  readonly current?: number;
  /** The current over time; default the load of the pack, else the current at one moment. */
  readonly load?: Load;
  /** See `packOverTime`. */
  readonly tolerance?: number;
  /** Where the field is wanted, in the axes of the pack, m; without points there is no field. */
  readonly points?: Positions;
  /**
   * The field of a cell per ampere in its own axes, called once for every cell of the pack with its file as read (the
   * same object for equal cells, if the caller gave the same) and its place in the list; default `harmonicCellField`.
   */
  readonly cellField?: (cell: Cell, index: number) => CellField;
  /** Resistance of a cell from its file, ohm, foils included; default as `packModel`. */
  readonly resistanceOf?: (cell: Cell) => number | undefined;
}

export interface PackSimulation {
  readonly model: PackModel;
  readonly history: PackHistory;
  /** Per cell: +1 where a current that charges the cell is positive as the shares of its tabs say, else -1. */
  readonly chargingSigns: Int8Array;
  /**
   * Field at the points at a moment of the history (default the first), T: every cell's with its current, and the
   * pack's own leads. @throws {InputError} without points.
   */
  fieldAt(moment?: number): FieldVectors;
  /** Field of each cell per ampere that charges it, and last that of the pack's own leads per ampere of the pack, T/A. */
  readonly fieldsPerAmpere: readonly FieldVectors[];
}

/**
 * Simulates a pack: currents and states of charge of its cells over time, and the field of all of them.
 * @param pack as read by `parsePack`
 * @param cells the cells' own files as read by `parseCell`, unplaced, one per cell of the pack
 * @throws {InputError} where the current or a resistance is not known, or as `packOverTime`.
 */
export function simulatePack(pack: Pack, cells: readonly Cell[], options: PackSimulationOptions = {}): PackSimulation {
  if (cells.length !== pack.cells.length) {
    throw new InputError(`the pack has ${pack.cells.length} cells, but ${cells.length} were given`);
  }
  const model = packModel(pack, cells, options.resistanceOf);
  const history = packOverTime(model, loadFor(pack, model, options), options);
  const chargingSigns = Int8Array.from(cells, chargingSign);
  const { points } = options;
  const fieldsPerAmpere = points === undefined ? [] : perAmpere(pack, cells, chargingSigns, points, options);
  return {
    model,
    history,
    chargingSigns,
    fieldsPerAmpere,
    fieldAt: (moment = 0) => {
      if (points === undefined) throw new InputError('the field of the pack is not known', { advice: 'give points' });
      const n = cells.length;
      const out = zeroField(points.x.length);
      const currents = history.cellCurrents.subarray(moment * n, (moment + 1) * n);
      addFields(fieldsPerAmpere, [...currents, history.current[moment]], out);
      return out;
    },
  };
}

function loadFor(pack: Pack, model: PackModel, { current, load }: PackSimulationOptions): Load {
  if (load !== undefined) return load;
  if (current === undefined && pack.load !== undefined) return loadOf(pack.load);
  const known = current ?? model.current;
  if (known === undefined) {
    const advice = 'give current_A in pack.yaml, or in the file of every cell';
    throw new InputError('the current of the pack is not known', { advice });
  }
  return { time: Float64Array.of(0), current: Float64Array.of(known) };
}

function perAmpere(
  pack: Pack,
  cells: readonly Cell[],
  signs: Int8Array,
  points: Positions,
  { cellField }: PackSimulationOptions,
): FieldVectors[] {
  const harmonic = new Map<Cell, CellField>();
  const fieldOf = (cell: Cell, index: number): CellField => {
    if (cellField !== undefined) return cellField(cell, index);
    const known = harmonic.get(cell) ?? harmonicCellField(cell);
    harmonic.set(cell, known);
    return known;
  };
  const fields = cells.map((cell, i) => {
    const field = placedField(cell, pack.cells[i], points, fieldOf(cell, i));
    if (signs[i] > 0) return field;
    return { bx: field.bx.map(b => -b), by: field.by.map(b => -b), bz: field.bz.map(b => -b) };
  });
  const leads = zeroField(points.x.length);
  for (const lead of pack.leads ?? []) leadField(points, lead, lead.share, leads);
  return [...fields, leads];
}
