import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import type { Limits } from '../../src/figures/colour.js';
import { formatNumber, formatQuantity } from '../../src/figures/format.js';
import { colourLimits } from '../../src/figures/limits.js';
import type { Grid } from '../../src/grid.js';
import type { LivePoint, ScanNews, ScanSnapshot } from '../../src/liveScan.js';
import { largestOf, makeLayer, placeOf } from '../files/layer.js';
import type { Layer, ViewerDocument } from '../state/document.js';
import { type Quantity, quantitiesOf } from './quantities.js';

type Plan = ScanSnapshot['plan'];

/** Readings at one height of one quantity, `[iy][ix]`: several at one place are averaged. */
interface Filling {
  readonly sum: Float64Array;
  readonly variance: Float64Array;
  readonly count: Float64Array;
}

/** Values that lie so close together, as a part of their size, are shown from the smallest to the largest. */
const CLOSE = 0.5;

/** The map of a scan that is going on, on the raster of its plan. */
export class FillingMap {
  readonly #grid: Grid;
  readonly #quantities: readonly Quantity[];
  /** Per height and quantity. */
  readonly #fillings: readonly (readonly Filling[])[];
  /** The layers of each height as they were drawn last; undefined: something new was read. */
  readonly #layers: (readonly Layer[] | undefined)[];
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  #plane = 0;

  constructor(private readonly plan: Plan) {
    const { columns, rows, pitch, heights, elements } = plan;
    const step = (axis: readonly number[]) =>
      axis.length > 1 ? (axis[axis.length - 1] - axis[0]) / (axis.length - 1) : pitch;
    this.#grid = {
      nx: columns.length,
      ny: rows.length,
      x0: columns[0],
      y0: rows[0],
      dx: step(columns),
      dy: step(rows),
    };
    this.#quantities = quantitiesOf(elements);
    const size = columns.length * rows.length;
    this.#fillings = heights.map(() =>
      this.#quantities.map(() => ({
        sum: new Float64Array(size),
        variance: new Float64Array(size),
        count: new Float64Array(size),
      })),
    );
    this.#layers = heights.map(() => undefined);
  }

  /** Height of the last reading, as an index. */
  get plane(): number {
    return this.#plane;
  }

  /** How many points were taken in. */
  get read(): number {
    return this.#x.length;
  }

  add(points: readonly LivePoint[]): void {
    const { nx, ny, x0, y0, dx, dy } = this.#grid;
    for (const { element, plane, at, values, sigma } of points) {
      this.#x.push(at[0]);
      this.#y.push(at[1]);
      this.#plane = plane;
      this.#layers[plane] = undefined;
      const ix = Math.round((at[0] - x0) / dx);
      const iy = Math.round((at[1] - y0) / dy);
      if (ix < 0 || iy < 0 || ix >= nx || iy >= ny) continue;
      this.#quantities.forEach(({ weights }, q) => {
        const own = weights[element];
        if (own === undefined) return;
        const value = own.reduce((sum, w, c) => (w === 0 ? sum : sum + w * values[c]), 0);
        if (Number.isNaN(value)) return;
        const { sum, variance, count } = this.#fillings[plane][q];
        const i = iy * nx + ix;
        sum[i] += value;
        variance[i] += own.reduce((total, w, c) => (w === 0 ? total : total + (w * sigma[c]) ** 2), 0);
        count[i]++;
      });
    }
  }

  /** What the page shows of it. @param id of the document */
  document(id: string, { name, scan }: ScanNews, cells: readonly CellDrawing[]): ViewerDocument {
    const { heights, elements, columns, rows, pitch } = this.plan;
    const layers = heights.flatMap((_, plane) => {
      this.#layers[plane] ??= this.#layersAt(plane);
      return this.#layers[plane];
    });
    return {
      id,
      name,
      kind: 'scan',
      headline: headlineOf(layers.filter(layer => !layer.id.endsWith('.error'))),
      notes: [{ text: 'Readings as they come, before calibration and correction of drift.', warning: false }],
      layers,
      shown: this.shownAt(this.#plane),
      currents: [],
      samples: { x: Float64Array.from(this.#x), y: Float64Array.from(this.#y) },
      cells,
      facts: [
        { label: 'Readings', value: this.read },
        { label: 'Raster', value: `${columns.length} × ${rows.length}` },
        { label: 'Pitch', value: pitch, unit: 'm' },
        ...(scan.sigma === null ? [] : [{ label: 'Noise of a reading', value: scan.sigma, unit: 'T' }]),
        { label: heights.length === 1 ? 'Height' : 'Heights', value: heights.map(millimetres).join(', '), unit: 'mm' },
        { label: 'Sensors', value: elements.map(element => element.name).join(', ') },
      ],
      record: [],
    };
  }

  /** The layers of a height that are looked at first. */
  shownAt(plane: number): string[] {
    return ['bz', 'bx', 'by'].flatMap(key =>
      this.#quantities.some(quantity => quantity.key === key) ? [`scan.${plane}.${key}`] : [],
    );
  }

  #layersAt(plane: number): Layer[] {
    const { heights } = this.plan;
    const height = heights.length === 1 ? '' : `, z = ${millimetres(heights[plane])} mm`;
    const shape = { type: 'grid', grid: this.#grid } as const;
    const filled = this.#quantities.map(({ key, name }, q) => {
      const { sum, variance, count } = this.#fillings[plane][q];
      // What was not read yet is 0/0: no value.
      return {
        key,
        name,
        values: sum.map((s, i) => s / count[i]),
        errors: variance.map((v, i) => Math.sqrt(v) / count[i]),
      };
    });
    return [
      ...filled.map(({ key, name, values, errors }) =>
        makeLayer({
          id: `scan.${plane}.${key}`,
          group: `Readings${height}`,
          name,
          unit: 'T',
          shape,
          values,
          errors,
          ...coloursFor(values),
        }),
      ),
      ...filled.map(({ key, name, errors }) =>
        makeLayer({
          id: `scan.${plane}.${key}.error`,
          group: `Noise${height}`,
          name: `Noise of ${name}`,
          unit: 'T',
          kind: 'magnitude',
          shape,
          values: errors,
        }),
      ),
    ];
  }
}

/** Diverging about zero, or from least to most where the readings lie close together far from zero: the field of the room. */
function coloursFor(values: Float64Array): { readonly kind: Layer['kind']; readonly limits?: Limits } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const close = low * high > 0 && high - low < CLOSE * Math.max(Math.abs(low), Math.abs(high));
  return close
    ? { kind: 'magnitude', limits: colourLimits(values, 'magnitude', { fromZero: false }) }
    : { kind: 'signed' };
}

function headlineOf(layers: readonly Layer[]): string {
  let best = { text: 'Nothing was read yet.', size: 0 };
  for (const { values, shape, unit, name } of layers) {
    const { value, index } = largestOf(values.map(Math.abs));
    if (!(value > best.size)) continue;
    best = {
      size: value,
      text: `So far the field is strongest at ${placeOf(shape, index)}: ${name} = ${formatQuantity(values[index], unit)}.`,
    };
  }
  return best.text;
}

function millimetres(metres: number): string {
  return formatNumber(1e3 * metres, 4);
}
