import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CurrentMap } from '../src/currentMap.js';
import { readNpy } from '../src/formats/npy.js';

/** The truth of a simulated case: net sheet current per sheet on pixel centres, A/m. */
export interface Truth {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly mask: Uint8Array;
  /** `[sheet]`, kx and ky over the grid. */
  readonly sheets: readonly { kx: Float64Array; ky: Float64Array }[];
  readonly healthy: { kx: Float64Array; ky: Float64Array };
}

/** Relative L2 errors of K over the cell, as a fraction of the true K. */
export interface Score {
  readonly sheets: number[];
  readonly sum: number;
  /** The error of predicting the healthy cell without looking at the scan. */
  readonly uniform: number;
}

export function readTruth(folder: string): Truth | undefined {
  if (!existsSync(join(folder, 'truth/K_A_per_m.npy'))) return undefined;
  const numbers = (name: string): Float64Array => {
    const content = readNpy(readFileSync(join(folder, 'truth', `${name}.npy`)));
    if (content.kind === 'table' || !(content.data instanceof Float64Array)) throw new Error(`${name}: no numbers`);
    return content.data;
  };
  const [x, y, mask, k, healthy] = ['x_m', 'y_m', 'mask', 'K_A_per_m', 'K_healthy_A_per_m'].map(numbers);
  const n = x.length * y.length;
  const pair = (data: Float64Array, at: number) => ({ kx: data.slice(at, at + n), ky: data.slice(at + n, at + 2 * n) });
  return {
    x,
    y,
    mask: Uint8Array.from(mask, v => (v ? 1 : 0)),
    sheets: Array.from({ length: k.length / (2 * n) }, (_, s) => pair(k, 2 * n * s)),
    healthy: pair(healthy, 0),
  };
}

/** Compares maps with the truth, sampled at its points: bilinear, the nearest inside value beyond the map's edge. */
export function score(truth: Truth, maps: readonly Pick<CurrentMap, 'grid' | 'kx' | 'ky'>[]): Score {
  const sampled = maps.map(({ grid, kx, ky }) => ({
    kx: resample(grid, kx, truth),
    ky: resample(grid, ky, truth),
  }));
  const add = (parts: readonly { kx: Float64Array; ky: Float64Array }[]) => ({
    kx: parts[0].kx.map((_, i) => parts.reduce((sum, p) => sum + p.kx[i], 0)),
    ky: parts[0].ky.map((_, i) => parts.reduce((sum, p) => sum + p.ky[i], 0)),
  });
  const total = add(truth.sheets);
  return {
    sheets: sampled.length === truth.sheets.length ? sampled.map((s, k) => relative(truth, s, truth.sheets[k])) : [],
    sum: relative(truth, add(sampled), total),
    uniform: relative(truth, truth.healthy, total),
  };
}

type Current = { kx: Float64Array; ky: Float64Array };

function relative({ mask }: Truth, a: Current, b: Current): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    difference += (a.kx[i] - b.kx[i]) ** 2 + (a.ky[i] - b.ky[i]) ** 2;
    norm += b.kx[i] ** 2 + b.ky[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}

function resample(grid: CurrentMap['grid'], values: Float64Array, { x, y, mask }: Truth): Float64Array {
  const filled = fillNearest(grid, values);
  const out = new Float64Array(mask.length);
  for (let iy = 0, i = 0; iy < y.length; iy++) {
    for (let ix = 0; ix < x.length; ix++, i++) {
      const u = Math.min(grid.nx - 1 - 1e-9, Math.max(0, (x[ix] - grid.x0) / grid.dx));
      const v = Math.min(grid.ny - 1 - 1e-9, Math.max(0, (y[iy] - grid.y0) / grid.dy));
      const at = Math.floor(v) * grid.nx + Math.floor(u);
      const [s, t] = [u - Math.floor(u), v - Math.floor(v)];
      const up = v >= grid.ny - 1 ? 0 : grid.nx;
      const right = u >= grid.nx - 1 ? 0 : 1;
      out[i] =
        (1 - t) * ((1 - s) * filled[at] + s * filled[at + right]) +
        t * ((1 - s) * filled[at + up] + s * filled[at + up + right]);
    }
  }
  return out;
}

/** NaN replaced by the nearest number along rings of growing size. */
function fillNearest({ nx, ny }: CurrentMap['grid'], values: Float64Array): Float64Array {
  return values.map((value, i) => {
    if (!Number.isNaN(value)) return value;
    const [cx, cy] = [i % nx, Math.floor(i / nx)];
    let best = 0;
    let distance = Number.POSITIVE_INFINITY;
    for (let reach = 1; reach < Math.max(nx, ny) && distance === Number.POSITIVE_INFINITY; reach++) {
      for (let iy = Math.max(0, cy - reach); iy <= Math.min(ny - 1, cy + reach); iy++) {
        for (let ix = Math.max(0, cx - reach); ix <= Math.min(nx - 1, cx + reach); ix++) {
          const d = (ix - cx) ** 2 + (iy - cy) ** 2;
          if (d < distance && !Number.isNaN(values[iy * nx + ix])) {
            best = values[iy * nx + ix];
            distance = d;
          }
        }
      }
    }
    return best;
  });
}
