import type { ContributionModel } from '../../src/diagnosis/contributions.js';
import { type MapLayout, mapLength } from '../../src/diagnosis/mapStack.js';
import { InputError } from '../../src/errors.js';
import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import { fromBase64 } from './base64.js';
import { pack, unpack } from './pack.js';

/** Maps of the scans of a diagnosis, in as few numbers as make their contributions to T2 and Q. */
export interface DiagnosisMaps {
  readonly layout: MapLayout;
  readonly cells: readonly CellDrawing[];
  /** Of a cohort. */
  readonly reference?: ReferencePatterns;
  /** One per scan; null where there was no room for its map. */
  readonly scans: readonly (ScanMaps | null)[];
}

/** Maps of the layout's length, NaN on pixels that take no part. */
export interface ReferencePatterns {
  readonly mean: Float64Array;
  /** 1 everywhere where it is left out. */
  readonly sigma?: Float64Array;
  readonly loadings: readonly Float64Array[];
}

export type ScanMaps =
  /** Of a pack, whose contributions are those of its cells. */
  | { readonly by: 'none'; readonly map: Float64Array }
  /** Judged by the reference: the map less the mean, and the variances of the scores. */
  | { readonly by: 'reference'; readonly departure: Float64Array; readonly variances: Float64Array }
  /** Judged by other patterns than the file holds: what they left, and what each pixel adds to T2. */
  | {
      readonly by: 'others';
      readonly departure: Float64Array;
      readonly residual: Float64Array;
      readonly t2: Float64Array;
    };

/** A pattern larger than so many residuals needs its map finely, for the residual is the difference of both. */
const STRONG = 10;

/** As bytes: departures and what is derived within 5e-4, the rest within 8e-6. */
export function packMaps(maps: DiagnosisMaps): Uint8Array {
  return pack(maps, [maps.layout.grid.nx], coarseOf(maps));
}

/** The arrays that are known to a few digits only. */
export function coarseOf({ scans, reference }: DiagnosisMaps): Set<unknown> {
  return new Set<unknown>(
    scans.flatMap(scan => {
      if (scan === null || scan.by === 'none') return [];
      if (scan.by === 'others') return [scan.departure, scan.residual, scan.t2];
      return strong(scan.departure, reference!) ? [] : [scan.departure];
    }),
  );
}

/** Whether the patterns hold nearly all of a departure. */
function strong(departure: Float64Array, { sigma, loadings }: ReferencePatterns): boolean {
  let [all, inside] = [0, 0];
  const scores = loadings.map(() => 0);
  for (let i = 0; i < departure.length; i++) {
    const z = departure[i] / (sigma?.[i] ?? 1);
    if (!Number.isFinite(z)) continue;
    all += z * z;
    for (let j = 0; j < loadings.length; j++) scores[j] += z * loadings[j][i];
  }
  for (const score of scores) inside += score * score;
  return inside > STRONG ** 2 * (all - inside);
}

/** The model by which maps less the mean are taken apart. */
export function modelOf({ mean, sigma, loadings }: ReferencePatterns, layout: MapLayout): ContributionModel {
  const pixels = Int32Array.from([...mean.keys()].filter(i => Number.isFinite(mean[i])));
  const pick = (values: Float64Array) => Float64Array.from(pixels, i => values[i]);
  return {
    layout,
    pixels,
    mean: new Float64Array(pixels.length),
    sigma: sigma === undefined ? new Float64Array(pixels.length).fill(1) : pick(sigma),
    loadings: loadings.map(pick),
  };
}

/** What {@link packMaps} made, in base64, as it stands in a file. @throws {InputError} when it is something else */
export function parseMaps(text: string, scans: number, file: string): DiagnosisMaps {
  try {
    const maps = unpack(fromBase64(text)) as DiagnosisMaps;
    if (!isMaps(maps, scans)) throw new RangeError('arrays of another size');
    return maps;
  } catch (cause) {
    throw new InputError('its maps cannot be read', { file, advice: 'write it again with savart diagnose -o', cause });
  }
}

/** What is read from a file may be anything. */
function isMaps({ layout, cells, reference, scans }: DiagnosisMaps, count: number): boolean {
  const { nx, ny, x0, y0, dx, dy } = layout.grid;
  const length = mapLength(layout);
  const whole = (array: unknown) => array instanceof Float64Array && array.length === length;
  const pairs = (points: unknown) =>
    Array.isArray(points) && points.every(p => Array.isArray(p) && p.length === 2 && p.every(Number.isFinite));
  return (
    [nx, ny].every(n => Number.isInteger(n) && n > 0) &&
    [x0, y0, dx, dy].every(Number.isFinite) &&
    [...layout.channels, layout.unit].every(name => typeof name === 'string') &&
    cells.every(
      ({ outline, tabs }) =>
        pairs(outline) && tabs.every(({ start, end, into }) => pairs([start, end]) && typeof into === 'boolean'),
    ) &&
    (reference === undefined ||
      [reference.mean, reference.sigma ?? reference.mean, ...reference.loadings].every(whole)) &&
    scans.length === count &&
    scans.every(
      scan =>
        scan === null ||
        (scan.by === 'none' && whole(scan.map)) ||
        (scan.by === 'others' && [scan.departure, scan.residual, scan.t2].every(whole)) ||
        (scan.by === 'reference' &&
          reference !== undefined &&
          whole(scan.departure) &&
          scan.variances instanceof Float64Array &&
          scan.variances.length === reference.loadings.length),
    )
  );
}
