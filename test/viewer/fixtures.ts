import type { FieldMap } from '../../src/fieldMap.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { formatResult } from '../../src/formats/nexusResult.js';
import { formatStack } from '../../src/formats/nexusStack.js';
import { formatSusceptibility } from '../../src/formats/nexusSusceptibility.js';
import { formatScan } from '../../src/formats/scanFile.js';
import type { Grid } from '../../src/grid.js';
import { random } from '../../src/random.js';
import type { InversionResult, ProcessRecord } from '../../src/result.js';
import type { SeriesStack } from '../../src/series/stack.js';

/** Small files whose every value is known: a current round a hill of psi, its field, and what may go with them. */

export const GRID: Grid = { nx: 50, ny: 40, x0: 1e-3, y0: 1e-3, dx: 2e-3, dy: 2e-3 };
export const HOSTILE = '<img src=x onerror="window.hacked=1">';
const CELL = `name: box
outline_mm: {width: 100, height: 80}
thickness_mm: 8
current_A: 4
tabs:
  - {name: in, at_mm: [[20, 80], [40, 80]], share: 1}
  - {name: out, at_mm: [[60, 80], [80, 80]], share: -1}
`;

export function process(parameters: Record<string, unknown> = {}, name = 'scan.csv'): ProcessRecord {
  return {
    program: 'savart',
    version: '0.0.0',
    date: '2026-01-02T03:04:05.000Z',
    inputs: [{ name, sha256: '0'.repeat(64) }],
    cell: CELL,
    parameters: { method: 'bounded', totalCurrent_A: 4, chi2: 1.01, sigma_T: 5e-8, ...parameters },
  };
}

/** Values at every pixel's centre, x and y in m. */
export function onGrid(f: (x: number, y: number) => number, g = GRID): Float64Array {
  return Float64Array.from({ length: g.nx * g.ny }, (_, i) =>
    f(g.x0 + (i % g.nx) * g.dx, g.y0 + Math.floor(i / g.nx) * g.dy),
  );
}

const [W, H] = [0.1, 0.08];
/** psi = 2 A sin(pi x / W) sin(pi y / H), and K = (d psi/dy, -d psi/dx). */
export const psiAt = (x: number, y: number) => 2 * Math.sin((Math.PI * x) / W) * Math.sin((Math.PI * y) / H);
const kxAt = (x: number, y: number) => ((2 * Math.PI) / H) * Math.sin((Math.PI * x) / W) * Math.cos((Math.PI * y) / H);
const kyAt = (x: number, y: number) => ((-2 * Math.PI) / W) * Math.cos((Math.PI * x) / W) * Math.sin((Math.PI * y) / H);

export function field(): FieldMap {
  return {
    grid: GRID,
    z: 0.01,
    sigma: 5e-8,
    components: {
      bx: onGrid((x, y) => 3e-7 * kxAt(x, y)),
      by: onGrid((x, y) => -3e-7 * kyAt(x, y)),
      bz: onGrid((x, y) => 1e-5 * psiAt(x, y)),
    },
  };
}

export function result(parameters?: Record<string, unknown>, name?: string): InversionResult {
  const rng = random(3);
  const map = { grid: GRID, z: 0, psi: onGrid(psiAt), kx: onGrid(kxAt), ky: onGrid(kyAt) };
  const spot = (x: number, y: number) => Math.exp(-((x - 0.061) ** 2 + (y - 0.041) ** 2) / 2e-5);
  const damaged = { ...map, kx: onGrid((x, y) => kxAt(x, y) + 40 * spot(x, y)) };
  const count = GRID.nx * GRID.ny;
  const [x, y] = [onGrid(px => px), onGrid((_, py) => py)];
  return {
    sheets: [
      {
        ...damaged,
        kxErrors: onGrid(() => 2),
        kyErrors: onGrid(() => 2),
        resolution: onGrid(() => 6e-3),
      },
    ],
    healthy: [map],
    field: field(),
    residual: {
      x,
      y,
      z: new Float64Array(count).fill(0.01),
      components: { bz: Float64Array.from({ length: count }, () => rng.normal()) },
      rejected: Uint8Array.from({ length: count }, (_, i) => (i === 123 ? 1 : 0)),
    },
    process: process(parameters, name),
  };
}

export function scan(): FieldScan {
  const map = field();
  return {
    count: GRID.nx * GRID.ny,
    x: onGrid(x => x),
    y: onGrid((_, y) => y),
    z: onGrid(() => 0.01),
    sigma: 5e-8,
    components: { bx: { values: map.components.bx! }, bz: { values: map.components.bz! } },
  };
}

/** Samples at places of their own. */
export function scattered(): FieldScan {
  const rng = random(5);
  const count = 900;
  const x = Float64Array.from({ length: count }, () => W * rng.uniform());
  const y = Float64Array.from({ length: count }, () => H * rng.uniform());
  return {
    count,
    x,
    y,
    z: new Float64Array(count).fill(0.01),
    components: { bz: { values: x.map((px, i) => 1e-5 * psiAt(px, y[i])) } },
  };
}

export function stack(states = 5): SeriesStack {
  const maps = (f: (x: number, y: number, k: number) => number) =>
    Array.from({ length: states }, (_, k) => onGrid((x, y) => f(x, y, k)));
  const row = (f: (k: number) => number) => Float64Array.from({ length: states }, (_, k) => f(k));
  return {
    grid: GRID,
    by: 'soc',
    at: row(k => k / (states - 1)),
    names: Array.from({ length: states }, (_, k) => `scan${k}.csv`),
    reference: 0,
    chi: maps((x, y, k) => 1e-4 + 1e-5 * k * psiAt(x, y)),
    chiErrors: maps(() => 1e-6),
    change: maps((x, y, k) => 1e-5 * k * psiAt(x, y)),
    changeErrors: maps((_x, _y, k) => (k === 0 ? 0 : 1.4e-6)),
    regions: [
      {
        name: 'cell',
        mean: row(k => 1e-4 + 1e-6 * k),
        error: row(() => 1e-7),
        change: row(k => 1e-6 * k),
        changeError: row(() => 1e-7),
        kinks: [],
        slopes: [],
      },
    ],
    hotSpots: [{ state: 2, x: 0.05, y: 0.04, radius: 5e-3, excess: 1e-5, error: 1e-6, sigmas: 10, relative: 0.5 }],
    process: process(),
  };
}

/** The files by their names. */
export async function files(): Promise<Record<string, Uint8Array>> {
  return {
    'result.h5': await formatResult(result()),
    'scan.csv': await formatScan(scan(), 'csv'),
    'scattered.csv': await formatScan(scattered(), 'csv'),
    'stack.h5': await formatStack(stack()),
    'chi.h5': await formatSusceptibility({
      map: {
        grid: GRID,
        bottom: -2e-3,
        top: 2e-3,
        chi: onGrid((x, y) => 1e-4 + 1e-5 * psiAt(x, y)),
        chiErrors: onGrid(() => 1e-6),
      },
      process: process(),
    }),
  };
}
