import { InputError } from '../errors.js';
import { type FieldScan, measuredComponents } from '../fieldScan.js';
import { findRegularGrid } from '../formats/regularGrid.js';
import type { Grid } from '../grid.js';
import type { InversionResult, ProcessRecord } from '../result.js';
import type { SeriesAxis } from './stack.js';

/** The maps of one state: fields of a scan or currents of a result, `[iy][ix]`, with standard deviations where they are known. */
export interface StateMaps {
  readonly grid: Grid;
  /** T, A/m, or the scan's relative unit. */
  readonly unit: string;
  readonly layers: readonly { readonly name: string; readonly values: Float64Array; readonly errors?: Float64Array }[];
}

/** Maps of one cell over states of charge, times or temperatures, as they were measured or inverted. */
export interface MapStack {
  readonly grid: Grid;
  readonly unit: string;
  readonly by: SeriesAxis;
  /** Ascending. */
  readonly at: Float64Array;
  readonly names: readonly string[];
  readonly reference: number;
  readonly layers: readonly StackLayer[];
  /** Root mean square of the change, all layers together, per state, and what noise alone would make of it (NaN if unknown). */
  readonly change: Float64Array;
  readonly noise: Float64Array;
  readonly process: ProcessRecord;
}

export interface StackLayer {
  readonly name: string;
  /** Per state; the change is to the reference, with its error where both maps have one. */
  readonly values: readonly Float64Array[];
  readonly change: readonly Float64Array[];
  readonly changeErrors?: readonly Float64Array[];
}

/** The components of a scan on a regular grid. @throws {InputError} where it lies on none */
export function mapsOfScan(scan: FieldScan): StateMaps {
  const found = findRegularGrid(scan);
  if (found === undefined) {
    throw new InputError('the readings lie on no full regular grid in one plane, so they are no map', {
      advice: 'give --cell for maps of the susceptibility, or invert the scans and give the results',
    });
  }
  const layers = measuredComponents(scan).map(name => {
    const { values, sigma } = scan.components[name]!;
    const pick = (all: Float64Array) => Float64Array.from(found.sample, s => all[s]);
    if (sigma !== undefined) return { name, values: pick(values), errors: pick(sigma) };
    const map = pick(values);
    return { name, values: map, ...(scan.sigma === undefined ? {} : { errors: map.map(() => scan.sigma!) }) };
  });
  return { grid: found.grid, unit: scan.relativeUnit ?? 'T', layers };
}

/** Kx and Ky of every sheet of a result. */
export function mapsOfResult({ sheets }: InversionResult): StateMaps {
  const layers = sheets.flatMap((sheet, k) => {
    const of = (name: string, values: Float64Array, errors: Float64Array | undefined) => ({
      name: sheets.length === 1 ? name : `${name}_${k + 1}`,
      values,
      ...(errors === undefined ? {} : { errors }),
    });
    return [of('Kx', sheet.kx, sheet.kxErrors), of('Ky', sheet.ky, sheet.kyErrors)];
  });
  return { grid: sheets[0].grid, unit: sheets[0].relativeUnit === undefined ? 'A/m' : sheets[0].relativeUnit, layers };
}

/** Part of the pitch by which maps of one stack may lie beside each other. */
const BESIDE = 0.05;

/**
 * Stacks maps of one grid. @param reference index into `states`
 * @throws {InputError} naming the state whose grid or layers are not those of the reference
 */
export function mapStack(
  states: readonly { readonly name: string; readonly at: number; readonly maps: StateMaps }[],
  reference: number,
  by: SeriesAxis,
  process: ProcessRecord,
): MapStack {
  const base = states[reference];
  const sorted = [...states].sort((a, b) => a.at - b.at);
  for (const { name, maps } of sorted) checkAlike(name, maps, base.name, base.maps);
  const layers = base.maps.layers.map(({ name }, l): StackLayer => {
    const own = sorted.map(({ maps }) => maps.layers[l]);
    const { values: from, errors: fromErrors } = base.maps.layers[l];
    const changeErrors = own.map(({ errors }, k) =>
      errors === undefined || fromErrors === undefined
        ? undefined
        : errors.map((e, i) => (sorted[k] === base ? 0 : Math.hypot(e, fromErrors[i]))),
    );
    return {
      name,
      values: own.map(o => o.values),
      change: own.map(o => o.values.map((v, i) => v - from[i])),
      ...(changeErrors.every(e => e !== undefined) ? { changeErrors } : {}),
    };
  });
  const over = (maps: (layer: StackLayer) => Float64Array | undefined) => {
    const all = layers.map(maps);
    const pixels = all[0]?.filter(v => !Number.isNaN(v)).length ?? 0;
    const square = all.reduce(
      (sum, map) => sum + (map?.reduce((s, v) => s + (Number.isNaN(v) ? 0 : v * v), 0) ?? Number.NaN),
      0,
    );
    return Math.sqrt(square / pixels);
  };
  return {
    grid: base.maps.grid,
    unit: base.maps.unit,
    by,
    at: Float64Array.from(sorted, s => s.at),
    names: sorted.map(s => s.name.split(/[\\/]/).at(-1)!),
    reference: sorted.indexOf(base),
    layers,
    change: Float64Array.from(sorted, (_, k) => over(layer => layer.change[k])),
    noise: Float64Array.from(sorted, (_, k) => over(layer => layer.changeErrors?.[k])),
    process,
  };
}

function checkAlike(name: string, maps: StateMaps, baseName: string, base: StateMaps): void {
  const [a, b] = [maps.grid, base.grid];
  const near = (axis: 'x' | 'y') => {
    const [start, step, n] = axis === 'x' ? (['x0', 'dx', 'nx'] as const) : (['y0', 'dy', 'ny'] as const);
    const last = (g: Grid) => g[start] + g[step] * (g[n] - 1);
    const most = BESIDE * b[step];
    return a[n] === b[n] && Math.abs(a[start] - b[start]) < most && Math.abs(last(a) - last(b)) < most;
  };
  if (!near('x') || !near('y')) {
    throw new InputError(`its map does not lie on the pixels of ${baseName}`, {
      file: name,
      advice: 'scan the same places in every state',
    });
  }
  const names = (m: StateMaps) => m.layers.map(layer => layer.name).join(', ');
  if (names(maps) !== names(base) || maps.unit !== base.unit) {
    throw new InputError(`has ${names(maps)} in ${maps.unit}, ${baseName} ${names(base)} in ${base.unit}`, {
      file: name,
      advice: 'give scans of the same components, or results of the same kind',
    });
  }
}
