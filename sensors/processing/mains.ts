import { formatQuantity } from '../../src/figures/index.js';

/** A window longer than this many whole periods by less than a hundredth of one is whole. */
const PART_OF_A_PERIOD = 0.01;
/** Hum closer to a multiple of the rate than this does not average out in any reasonable time, Hz. */
const NEAR = 0.5;

/**
 * The longest run of samples that holds whole mains periods: n samples at `rate` such that n f / rate is whole within a
 * hundredth of a period; the first `count` where there is none.
 * @param count samples that there are
 */
export function wholePeriods(count: number, rate: number, frequency: number): number {
  if (frequency === 0) return count;
  for (let n = count; n * frequency >= rate * (1 - PART_OF_A_PERIOD); n--) {
    const periods = (n * frequency) / rate;
    if (Math.abs(periods - Math.round(periods)) < PART_OF_A_PERIOD) return n;
  }
  return count;
}

/**
 * What averaging cannot do about the hum of the mains at this rate and window: hum at a multiple of the rate looks like a
 * constant field, hum close to one like a slow drift, and a window that is no whole number of periods keeps a part of it.
 * @param rate readings per second
 * @param window time of averaging, s
 * @param mains Hz; 0: none
 */
export function mainsWarnings(rate: number, window: number, mains: number): string[] {
  if (mains === 0) return [];
  const alias = aliasOf(mains, rate);
  const hz = (value: number) => formatQuantity(value, 'Hz');
  if (alias < NEAR) {
    return [
      `At ${hz(rate)} the hum of the mains (${hz(mains)}) looks like a field that ${alias === 0 ? 'does not change' : `changes at ${hz(alias)}`}: no averaging removes it. Choose a rate that is no divisor of ${mains} Hz, a filter in the sensor, or on/off or reversed current.`,
    ];
  }
  const count = Math.round(rate * window);
  const used = wholePeriods(count, rate, mains);
  const periods = (used * mains) / rate;
  if (Math.abs(periods - Math.round(periods)) < PART_OF_A_PERIOD && periods > 0.5) return [];
  const residue = humLeft(count, rate, mains);
  return [
    `${count} readings at ${hz(rate)} never hold a whole number of mains periods (${hz(mains)}): up to ${(100 * residue).toFixed(0)} % of the hum stays in a point. Average over a multiple of ${(1e3 / mains).toFixed(1)} ms at a rate that is a multiple of ${mains} Hz, or longer.`,
  ];
}

/** As what frequency a sine of a frequency looks at a rate, Hz. */
export function aliasOf(frequency: number, rate: number): number {
  return Math.abs(frequency - rate * Math.round(frequency / rate));
}

/** The largest part of a sine of a frequency that stays in the mean of n readings: |sin(pi n f / r) / (n sin(pi f / r))|. */
export function humLeft(count: number, rate: number, frequency: number): number {
  const step = Math.sin((Math.PI * frequency) / rate);
  if (Math.abs(step) < 1e-12) return 1;
  return Math.min(1, Math.abs(Math.sin((Math.PI * count * frequency) / rate) / (count * step)));
}
