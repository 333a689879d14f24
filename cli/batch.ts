import { access, constants, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OutputError, SavartError, UsageError } from '../src/errors.js';
import { readFileBytes, sha256, writeFileSafely } from '../src/formats/node.js';
import type { BatchRow, HashedFile } from './batchJob.js';
import { JOURNAL, readJournal } from './batchJournal.js';
import { type BatchTask, runBatch } from './batchRun.js';
import { batchCsv, batchTable, failureSentence } from './batchSummary.js';
import { workersOf } from './batchWorkers.js';
import { readCell } from './invertInput.js';
import { checkTarget, givenOf, type InvertOptions, methodOf, sideFiles } from './invertOptions.js';
import { requireSeparate } from './options.js';
import { EXIT, printJson, say } from './run.js';

/** The table of a batch, in its folder. */
const TABLE = 'batch.csv';

/**
 * `savart invert SCAN... -o FOLDER`: every scan as it would be inverted alone, FOLDER/scan.h5 for scan.csv. Workers share out the
 * scans; what scans of one geometry have in common is made once per worker. One that fails does not stop the others.
 */
export default async function invertBatch(
  paths: readonly string[],
  options: InvertOptions,
  version: string,
): Promise<void> {
  const folder = folderOf(options);
  const tasks = tasksOf(paths, folder);
  const outputs = [join(folder, TABLE), join(folder, JOURNAL), ...tasks.map(task => task.path)];
  requireSeparate([...paths, ...sideFiles(options)], outputs);
  checkTarget(options);
  const bounded = options.target !== 'susceptibility' && methodOf(options) === 'bounded';
  const workers = workersOf(options, bounded, tasks.length);
  // A mistake in the cell is told once, not for every scan.
  if (options.cell !== undefined) await readCell(options.cell);
  const sides = await hashed(sideFiles(options));
  await makeFolder(folder);
  const journal = options.resume ? await readJournal(folder) : undefined;

  const start = performance.now();
  const { rows, interrupted } = await runBatch(tasks, {
    folder,
    options,
    version,
    sides,
    settings: settingsHash(options, version, sides),
    journal,
    // The conductance is found from the sums of one scan.
    shares: bounded && options.target !== 'conductance',
    ...workers,
  });
  const seconds = (performance.now() - start) / 1000;
  const untold = await writeTable(folder, rows);
  tell(options, tasks.length, rows, interrupted, seconds, folder, untold);
  if (options.json) {
    const of = (status: BatchRow['status']) => rows.filter(row => row.status === status).length;
    const failure = failureSentence(rows);
    printJson({
      scans: rows,
      done: of('done'),
      kept: of('kept'),
      failed: of('failed'),
      left: tasks.length - rows.length,
      interrupted,
      workers: workers.workers,
      seconds,
      out: folder,
      ...(failure === undefined ? {} : { error: { code: 'input', message: failure } }),
      ...(untold === undefined ? {} : { error: { code: untold.code, message: untold.sentence() } }),
    });
  }
  const failed = untold !== undefined || rows.some(row => row.failure);
  process.exitCode = interrupted ? EXIT.interrupted : failed ? EXIT.failed : EXIT.done;
}

/** Writes the table; the error where that fails: the results are there all the same, and have to be told. */
async function writeTable(folder: string, rows: readonly BatchRow[]): Promise<SavartError | undefined> {
  try {
    await writeFileSafely(join(folder, TABLE), new TextEncoder().encode(batchCsv(rows)));
    return undefined;
  } catch (error) {
    if (error instanceof SavartError) return error;
    throw error;
  }
}

/** Table and what became of the scans, for people. */
function tell(
  options: InvertOptions,
  count: number,
  rows: readonly BatchRow[],
  interrupted: boolean,
  seconds: number,
  folder: string,
  untold: SavartError | undefined,
): void {
  if (rows.length > 0) say(options, batchTable(rows));
  const inverted = rows.filter(row => row.status === 'done').length;
  const kept = rows.filter(row => row.status === 'kept').length;
  say(options, '');
  say(
    options,
    `${inverted} of ${count} scans inverted in ${seconds.toFixed(1)} s${kept === 0 ? '' : `, ${kept} were there already`}.${untold === undefined ? ` Wrote ${join(folder, TABLE)}` : ''}`,
  );
  if (untold !== undefined) process.stderr.write(`savart: ${untold.sentence()}\n`);
  const failure = failureSentence(rows);
  if (failure !== undefined) process.stderr.write(`savart: ${failure}\n`);
  if (interrupted) process.stderr.write('interrupted: what was finished stays; --resume goes on from there\n');
}

/** @throws {UsageError} without a folder, and for outputs that only a single scan has. */
function folderOf({ out, report, figure }: InvertOptions): string {
  const flag = report !== undefined ? '--report' : figure !== undefined ? '--figure' : undefined;
  if (flag !== undefined) {
    throw new UsageError(`${flag} shows one scan`, {
      advice: 'leave it out, and invert the scans of interest one by one',
    });
  }
  if (out === undefined) {
    throw new UsageError('the results of several scans need a folder', { advice: 'give -o folder' });
  }
  if (/\.(h5|hdf5|nxs)$/i.test(out)) {
    throw new UsageError('is the name of one result, but several scans are inverted', {
      file: out,
      advice: 'give the name of a folder',
    });
  }
  return out;
}

/** @throws {UsageError} where two results would have one name. */
function tasksOf(paths: readonly string[], folder: string): BatchTask[] {
  const taken = new Map<string, string>();
  return paths.map(scan => {
    const out = `${basename(scan).replace(/\.[^.]+$/, '')}.h5`;
    // Some file systems do not tell capitals.
    const before = taken.get(out.toLowerCase());
    if (before !== undefined) {
      throw new UsageError(`'${before}' and '${scan}' would both become ${join(folder, out)}`, {
        advice: before === scan ? 'give it once' : 'rename one, or invert them into two folders',
      });
    }
    taken.set(out.toLowerCase(), scan);
    return { scan, out, path: join(folder, out) };
  });
}

function hashed(paths: readonly string[]): Promise<HashedFile[]> {
  return Promise.all(paths.map(async path => ({ path, sha256: sha256(await readFileBytes(path)) })));
}

/** Hash of what all results of a batch are made from beside their scans, in whatever order the options were given. */
function settingsHash(options: InvertOptions, version: string, sides: readonly HashedFile[]): string {
  const { cell, reference, psf, appliedField, second, ...given } = givenOf(options) as InvertOptions;
  const names = Object.entries({ cell, reference, psf, appliedField, second }).flatMap(([name, path]) =>
    path === undefined ? [] : [name],
  );
  const sorted = Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1));
  const all = [version, sorted, names, sides.map(side => side.sha256)];
  return sha256(new TextEncoder().encode(JSON.stringify(all)));
}

async function makeFolder(folder: string): Promise<void> {
  const fail = (message: string) => (cause: unknown) => {
    throw new OutputError(message, { file: folder, advice: 'choose another with -o', cause });
  };
  await mkdir(folder, { recursive: true }).catch(fail('the folder cannot be made'));
  await access(folder, constants.W_OK).catch(fail('the folder cannot be written to'));
}
