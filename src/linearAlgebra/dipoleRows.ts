import type { Numbers } from './denseWorkspace.js';
import { type KernelMemory, STEP } from './kernelMemory.js';

/**
 * Rows of a matrix whose elements are fields of dipoles, that all point upwards from one plane. A row belongs to a place, and a
 * place is one or more points over which it averages.
 */
export interface DipoleRows {
  /** Places of the sources in the plane, m, and what each is multiplied by. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly area: Float64Array;
  /** Functions made of nine sources each (middle 1, sides 1/2, corners 1/4; `x.length` where there is none); else a source each. */
  readonly hats?: Int32Array | undefined;
  /** Points, place after place: x, y and the square of the height above the plane. */
  readonly points: Float64Array;
  readonly perPlace: number;
  /** First row of every place, and the number of rows. */
  readonly first: Int32Array;
  /** For every row and point a, b and c of area r^-5 (a rx + b ry + c (3 z^2 - r^2)), r from the source to the point. */
  readonly looks: Float64Array;
}

/** Functions, which are the columns. */
export function functionsOf({ x, hats }: DipoleRows): number {
  return hats === undefined ? x.length : hats.length / 9;
}

/** Bytes of the rows of sources that hats are made from at once: they stay in the second cache. */
const AT_ONCE = 1 << 19;

/**
 * By the kernel.
 * @param target address of the first element @param stride bytes from row to row @param short whether these are in single precision
 */
export function kernelDipoleRows(
  memory: KernelMemory,
  task: DipoleRows,
  target: number,
  stride: number,
  short: boolean,
): void {
  const { x, y, area, hats, points, perPlace, first, looks } = task;
  const places = first.length - 1;
  const sources = x.length;
  memory.withArrays(at => {
    const from = { p: at(x, sources), q: at(y, sources), weights: at(area, sources) };
    const rows = { depth: perPlace, count: sources, deep: at(looks, looks.length) };
    const [source, along] = [at(points, points.length), at(first, first.length)];
    const fields = (place: number, end: number, to: number, gap: number, rounded: boolean) => {
      // Addresses of the first place that is wanted; rows are counted from the first of all.
      const begin = { source: source + 24 * perPlace * place, along: along + 4 * place };
      const work = 30 * (end - place) * perPlace * sources;
      memory.step(
        { kind: STEP.dipoles, ...from, ...rows, ...begin, target: to, stride: gap, short: rounded },
        end - place,
        work,
      );
    };
    if (hats === undefined) {
      fields(0, places, target, stride, short);
      return;
    }
    const gap = 8 * (sources + 1);
    const index = at(hats, hats.length);
    const columns = functionsOf(task);
    for (let place = 0, end = 1; place < places; place = end++) {
      while (end < places && gap * (first[end + 1] - first[place]) <= AT_ONCE) end++;
      const [row, count] = [first[place], first[end] - first[place]];
      memory.temporarily(() => {
        const room = memory.reserve(gap * count);
        for (let r = 1; r <= count; r++) memory.f64[(room + gap * r) / 8 - 1] = 0;
        fields(place, end, room - gap * row, gap, false);
        const to = { target: target + stride * row, stride, columns, short };
        memory.step({ kind: STEP.hats, source: room, along: gap, weights: index, ...to }, count, 20 * count * columns);
      });
    }
  });
}

/** The same in plain loops. */
export function plainDipoleRows(task: DipoleRows, out: Numbers, stride: number): void {
  const { x, y, area, hats, points, perPlace, first, looks } = task;
  const values = new Float64Array(x.length + 1);
  const columns = functionsOf(task);
  for (let place = 0, row = 0; place + 1 < first.length; place++) {
    for (; row < first[place + 1]; row++) {
      values.fill(0);
      for (let q = 0; q < perPlace; q++) {
        const [px, py, zz] = points.subarray(3 * (place * perPlace + q), 3 * (place * perPlace + q) + 3);
        const [a, b, c] = looks.subarray(3 * (row * perPlace + q), 3 * (row * perPlace + q) + 3);
        for (let i = 0; i < x.length; i++) {
          const [rx, ry] = [px - x[i], py - y[i]];
          const rr = rx * rx + ry * ry + zz;
          values[i] += (area[i] / (rr * rr * Math.sqrt(rr))) * (a * rx + b * ry + c * (3 * zz - rr));
        }
      }
      const own = out.subarray(row * stride, row * stride + columns);
      if (hats === undefined) own.set(values.subarray(0, columns));
      else hatValues(hats, values, own);
    }
  }
}

/** Values of hats, from those of their sources; the last of these is 0. */
export function hatValues(hats: Int32Array, values: Float64Array, out: Numbers): void {
  for (let f = 0, e = 0; f < out.length; f++, e += 9) {
    const sides = values[hats[e + 1]] + values[hats[e + 3]] + values[hats[e + 5]] + values[hats[e + 7]];
    const corners = values[hats[e]] + values[hats[e + 2]] + values[hats[e + 6]] + values[hats[e + 8]];
    out[f] = values[hats[e + 4]] + 0.5 * sides + 0.25 * corners;
  }
}
