import { UsageError } from '../src/errors.js';
import { numberOption, requireExtension, requireSeparate } from './options.js';
import type { CommonOptions } from './run.js';

export interface DiagnoseOptions extends CommonOptions {
  readonly pack?: string;
  readonly reference?: readonly string[];
  readonly cell?: string;
  readonly out?: string;
  readonly saveReference?: string;
  readonly report?: string;
  readonly figure?: string;
  readonly threshold?: string;
  readonly components?: string;
  readonly robust?: boolean;
  readonly whiten?: boolean;
  readonly falseAlarms?: string;
  readonly relative?: string;
}

/** The numbers among the options of a cohort. @throws {UsageError} */
export function cohortOptions(paths: readonly string[], options: DiagnoseOptions) {
  const { reference = [], saveReference, report, out } = options;
  requireExtension('-o', out, ['.json']);
  requireExtension('--report', report, ['.html', '.htm']);
  requireExtension('--save-reference', saveReference, ['.h5', '.hdf5', '.nxs']);
  requireSeparate([...paths, ...reference], [saveReference, report, out]);
  if (new Set(reference).size < reference.length) {
    throw new UsageError('a file stands twice in --reference', { advice: 'name each reference scan once' });
  }
  const components = numberOption('--components', options.components, { least: 1, most: 1000, whole: true });
  const percent = numberOption('--false-alarms', options.falseAlarms, { above: 0, most: 50 }) ?? 1;
  return {
    alpha: percent / 100,
    reference: { robust: options.robust ?? false, ...(components === undefined ? {} : { components }) },
  };
}
