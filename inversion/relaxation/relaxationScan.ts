import { InputError } from '../../src/errors.js';
import { type ComponentName, type FieldComponent, type FieldScan, measuredComponents } from '../../src/fieldScan.js';
import { median } from '../median.js';
import { withNeighbours } from './neighbours.js';
import { CLEAR as CRITERION, type RelaxationFit, relaxationAt, relaxationFit } from './relaxationFit.js';

/** Places closer than this are one, m. */
const SAME_PLACE = 1e-6;
/** Readings that make a record of a place. */
const LEAST = 8;

/** A place with the samples that were taken there, in the order of time. */
interface PlaceRecord {
  readonly samples: Int32Array;
}

/** A time constant at every place, s, with standard errors. */
export interface TimeConstants {
  /** With the help of the neighbours, as far as those are alike. */
  readonly tau: Float64Array;
  readonly tauError: Float64Array;
  /** Of the place's own record; NaN where that does not determine it. */
  readonly alone: Float64Array;
  readonly aloneError: Float64Array;
}

/** The time constants of every place, and the scan of amplitudes that an inversion takes. */
export interface RelaxationScan {
  /** Index of a sample of each place, for its position. */
  readonly places: Int32Array;
  /** One or two, the faster first. */
  readonly constants: readonly TimeConstants[];
  /** The summed amplitudes of the decays at the start of the records, with their errors, one sample per place. */
  readonly amplitudes: FieldScan;
  /** Per place: the largest amplitude of a component over the standard deviation of one of its readings. */
  readonly signalToNoise: Float64Array;
  /** Places whose own record does not determine its time constants. */
  readonly undetermined: number;
  /** Noise of a reading, T. */
  readonly sigma: number;
}

/** So many records are tried before a scan counts as one of relaxation, */
const TRIED = 12;
/** so large must an amplitude be against its error, in this part of them. */
const CLEAR = 5;
const LEAST_PART = 1 / 4;

/** Whether a scan holds records of a decay: most places were read at eight times or more, and the readings there relax. */
export function isRelaxation(scan: FieldScan): boolean {
  const { time } = scan;
  if (time === undefined) return false;
  const records = recordsOf(scan);
  const long = records.filter(({ samples }) => samples.length >= LEAST && rises(scan, samples));
  if (long.length < 3 || long.length <= records.length / 2) return false;
  const step = Math.max(1, Math.floor(long.length / TRIED));
  const tried = long.filter((_, i) => i % step === 0);
  const clear = tried.filter(({ samples }) => {
    const fit = relaxationFit(...recordAt(scan, samples), undefined, 1);
    return fit !== undefined && speaks(fit);
  });
  return clear.length >= Math.max(2, LEAST_PART * tried.length);
}

/** Times and readings of one place. */
function recordAt(scan: FieldScan, samples: Int32Array): [Float64Array, Float64Array[]] {
  const pick = (values: Float64Array) => Float64Array.from(samples, s => values[s]);
  return [pick(scan.time!), measuredComponents(scan).map(name => pick(scan.components[name]!.values))];
}

/**
 * Fits the records of all places, with one exponential or with two everywhere. Time counts from the first reading of each place.
 * The time constants of places are estimated together (neighbours.ts), and the amplitudes go with those.
 * @throws {InputError} where no place has a record long enough
 */
export function relaxationScan(scan: FieldScan, exponentials?: 1 | 2): RelaxationScan {
  const names = measuredComponents(scan);
  const long = recordsOf(scan).filter(({ samples }) => samples.length >= LEAST);
  if (scan.time === undefined || long.length === 0) {
    throw new InputError(`no place was read at ${LEAST} times`, {
      column: 't_s',
      advice: 'give a record of every place after the load step',
    });
  }
  const records = long.map(({ samples }) => recordAt(scan, samples));
  const tried = records.map(record => relaxationFit(...record, scan.sigma, exponentials));
  const count = exponentials ?? (tried.reduce((sum, fit) => sum + (fit?.gain ?? 0), 0) > CRITERION ? 2 : 1);
  const alike = tried.map((fit, i) =>
    fit === undefined || fit.decays.length === count ? fit : relaxationFit(...records[i], scan.sigma, count),
  );
  const usable = records.map((_, i) => i).filter(i => alike[i]?.decays.length === count);
  const fits = usable.map(i => (speaks(alike[i]!) ? alike[i] : undefined));
  const sample = usable.map(i => long[i].samples[0]);
  const at = (values: Float64Array) => Float64Array.from(sample, s => values[s]);
  const constants = Array.from({ length: count }, (_, k) => timeConstants(fits, k, at(scan.x), at(scan.y)));
  const sigma = scan.sigma ?? median(Float64Array.from(usable, i => alike[i]!.sigma));
  const amplitudeOf = usable.map((i, p) => {
    const of = (pick: 'tau' | 'tauError') => constants.map(c => c[pick][p]);
    return relaxationAt(...records[i], of('tau'), of('tauError'), scan.sigma ?? alike[i]!.sigma);
  });
  const components: Partial<Record<ComponentName, FieldComponent>> = {};
  names.forEach((name, c) => {
    const sum = (pick: (d: RelaxationFit['decays'][number]) => number) =>
      Float64Array.from(amplitudeOf, fit => fit.decays.reduce((total, d) => total + pick(d), 0));
    const squares = sum(d => d.amplitudeError[c] ** 2);
    components[name] = { values: sum(d => d.amplitude[c]), sigma: squares.map(Math.sqrt) };
  });
  const { direction, sensor, sensorNames } = scan;
  return {
    places: Int32Array.from(sample),
    constants,
    amplitudes: {
      count: usable.length,
      x: at(scan.x),
      y: at(scan.y),
      z: at(scan.z),
      components,
      ...(direction === undefined ? {} : { direction: { x: at(direction.x), y: at(direction.y), z: at(direction.z) } }),
      ...(sensor === undefined ? {} : { sensor: Int32Array.from(sample, s => sensor[s]) }),
      ...(sensorNames === undefined ? {} : { sensorNames }),
      ...(scan.relativeUnit === undefined ? {} : { relativeUnit: scan.relativeUnit }),
    },
    signalToNoise: Float64Array.from(amplitudeOf, fit => fit.signalToNoise),
    undetermined: fits.filter(fit => fit === undefined).length,
    sigma,
  };
}

/** Whether a record determines its time constants: a fit to noise may look as if it did, but its amplitude is not clear. */
function speaks({ undetermined, decays }: RelaxationFit): boolean {
  return (
    undetermined === undefined &&
    decays.every(({ amplitude, amplitudeError }) => amplitude.some((v, c) => Math.abs(v) > CLEAR * amplitudeError[c]))
  );
}

/** @throws {InputError} where no record determines it */
function timeConstants(
  fits: readonly (RelaxationFit | undefined)[],
  k: number,
  x: Float64Array,
  y: Float64Array,
): TimeConstants {
  const alone = Float64Array.from(fits, fit => fit?.decays[k].tau ?? Number.NaN);
  const aloneError = Float64Array.from(fits, fit => fit?.decays[k].tauError ?? Number.NaN);
  if (fits.every(fit => fit === undefined)) {
    throw new InputError('no record determines a time constant', {
      column: 't_s',
      advice: 'measure longer after the load step, or more often',
    });
  }
  // Errors of time constants are relative ones: their logarithms vary evenly.
  const value = alone.map(Math.log);
  const pooled = withNeighbours({ x, y, value, error: aloneError.map((e, i) => e / alone[i]) });
  if (pooled !== undefined) {
    const tau = pooled.value.map(Math.exp);
    return { tau, tauError: pooled.error.map((e, i) => e * tau[i]), alone, aloneError };
  }
  const [typical, wide] = [median(alone), median(aloneError)];
  return {
    tau: alone.map(t => (Number.isNaN(t) ? typical : t)),
    tauError: aloneError.map(e => (Number.isNaN(e) ? wide : e)),
    alone,
    aloneError,
  };
}

function recordsOf(scan: FieldScan): PlaceRecord[] {
  const places = new Map<string, number[]>();
  const key = (v: number) => Math.round(v / SAME_PLACE);
  for (let s = 0; s < scan.count; s++) {
    const place = `${key(scan.x[s])} ${key(scan.y[s])} ${key(scan.z[s])} ${scan.sensor?.[s] ?? 0}`;
    const members = places.get(place);
    if (members === undefined) places.set(place, [s]);
    else members.push(s);
  }
  const { time } = scan;
  return [...places.values()].map(samples => ({
    samples: Int32Array.from(time === undefined ? samples : samples.sort((a, b) => time[a] - time[b])),
  }));
}

function rises({ time }: FieldScan, samples: Int32Array): boolean {
  return time![samples[samples.length - 1]] > time![samples[0]];
}
