/**
 * How much readings scatter beside their noise: by a part of the field (gain) and by the field's slope times a length
 * (position). On a bench with gradients of 20 uT/mm, 50 nT equal 2.5 um: sensor noise is rarely what limits a scan.
 */
export interface ErrorModel {
  /** Factor on the stated noise (1), or the noise itself, T, where none is stated. */
  readonly noise: number;
  /** Standard deviation of the gain of a reading, a part of 1. */
  readonly gain: number;
  /** Standard deviation of the position of a reading along each axis, m. */
  readonly position: number;
}

/** Beyond these, gain (a part of 1) and position errors (m) are more than those of a rig that was built with care. */
const CAREFUL = { gain: 0.02, position: 0.6e-3 };

/** Whether errors of gain or position are more than those of such a rig: what they were fitted to is something else. */
export function careless({ gainError, positionError }: { gainError: number; positionError: number }): boolean {
  return gainError > CAREFUL.gain || positionError > CAREFUL.position;
}

/** What is known beforehand; what is missing is fitted. */
export interface Known {
  readonly gainError?: number | undefined;
  readonly positionError?: number | undefined;
}

/** What a fit has to explain. */
export interface Scatter {
  /** Of each reading, T. */
  readonly residual: Float64Array;
  /** Noise as stated, T, or 1 where none is. */
  readonly sigma: Float64Array;
  readonly sigmaStated: boolean;
  /** Field along the reading, T. */
  readonly field: Float64Array;
  /** Magnitude of its gradient, T/m. */
  readonly slope: Float64Array;
  /** Part of the readings' freedom that the model has left: 1 - degrees / readings. */
  readonly free: number;
  readonly known: Known;
}

/** Residuals beyond so many deviations count as if they were there: what is left of outliers. */
const CAP = 4;
const ITERATIONS = 200;
/** Twice the gain of log likelihood that gain and position errors must bring; for two parameters chi2 gives 18 with 1e-4. */
const WORTH = 30;

/** Variance of one reading, T^2. */
export function varianceOf({ noise, gain, position }: ErrorModel, sigma: number, field: number, slope: number): number {
  return (noise * sigma) ** 2 + (gain * field) ** 2 + (position * slope) ** 2;
}

/**
 * The most likely error model of normal residuals, by multiplicative steps that keep every variance positive and never make
 * the likelihood worse (Fevotte, Bertin and Durrieu 2009, for the same likelihood under the name of Itakura and Saito).
 * Where gain and position do not pay, they are zero.
 */
export function fitErrorModel(scatter: Scatter): ErrorModel {
  const { gainError, positionError } = scatter.known;
  const noise = scatter.sigmaStated ? 1 : roughNoise(scatter);
  const alone = climbed(scatter, { noise, gain: gainError ?? 0, position: positionError ?? 0 });
  const all = climbed(scatter, { noise, gain: gainError ?? 1e-2, position: positionError ?? 1e-3 });
  return 2 * (logLikelihood(scatter, all) - logLikelihood(scatter, alone)) > WORTH ? all : alone;
}

function roughNoise({ residual }: Scatter): number {
  return Math.sqrt(residual.reduce((sum, r) => sum + r * r, 0) / residual.length) || 1;
}

function climbed({ residual, sigma, sigmaStated, field, slope, free, known }: Scatter, start: ErrorModel): ErrorModel {
  let { noise, gain, position } = start;
  for (let step = 0; step < ITERATIONS; step++) {
    let [upNoise, upGain, upPosition, downNoise, downGain, downPosition] = [0, 0, 0, 0, 0, 0];
    for (let r = 0; r < residual.length; r++) {
      const a = sigma[r] * sigma[r];
      const b = field[r] * field[r];
      const c = slope[r] * slope[r];
      const v = noise * noise * a + gain * gain * b + position * position * c;
      const excess = Math.min((residual[r] * residual[r]) / (free * v), CAP * CAP) / v;
      upNoise += a * excess;
      upGain += b * excess;
      upPosition += c * excess;
      downNoise += a / v;
      downGain += b / v;
      downPosition += c / v;
    }
    // The steps are for variances, to the power 1/2; these are deviations.
    const factor = (up: number, down: number) => (down > 0 ? (up / down) ** 0.25 : 1);
    if (!sigmaStated) noise *= factor(upNoise, downNoise);
    if (known.gainError === undefined) gain *= factor(upGain, downGain);
    if (known.positionError === undefined) position *= factor(upPosition, downPosition);
  }
  return { noise, gain, position };
}

function logLikelihood({ residual, sigma, field, slope, free }: Scatter, model: ErrorModel): number {
  let sum = 0;
  for (let r = 0; r < residual.length; r++) {
    const v = varianceOf(model, sigma[r], field[r], slope[r]);
    sum -= 0.5 * (Math.min((residual[r] * residual[r]) / (free * v), CAP * CAP) + Math.log(v));
  }
  return sum;
}
