import type { BatchRow } from './batchJob.js';
import { printable } from './run.js';
import { textTable } from './textTable.js';

const COLUMNS = [
  'scan',
  'out',
  'status',
  'method',
  'target',
  'error_pct',
  'chi2',
  'lambda',
  'resolution_mm',
  'samples',
  'rejected',
  'seconds',
] as const;

/** The table of a batch as CSV, in the order of the scans; its last columns are the warnings and what went wrong. */
export function batchCsv(rows: readonly BatchRow[]): string {
  const lines = rows.map(row =>
    [...COLUMNS.map(name => row[name] ?? ''), (row.warnings ?? []).join(' '), row.failure?.sentence ?? '']
      .map(quoted)
      .join(','),
  );
  return `# savart batch 1\n${[[...COLUMNS, 'warnings', 'failure'].join(','), ...lines].join('\n')}\n`;
}

function quoted(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The same for the terminal; what went wrong stands below, in full. */
export function batchTable(rows: readonly BatchRow[]): string {
  const digits = (value: number | null | undefined, n: number) =>
    value === null || value === undefined ? '-' : value.toFixed(n);
  return textTable(
    ['scan', 'method', 'error %', 'chi2', 'time s', 'warnings', ''],
    rows.map(({ scan, status, method, target, error_pct, chi2, seconds, warnings }) => [
      printable(scan),
      method === undefined ? '-' : target === 'conductance' ? target : method,
      digits(error_pct, 1),
      digits(chi2, 2),
      digits(seconds, 2),
      warnings === undefined ? '-' : String(warnings.length),
      status === 'done' ? '' : status === 'kept' ? 'was there' : 'FAILED',
    ]),
  );
}

/** One sentence about the scans that failed; undefined where none did. */
export function failureSentence(rows: readonly BatchRow[]): string | undefined {
  const failed = rows.filter(row => row.failure !== undefined);
  if (failed.length === 0) return undefined;
  const names = failed.slice(0, 5).map(row => printable(row.scan));
  const more = failed.length > names.length ? `, and ${failed.length - names.length} more` : '';
  return `${failed.length} of ${rows.length} scans failed: ${names.join(', ')}${more}; batch.csv says why, --resume tries them again.`;
}
