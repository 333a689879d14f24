import type { MapLayout } from '../diagnosis/mapStack.js';
import { InputError } from '../errors.js';
import type { Grid } from '../grid.js';
import { parseUnit } from '../units.js';
import type { NamedArray } from './namedArrays.js';

/**
 * Series of maps in one NPZ: an array of three dimensions (map, row, column), named by what it shows and its unit
 * (`chi`, `bz_nT`, `susceptibility_Phi0_per_A`), with axes `x_mm` and `y_mm`: one value per column and row, or one per
 * pixel; `names`, text, where the maps have names. Rows may run along x, axes may fall: maps come out `[iy][ix]`, y ascending.
 */
export interface MapSeries {
  readonly layout: MapLayout;
  readonly maps: readonly Float64Array[];
  readonly names?: readonly string[];
}

const LENGTHS: Readonly<Record<string, number>> = { m: 1, cm: 1e-2, mm: 1e-3, um: 1e-6 };
/** Part of a pitch by which pixels may lie beside a regular grid on average. */
const UNEVEN = 0.25;

/**
 * Undefined when there is no array of three dimensions.
 * @throws {InputError} naming the array at fault.
 */
export function mapsFromArrays(arrays: readonly NamedArray[]): MapSeries | undefined {
  const stacks = arrays.filter(a => a.shape.length === 3 && a.data instanceof Float64Array);
  if (stacks.length === 0) return undefined;
  if (stacks.length > 1) {
    throw new InputError(`holds several series of maps (${stacks.map(a => a.name).join(', ')})`, {
      advice: 'save one array of three dimensions per file',
    });
  }
  const [stack] = stacks;
  const [count, rows, columns] = stack.shape;
  if (rows < 2 || columns < 2) throw new InputError('holds maps of one row or column', { column: stack.name });
  const x = coordinates(arrays, 'x', rows, columns);
  const y = coordinates(arrays, 'y', rows, columns);
  const turned = Math.abs(x.alongRows) > Math.abs(x.alongColumns);
  const [dx, dy] = turned ? [x.alongRows, y.alongColumns] : [x.alongColumns, y.alongRows];
  const [nx, ny] = turned ? [rows, columns] : [columns, rows];
  const beside = turned
    ? Math.abs(x.alongColumns) + Math.abs(y.alongRows)
    : Math.abs(x.alongRows) + Math.abs(y.alongColumns);
  if (
    !(Math.abs(dx) > 0 && Math.abs(dy) > 0) ||
    beside * Math.max(nx, ny) > UNEVEN * Math.min(nx, ny) * Math.max(Math.abs(dx), Math.abs(dy))
  ) {
    throw new InputError('the pixels of the maps lie on no grid along x and y', {
      column: 'x, y',
      advice: 'give axes that rise or fall evenly',
    });
  }
  const grid: Grid = {
    nx,
    ny,
    x0: x.middle - (Math.abs(dx) * (nx - 1)) / 2,
    y0: y.middle - (Math.abs(dy) * (ny - 1)) / 2,
    dx: Math.abs(dx),
    dy: Math.abs(dy),
  };
  const { channel, unit, factor } = quantityOf(stack.name);
  const data = stack.data as Float64Array;
  const maps = Array.from({ length: count }, (_, i) => {
    const out = new Float64Array(nx * ny);
    for (let iy = 0; iy < ny; iy++) {
      for (let ix = 0; ix < nx; ix++) {
        const [u, v] = [dx > 0 ? ix : nx - 1 - ix, dy > 0 ? iy : ny - 1 - iy];
        const place = turned ? u * columns + v : v * columns + u;
        out[iy * nx + ix] = data[i * rows * columns + place] * factor;
      }
    }
    return out;
  });
  const names = arrays.find(a => a.name === 'names' && !(a.data instanceof Float64Array) && a.data.length === count);
  return {
    layout: { grid, channels: [channel], unit },
    maps,
    ...(names === undefined ? {} : { names: names.data as readonly string[] }),
  };
}

/** How a coordinate grows per row and per column, and its middle, m. */
function coordinates(arrays: readonly NamedArray[], axis: 'x' | 'y', rows: number, columns: number) {
  const found = arrays.find(a => a.name.startsWith(`${axis}_`) && a.name.slice(2) in LENGTHS);
  if (found === undefined || !(found.data instanceof Float64Array)) {
    throw new InputError(`lacks the positions of its pixels along ${axis}`, { advice: `add the array ${axis}_mm` });
  }
  const { data, shape, name } = found;
  const scale = LENGTHS[name.slice(2)];
  const own = axis === 'x' ? columns : rows;
  const flat = shape.length === 1 && shape[0] === own;
  if (!flat && !(shape.length === 2 && shape[0] === rows && shape[1] === columns)) {
    throw new InputError(`has the shape (${shape.join(', ')}) for maps of ${rows} x ${columns}`, { column: name });
  }
  if (!data.every(Number.isFinite)) throw new InputError('holds a position that is no number', { column: name });
  const at = (i: number, j: number) => scale * (flat ? data[axis === 'x' ? j : i] : data[i * columns + j]);
  let [middle, alongRows, alongColumns] = [0, 0, 0];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) middle += at(i, j) / (rows * columns);
    alongColumns += (at(i, columns - 1) - at(i, 0)) / ((columns - 1) * rows);
  }
  for (let j = 0; j < columns; j++) alongRows += (at(rows - 1, j) - at(0, j)) / ((rows - 1) * columns);
  return { middle, alongRows, alongColumns };
}

/** `bz_nT` is bz, in T times 1e-9; a unit that is not known stays as it is written. */
function quantityOf(name: string): { channel: string; unit: string; factor: number } {
  const [channel, ...rest] = name.split('_');
  const written = rest.join('_').replace('_per_', '/');
  const unit = written === '' ? undefined : parseUnit(written);
  if (unit === undefined || unit.quantity !== 'field' || unit.relative) return { channel, unit: written, factor: 1 };
  return { channel, unit: 'T', factor: 10 ** unit.exponent };
}
