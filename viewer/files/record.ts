import { flatten } from '../../src/figures/processSection.js';
import type { ProcessRecord } from '../../src/result.js';

/** How a result came about, as names and values. */
export function recordOf(process: ProcessRecord): [string, string][] {
  return [
    ['Program', `${process.program} ${process.version}`],
    ['Date', process.date],
    ...process.inputs.map((input): [string, string] => [`Input ${input.name}`, `SHA-256 ${input.sha256}`]),
    ...flatten(process.parameters),
    ...(process.cell === undefined ? [] : [['Cell', process.cell] as [string, string]]),
  ];
}

/** A number among the parameters of a record. */
export function parameter(process: ProcessRecord, name: string): number | undefined {
  const value = process.parameters[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
