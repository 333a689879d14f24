import type { CurrentMap } from '../currentMap.js';
import { AXES, type FieldMap } from '../fieldMap.js';
import { type Grid, gridSize } from '../grid.js';

/** Some components of a vector field on one grid: what a current map and a field map have in common. */
export interface VectorMap {
  readonly grid: Grid;
  /** Height of the plane, m. */
  readonly z: number;
  /** `Kx`, `Ky`, or some of `bx`, `by`, `bz`. */
  readonly names: readonly string[];
  /** One array per name, row-major; a pixel without a value is NaN in all of them. */
  readonly values: readonly Float64Array[];
  /** One standard deviation, an array per name, where it is known. */
  readonly sigma?: readonly Float64Array[];
  /** Whether the errors of neighbouring pixels are independent (readings) or alike (an inverted map). */
  readonly independent: boolean;
}

/** The two components of the sheet current, A/m. Errors are used where both components have them. */
export function currentVectors(map: CurrentMap): VectorMap {
  const { kxErrors, kyErrors } = map;
  return joined({
    grid: map.grid,
    z: map.z,
    names: ['Kx', 'Ky'],
    values: [map.kx, map.ky],
    ...(kxErrors === undefined || kyErrors === undefined ? {} : { sigma: [kxErrors, kyErrors] }),
    independent: false,
  });
}

/**
 * The components of a field map, T.
 * @param names those to take; all that there are if left out
 */
export function fieldVectors(map: FieldMap, names?: readonly string[]): VectorMap {
  const kept = AXES.filter(name => map.components[name] !== undefined && (names?.includes(name) ?? true));
  const { sigma } = map;
  return joined({
    grid: map.grid,
    z: map.z,
    names: kept,
    values: kept.map(name => map.components[name]!),
    ...(sigma === undefined ? {} : { sigma: kept.map(() => new Float64Array(gridSize(map.grid)).fill(sigma)) }),
    independent: true,
  });
}

/** Where the two components in the plane stand; undefined where one of them is missing, so that they cannot be turned. */
export function planarPair(names: readonly string[]): readonly [number, number] | undefined {
  const x = names.findIndex(name => name.endsWith('x'));
  const y = names.findIndex(name => name.endsWith('y'));
  return x < 0 || y < 0 ? undefined : [x, y];
}

/** Number of pixels with a value. */
export function measuredPixels(map: VectorMap): number {
  return map.values[0].reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
}

/** The same with NaN in all components where one is NaN or infinite. Errors that are no positive numbers become NaN. */
function joined(map: VectorMap): VectorMap {
  const { values, sigma } = map;
  const holes = values[0].map((_, i) => (values.every(v => Number.isFinite(v[i])) ? 0 : Number.NaN));
  return {
    ...map,
    values: values.map(v => v.map((value, i) => (Number.isNaN(holes[i]) ? Number.NaN : value))),
    ...(sigma === undefined
      ? {}
      : { sigma: sigma.map(s => s.map(v => (v >= 0 && Number.isFinite(v) ? v : Number.NaN))) }),
  };
}
