import { existsSync, readFileSync } from 'node:fs';
import type { PackedCell } from '../src/model/parsePack.js';
import { type SocTable, socAt } from '../src/model/socTable.js';
import { packModel } from '../src/simulation/pack/packModel.js';
import { ofCell, packOverTime } from '../src/simulation/pack/packOverTime.js';

/** Measured: two cells in parallel (Weng et al., MIT licence); see the README there. */
export function parallelCellsFolder(root: URL): URL | undefined {
  const folder = new URL('../shared/data/parallel_two_cells/', root);
  return existsSync(folder) ? folder : undefined;
}

/** A record of the two branches: s, V, A (+ charging). */
export interface BranchRecord {
  readonly time: Float64Array;
  readonly voltage: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** Their sum: what the cycler says of the pair. */
  readonly total: Float64Array;
}

export type Rate = 'c_over_4' | 'c_over_10';

/**
 * C/20 discharge capacities of cells 151805 and 152098, Ah, as the source of the data states them beside its own model
 * (github.com/wengandrew/current-imbalance, aw20230303_model_vs_measured.m). Nothing else is set by hand.
 */
const CAPACITY_AH = { cell151805: 1.83, cell152098: 1.93 } as const;

export function readRecord(folder: URL, rate: Rate): BranchRecord {
  const [, time, voltage, first, second] = columns(new URL(`expt_${rate}.csv`, folder));
  return { time, voltage, first, second, total: first.map((i, k) => i + second[k]) };
}

/**
 * The branch currents from the parameter tables, driven by the measured total current alone. Both cells begin at the
 * state of charge where their open-circuit voltage is the first measured voltage: the pair has rested.
 */
export function simulatePair(folder: URL, { time, total, voltage }: BranchRecord) {
  const cells = (['cell151805', 'cell152098'] as const).map((name): PackedCell => {
    const [, percent, ocv, ohm] = columns(new URL(`params_${name}.csv`, folder));
    const soc = percent.map(p => p / 100);
    const openCircuit: SocTable = { soc, values: ocv };
    return {
      name,
      cellFile: '',
      at: [0, 0],
      rotate_deg: 0,
      openCircuit,
      resistance: { soc, values: ohm },
      capacity: 3600 * CAPACITY_AH[name],
      soc: socAt(openCircuit, voltage[0]),
    };
  });
  const model = packModel({ name: 'two cells', topology: 'parallel', cells }, [undefined, undefined]);
  const history = packOverTime(model, { time, current: total });
  const [first, second] = [0, 1].map(k => ofCell(history.cellCurrents, 2, k));
  return { first, second, total, time, voltage: history.voltage, history };
}

/** Where a quantity is largest in absolute value. */
export interface Largest {
  readonly size: number;
  readonly time: number;
}

/** Largest differences between the branches, A. */
export interface Imbalance {
  /** The largest over the whole record. */
  readonly recorded: Largest;
  /** The largest where both branches are known at the same moment: the samples around steps of the total left out. */
  readonly simultaneous: Largest;
  /** The same while the pair is charged, discharged and at rest. */
  readonly charge: Largest;
  readonly discharge: Largest;
  readonly rest: Largest;
}

/** A change of the total current from one sample to the next that is a step, A. */
const STEP = 0.05;
/** Less than this is rest, A. */
const REST = 0.02;

/**
 * Largest |I1 - I2| of measured or simulated branches. The second measured branch is the total less the first; where
 * the total steps, the first is read up to one sample before the total, and the difference of the two is
 * 2 I1(new) - I(old). `late` reads simulated branches in this way too.
 */
export function imbalance(
  { time, first, second, total }: Omit<BranchRecord, 'voltage'>,
  reading: 'as it is' | 'late',
): Imbalance {
  const n = time.length;
  const difference = first.map((i, k) => i - second[k]);
  const recorded =
    reading === 'late' ? difference.map((d, k) => (k + 1 < n ? 2 * first[k + 1] - total[k] : d)) : difference;
  const sound = new Uint8Array(n).fill(1);
  for (let k = 1; k < n; k++) if (Math.abs(total[k] - total[k - 1]) > STEP) sound[k - 1] = sound[k] = 0;
  const largest = (values: Float64Array, counts: (k: number) => boolean): Largest => {
    let at = -1;
    for (let k = 0; k < n; k++) if (counts(k) && (at < 0 || Math.abs(values[k]) > Math.abs(values[at]))) at = k;
    return { size: Math.abs(values[at]), time: time[at] };
  };
  return {
    recorded: largest(recorded, () => true),
    simultaneous: largest(difference, k => sound[k] === 1),
    charge: largest(difference, k => sound[k] === 1 && total[k] > REST),
    discharge: largest(difference, k => sound[k] === 1 && total[k] < -REST),
    rest: largest(difference, k => sound[k] === 1 && Math.abs(total[k]) <= REST),
  };
}

/** Root mean square of the difference of I1 - I2, measured and simulated, over the sound samples, A. */
export function imbalanceError(measured: BranchRecord, simulated: Omit<BranchRecord, 'voltage'>): number {
  const { total } = measured;
  let sum = 0;
  let count = 0;
  for (let k = 1; k + 1 < total.length; k++) {
    if (Math.abs(total[k] - total[k - 1]) > STEP || Math.abs(total[k + 1] - total[k]) > STEP) continue;
    sum += (measured.first[k] - measured.second[k] - simulated.first[k] + simulated.second[k]) ** 2;
    count++;
  }
  return Math.sqrt(sum / count);
}

function columns(file: URL): Float64Array[] {
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split(',').map(Number));
  return rows[0].map((_, c) => Float64Array.from(rows, row => row[c]));
}
