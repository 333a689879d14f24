import { type CellCurrents, cellCurrents } from '../inversion/cellCurrents/cellCurrents.js';
import type { CellImbalance, Imbalance } from '../src/diagnosis/imbalance.js';
import { type PackPca, packPca } from '../src/diagnosis/imbalancePca.js';
import { packImbalance } from '../src/diagnosis/packImbalance.js';
import { NumericalError, UsageError } from '../src/errors.js';
import { writeFileSafely } from '../src/formats/node.js';
import { type PackWiring, packWiring } from '../src/model/packWiring.js';
import type { ProcessRecord } from '../src/result.js';
import { type NamedScan, type PackInput, readPack, readScans } from './diagnosePackInput.js';
import { packFigureBytes, packReport } from './diagnosePackReport.js';
import { tell } from './diagnosePackText.js';
import { numberOption, requireExtension, requireSeparate } from './options.js';
import { progressLine } from './progress.js';
import type { CommonOptions } from './run.js';

export interface DiagnosePackOptions extends CommonOptions {
  readonly pack: string;
  /** Resistance deviation below which nothing is flagged, %, as text. Default 3. */
  readonly threshold?: string;
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

/** How well a stated current is believed, a part of it. */
const TOTAL_ERROR = 5e-3;
const MISFIT = 1.2;
/** Errors by which cells in series may differ before it is told, and what their descriptions may be wrong by, a part of the current. */
const SERIES_LIMIT = 4;
const SERIES_ERROR = 5e-3;

/** `savart diagnose SCAN... --pack PACK.yaml`: the current of every cell, and which cell is out of line. */
export async function diagnosePack(
  paths: readonly string[],
  options: DiagnosePackOptions,
  version: string,
): Promise<void> {
  requireExtension('--report', options.report, ['.html', '.htm']);
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  const percent = numberOption('--threshold', options.threshold, { least: 0, most: 1000 });
  requireSeparate([...paths, options.pack, ...(options.reference ?? [])], [options.report, options.figure]);
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
  if (options.report !== undefined) {
    await writeFileSafely(options.report, new TextEncoder().encode(packReport(diagnosis)));
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
    warnings: warningsOf(input, scans, currents, totals, result, wiring),
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

function warningsOf(
  { cells, kinds }: PackInput,
  scans: readonly NamedScan[],
  currents: CellCurrents,
  totals: readonly (number | undefined)[],
  result: Imbalance,
  { sets, passes }: PackWiring,
): string[] {
  const out: string[] = [];
  const series = sets.length === 0;
  if (series) out.push('The cells are in series and carry one current: nothing about resistances follows from shares.');
  if (sets.some(({ branches }) => branches.some(members => members.length > 1))) {
    out.push('Cells of a string carry one current: a string is judged as a whole, whichever of its cells differs.');
  }
  if (passes === undefined && totals.some(v => v !== undefined)) {
    out.push('Strings of different length: current_A of the scans was not used.');
  }
  const poor = scans.filter((_, s) => currents.scans[s].chi2 > MISFIT);
  if (poor.length > 0) {
    out.push(
      `The model does not explain ${poor.map(s => s.name).join(', ')} (chi2 per degree of freedom above ${MISFIT}): ` +
        'check outline, tabs and places of the cells, and wires close to the sensors. Errors were widened accordingly.',
    );
  }
  totals.forEach((total, s) => {
    if (passes === undefined || total === undefined || s >= scans.length) return;
    const found = currents.scans[s].current.reduce((sum, v) => sum + v, 0) / passes;
    if (Math.abs(found - total) < 4 * TOTAL_ERROR * Math.abs(total)) return;
    out.push(`${scans[s].name}: the field says ${found.toFixed(3)} A, current_A says ${total.toFixed(3)} A.`);
  });
  if (series) out.push(...unequal(cells, scans, currents));
  cells.forEach(({ name }, k) => {
    if (result.persistent[k] === 0) return;
    out.push(`${name} differs from cells like it in all scans by more than the threshold: it is judged by its like.`);
  });
  if (!result.spreadFound && !series) {
    out.push(
      `Fewer than five scans do not tell how much cells differ by nature: ${(100 * result.spread).toFixed(2)} % was assumed.`,
    );
  }
  if (scans.length < 5 && new Set(kinds).size > 1 && !series) {
    out.push('The cells are not alike, and few scans do not tell what each of them usually carries.');
  }
  return out;
}

/** Cells in series whose currents differ by more than their errors: the description is wrong, or a current goes past one of them. */
function unequal(cells: PackInput['cells'], scans: readonly NamedScan[], currents: CellCurrents): string[] {
  return scans.flatMap(({ name }, s) => {
    const { current, error } = currents.scans[s];
    const mean = current.reduce((sum, v) => sum + v, 0) / current.length;
    const away = current.map((v, k) => Math.abs(v - mean) / Math.hypot(error[k], SERIES_ERROR * mean));
    const worst = away.indexOf(Math.max(...away));
    if (!(away[worst] > SERIES_LIMIT)) return [];
    return `${name}: ${cells[worst].name} carries ${current[worst].toFixed(3)} A, the cells on average ${mean.toFixed(3)} A, which should be one current: check its place and outline, or a current goes past it.`;
  });
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
