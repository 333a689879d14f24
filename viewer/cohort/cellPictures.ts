import { formatNumber } from '../../src/figures/format.js';
import { type Diagnosis, departure, largestDeparture } from '../state/diagnosis.js';

/** What the cells of a pack are coloured by. */
export interface CellPicture {
  readonly title: string;
  /** Per cell, a part of 1; colours reach from -most to +most. */
  readonly parts: readonly number[];
  readonly most: number;
  /** Below the name of each cell. */
  readonly lines: readonly (readonly string[])[];
  /** Below the colours. */
  readonly legend: string;
}

const signed = (part: number) => `${part < 0 ? '−' : '+'}${Math.abs(100 * part).toFixed(1)} %`;

/** The share of each cell against the expected one, on one scale for all scans. */
export function sharePicture(diagnosis: Diagnosis, k: number): CellPicture {
  const { cells } = diagnosis.samples[k];
  const parts = cells.map(({ share, expected }) => departure(share, expected));
  return {
    title: 'Share of each cell',
    parts,
    most: largestDeparture(diagnosis),
    lines: cells.map(({ share }, c) => [`${(100 * share).toFixed(1)} %`, signed(parts[c])]),
    legend: 'against the expected share',
  };
}

/** What each cell adds to T2 or Q of its scan, as a part of it; undefined where the scan has none. */
export function contributionPicture(
  { samples, limits }: Diagnosis,
  k: number,
  statistic: 't2' | 'q',
): CellPicture | undefined {
  const sample = samples[k];
  const total = sample[statistic];
  if (!(total > 0) || !sample.cells.every(cell => Number.isFinite(cell[statistic]))) return undefined;
  const symbol = statistic === 't2' ? 'T²' : 'Q';
  const parts = sample.cells.map(cell => cell[statistic] / total);
  const limit = limits.at(-1)?.[statistic];
  return {
    title: `What each cell adds to ${symbol} = ${formatNumber(total, 3)}${limit === undefined ? '' : ` (limit ${formatNumber(limit, 3)})`}`,
    parts,
    most: Math.max(...parts.map(Math.abs)),
    lines: parts.map(part => [signed(part)]),
    legend: statistic === 't2' ? 'part of T²' : 'part of Q, with the sign of the residual',
  };
}
