import { createHash } from 'node:crypto';
import { workerData } from 'node:worker_threads';
import { SharedGeometry } from '../inversion/bounded/sharedGeometry.js';
import { InputError, SavartError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import { readFileBytes, sha256 } from '../src/formats/node.js';
import { setThreads } from '../src/linearAlgebra/index.js';
import type { BatchAnswer, BatchError, BatchFigures, BatchJob, BatchSettings, HashedFile } from './batchJob.js';
import { invertOne } from './invert.js';
import { readScan } from './invertInput.js';
import type { InvertOutcome } from './invertOutput.js';

/** A worker of `savart invert SCAN...`: what scans of one geometry share is kept from job to job. */
const { options, version, threads, sides }: BatchSettings = workerData;
let geometry = new SharedGeometry();
setThreads(threads);

export default async function work(job: BatchJob): Promise<BatchAnswer> {
  const answer = await answerTo(job).catch(error => ({ failure: errorOf(error) }));
  if (job.sha256 === undefined) return answer;
  try {
    for (const file of [...sides, { path: job.scan, sha256: job.sha256 }]) await requireUnchanged(file);
  } catch (error) {
    // What is kept may come from either version.
    geometry = new SharedGeometry();
    return { failure: errorOf(error) };
  }
  return answer;
}

async function answerTo({ kind, scan, out }: BatchJob): Promise<BatchAnswer> {
  if (kind === 'look') return { geometry: geometryOf((await readScan(scan, options.relative, undefined)).scan) };
  const outcome = await invertOne(scan, { ...options, out }, { version, quiet: true, geometry });
  return { bytes: await outcome.make.result(), figures: figuresOf(outcome) };
}

/**
 * The journal says of a result what it was made from, and what is kept belongs to one cell.
 * @throws {InputError} for a file that is not what it was when the batch began.
 */
async function requireUnchanged({ path, sha256: hash }: HashedFile): Promise<void> {
  if (sha256(await readFileBytes(path)) === hash) return;
  throw new InputError('was changed while the batch was running', {
    file: path,
    advice: 'run the batch again with --resume',
  });
}

/** The same for scans whose samples stand at the same places, with the same components, noise and current. */
function geometryOf(scan: FieldScan): string {
  const hash = createHash('sha256');
  const add = (values: Float64Array | Int32Array | undefined) => {
    if (values) hash.update(values);
  };
  for (const values of [scan.x, scan.y, scan.z, scan.sensor, scan.current]) add(values);
  hash.update(String(scan.sigma));
  for (const [name, { sigma, quadrature }] of Object.entries(scan.components)) {
    hash.update(`${name} ${quadrature !== undefined}`);
    add(sigma);
  }
  if (scan.direction) for (const axis of ['x', 'y', 'z'] as const) add(scan.direction[axis]);
  return hash.digest('hex');
}

function figuresOf({ summary, said, mapError }: InvertOutcome): BatchFigures {
  const number = (name: string) => {
    const value = summary[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  return {
    method: String(summary.method),
    target: String(summary.target),
    error_pct: mapError === undefined ? null : 100 * mapError,
    chi2: number('chi2'),
    lambda: number('lambda'),
    resolution_mm: number('resolution_mm'),
    samples: number('samples') ?? 0,
    rejected: number('rejected') ?? 0,
    seconds: number('seconds') ?? 0,
    warnings: said.warnings,
  };
}

function errorOf(error: unknown): BatchError {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  if (!(error instanceof SavartError)) {
    return { code: 'internal', message, sentence: `unexpected failure: ${message}; please report it`, stack };
  }
  const { code, file, line, column, advice } = error;
  return { code, message, sentence: error.sentence(), file, line, column, advice, stack };
}
