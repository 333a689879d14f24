import type { ProcessRecord } from '../result.js';
import type { Hdf5Reader } from './hdf5.js';
import type { Hdf5Writer } from './hdf5Write.js';
import { bad } from './nexusData.js';

/** How a result came about (NXprocess): program, version, date, inputs with their hashes, cell, rig, calibrations, parameters. */

export function writeProcess(file: Hdf5Writer, path: string, process: ProcessRecord): void {
  file.group(path, { NX_class: 'NXprocess' });
  file.dataset(`${path}/program`, process.program);
  file.dataset(`${path}/version`, process.version);
  file.dataset(`${path}/date`, process.date);
  if (process.inputs.length > 0) {
    file.dataset(
      `${path}/input_names`,
      process.inputs.map(input => input.name),
    );
    file.dataset(
      `${path}/input_sha256`,
      process.inputs.map(input => input.sha256),
    );
  }
  if (process.cell !== undefined) file.dataset(`${path}/cell`, process.cell);
  if (process.rig !== undefined) file.dataset(`${path}/rig`, process.rig);
  const calibrations = Object.entries(process.calibrations ?? {});
  if (calibrations.length > 0) {
    file.dataset(
      `${path}/calibrated_sensors`,
      calibrations.map(([name]) => name),
    );
    file.dataset(
      `${path}/calibrations`,
      calibrations.map(([, text]) => text),
    );
  }
  file.dataset(`${path}/parameters`, JSON.stringify(process.parameters), { content_type: 'application/json' });
}

/** @throws {InputError} when an entry is missing or the parameters are no JSON object. */
export function readProcess(file: Hdf5Reader, path: string): ProcessRecord {
  const texts = (name: string) => {
    const data = file.array(`${path}/${name}`)?.data;
    return data === undefined || data instanceof Float64Array ? undefined : data;
  };
  const text = (name: string) => {
    const [value] = texts(name) ?? [];
    if (value === undefined) throw bad(`${path}/${name}`, 'the text is missing');
    return value;
  };
  const names = texts('input_names') ?? [];
  const hashes = texts('input_sha256') ?? [];
  if (names.length !== hashes.length) throw bad(`${path}/input_sha256`, 'there is not one hash per input');
  const [cell] = texts('cell') ?? [];
  const [rig] = texts('rig') ?? [];
  const sensors = texts('calibrated_sensors') ?? [];
  const calibrations = texts('calibrations') ?? [];
  if (sensors.length !== calibrations.length) {
    throw bad(`${path}/calibrations`, 'there is not one calibration per sensor');
  }
  return {
    program: text('program'),
    version: text('version'),
    date: text('date'),
    inputs: names.map((name, i) => ({ name, sha256: hashes[i] })),
    ...(cell === undefined ? {} : { cell }),
    ...(rig === undefined ? {} : { rig }),
    ...(sensors.length === 0
      ? {}
      : { calibrations: Object.fromEntries(sensors.map((name, i) => [name, calibrations[i]])) }),
    parameters: parseParameters(text('parameters'), `${path}/parameters`),
  };
}

function parseParameters(json: string, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(path, 'is no JSON object');
  return value as Record<string, unknown>;
}
