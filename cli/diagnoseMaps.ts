import { mapLength, sameGrid } from '../src/diagnosis/mapStack.js';
import { loadingMap } from '../src/diagnosis/pca.js';
import { toMap } from '../src/diagnosis/preparation.js';
import { AXES } from '../src/fieldMap.js';
import { cellDrawing } from '../src/figures/index.js';
import { gridSize } from '../src/grid.js';
import type { Cell } from '../src/model/cell.js';
import { placeCell } from '../src/model/placeCell.js';
import { type DiagnosisMaps, packMaps, type ScanMaps } from '../viewer/files/diagnosisMaps.js';
import { griddedOf } from '../viewer/files/fromScan.js';
import type { PackScan } from './diagnosePack.js';
import type { NamedScan, PackInput } from './diagnosePackInput.js';
import type { Cohort, Diagnosis } from './diagnoseReference.js';

/** Values of all maps of a diagnosis together: some 2 MB of a report. */
const MOST_VALUES = 750_000;

/** The scans that come first by `before`, as many as there is room for beside what is used, and one in any case. */
function chosen<T>(scans: readonly T[], before: (a: T, b: T) => number, cost: (scan: T) => number, used = 0): Set<T> {
  const out = new Set<T>();
  let sum = used;
  for (const scan of scans.toSorted(before)) {
    sum += cost(scan);
    if (out.size > 0 && sum > MOST_VALUES) break;
    out.add(scan);
  }
  return out;
}

/** The maps of a cohort from which contributions are made, those that differ most first. */
export function cohortMaps({ model: { monitoring }, diagnoses }: Cohort, cell?: Cell): DiagnosisMaps {
  const { layout, pixels, sigma, loadings } = monitoring;
  const length = mapLength(layout);
  const mean = toMap(monitoring.mean, pixels, length);
  const patterns = (loadings.length + 2) * length;
  // Few scans take less room with their own contributions than with the patterns that make them.
  const made = loadings.length <= 2 * diagnoses.length && patterns + length <= MOST_VALUES;
  const own = ({ judgement }: Diagnosis) => made && judgement.model === monitoring;
  const kept = chosen(
    diagnoses,
    (a, b) => a.adjusted - b.adjusted || a.judgement.p - b.judgement.p,
    d => (own(d) ? 1 : 3) * length,
    made ? patterns : 2 * length,
  );
  return {
    layout,
    cells: cell === undefined ? [] : [cellDrawing(cell)],
    reference: {
      mean,
      ...(sigma.every(s => s === 1) ? {} : { sigma: toMap(sigma, pixels, length) }),
      loadings: made ? loadings.map((_, j) => loadingMap(monitoring, j)) : [],
    },
    scans: diagnoses.map((d): ScanMaps | null => {
      if (!kept.has(d)) return null;
      const departure = d.map.map((v, i) => v - mean[i]);
      const { residual, t2Contributions } = d.judgement;
      if (!own(d)) return { by: 'others', departure, residual, t2: t2Contributions };
      return { by: 'reference', departure, variances: d.reference ? monitoring.variances : monitoring.newVariances };
    }),
  };
}

/** The measured fields of a pack's scans, where they stand on the raster of the first; flagged ones first. */
export function packMapsOf(
  input: PackInput,
  scans: readonly NamedScan[],
  found: readonly PackScan[],
): DiagnosisMaps | undefined {
  const maps = scans.map(({ scan }) => griddedOf(scan)?.map);
  const first = maps.find(map => map !== undefined);
  if (first === undefined) return undefined;
  const channels = AXES.filter(axis => first.components[axis] !== undefined);
  const length = channels.length * gridSize(first.grid);
  const kept = chosen(
    found.map((scan, k) => ({ scan, map: maps[k] })),
    (a, b) => Number(b.scan.flagged) - Number(a.scan.flagged),
    () => length,
  );
  const names = new Set([...kept].map(({ scan }) => scan));
  return {
    layout: { grid: first.grid, channels, unit: 'T' },
    cells: input.cells.map(({ cell, placement }) => cellDrawing(placeCell(cell, placement))),
    scans: maps.map((map, k): ScanMaps | null => {
      if (map === undefined || !names.has(found[k]) || !sameGrid(map.grid, first.grid)) return null;
      if (channels.some(axis => map.components[axis] === undefined)) return null;
      const all = new Float64Array(length);
      channels.forEach((axis, c) => {
        all.set(map.components[axis]!, c * gridSize(first.grid));
      });
      return { by: 'none', map: all };
    }),
  };
}

/** A diagnosis as a file: what `--json` prints, with the maps inside for `savart view`. */
export function withMapsInside(output: object, maps: DiagnosisMaps | undefined): object {
  return maps === undefined ? output : { ...output, maps: Buffer.from(packMaps(maps)).toString('base64') };
}
