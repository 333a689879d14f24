import { InputError, UsageError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import type { SeriesAxis } from '../src/series/stack.js';

const COLUMN = { soc: 'soc', t_s: 'time', temperature_C: 'temperature' } as const;

/** The states that `--at` gives, one per file in their order; undefined without it. */
export function statesGiven(text: string | undefined, count: number): number[] | undefined {
  if (text === undefined) return undefined;
  const values = text.split(',').map(part => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.length === count && values.every(Number.isFinite)) return values;
  throw new UsageError(`--at needs ${count} numbers with commas, one per file, not '${text}'`, {
    advice: 'such as --at=1,0.5,0',
  });
}

/** The state of a scan: the mean of its column. */
export function stateOf(path: string, scan: FieldScan, by: SeriesAxis): number {
  const values = scan[COLUMN[by]];
  if (values === undefined) {
    throw new InputError(`the scan does not say its ${by}`, {
      file: path,
      column: by,
      advice: `add the column ${by}, or give --at`,
    });
  }
  return values.every(v => v === values[0]) ? values[0] : values.reduce((sum, v) => sum + v, 0) / values.length;
}

export function checkStates(scans: readonly { name: string; at: number }[], by: SeriesAxis): void {
  if (scans.length < 2) throw new UsageError('one scan is no series', { advice: 'give at least two scans' });
  scans.forEach(({ name, at }, i) => {
    const twin = scans.findIndex(other => other.at === at);
    if (twin === i) return;
    throw new InputError(`has the same ${by} as ${scans[twin].name}: ${at}`, {
      file: name,
      column: by,
      advice: 'give one scan per state',
    });
  });
}

/** The scan nearest to a wanted state; the first where none is wanted. */
export function nearestState(scans: readonly { at: number }[], wanted: number | undefined): number {
  if (wanted === undefined) return 0;
  const away = ({ at }: { at: number }) => Math.abs(at - wanted);
  return scans.reduce((best, scan, i) => (away(scan) < away(scans[best]) ? i : best), 0);
}
