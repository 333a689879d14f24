import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTruth, type Score, score } from '../../../bench/truth.js';
import { boundedInversion } from '../../../inversion/bounded/boundedInversion.js';
import type { BoundedOptions, BoundedSolution } from '../../../inversion/bounded/solution.js';
import type { FieldComponent, FieldScan } from '../../../src/fieldScan.js';
import { loadScan } from '../../../src/formats/node.js';
import type { Cell } from '../../../src/model/cell.js';
import { parseCell } from '../../../src/model/parseCell.js';

const CASES = new URL('../../../../shared/cases/', import.meta.url);

/** Whether the simulated cases are there; tests that need them skip otherwise. */
export const CASES_MISSING = !existsSync(CASES);

/** A whole inversion takes its time. */
export const PATIENCE = 600_000;

export function caseCell(name: string): Cell {
  return parseCell(readFileSync(new URL(`${name}/cell.yaml`, CASES), 'utf8'), 'cell.yaml');
}

export function caseScan(name: string): Promise<FieldScan> {
  return loadScan(fileURLToPath(new URL(`${name}/scan.csv`, CASES)));
}

/** The part of the current that each sheet of a case truly has. */
export function caseShares(name: string): number[] {
  return JSON.parse(readFileSync(new URL(`${name}/truth/case.json`, CASES), 'utf8')).sheet_share;
}

/** The samples of a scan for which `keep` holds. */
export function samplesWhere(scan: FieldScan, keep: (x: number, y: number, z: number) => boolean): FieldScan {
  const kept = Array.from({ length: scan.count }, (_, s) => s).filter(s => keep(scan.x[s], scan.y[s], scan.z[s]));
  const of = (values: Float64Array) => Float64Array.from(kept, s => values[s]);
  const components = Object.fromEntries(
    Object.entries(scan.components).map(([name, { values, sigma }]): [string, FieldComponent] => [
      name,
      { values: of(values), ...(sigma === undefined ? {} : { sigma: of(sigma) }) },
    ]),
  );
  return {
    count: kept.length,
    x: of(scan.x),
    y: of(scan.y),
    z: of(scan.z),
    components,
    ...(scan.sigma === undefined ? {} : { sigma: scan.sigma }),
    ...(scan.current === undefined ? {} : { current: of(scan.current) }),
  };
}

/** Inverts a case, all parameters automatic, and compares with its truth. */
export async function invertCase(
  name: string,
  keep: (x: number, y: number, z: number) => boolean = () => true,
  options: BoundedOptions = {},
): Promise<{ solution: BoundedSolution; errors: Score }> {
  const solution = boundedInversion(samplesWhere(await caseScan(name), keep), caseCell(name), options);
  const truth = readTruth(fileURLToPath(new URL(name, CASES)));
  if (truth === undefined) throw new Error(`${name} has no truth`);
  return { solution, errors: score(truth, solution.sheets) };
}
