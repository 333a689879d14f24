import { zlibSync } from 'fflate';

/** Pictures written by hand, for tests of reading them. */

export function grey(height: number, width: number, f: (i: number) => number): Float64Array {
  return Float64Array.from({ length: width * height }, (_, i) => f(i));
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 6: 4 };

export interface PngOptions {
  readonly depth?: 8 | 16;
  readonly type?: 0 | 2 | 6;
  readonly filter?: number;
  /** The width and height that the header claims. */
  readonly claim?: number;
}

/** PNG of samples, row by row; checksums are left zero. */
export function png(width: number, height: number, samples: ArrayLike<number>, options: PngOptions = {}): Uint8Array {
  const { depth = 8, type = 0, filter = 0, claim } = options;
  const pixel = (CHANNELS[type] * depth) / 8;
  const stride = width * pixel;
  const plain = new Uint8Array((stride * samples.length * depth) / 8 / (stride || 1));
  const view = new DataView(plain.buffer);
  for (let i = 0; i < samples.length; i++) {
    if (depth === 8) plain[i] = samples[i];
    else view.setUint16(2 * i, samples[i]);
  }
  const rows = new Uint8Array((stride + 1) * height);
  for (let v = 0; v < height; v++) {
    rows[v * (stride + 1)] = filter;
    for (let k = 0; k < stride; k++) {
      const [a, b, c] = [
        k >= pixel ? plain[v * stride + k - pixel] : 0,
        v > 0 ? plain[(v - 1) * stride + k] : 0,
        k >= pixel && v > 0 ? plain[(v - 1) * stride + k - pixel] : 0,
      ];
      const p = a + b - c;
      const nearest = [a, b, c].reduce((best, x) => (Math.abs(p - x) < Math.abs(p - best) ? x : best), a);
      rows[v * (stride + 1) + 1 + k] = plain[v * stride + k] - [0, a, b, (a + b) >> 1, nearest][filter];
    }
  }
  const header = new Uint8Array(13);
  const head = new DataView(header.buffer);
  head.setUint32(0, claim ?? width);
  head.setUint32(4, claim ?? height);
  header.set([depth, type, 0, 0, 0], 8);
  const data = zlibSync(claim === undefined ? rows : plain);
  const chunks = [chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array(0))];
  return Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...chunks.flatMap(part => [...part])]);
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + 12);
  new DataView(out.buffer).setUint32(0, data.length);
  out.set(new TextEncoder().encode(name), 4);
  out.set(data, 8);
  return out;
}

export interface TiffOptions {
  readonly little?: boolean;
  readonly bits?: 8 | 16 | 32;
  readonly format?: 1 | 3;
  readonly compression?: 1 | 8;
  readonly predictor?: 1 | 2;
  /** Of a strip. */
  readonly rows?: number;
}

/** TIFF of grey values in strips. */
export function tiff(width: number, height: number, values: ArrayLike<number>, options: TiffOptions = {}): Uint8Array {
  const { little = true, bits = 8, format = 1, compression = 1, predictor = 1, rows = height } = options;
  const size = bits / 8;
  const strips: Uint8Array[] = [];
  for (let top = 0; top < height; top += rows) {
    const count = Math.min(rows, height - top) * width;
    const data = new Uint8Array(count * size);
    const view = new DataView(data.buffer);
    for (let k = 0; k < count; k++) {
      const i = top * width + k;
      const value = predictor === 2 && k % width > 0 ? (values[i] - values[i - 1] + 2 ** bits) % 2 ** bits : values[i];
      if (format === 3) view.setFloat32(4 * k, value, little);
      else if (bits === 8) data[k] = value;
      else view.setUint16(2 * k, value, little);
    }
    strips.push(compression === 8 ? zlibSync(data) : data);
  }
  const starts: number[] = [];
  let at = 8;
  for (const strip of strips) {
    starts.push(at);
    at += strip.length;
  }
  const [offsets, lengths, directory] = [at, at + 4 * strips.length, at + 8 * strips.length];
  const entries: [number, number, number, number][] = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 4, 1, bits],
    [259, 4, 1, compression],
    [262, 4, 1, 1],
    [273, 4, strips.length, strips.length === 1 ? starts[0] : offsets],
    [277, 4, 1, 1],
    [278, 4, 1, rows],
    [279, 4, strips.length, strips.length === 1 ? strips[0].length : lengths],
    [317, 4, 1, predictor],
    [339, 4, 1, format],
  ];
  const out = new Uint8Array(directory + 2 + 12 * entries.length + 4);
  const view = new DataView(out.buffer);
  out.set(new TextEncoder().encode(little ? 'II' : 'MM'));
  view.setUint16(2, 42, little);
  view.setUint32(4, directory, little);
  strips.forEach((strip, k) => {
    out.set(strip, starts[k]);
    view.setUint32(offsets + 4 * k, starts[k], little);
    view.setUint32(lengths + 4 * k, strip.length, little);
  });
  view.setUint16(directory, entries.length, little);
  entries.forEach(([tag, type, count, value], k) => {
    const place = directory + 2 + 12 * k;
    view.setUint16(place, tag, little);
    view.setUint16(place + 2, type, little);
    view.setUint32(place + 4, count, little);
    view.setUint32(place + 8, value, little);
  });
  return out;
}
