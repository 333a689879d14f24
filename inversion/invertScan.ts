import type { CurrentMap } from '../src/currentMap.js';
import { AXES, type AxisName, type FieldMap } from '../src/fieldMap.js';
import type { FieldScan } from '../src/fieldScan.js';
import { toFieldMap } from '../src/gridding/index.js';
import type { ProcessRecord, Residual } from '../src/result.js';
import { type FourierOptions, type FourierSolution, fourierInversion } from './fourier/fourierInversion.js';
import { findSpikes } from './fourier/spikes.js';

/** A scan inverted: the map, what it leaves unexplained, and how it was found. */
export interface Inversion {
  readonly sheet: CurrentMap;
  readonly field: FieldMap;
  readonly fitted: FieldMap;
  readonly residual: Residual;
  readonly solution: FourierSolution;
  /** Scalar readings that were used, and those that were rejected as outliers. */
  readonly samples: number;
  readonly rejected: number;
  /** What happened to the samples on their way to the grid, for the user. */
  readonly notes: readonly string[];
}

/**
 * Inverts a scan by the Fourier method: to the grid, without spikes, inversion.
 * @throws {InputError} where the scan is not a plane of samples; {@link fourierInversion} for the rest.
 */
export function invertScan(scan: FieldScan, options: FourierOptions = {}): Inversion {
  const { map, pixelOf, notes, regridded } = toFieldMap(scan, { sheetZ: options.sheetZ ?? 0 });
  const spikes = findSpikes(map);
  const cleaned = spikes.length === 0 ? map : without(map, spikes);
  const solution = fourierInversion(cleaned, options);
  const { grid, current, psi, errors, resolution } = solution;
  const relative = scan.relativeUnit === undefined ? {} : { relativeUnit: scan.relativeUnit };
  const known = knownPixels(cleaned, Math.max(resolution.x / grid.dx, resolution.y / grid.dy));
  const blank = (values: Float64Array) => values.map((v, i) => (known[i] === 1 ? v : Number.NaN));
  const width = Math.sqrt(resolution.x * resolution.y);
  const isOut = new Set(spikes);
  const rejected = Uint8Array.from(pixelOf, p => (isOut.has(p) ? 1 : 0));
  const components = AXES.filter(name => map.components[name] !== undefined).length;
  const dropped = rejected.reduce((sum, r) => sum + r, 0) * components;
  return {
    sheet: {
      grid,
      z: options.sheetZ ?? 0,
      psi: blank(psi),
      kx: blank(current.kx),
      ky: blank(current.ky),
      kxErrors: blank(errors.kx),
      kyErrors: blank(errors.ky),
      resolution: blank(new Float64Array(known.length).fill(width)),
      ...relative,
    },
    field: map,
    fitted: { ...map, components: solution.fitted },
    residual: residualOf(scan, map, solution, pixelOf, rejected, regridded),
    solution,
    samples: scan.count * components - dropped,
    rejected: dropped,
    notes,
  };
}

function without(map: FieldMap, pixels: readonly number[]): FieldMap {
  const components: Partial<Record<AxisName, Float64Array>> = {};
  for (const name of AXES) {
    const values = map.components[name]?.slice();
    if (values === undefined) continue;
    for (const p of pixels) values[p] = Number.NaN;
    components[name] = values;
  }
  return { ...map, components };
}

/** 1 for every pixel within `reach` pixels (chessboard) of a measured one: further off the map says nothing. */
function knownPixels(map: FieldMap, reach: number): Uint8Array {
  const { nx, ny } = map.grid;
  const values = AXES.map(name => map.components[name]).find(v => v !== undefined)!;
  let known = Uint8Array.from(values, v => (Number.isNaN(v) ? 0 : 1));
  for (let step = 0; step < Math.round(reach) && known.includes(0); step++) {
    const next = known.slice();
    for (let iy = 0, i = 0; iy < ny; iy++) {
      for (let ix = 0; ix < nx; ix++, i++) {
        if (known[i] === 1) continue;
        for (let y = Math.max(0, iy - 1); y <= Math.min(ny - 1, iy + 1); y++) {
          for (let x = Math.max(0, ix - 1); x <= Math.min(nx - 1, ix + 1); x++)
            if (known[y * nx + x] === 1) next[i] = 1;
        }
      }
    }
    known = next;
  }
  return known;
}

/** Residual of every sample in units of sigma; a sample off the grid is compared with its nearest pixel, or not at all. */
function residualOf(
  scan: FieldScan,
  map: FieldMap,
  solution: FourierSolution,
  pixelOf: Int32Array,
  rejected: Uint8Array,
  regridded: boolean,
): Residual {
  const components: Partial<Record<AxisName, Float64Array>> = {};
  for (const name of AXES) {
    const values = map.components[name];
    const fitted = solution.fitted[name];
    if (values === undefined || fitted === undefined) continue;
    // A sample on the raster is compared itself; one that was interpolated is not where its pixel is.
    const own = regridded ? undefined : scan.components[name]?.values;
    components[name] = Float64Array.from(pixelOf, (p, i) =>
      p < 0 ? Number.NaN : ((own?.[i] ?? values[p]) - fitted[p]) / solution.sigma,
    );
  }
  return { x: scan.x, y: scan.y, z: scan.z, components, rejected };
}

/** The record of how a result came about. */
export function processRecord(
  inversion: Inversion,
  program: { readonly version: string; readonly date: string; readonly given?: Readonly<Record<string, unknown>> },
  inputs: ProcessRecord['inputs'],
): ProcessRecord {
  const { solution } = inversion;
  return {
    program: 'savart',
    version: program.version,
    date: program.date,
    inputs,
    parameters: {
      method: 'fourier',
      target: 'current',
      given: program.given ?? {},
      relativeUnit: inversion.sheet.relativeUnit ?? null,
      height_m: solution.height,
      order: solution.order,
      lambda: solution.lambda,
      lambdaBy: solution.lambdaBy,
      candidates: solution.choice.candidates,
      exterior: solution.exterior,
      background_T: solution.background,
      sigma_T: solution.sigma,
      lineNoise: solution.lineNoise,
      rimShare: solution.rim,
      degreesOfFreedom: solution.degrees,
      chi2: solution.chi2 ?? null,
      rejected: inversion.rejected,
    },
  };
}
