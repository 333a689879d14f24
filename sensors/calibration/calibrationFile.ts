import { stringify } from 'yaml';
import { readYaml } from '../../src/model/yamlDocument.js';
import { type Calibration, calibrationSchema, type ElementCalibration } from './calibration.js';

/** Reads what `savart calibrate` wrote. @throws {InputError} with file, line, key and advice. */
export function parseCalibration(text: string, file: string): Calibration {
  return readYaml(text, file, calibrationSchema).data;
}

/** The text of a calibration, YAML, numbers to nine digits. */
export function formatCalibration(calibration: Calibration): string {
  const rounded = JSON.parse(
    JSON.stringify(calibration, (_, v) =>
      typeof v === 'number' && !Number.isInteger(v) ? Number(v.toPrecision(9)) : v,
    ),
  );
  return stringify(rounded, { lineWidth: 110, flowCollectionPadding: false });
}

/** An element of which nothing is known yet. */
export function uncalibrated(name: string): ElementCalibration {
  return {
    name,
    gain: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    offset_nT: [0, 0, 0],
    offset_slope_nT_per_K: [0, 0, 0],
    gain_slope_per_K: 0,
    turn_deg: [0, 0, 0],
    shift_mm: [0, 0, 0],
    errors: {},
  };
}
