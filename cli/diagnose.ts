import { UsageError } from '../src/errors.js';
import type { DiagnoseOptions } from './diagnoseOptions.js';
import { diagnoseReference } from './diagnoseReference.js';

/** `savart diagnose SCAN... --pack PACK.yaml | --reference SCAN...|MODEL.h5`. */
export default async function diagnose(
  args: readonly (string | string[])[],
  options: DiagnoseOptions,
  version: string,
): Promise<void> {
  const paths = args.flat();
  if (options.pack !== undefined && options.reference !== undefined) {
    throw new UsageError('--pack and --reference exclude each other', { advice: 'give one of them' });
  }
  // The pack: if (options.pack !== undefined) return (await import('./diagnosePack.js')).diagnosePack(paths, options, version);
  if (options.reference === undefined) {
    throw new UsageError('nothing to compare the scans with', { advice: 'give --reference SCAN...|MODEL.h5' });
  }
  return diagnoseReference(paths, options, version);
}
