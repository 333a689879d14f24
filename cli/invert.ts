import { statSync } from 'node:fs';
import type { InvertContext } from './invertInput.js';
import { checkTarget, type InvertOptions, methodOf, sideFiles } from './invertOptions.js';
import { type InvertOutcome, writeAndTell } from './invertOutput.js';
import { requireExtension, requireSeparate } from './options.js';
import { EXIT } from './run.js';

const RESULTS = ['.h5', '.hdf5', '.nxs'];

/** `savart invert SCAN...`: one scan to a file, or many to a folder. */
export default async function invert(paths: string[], options: InvertOptions, version: string): Promise<void> {
  if (isBatch(paths, options)) {
    const { default: invertBatch } = await import('./batch.js');
    return invertBatch(paths, options, version);
  }
  const [path] = paths;
  requireExtension('-o', options.out, RESULTS);
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  requireExtension('--report', options.report, ['.html', '.htm']);
  requireSeparate([path, ...sideFiles(options)], [options.out, options.report, options.figure]);
  const outcome = await invertOne(path, options, { version });
  await writeAndTell(options, outcome);
  if (!outcome.finished) process.exitCode = EXIT.interrupted;
}

/** Many scans, or what only makes sense for many: a folder as output, `--resume`, `--workers`. */
function isBatch(paths: readonly string[], { out, resume, workers }: InvertOptions): boolean {
  if (paths.length > 1 || resume || workers !== undefined) return true;
  if (out === undefined || RESULTS.some(extension => out.toLowerCase().endsWith(extension))) return false;
  return /[\\/]$/.test(out) || (statSync(out, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

/** Inverts one scan: the current by the bounded method where a cell is given, else by the Fourier method; the susceptibility. */
export async function invertOne(path: string, options: InvertOptions, context: InvertContext): Promise<InvertOutcome> {
  const { default: run } = await methodFor(options);
  return run(path, options, context);
}

/** @throws {UsageError} for options that do not go together. */
function methodFor(options: InvertOptions) {
  checkTarget(options);
  if (options.target === 'susceptibility') return import('./invertSusceptibility.js');
  const method = methodOf(options);
  if (method === 'fourier') return import('./invertFourier.js');
  return options.target === 'conductance' ? import('./invertConductance.js') : import('./invertBounded.js');
}
