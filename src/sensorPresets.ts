import { InputError } from './errors.js';

/** What a sensor does to a reading. */
export interface SensorPreset {
  readonly name: string;
  /** `vector`: three components; `scalar`: the total field, a reading along the ambient field. */
  readonly kind: 'vector' | 'scalar';
  /** White noise of a reading, one standard deviation, T. */
  readonly noise: number;
  /** Largest reading of either sign, T. */
  readonly range: number;
  /** Step of the digital output, T; 0: not known, or finer than the noise by far. */
  readonly step: number;
  /** Where the figures come from, and which of them are uncertain. */
  readonly source: string;
}

/**
 * Presets after public data sheets, as these are commonly quoted; none was compared with its maker's latest edition, so
 * look there before a figure decides something. What is doubtful beyond that is marked. Real modules add offsets, drift, gain errors and the hum of the mains, which no preset
 * knows. Noise is that of one reading at the stated setting; averaging n readings divides it by sqrt(n).
 */
export const SENSORS: readonly SensorPreset[] = [
  {
    name: 'MMC5983MA',
    kind: 'vector',
    noise: 40e-9,
    range: 800e-6,
    step: 100e-6 / 16384,
    source:
      'MEMSIC MMC5983MA data sheet: total RMS noise 0.4 mG at a bandwidth of 100 Hz, full scale +-8 G, 18 bit operation 16384 counts/G',
  },
  {
    name: 'RM3100',
    kind: 'vector',
    noise: 15e-9,
    range: 800e-6,
    step: 1e-6 / 75,
    source:
      'PNI RM3100 user manual: at 200 cycle counts noise 15 nT, gain 75 LSB/uT, range +-800 uT (the range over which it is linear is smaller and not stated alike in all editions: uncertain)',
  },
  {
    name: 'HMC5883L',
    kind: 'vector',
    noise: 200e-9,
    range: 130e-6,
    step: 100e-6 / 1090,
    source:
      'Honeywell HMC5883L data sheet: at the default gain +-1.3 G and 1090 LSB/G (12 bit); noise floor 2 mG, stated at 7.5 Hz for another gain and taken to hold here: uncertain',
  },
  {
    name: 'QMC5883L',
    kind: 'vector',
    noise: 200e-9,
    range: 200e-6,
    step: 100e-6 / 12000,
    source:
      'QST QMC5883L data sheet: range +-2 G with 12000 LSB/G; field resolution 2 mG (standard deviation of 100 readings), from which the noise is taken: uncertain',
  },
  {
    name: 'OPM-zero-field',
    kind: 'vector',
    noise: 0.15e-12,
    range: 5e-9,
    step: 0,
    source:
      'QuSpin QZFM, figures of the maker: below 15 fT/sqrt(Hz), dynamic range +-5 nT, shield needed; noise here for a bandwidth of 100 Hz. Most modules read one or two axes: three are an assumption',
  },
  {
    name: 'OPM-total-field',
    kind: 'scalar',
    noise: 30e-12,
    range: 150e-6,
    step: 0,
    source:
      'QuSpin QTFM, figures of the maker: below 3 pT/sqrt(Hz), total field of 1 to 150 uT; noise here for a bandwidth of 100 Hz. Bandwidth and upper limit: uncertain',
  },
];

/** The preset of a name, small or capital letters alike. @throws {InputError} naming those that exist. */
export function sensorNamed(name: string): SensorPreset {
  const found = SENSORS.find(sensor => sensor.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new InputError(`there is no sensor preset '${name.slice(0, 40)}'`, {
    advice: `take one of ${SENSORS.map(sensor => sensor.name).join(', ')}, or give --noise-nT`,
  });
}
