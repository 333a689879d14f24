import { existsSync, readFileSync } from 'node:fs';
import { type MapLayout, type MapStack, stackOf } from '../../src/diagnosis/mapStack.js';
import { readNpz } from '../../src/formats/npzScan.js';
import { random } from '../../src/random.js';

const DATA = new URL('../../../shared/data/', import.meta.url);

/** Whether the data that others made are there; tests that need them skip otherwise. */
export const DATA_MISSING = !existsSync(DATA);

export function published(name: string) {
  return JSON.parse(readFileSync(new URL(`published_numbers/${name}.json`, DATA), 'utf8'));
}

export function layoutOf(nx: number, ny = 1, channels: readonly string[] = ['bz']): MapLayout {
  return { grid: { nx, ny, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 }, channels, unit: 'T' };
}

/** Rows of a table as maps of one line. */
export function rowsAsStack(rows: readonly (readonly number[])[]): MapStack {
  return stackOf(
    layoutOf(rows[0].length),
    rows.map(row => Float64Array.from(row)),
  );
}

/** The 14 susceptibility maps, rising in temperature; the last is the odd one. */
export function susceptibilityMaps(): { layout: MapLayout; maps: Float64Array[]; temperature: Float64Array } {
  const arrays = readNpz(new Uint8Array(readFileSync(new URL('susceptibility_cohort/maps.npz', DATA))));
  const of = (name: string) => arrays.find(a => a.name === name)!;
  const all = of('susceptibility_Phi0_per_A');
  const [count, ny, nx] = all.shape;
  const data = all.data as Float64Array;
  return {
    layout: { ...layoutOf(nx, ny, ['chi']), unit: 'Phi0/A' },
    maps: Array.from({ length: count }, (_, i) => data.slice(i * nx * ny, (i + 1) * nx * ny)),
    temperature: of('temperature_K').data as Float64Array,
  };
}

/** Smooth patterns on nx x ny pixels, of norm 1. */
export function patterns(nx: number, ny: number, count: number): Float64Array[] {
  return Array.from({ length: count }, (_, k) => {
    const out = new Float64Array(nx * ny);
    for (let i = 0; i < out.length; i++) {
      const [x, y] = [((i % nx) + 0.5) / nx, (Math.floor(i / nx) + 0.5) / ny];
      out[i] = Math.cos(Math.PI * (k + 1) * x) * Math.cos(Math.PI * (k % 3) * y);
    }
    const norm = Math.hypot(...out);
    return out.map(v => v / norm);
  });
}

export interface Factory {
  readonly nx: number;
  readonly ny: number;
  /** Standard deviations of the patterns, over that of the noise, which is 1 per pixel. */
  readonly strengths: readonly number[];
  readonly seed: number;
  /** Noise is averaged over this many neighbours along x: no longer independent. */
  readonly smooth?: number;
}

/** A source of maps: a mean, patterns of random strength, noise. */
export function factory({ nx, ny, strengths, seed, smooth = 1 }: Factory): () => Float64Array {
  const source = random(seed);
  const shapes = patterns(nx, ny, strengths.length);
  return () => {
    const map = new Float64Array(nx * ny).fill(5);
    shapes.forEach((shape, k) => {
      const t = strengths[k] * source.normal();
      for (let i = 0; i < map.length; i++) map[i] += t * shape[i];
    });
    const noise = Float64Array.from({ length: map.length + smooth - 1 }, () => source.normal());
    for (let i = 0; i < map.length; i++) for (let j = 0; j < smooth; j++) map[i] += noise[i + j] / Math.sqrt(smooth);
    return map;
  };
}
