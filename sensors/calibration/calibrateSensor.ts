import { InputError } from '../../src/errors.js';
import type { FieldScan } from '../../src/fieldScan.js';
import type { RigSensor, SensorElement } from '../../src/model/rig.js';
import { elementResponse, times } from './apply.js';
import type { Calibration, ElementCalibration } from './calibration.js';
import { uncalibrated } from './calibrationFile.js';
import { ellipsoidFit } from './ellipsoid.js';
import { flipFit } from './flips.js';
import { type KnownSource, sourceFit } from './knownSource.js';
import { temperatureFit } from './temperatureFit.js';

/** A recorded measurement, and the file that it came from. */
export type Measurement = { readonly input: string; readonly sha256: string; readonly date: string } & (
  | { readonly kind: 'rotations'; readonly scan: FieldScan; readonly field?: number }
  | { readonly kind: 'flips'; readonly set: FieldScan; readonly reset: FieldScan }
  | { readonly kind: 'temperature'; readonly scan: FieldScan }
  | { readonly kind: 'wire'; readonly sets: readonly { readonly scan: FieldScan; readonly source: KnownSource }[] }
);

/** What a measurement said of one element. */
export interface CalibrationStep {
  readonly kind: Measurement['kind'];
  readonly element: string;
  readonly readings: number;
  /** T. */
  readonly residual: number;
  /** What the fit left of each reading, T; absent for flips and temperature. */
  readonly left?: Float64Array;
  readonly calibration: ElementCalibration;
  /** Rotations: size of the field, T. Wire: true field over reading. */
  readonly field?: number;
  readonly scale?: number;
  readonly scaleError?: number;
}

const nT = (values: readonly number[]): [number, number, number] => [1e9 * values[0], 1e9 * values[1], 1e9 * values[2]];

/**
 * Works measurements into the calibration of a sensor, in their order: what a later one finds replaces what was there.
 * Scans are as `savart scan` writes them without a calibration, along the rig's axes.
 * @param start an earlier calibration, which keeps what is not measured again
 * @throws {InputError} for elements of fewer than three channels, elements that a scan does not name, and as the fits.
 */
export function calibrateSensor(
  sensor: RigSensor,
  measurements: readonly Measurement[],
  origin: { readonly program: string; readonly date: string },
  start?: Calibration,
): { readonly calibration: Calibration; readonly steps: readonly CalibrationStep[] } {
  const known = new Map(
    sensor.elements.map(({ name }) => [
      name,
      start?.elements.find(element => element.name === name) ?? uncalibrated(name),
    ]),
  );
  const steps: CalibrationStep[] = [];
  const history = [...(start?.steps ?? [])];
  for (const measurement of measurements) {
    const own = sensor.elements.map(element => {
      const step = measured(sensor, element, known.get(element.name)!, measurement);
      known.set(element.name, step.calibration);
      return step;
    });
    steps.push(...own);
    history.push({
      kind: measurement.kind,
      date: measurement.date,
      input: measurement.input,
      sha256: measurement.sha256,
      readings: own.reduce((sum, { readings }) => sum + readings, 0),
      residual_nT: 1e9 * Math.sqrt(own.reduce((sum, { residual }) => sum + residual ** 2, 0) / own.length),
    });
  }
  const calibration: Calibration = {
    savart_calibration: 1,
    sensor: sensor.name,
    date: origin.date,
    program: origin.program,
    steps: history,
    elements: [...known.values()],
  };
  return { calibration, steps };
}

function measured(
  sensor: RigSensor,
  element: SensorElement,
  before: ElementCalibration,
  measurement: Measurement,
): CalibrationStep {
  const of = (scan: FieldScan) => channelReadings(scan, sensor, element);
  const errors = before.errors;
  switch (measurement.kind) {
    case 'rotations': {
      const { channels } = of(measurement.scan);
      const fit = ellipsoidFit(channels[0], channels[1], channels[2], measurement.field);
      const calibration: ElementCalibration = {
        ...before,
        gain: fit.gain.map(row => [...row]) as ElementCalibration['gain'],
        offset_nT: nT(fit.offset),
        errors: { ...errors, gain: fit.gainErrors as ElementCalibration['gain'], offset_nT: nT(fit.offsetErrors) },
      };
      const { residual, readings, left, field } = fit;
      return { kind: 'rotations', element: element.name, calibration, residual, readings, left, field };
    }
    case 'flips': {
      const [set, reset] = [of(measurement.set).channels, of(measurement.reset).channels];
      const fits = set.map((values, c) => flipFit(values, reset[c]));
      const calibration: ElementCalibration = {
        ...before,
        offset_nT: nT(fits.map(fit => fit.offset)),
        errors: { ...errors, offset_nT: nT(fits.map(fit => fit.error)) },
      };
      const residual = Math.sqrt(fits.reduce((sum, fit) => sum + fit.residual ** 2, 0) / 3);
      return { kind: 'flips', element: element.name, calibration, residual, readings: fits[0].readings };
    }
    case 'temperature': {
      const { channels, rows } = of(measurement.scan);
      const { temperature, current } = measurement.scan;
      if (temperature === undefined) {
        throw new InputError('says no temperatures', {
          column: 'temperature_C',
          advice: 'record it with the readings',
        });
      }
      const pick = (values: Float64Array) => Float64Array.from(rows, i => values[i]);
      const fit = temperatureFit(channels, pick(temperature), current === undefined ? undefined : pick(current));
      const calibration: ElementCalibration = {
        ...before,
        offset_slope_nT_per_K: nT(fit.offsetSlope),
        gain_slope_per_K: fit.gainSlope ?? before.gain_slope_per_K,
        reference_degC: fit.reference,
        errors: {
          ...errors,
          offset_slope_nT_per_K: nT(fit.offsetSlopeErrors),
          ...(fit.gainSlopeError === undefined ? {} : { gain_slope_per_K: fit.gainSlopeError }),
        },
      };
      return {
        kind: 'temperature',
        element: element.name,
        calibration,
        residual: fit.residual,
        readings: fit.readings,
      };
    }
    case 'wire':
      return overWire(sensor, element, before, measurement.sets);
  }
}

function overWire(
  sensor: RigSensor,
  element: SensorElement,
  before: ElementCalibration,
  sets: readonly { readonly scan: FieldScan; readonly source: KnownSource }[],
): CalibrationStep {
  const straight = {
    ...before,
    turn_deg: [0, 0, 0] as [number, number, number],
    shift_mm: [0, 0, 0] as [number, number, number],
  };
  const response = elementResponse(element, fileOf(sensor, straight));
  const fit = sourceFit(
    sets.map(({ scan, source }) => {
      const { channels, rows } = channelReadings(scan, sensor, element);
      if (scan.current === undefined) {
        throw new InputError('does not say the current', {
          column: 'current_A',
          advice: 'add the column, or --current-A',
        });
      }
      const field = new Float64Array(3 * rows.length);
      rows.forEach((_, i) => {
        const v = channels.map((values, c) => values[i] - response.offset[c]);
        field.set(times(response.matrix!, v), 3 * i);
      });
      const pick = (values: Float64Array) => Float64Array.from(rows, i => values[i]);
      return { source, x: pick(scan.x), y: pick(scan.y), z: pick(scan.z), field, current: pick(scan.current) };
    }),
  );
  const scaled = before.gain.map(row => row.map(v => v * fit.scale)) as ElementCalibration['gain'];
  return {
    kind: 'wire',
    element: element.name,
    readings: fit.readings,
    residual: fit.residual,
    left: fit.left,
    scale: fit.scale,
    scaleError: fit.scaleError,
    calibration: {
      ...before,
      gain: scaled,
      turn_deg: [...fit.turn],
      shift_mm: [1e3 * fit.shift[0], 1e3 * fit.shift[1], 1e3 * fit.shift[2]],
      errors: {
        ...before.errors,
        turn_deg: [...fit.turnErrors],
        shift_mm: [1e3 * fit.shiftErrors[0], 1e3 * fit.shiftErrors[1], 1e3 * fit.shiftErrors[2]],
      },
    },
  };
}

function fileOf(sensor: RigSensor, element: ElementCalibration): Calibration {
  return { savart_calibration: 1, sensor: sensor.name, date: '', program: '', steps: [], elements: [element] };
}

/** The rows of a scan that belong to an element, and what its channels read: v = A b. */
function channelReadings(scan: FieldScan, sensor: RigSensor, element: SensorElement) {
  const { bx, by, bz } = scan.components;
  if (element.axes.length !== 3 || bx === undefined || by === undefined || bz === undefined) {
    throw new InputError(`${element.name} does not read three components`, {
      advice: 'only vector sensors are calibrated; of others the axes in rig.yaml count',
    });
  }
  const names =
    sensor.elements.length === 1 ? [sensor.name, element.name] : [`${sensor.name}/${element.name}`, element.name];
  const index = scan.sensorNames?.findIndex(name => names.includes(name));
  if (index === -1 || (index === undefined && sensor.elements.length > 1)) {
    throw new InputError(`holds no readings of ${names[0]}`, {
      column: 'sensor',
      advice: 'name the elements as in rig.yaml',
    });
  }
  const rows: number[] = [];
  for (let i = 0; i < scan.count; i++) if (index === undefined || scan.sensor![i] === index) rows.push(i);
  const channels = element.axes.map(axis =>
    Float64Array.from(rows, i => axis[0] * bx.values[i] + axis[1] * by.values[i] + axis[2] * bz.values[i]),
  );
  return { rows, channels };
}
