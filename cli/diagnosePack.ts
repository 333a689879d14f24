import { type CellCurrents, cellCurrents } from '../inversion/cellCurrents/cellCurrents.js';
import type { CellImbalance, Imbalance } from '../src/diagnosis/imbalance.js';
import type { PackCurrents } from '../src/diagnosis/imbalanceModel.js';
import { type PackPca, packPca } from '../src/diagnosis/imbalancePca.js';
import { packImbalance } from '../src/diagnosis/packImbalance.js';
import { NumericalError, UsageError } from '../src/errors.js';
import { writeFileSafely } from '../src/formats/node.js';
import { type PackWiring, packWiring } from '../src/model/packWiring.js';
import type { ProcessRecord } from '../src/result.js';
import { packMapsOf, withMapsInside } from './diagnoseMaps.js';
import { type NamedScan, type PackInput, readPack, readScans, TOTAL_ERROR } from './diagnosePackInput.js';
import { packFigureBytes, packReport } from './diagnosePackReport.js';
import { packJson, tell } from './diagnosePackText.js';
import { doubtful, packWarnings } from './diagnosePackWarnings.js';
import { numberOption, requireExtension, requireSeparate } from './options.js';
import { progressLine } from './progress.js';
import { type CommonOptions, jsonText } from './run.js';

export interface DiagnosePackOptions extends CommonOptions {
  readonly pack: string;
  /** Resistance deviation below which nothing is flagged, %, as text. Default 3. */
  readonly threshold?: string;
  readonly out?: string;
  readonly report?: string;
  readonly figure?: string;
  /** Scans of the pack in good order, for the expected shares. */
  readonly reference?: readonly string[];
}

/** What is told of one scan. */
export interface PackScan {
  readonly name: string;
  readonly cells: readonly (CellImbalance & {
    readonly name: string;
    readonly current: number;
    readonly sigma: number;
    /** What it adds to T2 and to Q of its scan, to Q with the sign of the residual; NaN where there are none. */
    readonly t2: number;
    readonly q: number;
  })[];
  readonly t2: number;
  readonly q: number;
  readonly chi2: number;
  readonly rejected: number;
  readonly flagged: boolean;
}

/** All that was found. */
export interface PackDiagnosis {
  readonly input: PackInput;
  readonly scans: readonly PackScan[];
  readonly currents: CellCurrents;
  readonly result: Imbalance;
  readonly pca: PackPca | undefined;
  readonly wiring: PackWiring;
  /** Whether all cells carry one current, so that shares say nothing. */
  readonly series: boolean;
  /** Whether trends are per hour rather than per scan. */
  readonly perHour: boolean;
  readonly warnings: readonly string[];
  readonly process: ProcessRecord;
}

/** `savart diagnose SCAN... --pack PACK.yaml`: the current of every cell, and which cell is out of line. */
export async function diagnosePack(
  paths: readonly string[],
  options: DiagnosePackOptions,
  version: string,
): Promise<void> {
  requireExtension('-o', options.out, ['.json']);
  requireExtension('--report', options.report, ['.html', '.htm']);
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  const percent = numberOption('--threshold', options.threshold, { least: 0, most: 1000 });
  requireSeparate(
    [...paths, options.pack, ...(options.reference ?? [])],
    [options.out, options.report, options.figure],
  );
  if (paths.length === 0) throw new UsageError('no scan was given', { advice: 'name the scans of the pack' });
  const input = await readPack(options.pack);
  if (input.cells.length < 2) {
    throw new UsageError('a pack of one cell has no imbalance', { advice: 'use savart invert', file: options.pack });
  }
  const scans = await readScans(paths);
  const references = await readScans(options.reference ?? []);
  const progress = progressLine('diagnosing');
  const all = [...scans, ...references];
  const totals = all.map(({ scan }) => totalOf(scan.current));
  const wiring = packWiring(input.pack);
  const { passes } = wiring;
  const currents = inFiles(all, () =>
    cellCurrents(
      all.map(({ scan }) => scan),
      input.cells,
      {
        onProgress: progress,
        ...(passes === undefined || totals.every(v => v === undefined)
          ? {}
          : { total: { values: totals.map(v => (v === undefined ? v : passes * v)), error: TOTAL_ERROR } }),
      },
    ),
  );
  const diagnosis = diagnosed(input, scans, references, currents, totals, wiring, percent, version);
  if (options.figure !== undefined) await writeFileSafely(options.figure, packFigureBytes(options.figure, diagnosis));
  const text = (content: string) => new TextEncoder().encode(content);
  if (options.out !== undefined || options.report !== undefined) {
    const maps = packMapsOf(input, scans, diagnosis.scans);
    if (options.out !== undefined) {
      await writeFileSafely(options.out, text(jsonText(withMapsInside(packJson(diagnosis), maps))));
    }
    if (options.report !== undefined) await writeFileSafely(options.report, text(packReport(diagnosis, maps)));
  }
  tell(options, diagnosis);
}

function diagnosed(
  input: PackInput,
  scans: readonly NamedScan[],
  references: readonly NamedScan[],
  currents: CellCurrents,
  totals: readonly (number | undefined)[],
  wiring: PackWiring,
  percent: number | undefined,
  version: string,
): PackDiagnosis {
  const own = currents.scans.slice(0, scans.length);
  // Errors that all scans share cancel where they are compared with each other.
  const compared = currents.scans.map(({ current, ownCovariance }) => ({ current, covariance: ownCovariance }));
  const alone = own.map(({ current, covariance }) => ({ current, covariance }));
  const few = scans.length < 5 && references.length === 0;
  const times = timesOf(scans);
  const result = packImbalance(few ? alone : compared.slice(0, scans.length), wiring, {
    kinds: input.kinds,
    ...(few ? {} : { common: commonErrors(own) }),
    ...(percent === undefined ? {} : { threshold: percent / 100 }),
    ...(references.length === 0 ? {} : { reference: compared.slice(scans.length) }),
    ...(times === undefined ? {} : { times }),
  });
  const cells = input.cells.length;
  const shares = Float64Array.from(result.scans.flatMap(scan => scan.map(({ share }) => share)));
  const pca = packPca(shares, scans.length, cells);
  const told = scans.map(({ name }, s): PackScan => {
    const found = own[s];
    return {
      name,
      cells: result.scans[s].map((cell, k) => ({
        ...cell,
        name: input.cells[k].name,
        current: found.current[k],
        sigma: found.error[k],
        t2: pca?.t2Contributions[s][k] ?? Number.NaN,
        q: pca?.qContributions[s][k] ?? Number.NaN,
      })),
      t2: pca?.t2[s] ?? Number.NaN,
      q: pca?.q[s] ?? Number.NaN,
      chi2: found.chi2,
      rejected: found.rejected,
      flagged: result.scans[s].some(({ flagged }) => flagged),
    };
  });
  return {
    input,
    scans: told,
    currents,
    result,
    pca,
    wiring,
    series: wiring.sets.length === 0,
    perHour: times !== undefined,
    warnings: packWarnings(input, scans, currents, totals, result, wiring),
    process: {
      program: 'savart',
      version,
      date: new Date().toISOString(),
      inputs: [...input.files, ...scans.map(s => s.input), ...references.map(s => s.input)],
      parameters: {
        command: 'diagnose --pack',
        threshold: result.threshold,
        level: result.level,
        spread: result.spread,
      },
    },
  };
}

/** Relative error of a current that may be wrong by far more than is stated. */
const DOUBT = 0.5;

/** Root mean squares of the currents, whatever their sign, with what the covariances of all scans have in common, and the doubt about some. */
function commonErrors(scans: CellCurrents['scans']): PackCurrents {
  const mean = (of: (scan: CellCurrents['scans'][number]) => Float64Array) =>
    of(scans[0]).map((_, i) => scans.reduce((sum, scan) => sum + of(scan)[i], 0) / scans.length);
  const current = mean(scan => scan.current.map(v => v * v)).map(Math.sqrt);
  const covariance = mean(scan => scan.covariance.map((v, i) => v - scan.ownCovariance[i]));
  const cells = current.length;
  doubtful(scans, cells).forEach((doubted, k) => {
    if (doubted === 1) covariance[k * cells + k] += (DOUBT * current[k]) ** 2;
  });
  return { current, covariance };
}

/** The mean of a `current_A` column. */
function totalOf(current: Float64Array | undefined): number | undefined {
  if (current === undefined || current.length === 0) return undefined;
  const mean = current.reduce((sum, v) => sum + v, 0) / current.length;
  return mean === 0 ? undefined : mean;
}

/** Mean times of the scans, h, where all have them and they differ. */
function timesOf(scans: readonly NamedScan[]): number[] | undefined {
  const times = scans.map(({ scan }) => scan.time && scan.time.reduce((sum, v) => sum + v, 0) / scan.count / 3600);
  if (times.some(t => t === undefined) || new Set(times).size < times.length) return undefined;
  return times as number[];
}

/** Names the file of 'scan 3' in errors. */
function inFiles<T>(scans: readonly NamedScan[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    const number = error instanceof NumericalError ? /^scan (\d+)/.exec(error.message)?.[1] : undefined;
    throw number === undefined ? error : (error as NumericalError).at({ file: scans[Number(number) - 1].path });
  }
}
