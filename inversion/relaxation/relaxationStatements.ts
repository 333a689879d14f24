import { formatNumber, formatQuantity } from '../../src/figures/index.js';
import type { RelaxationRecord } from '../../src/result.js';
import { median } from '../median.js';
import type { Statements } from '../statements.js';
import type { RelaxationScan } from './relaxationScan.js';

/** Time constants of all places for a result: the faster first, NaN where there is no second. */
export function relaxationRecord({ fits, amplitudes }: RelaxationScan): RelaxationRecord {
  const of = (k: number, pick: 'tau' | 'tauError') =>
    Float64Array.from(fits, fit => fit?.decays[k]?.[pick] ?? Number.NaN);
  return {
    x: amplitudes.x,
    y: amplitudes.y,
    z: amplitudes.z,
    tau: [of(0, 'tau'), of(1, 'tau')],
    tauErrors: [of(0, 'tauError'), of(1, 'tauError')],
  };
}

/** For `--json`. */
export function relaxationSummary(relaxation: RelaxationScan) {
  const { tau, tauErrors, x, y } = relaxationRecord(relaxation);
  const medians = (k: 0 | 1) => {
    const value = median(tau[k]);
    return Number.isNaN(value) ? null : { tau_s: value, error_s: median(tauErrors[k]) };
  };
  return {
    places: relaxation.fits.length,
    undetermined: relaxation.undetermined,
    signalToNoise: relaxation.signalToNoise,
    fast: medians(0),
    slow: medians(1),
    records: Array.from(x, (v, i) => ({
      x_mm: 1e3 * v,
      y_mm: 1e3 * y[i],
      tau_s: [tau[0][i], tau[1][i]].filter(t => !Number.isNaN(t)),
      error_s: [tauErrors[0][i], tauErrors[1][i]].filter(t => !Number.isNaN(t)),
    })),
  };
}

/** Adds to what is said of the map of the amplitudes what holds for a relaxation. */
export function relaxationStatements(said: Statements, relaxation: RelaxationScan): Statements {
  const { tau, tauErrors } = relaxationRecord(relaxation);
  const constant = (k: 0 | 1) =>
    `${formatNumber(median(tau[k]))} s (± ${formatNumber(median(tauErrors[k]), 2)} s at a place)`;
  const two = tau[1].some(t => !Number.isNaN(t));
  return {
    verdict: [
      `Relaxation after a load step at ${relaxation.fits.length} places: time constant ${constant(0)}` +
        `${two ? `, and a slower one of ${constant(1)} where the record needs it` : ''}; median signal to noise ${formatNumber(relaxation.signalToNoise, 2)}.`,
      'The map is of the current at the first reading of each record that then decays:',
      ...said.verdict,
    ],
    warnings: [
      ...said.warnings,
      ...(relaxation.undetermined > 0
        ? [
            `At ${relaxation.undetermined} places the record does not determine its time constant (too weak or too short): its amplitude is that for the median time constant of the others.`,
          ]
        : []),
    ],
    canSee: [
      ...said.canSee,
      `Decays between the interval of the readings and about the length of the records; a current that stays is in the rest, not in this map (noise of a place: ${formatQuantity(relaxation.sigma, relaxation.amplitudes.relativeUnit ?? 'T')}).`,
    ],
  };
}
