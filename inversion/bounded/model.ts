import type { DenseWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell } from '../../src/model/cell.js';
import { type Box, boundingBox, outlineArea } from '../../src/model/outline.js';
import { median } from '../median.js';
import { sheetBelow } from './belowSheets.js';
import { type ExteriorLayout, exteriorSheet, FAR, inverter, REFINEMENT } from './exteriorSheets.js';
import { type InteriorLattice, interiorLattice, type Laplacian, laplacian } from './interiorLattice.js';
import type { LinearModel } from './linearModel.js';
import { type PatternChoices, patternColumns } from './patterns.js';
import { singleSources } from './pointSources.js';
import type { ScanReadings } from './scanReadings.js';
import type { TabColumns } from './tabColumns.js';
import type { TabFields } from './tabFields.js';

/** The linear model of a cell with an outline: departures on its lattice, tabs, and what flows outside. */
export interface BoundedModel extends LinearModel {
  readonly interior: InteriorLattice;
  readonly laplacian: Laplacian;
}

/** How far the sheets outside reach beyond the samples and the cell, m. */
export const PAD = 30e-3;
/** Prior standard deviations of psi outside, and of the current that springs from somewhere. */
const OUTSIDE_SD = 1;
const LEAK_SD = 0.1;
/** Pitches in standoffs: of the departure, and of the sheets outside (beside the cell, above the sensors, leak). */
const INTERIOR_PITCH = 0.45;
const OUTSIDE_PITCH = { beside: 0.9, above: 1.3, leak: 1.5 };
/** How far from a tab, and beside it, its wire is looked at closely, m. */
const WIRE_LENGTH = 20e-3;
const WIRE_MARGIN = 5e-3;
/** Unknowns that a model may have, departures and outside: what half a minute allows. The pitches grow instead. */
const MOST_DEPARTURES = 2000;
const MOST_OUTSIDE = 3000;
/** Bound on readings times the square of the unknowns: fewer of them for very large scans. */
const MOST_PRODUCTS = 7e11;

/** The box of the cell and the samples, and `pad` more on each side. */
export function modelBox(cell: Cell, readings: ScanReadings, pad = PAD): Box {
  const own = boundingBox(cell.outline);
  let { x0, y0, x1, y1 } = own;
  for (let r = 0; r < readings.count; r++) {
    x0 = Math.min(x0, readings.x[r]);
    x1 = Math.max(x1, readings.x[r]);
    y0 = Math.min(y0, readings.y[r]);
    y1 = Math.max(y1, readings.y[r]);
  }
  return { x0: x0 - pad, y0: y0 - pad, x1: x1 + pad, y1: y1 + pad };
}

/** Median distance of the readings from the nearest sheet, m. */
export function standoff(cell: Cell, readings: ScanReadings): number {
  const { sheets } = cell;
  const heights = readings.z.map(z => {
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < sheets.length; k++) least = Math.min(least, Math.abs(z - sheets[k]));
    return least;
  });
  return median(heights);
}

/** What may be chosen about the model. */
export interface ModelChoices extends PatternChoices {
  /** Factor on the pitches of the sheets outside. */
  readonly outsidePitch?: number;
  /** Depth below the cell at which a sheet of unknown currents is assumed, m. */
  readonly below?: number | undefined;
}

/**
 * @param current A, its magnitude sets the scale of the priors outside
 */
export function boundedModel(
  cell: Cell,
  readings: ScanReadings,
  tabs: TabColumns,
  fields: TabFields,
  current: number,
  dense: DenseWorkspace,
  choices: ModelChoices = {},
): BoundedModel {
  const h = standoff(cell, readings);
  const near = modelBox(cell, readings, 0);
  const own = boundingBox(cell.outline);
  const part = Math.min(1, Math.sqrt(MOST_PRODUCTS / readings.count) / (MOST_DEPARTURES + MOST_OUTSIDE));
  const least = Math.sqrt(((own.x1 - own.x0) * (own.y1 - own.y0) * cell.sheets.length) / (part * MOST_DEPARTURES));
  const interior = interiorLattice(cell.outline, Math.max(INTERIOR_PITCH * h, least));
  const sheets = [...cell.sheets];
  const departures = sheets.map(z => singleSources(z, interior.x, interior.y, interior.dx * interior.dy));
  const patterns = patternColumns(cell, readings, fields, tabs, choices);
  const invert = inverter(dense);
  const layouts = exteriorLayouts(sheets, tabBoxes(cell), readings, (choices.outsidePitch ?? 1) * h, Math.abs(current));
  const wider = Math.max(
    1,
    Math.sqrt(
      layouts.reduce((sum, l) => sum + hatCount(l, outlineArea(cell.outline), near), 0) / (part * MOST_OUTSIDE),
    ),
  );
  const widened = layouts.map(layout => ({ ...layout, pitch: wider * layout.pitch }));
  const area = (near.x1 - near.x0) * (near.y1 - near.y0);
  const behind = sheetBelow(cell, readings, area, choices.below, OUTSIDE_SD * Math.abs(current));
  const outside = [...widened, ...behind].map(layout => exteriorSheet(layout, [cell.outline], near, PAD, invert));
  const base = new Float64Array(readings.count);
  for (const field of fields.base) for (let r = 0; r < base.length; r++) base[r] += field[r] / sheets.length;
  const kept = sheets.length * interior.count + patterns.length;
  return {
    interior,
    laplacian: laplacian(interior),
    departures,
    patterns,
    outside,
    base,
    standoff: h,
    kept,
    unknowns: kept + outside.reduce((sum, sheet) => sum + sheet.sources.count, 0),
  };
}

/** Where the wires of the tabs begin: a box on the outer side of each. */
export function tabBoxes(cell: Cell): Box[] {
  return cell.tabs.map(({ start, end }) => {
    const width = Math.hypot(end[0] - start[0], end[1] - start[1]);
    // Anticlockwise along the outline, the outside is on the right.
    const [ox, oy] = [(end[1] - start[1]) / width, -(end[0] - start[0]) / width];
    const [xs, ys] = [start, end]
      .flatMap(([x, y]) => [0, WIRE_LENGTH].map(out => [x + out * ox, y + out * oy]))
      .reduce(
        ([px, py], [x, y]) => [
          [...px, x],
          [...py, y],
        ],
        [[], []] as [number[], number[]],
      );
    return {
      x0: Math.min(...xs) - WIRE_MARGIN,
      y0: Math.min(...ys) - WIRE_MARGIN,
      x1: Math.max(...xs) + WIRE_MARGIN,
      y1: Math.max(...ys) + WIRE_MARGIN,
    };
  });
}

/**
 * About how many functions a sheet will have.
 * @param covered area of the outlines, m^2 @param near box of the samples and the cells
 */
export function hatCount({ pitch, outside, refine = [] }: ExteriorLayout, covered: number, near: Box): number {
  const areaOf = (box: Box) => (box.x1 - box.x0) * (box.y1 - box.y0);
  const area = areaOf(near);
  const all = (near.x1 - near.x0 + 2 * PAD) * (near.y1 - near.y0 + 2 * PAD);
  // A wire's box reaches a little into the cell, where there are no hats.
  const narrow = refine.reduce((sum, box) => sum + 0.9 * areaOf(box), 0);
  return (area - (outside ? covered : 0) + (REFINEMENT ** 2 - 1) * narrow + (all - area) / FAR ** 2) / pitch ** 2;
}

/**
 * The sheets outside: beside the cell; where all three components were measured, beyond the sensors, for wires that rise
 * (in-plane and normal components tell above from below), and a current that springs from somewhere beside the cell, for
 * wires that cross its plane; for a stack measured from both sides, one beside each of its sheets.
 * @param refine boxes where wires meet the cell @param pitch unit of the pitches, m @param current unit of the priors, A
 */
export function exteriorLayouts(
  sheets: readonly number[],
  refine: readonly Box[],
  readings: ScanReadings,
  pitch: number,
  current: number,
): ExteriorLayout[] {
  const middle = sheets.reduce((sum, z) => sum + z, 0) / sheets.length;
  const [lowest, highest] = [readings.z.reduce((a, b) => Math.min(a, b)), readings.z.reduce((a, b) => Math.max(a, b))];
  const twoSided = lowest < Math.min(...sheets) && highest > Math.max(...sheets);
  const beside = (name: string, z: number): ExteriorLayout => ({
    name,
    kind: 'psi',
    z,
    pitch: OUTSIDE_PITCH.beside * pitch,
    sd: OUTSIDE_SD * current,
    outside: true,
    refine,
  });
  const layouts = [beside('beside the cell', middle)];
  if (twoSided && sheets.length > 1) {
    layouts.push(
      ...sheets.map(z => ({ ...beside(`beside the sheet at ${z} m`, z), pitch: OUTSIDE_PITCH.leak * pitch })),
    );
  }
  const all = [readings.nx, readings.ny, readings.nz].every(n => n.some(v => v !== 0));
  if (!all) return layouts;
  const above = lowest > Math.max(...sheets) || twoSided ? [2 * highest - middle] : [];
  const below = highest < Math.min(...sheets) || twoSided ? [2 * lowest - middle] : [];
  for (const z of [...above, ...below]) {
    const sd = OUTSIDE_SD * current;
    layouts.push({
      name: 'beyond the sensors',
      kind: 'psi',
      z,
      pitch: OUTSIDE_PITCH.above * pitch,
      sd,
      outside: false,
    });
  }
  const leak = {
    name: 'crossing the plane',
    kind: 'phi',
    z: middle,
    sd: LEAK_SD * current,
    outside: true,
    refine,
  } as const;
  return [...layouts, { ...leak, pitch: OUTSIDE_PITCH.leak * pitch }];
}
