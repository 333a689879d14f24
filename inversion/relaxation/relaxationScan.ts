import { InputError } from '../../src/errors.js';
import { type ComponentName, type FieldComponent, type FieldScan, measuredComponents } from '../../src/fieldScan.js';
import { median } from '../median.js';
import { type RelaxationFit, relaxationAt, relaxationFit } from './relaxationFit.js';

/** Places closer than this are one, m. */
const SAME_PLACE = 1e-6;
/** Readings that make a record of a place. */
const LEAST = 8;

/** A place with the samples that were taken there, in the order of time. */
interface PlaceRecord {
  readonly samples: Int32Array;
}

/** The fit of every place, and the scan of amplitudes that an inversion takes. */
export interface RelaxationScan {
  /** Index of a sample of each place, for its position. */
  readonly places: Int32Array;
  /** Undefined where the record does not determine its time constants; the amplitude there is for those of the others. */
  readonly fits: readonly (RelaxationFit | undefined)[];
  /** The summed amplitudes of the decays at the start of the records, with their errors, one sample per place. */
  readonly amplitudes: FieldScan;
  /** Median signal to noise. */
  readonly signalToNoise: number;
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
    if (fit === undefined || fit.undetermined !== undefined) return false;
    const [{ amplitude, amplitudeError }] = fit.decays;
    return amplitude.some((v, c) => Math.abs(v) > CLEAR * amplitudeError[c]);
  });
  return clear.length >= Math.max(2, LEAST_PART * tried.length);
}

/** Times and readings of one place. */
function recordAt(scan: FieldScan, samples: Int32Array): [Float64Array, Float64Array[]] {
  const pick = (values: Float64Array) => Float64Array.from(samples, s => values[s]);
  return [pick(scan.time!), measuredComponents(scan).map(name => pick(scan.components[name]!.values))];
}

/**
 * Fits the records of all places. Time counts from the first reading of each place.
 * @throws {InputError} where no place has a record long enough
 */
export function relaxationScan(scan: FieldScan, exponentials?: 1 | 2): RelaxationScan {
  const names = measuredComponents(scan);
  const records = recordsOf(scan).filter(({ samples }) => samples.length >= LEAST);
  if (scan.time === undefined || records.length === 0) {
    throw new InputError(`no place was read at ${LEAST} times`, {
      column: 't_s',
      advice: 'give a record of every place after the load step',
    });
  }
  const fits = records.map(({ samples }) => {
    return relaxationFit(...recordAt(scan, samples), scan.sigma, exponentials);
  });
  const clear = fits.filter(fit => fit !== undefined && fit.undetermined === undefined);
  if (clear.length === 0) {
    throw new InputError('no record determines a time constant', {
      column: 't_s',
      advice: 'measure longer after the load step, or more often',
    });
  }
  // Where the record is too weak for a time constant of its own, the others' tells the amplitude, which is near zero there.
  const tau = median(Float64Array.from(clear, fit => fit!.decays.at(-1)!.tau));
  const sigma = scan.sigma ?? median(Float64Array.from(fits, fit => fit?.sigma ?? Number.NaN));
  const usable = records.map((_, i) => i).filter(i => fits[i] !== undefined);
  const amplitudeOf = records.map(({ samples }, i) =>
    fits[i]?.undetermined === undefined ? fits[i] : relaxationAt(...recordAt(scan, samples), [tau], sigma),
  );
  const places = Int32Array.from(usable, i => records[i].samples[0]);
  const components: Partial<Record<ComponentName, FieldComponent>> = {};
  names.forEach((name, c) => {
    const sum = (pick: (d: RelaxationFit['decays'][number]) => number) =>
      Float64Array.from(usable, i => amplitudeOf[i]!.decays.reduce((total, d) => total + pick(d), 0));
    const squares = sum(d => d.amplitudeError[c] ** 2);
    components[name] = { values: sum(d => d.amplitude[c]), sigma: squares.map(Math.sqrt) };
  });
  const at = (values: Float64Array) => Float64Array.from(places, s => values[s]);
  const { direction, sensor, sensorNames } = scan;
  const snr = usable.map(i => amplitudeOf[i]!.signalToNoise).sort((a, b) => a - b);
  return {
    places,
    fits: usable.map(i => (fits[i]!.undetermined === undefined ? fits[i] : undefined)),
    amplitudes: {
      count: usable.length,
      x: at(scan.x),
      y: at(scan.y),
      z: at(scan.z),
      components,
      ...(direction === undefined ? {} : { direction: { x: at(direction.x), y: at(direction.y), z: at(direction.z) } }),
      ...(sensor === undefined ? {} : { sensor: Int32Array.from(places, s => sensor[s]) }),
      ...(sensorNames === undefined ? {} : { sensorNames }),
      ...(scan.relativeUnit === undefined ? {} : { relativeUnit: scan.relativeUnit }),
    },
    signalToNoise: snr[snr.length >> 1],
    undetermined: usable.length - clear.length,
    sigma,
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
