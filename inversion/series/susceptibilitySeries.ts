import { InputError } from '../../src/errors.js';
import { COMPONENTS, type FieldScan } from '../../src/fieldScan.js';
import { boundingBox, contains, type Outline, polygonOutline } from '../../src/model/outline.js';
import { subtractReference } from '../../src/referenceScan.js';
import { scanSubset } from '../../src/scanSubset.js';
import { type PiecewiseLinear, piecewiseLinear } from '../../src/series/piecewiseLinear.js';
import { scanReadings } from '../bounded/scanReadings.js';
import { median } from '../median.js';
import type { Slab, SusceptibilityOptions, SusceptibilitySolution } from '../susceptibility/solution.js';
import { susceptibilityInversion } from '../susceptibility/susceptibilityInversion.js';
import { type FieldShift, fieldShift, type ReferenceField, referenceField } from './fieldShift.js';
import { findHotSpots, type HotSpotSearch } from './hotSpots.js';

/** A scan of a series at its state of charge, time or temperature. */
export interface SeriesScan {
  readonly name: string;
  readonly at: number;
  readonly scan: FieldScan;
}

/** One state of a series. */
export interface SeriesState {
  readonly name: string;
  readonly at: number;
  readonly solution: SusceptibilitySolution;
  /** Against the reference; undefined for the reference itself. */
  readonly shift?: FieldShift;
  /** chi minus that of the reference, inverted from the difference of the scans. */
  readonly change?: SusceptibilitySolution;
  readonly hotSpots?: HotSpotSearch;
}

/** A part of the cell over the series. */
export interface SeriesRegion {
  readonly name: string;
  readonly outline: Outline;
  /** Mean chi of every state, and of every change (0 for the reference), with errors. */
  readonly mean: Float64Array;
  readonly error: Float64Array;
  readonly change: Float64Array;
  readonly changeError: Float64Array;
  /** Change against state, in straight pieces; undefined for fewer than two states. */
  readonly fit?: PiecewiseLinear;
}

export interface SusceptibilitySeries {
  /** Ascending in `at`. */
  readonly states: readonly SeriesState[];
  readonly reference: number;
  readonly regions: readonly SeriesRegion[];
  readonly notes: readonly string[];
}

/**
 * Susceptibility over a series of scans of one cell, on one lattice. The changes are inverted from the differences of the
 * readings, so that what does not change (remanence, parts nearby, errors of the outline) takes no part; a shift of the cell
 * between scans is fitted, and its field taken off where it is significant. Hot spots are sought in every change.
 *
 * @param reference index into `scans` of the state that the others are compared with; default the first by `at`
 * @throws {InputError} for fewer than two scans, two at one state, or a scan at other places than the reference's
 */
export function susceptibilitySeries(
  scans: readonly SeriesScan[],
  slab: Slab,
  options: SusceptibilityOptions = {},
  reference?: number,
): SusceptibilitySeries {
  if (scans.length < 2) throw new InputError('one scan is no series', { advice: 'give at least two' });
  const { masked = [] } = options;
  const sorted = [...scans]
    .sort((a, b) => a.at - b.at)
    .map(entry => ({ ...entry, scan: unmasked(entry.scan, masked) }));
  const first = reference === undefined ? 0 : sorted.findIndex(({ name }) => name === scans[reference].name);
  const base = sorted[first];
  const parts = regionsOf(slab.outline);
  const asked = { ...options, masked: [], regions: parts.map(part => part.outline) };
  const step = (k: number, of: number) => (part: number, next: string) => options.onProgress?.((k + part) / of, next);
  const total = 2 * sorted.length - 1;
  const baseSolution = susceptibilityInversion(base.scan, slab, { ...asked, onProgress: step(0, total) });
  const pitch = Math.max(baseSolution.map.grid.dx, baseSolution.map.grid.dy);
  const notes: string[] = [];
  let field: ReferenceField | undefined;
  let done = 1;
  const states = sorted.map((entry, i): SeriesState => {
    if (i === first) return { name: entry.name, at: entry.at, solution: baseSolution };
    const same = { ...asked, pitch };
    try {
      const solution = susceptibilityInversion(entry.scan, slab, { ...same, onProgress: step(done++, total) });
      if (field === undefined || !samePlaces(field.scan, entry.scan)) {
        field = referenceField(entry.scan, slab, baseSolution.tiles);
      }
      const found = changeBetween(entry.scan, base.scan, field, slab, { ...same, onProgress: step(done++, total) });
      const { change, hotSpots, shift } = found;
      return {
        name: entry.name,
        at: entry.at,
        solution,
        ...(shift === undefined ? {} : { shift }),
        change,
        hotSpots,
      };
    } catch (error) {
      throw error instanceof InputError ? error.at({ file: entry.name }) : error;
    }
  });
  const shifts = states.flatMap(({ shift }) => (shift === undefined ? [] : [shift]));
  if (shifts.length > 0) {
    const size = ({ x, y }: FieldShift) => Math.hypot(x, y);
    const farthest = shifts.reduce((a, b) => (size(b) > size(a) ? b : a));
    const error = Math.max(farthest.xError, farthest.yError);
    notes.push(
      `The cell moved between the scans, by up to ${(1e3 * size(farthest)).toFixed(2)} ± ${(1e3 * error).toFixed(2)} mm against the reference: ` +
        'the shift was fitted along, and takes no part in the changes.',
    );
  }
  return { states, reference: first, regions: parts.map((part, k) => overSeries(part, k, states, first)), notes };
}

/** Beyond this misfit the cell may have moved, */
const MISFIT = 1.2;
/** and it has if its motion takes so much of the misfit away. */
const BETTER = 0.8;

/** The change of chi between two scans; where it does not explain their difference, together with a shift of the cell. */
function changeBetween(
  scan: FieldScan,
  base: FieldScan,
  field: ReferenceField,
  slab: Slab,
  options: SusceptibilityOptions,
): { change: SusceptibilitySolution; hotSpots: HotSpotSearch; shift?: FieldShift } {
  const difference = subtractReference(scan, base);
  const invert = (nuisances: readonly Float64Array[]) => {
    let hotSpots: HotSpotSearch | undefined;
    const change = susceptibilityInversion(difference, slab, {
      ...options,
      nuisances,
      onForm: (form, lattice, variance, distance) => {
        hotSpots = findHotSpots(form, lattice, variance, distance);
      },
    });
    return { change, hotSpots: hotSpots! };
  };
  const misfit = ({ change }: { change: SusceptibilitySolution }) =>
    change.sigmaStated ? change.chi2 : change.sigma ** 2;
  const still = invert([]);
  if (still.change.sigmaStated && still.change.chi2 < MISFIT) return still;
  const moved = invert([field.alongX, field.alongY]);
  if (misfit(moved) > BETTER * misfit(still)) return still;
  const shift = fieldShift(difference, scanReadings(difference).value, field);
  return { ...moved, ...(shift === undefined ? {} : { shift }) };
}

function unmasked(scan: FieldScan, masked: readonly Outline[]): FieldScan {
  if (masked.length === 0) return scan;
  const samples = Array.from({ length: scan.count }, (_, s) => s);
  return scanSubset(
    scan,
    samples.filter(s => !masked.some(part => contains(part, scan.x[s], scan.y[s], 0))),
  );
}

function samePlaces(a: FieldScan, b: FieldScan): boolean {
  return (
    a.count === b.count &&
    (['x', 'y', 'z'] as const).every(axis => a[axis] === b[axis] || a[axis].every((v, s) => v === b[axis][s])) &&
    COMPONENTS.every(name => (a.components[name] === undefined) === (b.components[name] === undefined))
  );
}

/** The whole cell and the quarters of its bounding box. */
function regionsOf(outline: Outline): { name: string; outline: Outline }[] {
  const { x0, y0, x1, y1 } = boundingBox(outline);
  const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
  const box = (a: number, b: number, c: number, d: number) =>
    polygonOutline([
      [a, b],
      [c, b],
      [c, d],
      [a, d],
    ]);
  return [
    { name: 'whole cell', outline },
    { name: 'lower left', outline: box(x0, y0, mx, my) },
    { name: 'lower right', outline: box(mx, y0, x1, my) },
    { name: 'upper left', outline: box(x0, my, mx, y1) },
    { name: 'upper right', outline: box(mx, my, x1, y1) },
  ];
}

function overSeries(
  { name, outline }: { name: string; outline: Outline },
  k: number,
  states: readonly SeriesState[],
  reference: number,
): SeriesRegion {
  const of = (pick: (state: SeriesState) => number | undefined) => Float64Array.from(states, s => pick(s) ?? 0);
  const change = of(s => s.change?.regions[k].mean);
  const changeError = of(s => s.change?.regions[k].error);
  // The reference's own reading errs as the others do, and once in all changes: for the fit it is a point like them.
  const typical = median(changeError.filter((e, i) => i !== reference && e > 0));
  const error = changeError.map((e, i) => (i === reference ? typical : e) / Math.SQRT2);
  const at = states.map(s => s.at);
  const fit = piecewiseLinear(at, change, error);
  return {
    name,
    outline,
    mean: of(s => s.solution.regions[k].mean),
    error: of(s => s.solution.regions[k].error),
    change,
    changeError,
    ...(fit === undefined ? {} : { fit }),
  };
}
