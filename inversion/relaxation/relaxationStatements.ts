import { formatNumber, formatQuantity, formatWithError } from '../../src/figures/format.js';
import type { RelaxationRecord } from '../../src/result.js';
import { median } from '../median.js';
import type { Statements } from '../statements.js';
import type { RelaxationScan, TimeConstants } from './relaxationScan.js';

/** Time constants of all places for a result: the faster first, NaN where there is no second. */
export function relaxationRecord({ constants, amplitudes }: RelaxationScan): RelaxationRecord {
  const of = (pick: keyof TimeConstants): [Float64Array, Float64Array] => {
    const [fast, slow] = constants;
    return [fast[pick], slow?.[pick] ?? fast[pick].map(() => Number.NaN)];
  };
  return {
    x: amplitudes.x,
    y: amplitudes.y,
    z: amplitudes.z,
    tau: of('tau'),
    tauErrors: of('tauError'),
    alone: of('alone'),
    aloneErrors: of('aloneError'),
  };
}

/** For `--json`. */
export function relaxationSummary({ constants, amplitudes, ...relaxation }: RelaxationScan) {
  const { x, y } = amplitudes;
  const medians = (k: 0 | 1) =>
    constants.length <= k
      ? null
      : {
          tau_s: median(constants[k].tau),
          error_s: median(constants[k].tauError),
          alone_s: median(constants[k].aloneError),
        };
  const finite = (v: number) => (Number.isFinite(v) ? v : null);
  return {
    places: x.length,
    exponentials: constants.length,
    undetermined: relaxation.undetermined,
    signalToNoise: median(relaxation.signalToNoise),
    fast: medians(0),
    slow: medians(1),
    records: Array.from(x, (v, i) => ({
      x_mm: 1e3 * v,
      y_mm: 1e3 * y[i],
      signalToNoise: relaxation.signalToNoise[i],
      tau_s: constants.map(c => c.tau[i]),
      error_s: constants.map(c => c.tauError[i]),
      alone_s: constants.map(c => finite(c.alone[i])),
      aloneError_s: constants.map(c => finite(c.aloneError[i])),
    })),
  };
}

/** Adds to what is said of the map of the amplitudes what holds for a relaxation. */
export function relaxationStatements(said: Statements, relaxation: RelaxationScan): Statements {
  const { constants } = relaxation;
  const constant = ({ tau, tauError, aloneError }: TimeConstants) =>
    `${formatWithError(median(tau), median(tauError))} s (a record by itself: ± ${formatNumber(median(aloneError), 2)} s)`;
  const [fast, slow] = constants;
  const spread = (tau: Float64Array) => `${formatNumber(Math.min(...tau))} to ${formatNumber(Math.max(...tau))} s`;
  return {
    verdict: [
      `Relaxation after a load step at ${fast.tau.length} places: median time constant ${constant(fast)}` +
        `${slow === undefined ? '' : `, and a slower one of ${constant(slow)}`}; over the map it runs from ${spread(fast.tau)}` +
        `${slow === undefined ? '' : ` and from ${spread(slow.tau)}`}. Median amplitude over the noise of a reading: ` +
        `${formatNumber(median(relaxation.signalToNoise), 2)}.`,
      'The map is of the current at the first reading of each record that then decays:',
      ...said.verdict,
    ],
    warnings: [
      ...said.warnings,
      ...(relaxation.undetermined > 0
        ? [
            `At ${relaxation.undetermined} places the record by itself does not determine its time constant (too weak or too short): that of its neighbours stands there, with its error.`,
          ]
        : []),
    ],
    canSee: [
      ...said.canSee,
      `Decays between the interval of the readings and about the length of the records; a current that stays is in the rest, not in this map (noise of a place: ${formatQuantity(relaxation.sigma, relaxation.amplitudes.relativeUnit ?? 'T')}).`,
    ],
  };
}
