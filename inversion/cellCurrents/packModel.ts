import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import { type Box, boundingBox, outlineArea } from '../../src/model/outline.js';
import { sheetBelow, sideOf } from '../bounded/belowSheets.js';
import { exteriorSheet, inverter } from '../bounded/exteriorSheets.js';
import type { LinearModel } from '../bounded/linearModel.js';
import { exteriorLayouts, hatCount, PAD, tabBoxes } from '../bounded/model.js';
import { backgrounds, magneticParts, type PatternColumn, sensorErrors } from '../bounded/patterns.js';
import type { ScanReadings } from '../bounded/scanReadings.js';
import { median } from '../median.js';
import { type CellPatterns, cellPatterns, type SharedColumns } from './cellPatterns.js';
import type { PlacedCell } from './packCell.js';

/** What a pattern of the pack's model is about. */
export type Role = 'current' | 'level' | 'profile' | 'shift x' | 'shift y' | 'turn' | 'other';

/** A pattern that knows which cell it belongs to; -1: several, or none. */
export interface PackColumn extends PatternColumn {
  readonly role: Role;
  readonly cell: number;
  /** Index of the pattern that this cell has in common with others. */
  readonly partOf?: number;
}

/** The linear model of a scan of a pack; the unknown currents, A, are the first unknowns, in the order of the cells. */
export interface PackModel extends LinearModel {
  readonly patterns: readonly PackColumn[];
  readonly cells: readonly CellPatterns[];
  /** Typical current of a cell, A: the unit of what departs from a cell's pattern. */
  readonly scale: number;
}

export interface PackModelChoices {
  /** 'given': the cells stand where the pack says. */
  readonly place?: 'given' | 'fit';
  readonly background?: 'constant' | 'linear';
  /** 'exact': the sensors of an array agree. */
  readonly sensors?: 'exact' | 'fit';
  /** Factor on the pitches of the sheets outside. */
  readonly outsidePitch?: number;
  /** Whether currents are assumed beside the cells and lower than they: busbars. */
  readonly lower?: boolean | undefined;
  /** Depth below the cells at which a sheet of unknown currents is assumed, m. */
  readonly below?: number | undefined;
}

/** Prior standard deviations of a current, and of the level of psi, in typical currents of a cell and of the pack. */
const CURRENT_SD = 30;
const LEVEL_SD = 1;
/** Part of a profile's prior deviation by which like cells may differ. */
const OWN_PROFILE = 0.3;
/** Of a cell's place, m, and of its angle, rad. */
const SHIFT_SD = 0.3e-3;
const TURN_SD = 5e-3;
/** Unknowns that the sheets outside may have; their pitches grow instead. */
const MOST_OUTSIDE = 3000;

/** Factors on the pitch of the sheet beside the cells: the first that unknowns allow. */
const BESIDE = [0.75, 0.85, 1];
/** Rings beyond the view, half a metre wide at 8 mm above the cells: what leaves the view returns no nearer. */
const RINGS = 3;

/** The patterns of every cell at the places of the readings. */
export function allCellPatterns(cells: readonly PlacedCell[], readings: ScanReadings): CellPatterns[] {
  const shared: SharedColumns = new Map();
  return cells.map(own =>
    cellPatterns(
      own,
      cells.filter(other => other !== own),
      readings,
      shared,
      readings.footprint,
    ),
  );
}

/** Median distance of the readings from the cells' sheets, m. */
export function packStandoff(cells: readonly PlacedCell[], readings: ScanReadings): number {
  const sheets = sheetsOf(cells);
  return median(readings.z.map(z => Math.min(...sheets.map(s => Math.abs(z - s)))));
}

/**
 * @param scale typical current of a cell, A
 */
export function packModel(
  cells: readonly PlacedCell[],
  patterns: readonly CellPatterns[],
  readings: ScanReadings,
  scale: number,
  dense: DenseWorkspace,
  choices: PackModelChoices = {},
): PackModel {
  const columns = packColumns(cells, patterns, readings, scale, choices);
  const outlines = cells.map(({ placed }) => placed.outline);
  const view = nearBox(cells, readings);
  const standoff = packStandoff(cells, readings);
  const invert = inverter(dense);
  const refine = cells.flatMap(({ placed }) => tabBoxes(placed));
  const pitch = (choices.outsidePitch ?? 1) * standoff;
  const ordinary = exteriorLayouts(sheetsOf(cells), refine, readings, pitch, Math.sqrt(cells.length) * scale);
  const area = (view.x1 - view.x0) * (view.y1 - view.y0);
  const sheets = Float64Array.from(sheetsOf(cells));
  // Busbars lower than the cells. In the cells' plane the equivalent of a deep current is as wide as it is deep, and reaches into
  // the outlines, where no sheet may be; so they have one of their own, which is not under the cells either.
  const { sd, pitch: fineness } = ordinary[0];
  const lower = sheetBelow({ sheets }, readings, area, choices.lower ? standoff : undefined, sd).map(layout => ({
    ...layout,
    name: 'beside and lower',
    pitch: 2 * fineness,
    outside: true,
  }));
  const wires = [...ordinary, ...lower];
  // Wide hats right at the edge of the view miss the edges of a wire's strip by more than the noise; a uniform current that the
  // background cancels then takes their place, and the currents err by tens of percent.
  const covered = outlines.reduce((sum, outline) => sum + outlineArea(outline), 0);
  const laidOut = (fine: number) =>
    wires.map(layout => {
      const beside = ordinary.includes(layout) && layout.kind === 'psi' && layout.outside;
      return beside
        ? { ...layout, pitch: fine * layout.pitch, near: widened(view, standoff), rings: RINGS }
        : { ...layout, near: view, rings: 0 };
    });
  const hatsOf = (fine: number) =>
    laidOut(fine).reduce((sum, layout) => sum + hatCount(layout, covered, layout.near), 0);
  const fine = BESIDE.find(factor => hatsOf(factor) <= MOST_OUTSIDE) ?? 1;
  const layouts = laidOut(fine);
  const hats = hatsOf(fine);
  const wider = Math.max(1, Math.sqrt(hats / MOST_OUTSIDE));
  const behind = sheetBelow({ sheets }, readings, area, choices.below, Math.sqrt(cells.length) * scale);
  const outside = [
    ...layouts.map(({ near, rings, ...layout }) =>
      exteriorSheet({ ...layout, pitch: wider * layout.pitch }, outlines, near, PAD, invert, rings),
    ),
    ...behind.map(layout => exteriorSheet(layout, outlines, view, PAD, invert)),
  ];
  return {
    departures: [],
    patterns: columns,
    cells: patterns,
    outside,
    base: new Float64Array(readings.count),
    standoff,
    scale,
    kept: columns.length,
    unknowns: columns.length + outside.reduce((sum, sheet) => sum + sheet.sources.count, 0),
  };
}

/** 1 for a scan from above the cells' sheets, -1 from below, 0 from both sides. */
export function scannedSide(cells: readonly PlacedCell[], readings: ScanReadings): number {
  return sideOf({ sheets: Float64Array.from(sheetsOf(cells)) }, readings);
}

function sheetsOf(cells: readonly PlacedCell[]): number[] {
  return [...new Set(cells.flatMap(({ unit }) => [...unit.sheets]))].sort((a, b) => a - b);
}

function packColumns(
  cells: readonly PlacedCell[],
  patterns: readonly CellPatterns[],
  readings: ScanReadings,
  scale: number,
  choices: PackModelChoices,
): PackColumn[] {
  const times = (field: Float64Array, factor: number) => field.map(v => factor * v);
  const currents = cells.map(
    ({ name }, cell): PackColumn => ({
      name: `current of ${name}, A`,
      field: patterns[cell].base,
      sd: CURRENT_SD * scale,
      role: 'current',
      cell,
    }),
  );
  const levels = cells.map(
    ({ name }, cell): PackColumn => ({
      name: `level of psi in ${name}, A`,
      field: patterns[cell].level,
      sd: LEVEL_SD * scale * cells.length,
      role: 'level',
      cell,
    }),
  );
  const places = cells.flatMap(({ name }, cell): PackColumn[] => {
    if (choices.place === 'given') return [];
    const { slope, turn } = patterns[cell];
    return [
      { name: `shift of ${name} along x, m`, field: times(slope.x, -scale), sd: SHIFT_SD, role: 'shift x', cell },
      { name: `shift of ${name} along y, m`, field: times(slope.y, -scale), sd: SHIFT_SD, role: 'shift y', cell },
      { name: `turn of ${name}, rad`, field: times(turn, scale), sd: TURN_SD, role: 'turn', cell },
    ];
  });
  const other = [
    ...backgrounds(readings, choices.background ?? 'constant'),
    ...cells.flatMap(({ placed }) => magneticParts(placed, readings)),
    ...(choices.sensors === 'exact' ? [] : sensorErrors(readings)),
  ].map((column): PackColumn => ({ ...column, role: 'other', cell: -1 }));
  return [...currents, ...levels, ...profiles(cells, patterns, scale, 2 * cells.length), ...places, ...other];
}

/** What the profiles of like cells' tabs have in common, and what every cell adds. @param before columns before these */
function profiles(
  cells: readonly PlacedCell[],
  patterns: readonly CellPatterns[],
  scale: number,
  before: number,
): PackColumn[] {
  const out: PackColumn[] = [];
  for (const unit of new Set(cells.map(cell => cell.unit))) {
    const alike = cells.flatMap((cell, i) => (cell.unit === unit ? [i] : []));
    patterns[alike[0]].profiles.forEach(({ name, sd }, p) => {
      const field = (own: readonly number[]) => {
        const sum = new Float64Array(patterns[alike[0]].base.length);
        for (const i of own) {
          const { field: single } = patterns[i].profiles[p];
          for (let r = 0; r < sum.length; r++) sum[r] += scale * single[r];
        }
        return sum;
      };
      const partOf = before + out.length;
      const cell = alike.length === 1 ? alike[0] : -1;
      out.push({ name: `${name} of ${unit.name}`, field: field(alike), sd, role: 'profile', cell });
      if (cell >= 0) return;
      for (const i of alike) {
        const own = `${name} of ${cells[i].name}`;
        out.push({ name: own, field: field([i]), sd: OWN_PROFILE * sd, role: 'profile', cell: i, partOf });
      }
    });
  }
  return out;
}

function widened({ x0, y0, x1, y1 }: Box, by: number): Box {
  return { x0: x0 - by, y0: y0 - by, x1: x1 + by, y1: y1 + by };
}

/** The box of the cells and the samples. */
function nearBox(cells: readonly PlacedCell[], { x, y }: ScanReadings): Box {
  const boxes = cells.map(({ placed }) => boundingBox(placed.outline));
  const least = (values: ArrayLike<number>, first: number) =>
    Array.prototype.reduce.call(values, (a, b) => Math.min(a as number, b as number), first) as number;
  const most = (values: ArrayLike<number>, first: number) =>
    -least(
      Array.from(values, v => -v),
      -first,
    );
  return {
    x0: Math.min(...boxes.map(b => b.x0), least(x, Infinity)),
    y0: Math.min(...boxes.map(b => b.y0), least(y, Infinity)),
    x1: Math.max(...boxes.map(b => b.x1), most(x, -Infinity)),
    y1: Math.max(...boxes.map(b => b.y1), most(y, -Infinity)),
  };
}
