import { styleText } from 'node:util';
import { Piscina } from 'piscina';
import { SavartError, UsageError } from '../src/errors.js';
import { readFileBytes, sha256, writeFileSafely } from '../src/formats/node.js';
import type { BatchAnswer, BatchError, BatchJob, BatchRow, BatchSettings, HashedFile } from './batchJob.js';
import { addNote, type BatchNote, beginJournal, isWhole } from './batchJournal.js';
import { BatchQueue } from './batchQueue.js';
import type { InvertOptions } from './invertOptions.js';
import { progressLine } from './progress.js';
import { EXIT, printable } from './run.js';

/** A scan and the file that its result becomes, `out` in the folder. */
export interface BatchTask {
  readonly scan: string;
  readonly out: string;
  readonly path: string;
}

export interface BatchPlan {
  readonly folder: string;
  readonly options: InvertOptions;
  readonly version: string;
  /** What all results are made from beside the scans, and a hash of that, the options and the version. */
  readonly sides: readonly HashedFile[];
  readonly settings: string;
  /** Of the batch that is resumed. */
  readonly journal: ReadonlyMap<string, BatchNote> | undefined;
  /** Whether scans of one geometry share work, so that they should stay together. */
  readonly shares: boolean;
  readonly workers: number;
  readonly threads: number;
}

/**
 * Inverts the scans on a pool of workers and writes each result as soon as it is there; of the others nothing is held but a row of
 * the table. SIGINT and SIGTERM end the work: results that are finished stay, and no half of one is left. A second one ends it at once.
 * @returns the rows in the order of the tasks; interrupted, those that are finished
 * @throws {UsageError} for options that no scan can be inverted with.
 */
export async function runBatch(
  tasks: readonly BatchTask[],
  plan: BatchPlan,
): Promise<{ rows: BatchRow[]; interrupted: boolean }> {
  const { options, version, threads, sides } = plan;
  const workerData: BatchSettings = { options, version, threads, sides };
  const pool = new Piscina({
    filename: new URL('./batchWorker.js', import.meta.url).href,
    minThreads: plan.workers,
    maxThreads: plan.workers,
    idleTimeout: 60_000,
    atomics: 'disabled',
    workerData,
  });
  // A worker that breaks down fails its scan; the pool starts another.
  pool.on('error', () => {});
  let interrupted = false;
  /** Interrupted, or the options are wrong: what fails from now on is not told. */
  let over = false;
  // A pool that was asked after its end would begin anew.
  const ask = (job: BatchJob): Promise<BatchAnswer> =>
    (over ? Promise.reject(new Error('over')) : pool.run(job)).catch(error => ({
      failure: internal(error as Error),
    }));
  const rows = new Map<BatchTask, BatchRow>();
  /** Those that are kept, or could not be read, once that is known: they take no time. */
  let before: number | undefined;
  const draw = progressLine('inverting');
  const progress = () => {
    if (before === undefined) draw(0, 'reading the scans');
    else draw((rows.size - before) / (tasks.length - before), `${rows.size} of ${tasks.length} scans`);
  };
  const clock = setInterval(() => {
    if (rows.size < tasks.length) progress();
  }, 1000);
  const stop = () => {
    if (interrupted) process.exit(EXIT.interrupted);
    interrupted = true;
    over = true;
    void pool.destroy();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  const settle = (task: BatchTask, { failure, ...row }: Omit<BatchRow, 'scan' | 'out'>) => {
    if (over && failure !== undefined) return;
    // Where in the program it happened, in a worker or here, is told with --debug only.
    const told = failure && { ...failure, stack: options.debug ? failure.stack : undefined };
    rows.set(task, { scan: task.scan, out: task.path, ...row, ...(told === undefined ? {} : { failure: told }) });
    if (before !== undefined) progress();
    if (told) tellFailure(task, told);
  };
  let journal = plan.journal && Promise.resolve();
  /** Waits for the result of a scan; what is left to be done is writing it. */
  const invert = async ({ task, made, sha256: hash }: Waiting): Promise<() => Promise<void>> => {
    const answer = await ask({ kind: 'invert', scan: task.scan, out: task.path, sha256: hash });
    // A mistake of the command line is told once, and nothing of an earlier batch is touched.
    if ('failure' in answer && answer.failure.code === 'usage') {
      over = true;
      const { message, advice } = answer.failure;
      throw new UsageError(message, advice === undefined ? {} : { advice });
    }
    return async () => {
      if (!('bytes' in answer)) return settle(task, { status: 'failed', ...answer });
      try {
        journal ??= beginJournal(plan.folder);
        await journal;
        await writeFileSafely(task.path, answer.bytes);
        await addNote(plan.folder, { out: task.out, made, sha256: sha256(answer.bytes), figures: answer.figures });
      } catch (error) {
        return settle(task, { status: 'failed', failure: known(error) });
      }
      settle(task, { status: 'done', ...answer.figures });
    };
  };
  try {
    const waiting = await prepared(tasks, plan, ask, settle, () => over);
    before = rows.size;
    const queue = new BatchQueue(waiting, ({ geometry }) => geometry);
    const lane = async (_: unknown, number: number) => {
      // While a result is written the worker begins the next scan.
      let writing: Promise<void> = Promise.resolve();
      for (let next = queue.next(number); next !== undefined && !over; next = queue.next(number)) {
        const write = await invert(next);
        await writing;
        writing = write();
      }
      await writing;
    };
    await Promise.all(Array.from({ length: plan.workers }, lane));
  } finally {
    clearInterval(clock);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await pool.destroy();
  }
  // Takes the bar away; a log would read that all is done.
  if (interrupted && process.stderr.isTTY) draw(1, 'interrupted');
  return { rows: tasks.flatMap(task => rows.get(task) ?? []), interrupted };
}

interface Waiting {
  readonly task: BatchTask;
  /** Hash of the scan, and of all that its result is made from. */
  readonly sha256: string;
  readonly made: string;
  readonly geometry: string;
}

/** What is to be inverted: without the results that are there already, and the scans that cannot be read. */
async function prepared(
  tasks: readonly BatchTask[],
  plan: BatchPlan,
  ask: (job: BatchJob) => Promise<BatchAnswer>,
  settle: (task: BatchTask, row: Omit<BatchRow, 'scan' | 'out'>) => void,
  over: () => boolean,
): Promise<Waiting[]> {
  const looked = async (task: BatchTask): Promise<Waiting | undefined> => {
    try {
      const own = sha256(await readFileBytes(task.scan));
      const made = sha256(new TextEncoder().encode(plan.settings + own));
      const note = plan.journal?.get(task.out);
      if (note?.made === made && (await isWhole(plan.folder, note))) {
        settle(task, { status: 'kept', ...note.figures });
        return undefined;
      }
      if (!plan.shares) return { task, sha256: own, made, geometry: task.scan };
      const answer = await ask({ kind: 'look', scan: task.scan, out: task.path });
      if ('geometry' in answer) return { task, sha256: own, made, geometry: answer.geometry };
      if ('failure' in answer) settle(task, { status: 'failed', failure: answer.failure });
    } catch (error) {
      settle(task, { status: 'failed', failure: known(error) });
    }
    return undefined;
  };
  const found = new Array<Waiting | undefined>(tasks.length);
  let next = 0;
  const lane = async () => {
    for (let t = next++; t < tasks.length && !over(); t = next++) found[t] = await looked(tasks[t]);
  };
  await Promise.all(Array.from({ length: plan.workers }, lane));
  return found.filter(task => task !== undefined);
}

function tellFailure({ scan }: BatchTask, { sentence, stack }: BatchError): void {
  const { stderr } = process;
  const place = sentence.includes(scan) ? '' : `${scan}: `;
  stderr.write(
    `${stderr.isTTY ? '\r\u001b[K' : ''}${styleText('red', 'savart:', { stream: stderr })} ${printable(place + sentence)}\n`,
  );
  if (stack !== undefined) stderr.write(`${stack}\n`);
}

function known(error: unknown): BatchError {
  if (!(error instanceof SavartError)) return internal(error as Error);
  const { code, message, file, line, column, advice } = error;
  return { code, message, sentence: error.sentence(), file, line, column, advice };
}

/** A worker that broke down, or a mistake of ours. */
function internal({ message, stack }: Error): BatchError {
  return { code: 'internal', message, sentence: `unexpected failure: ${message}; please report it.`, stack };
}
