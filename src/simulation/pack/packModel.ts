import { InputError } from '../../errors.js';
import type { Cell } from '../../model/cell.js';
import { outlineArea } from '../../model/outline.js';
import type { Pack, PackedCell } from '../../model/parsePack.js';
import type { OverSoc } from '../../model/socTable.js';
import { type Circuit, type SolvableCircuit, solvableCircuit } from './circuit.js';

/** What a cell is electrically: a voltage and a resistance that follow its state of charge. */
export interface CellBranch {
  readonly name: string;
  /** V. */
  readonly openCircuit: OverSoc;
  /** Of the cell, ohm, before the factor. */
  readonly resistance: OverSoc;
  readonly resistanceFactor: number;
  /** In series with the cell, ohm. */
  readonly connectionResistance: number;
  /** A s; Infinity: the state of charge stays. */
  readonly capacity: number;
  /** State of charge at the beginning. */
  readonly soc: number;
}

/** A pack as a circuit. A current through a cell is positive when it charges it. */
export interface PackModel {
  /** In the order of the pack. */
  readonly cells: readonly CellBranch[];
  readonly circuit: SolvableCircuit;
  /** Resistance of every branch that is no cell, ohm; NaN where there is a cell. */
  readonly busbars: Float64Array;
  /** Branch of each cell, from its positive to its negative side. */
  readonly branchOf: Int32Array;
  /** A through the pack, + charging, where the files say it. */
  readonly current?: number;
}

/**
 * The circuit of a pack. In a parallel pack the cells (or strings of cells, one per `group`) hang between two busbars in
 * the order of the file, joined by pieces of `segment_ohm`; in a series pack the cells (or groups of parallel cells) stand
 * in a row, joined by `joint_ohm`. The terminals are at the first cell; with `opposite_ends` the negative one (of every
 * parallel group) is at the last.
 * @param cells the cells' own files, one per cell of the pack; one that is absent (undefined) must not be needed
 * @param resistanceOf of a cell from its file, ohm, where `pack.yaml` does not say it; default the area-specific
 * resistance over the area of all pairs: the electrodes without the foils
 * @throws {InputError} for a cell whose resistance nobody says.
 */
export function packModel(
  pack: Pack,
  cells: readonly (Cell | undefined)[],
  resistanceOf: (cell: Cell) => number | undefined = electrodeResistance,
): PackModel {
  const { circuit, branchOf, busbars } = packCircuit(pack);
  const current = pack.current ?? ownCurrent(pack, cells);
  return {
    cells: pack.cells.map((packed, i) => cellBranch(packed, cells[i], resistanceOf)),
    circuit: solvableCircuit(circuit),
    busbars,
    branchOf,
    ...(current === undefined ? {} : { current }),
  };
}

function cellBranch(
  packed: PackedCell,
  cell: Cell | undefined,
  resistanceOf: (cell: Cell) => number | undefined,
): CellBranch {
  const resistance = packed.resistance ?? (cell === undefined ? undefined : resistanceOf(cell));
  if (resistance === undefined) {
    const advice = "give its resistance_ohm in pack.yaml, or 'electrical' in the file of the cell";
    throw new InputError(`the resistance of cell '${packed.name}' is not known`, { advice });
  }
  return {
    name: packed.name,
    openCircuit: packed.openCircuit ?? 0,
    resistance,
    resistanceFactor: packed.resistanceFactor ?? 1,
    connectionResistance: packed.connectionResistance ?? 0,
    capacity: packed.capacity ?? Infinity,
    soc: packed.soc ?? 0.5,
  };
}

function electrodeResistance({ electrical, outline }: Cell): number | undefined {
  if (electrical === undefined) return undefined;
  return electrical.areaResistance / (electrical.pairs * outlineArea(outline));
}

/** +1 where a positive current (as the shares of the tabs say) charges the cell, -1 where it discharges it. */
export function chargingSign(cell: Cell): number {
  let positive = 0;
  for (const tab of cell.tabs) if (tab.polarity === 'positive') positive += tab.share;
  return positive < 0 ? -1 : 1;
}

/** What the cells' own files say: the groups' sum where they are in parallel, the first one's where they are in series. */
function ownCurrent(pack: Pack, cells: readonly (Cell | undefined)[]): number | undefined {
  let total = 0;
  for (const members of groups(pack)) {
    const taken = pack.topology === 'parallel' ? members.slice(0, 1) : members;
    let sum = 0;
    for (const i of taken) {
      const cell = cells[i];
      if (cell?.current === undefined) return undefined;
      sum += chargingSign(cell) * cell.current;
    }
    if (pack.topology === 'series') return sum;
    total += sum;
  }
  return total;
}

/** The indices of the cells, group by group in the order of the file; a cell without a group is one of its own. */
function groups(pack: Pack): number[][] {
  const named = new Map<string, number[]>();
  const all: number[][] = [];
  pack.cells.forEach(({ group }, i) => {
    const known = group === undefined ? undefined : named.get(group);
    if (known !== undefined) {
      known.push(i);
      return;
    }
    const members = [i];
    all.push(members);
    if (group !== undefined) named.set(group, members);
  });
  return all;
}

/** Collects nodes and branches, busbars before cells: see {@link solvableCircuit}. */
function packCircuit(pack: Pack): { circuit: Circuit; branchOf: Int32Array; busbars: Float64Array } {
  const { segment, joint, terminals } = pack.busbar ?? { segment: 0, joint: 0, terminals: 'same_end' };
  const bars: [from: number, to: number, ohm: number][] = [];
  const ends: (readonly [number, number])[] = [];
  let nodes = 0;

  /** Two-poles in series: returns the outer poles. */
  const inSeries = (parts: readonly (readonly [number, number])[]): readonly [number, number] => {
    for (let k = 1; k < parts.length; k++) bars.push([parts[k - 1][1], parts[k][0], joint]);
    return [parts[0][0], parts[parts.length - 1][1]];
  };
  /** Two-poles between two busbars. */
  const inParallel = (parts: readonly (readonly [number, number])[]): readonly [number, number] => {
    for (let k = 1; k < parts.length; k++) {
      bars.push([parts[k - 1][0], parts[k][0], segment], [parts[k][1], parts[k - 1][1], segment]);
    }
    return [parts[0][0], parts[terminals === 'same_end' ? 0 : parts.length - 1][1]];
  };
  const oneCell = (i: number) => {
    ends[i] = [nodes, nodes + 1];
    nodes += 2;
    return ends[i];
  };
  const [inner, outer] = pack.topology === 'parallel' ? [inSeries, inParallel] : [inParallel, inSeries];
  const [source, sink] = outer(groups(pack).map(members => inner(members.map(oneCell))));
  return {
    circuit: {
      nodes,
      from: Int32Array.from([...bars.map(([from]) => from), ...ends.map(([from]) => from)]),
      to: Int32Array.from([...bars.map(([, to]) => to), ...ends.map(([, to]) => to)]),
      source,
      sink,
    },
    branchOf: Int32Array.from(ends, (_, i) => bars.length + i),
    busbars: Float64Array.from([...bars.map(([, , ohm]) => ohm), ...ends.map(() => Number.NaN)]),
  };
}
