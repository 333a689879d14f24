import { UsageError } from '../src/errors.js';
import { labelCell } from './diagnoseLabels.js';
import type { DiagnoseOptions } from './diagnoseOptions.js';
import { diagnoseReference } from './diagnoseReference.js';

/**
 * `savart diagnose SCAN... --pack PACK.yaml | --reference SCAN...|MODEL.h5`; with --pack, the reference is scans of the pack in
 * good order.
 */
export default async function diagnose(
  args: readonly (string | string[])[],
  options: DiagnoseOptions,
  version: string,
): Promise<void> {
  const paths = args.flat();
  const { pack } = options;
  if (pack !== undefined) {
    await labelCell(options);
    return (await import('./diagnosePack.js')).diagnosePack(paths, { ...options, pack }, version);
  }
  if (options.reference === undefined) {
    throw new UsageError('nothing to compare the scans with', {
      advice: 'give --pack PACK.yaml or --reference SCAN...|MODEL.h5',
    });
  }
  return diagnoseReference(paths, options, version);
}
