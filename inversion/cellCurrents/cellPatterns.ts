import type { Footprint, Readings } from '../../src/forward/index.js';
import { boundingBox } from '../../src/model/outline.js';
import { knownFields } from '../bounded/knownFields.js';
import { type TabColumns, tabColumns } from '../bounded/tabColumns.js';
import { tabFields } from '../bounded/tabFields.js';
import { inCellFrame, type PlacedCell } from './packCell.js';
import { FADE, surroundings } from './surroundings.js';

/** What the readings see of one cell that carries 1 A; T per unit. */
export interface CellPatterns {
  /** Of the healthy cell. */
  readonly base: Float64Array;
  /** Of psi = 1 A all over the cell, fading around it: where the zero of its psi lies is for the pack to say. */
  readonly level: Float64Array;
  /** Of its tabs' profiles, with their prior standard deviations. */
  readonly profiles: readonly { readonly name: string; readonly field: Float64Array; readonly sd: number }[];
  /** Derivatives of `base`, T/m, with respect to the place of the readings in the pack's axes. */
  readonly slope: { readonly x: Float64Array; readonly y: Float64Array; readonly z: Float64Array };
  /** Derivative of `base` with respect to an anticlockwise turn of the cell about its middle, T/rad. */
  readonly turn: Float64Array;
}

/** Steps of the central differences, m and rad. */
const STEP = 0.1e-3;
const TURN = 1e-3;
/** Room around the lattice beyond what fades, m. */
const ROOM = 2e-3;

/** Tabs' columns of every kind of cell, computed once. */
export type SharedColumns = Map<PlacedCell['unit'], TabColumns>;

/**
 * The patterns of one cell of a pack. Current in several sheets is shared equally. Its known leads are not among them: around the cell
 * the pattern closes in its own plane, and what its wires do instead is for the sheets outside to find.
 * @param others the other cells of the pack
 */
export function cellPatterns(
  own: PlacedCell,
  others: readonly PlacedCell[],
  readings: Readings,
  shared: SharedColumns,
  footprint?: Footprint,
): CellPatterns {
  const { unit, frame } = own;
  const box = boundingBox(unit.outline);
  const reach = FADE + ROOM;
  const tabs =
    shared.get(unit) ??
    tabColumns(unit, { x0: box.x0 - reach, y0: box.y0 - reach, x1: box.x1 + reach, y1: box.y1 + reach });
  shared.set(unit, tabs);
  const around = surroundings(own, others, tabs.fine);
  const fade = (psi: Float64Array) => psi.map((v, i) => v * around[i]);
  const level = { name: 'level', psi: around, sd: 1, tab: -1 };
  const base = fade(tabs.base);
  const faded = { ...tabs, base, columns: [...tabs.columns.map(c => ({ ...c, psi: fade(c.psi) })), level] };
  const there = inCellFrame(frame, readings);
  const fields = tabFields(faded, unit, there, footprint);
  const columns = fields.columns.map(mean);
  const known = knownFields({ ...unit, leads: [] }, there, tabs, footprint);
  const alone = { ...faded, columns: [] };
  /** Of the healthy cell where the readings are moved, by differences of two. */
  const difference = (plus: Readings, minus: Readings, step: number) => {
    const n = plus.x.length;
    const both = mean(tabFields(alone, unit, joined(plus, minus), footprint).base);
    return Float64Array.from({ length: n }, (_, r) => (both[r] - both[n + r]) / (2 * step));
  };
  const moved = (dx: number, dy: number, dz: number): Readings =>
    inCellFrame(frame, {
      ...readings,
      x: readings.x.map(v => v + dx),
      y: readings.y.map(v => v + dy),
      z: readings.z.map(v => v + dz),
    });
  // A cell turned anticlockwise sees the readings turned clockwise.
  const turned = (angle: number) => inCellFrame({ ...frame, ...rotated(frame, angle) }, readings);
  return {
    base: mean(fields.base).map((v, r) => v + known[r]),
    level: columns.at(-1)!,
    profiles: tabs.columns.map(({ name, sd }, c) => ({ name, sd, field: columns[c] })),
    slope: {
      x: difference(moved(STEP, 0, 0), moved(-STEP, 0, 0), STEP),
      y: difference(moved(0, STEP, 0), moved(0, -STEP, 0), STEP),
      z: difference(moved(0, 0, STEP), moved(0, 0, -STEP), STEP),
    },
    turn: difference(turned(TURN), turned(-TURN), TURN),
  };
}

function rotated({ cos, sin }: { readonly cos: number; readonly sin: number }, angle: number) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return { cos: cos * c - sin * s, sin: sin * c + cos * s };
}

function mean(sheets: readonly Float64Array[]): Float64Array {
  return sheets[0].map((_, r) => sheets.reduce((sum, own) => sum + own[r], 0) / sheets.length);
}

function joined(a: Readings, b: Readings): Readings {
  const both = (p: Float64Array, q: Float64Array) => {
    const out = new Float64Array(p.length + q.length);
    out.set(p);
    out.set(q, p.length);
    return out;
  };
  return {
    x: both(a.x, b.x),
    y: both(a.y, b.y),
    z: both(a.z, b.z),
    nx: both(a.nx, b.nx),
    ny: both(a.ny, b.ny),
    nz: both(a.nz, b.nz),
  };
}
