import { type CalibrationStep, calibrateSensor, type Measurement } from '../sensors/calibration/calibrateSensor.js';
import { formatCalibration, parseCalibration } from '../sensors/calibration/calibrationFile.js';
import type { KnownSource } from '../sensors/calibration/knownSource.js';
import { InputError, UsageError } from '../src/errors.js';
import type { FieldScan } from '../src/fieldScan.js';
import { describeInput, readFileBytes, writeFileSafely } from '../src/formats/node.js';
import { parseScan } from '../src/formats/scanFile.js';
import { parseRig } from '../src/model/parseRig.js';
import type { RigSensor, Vector3 } from '../src/model/rig.js';
import { calibrationFigureFile, calibrationReport, calibrationTable, calibrationVerdict } from './calibrateOutput.js';
import { located } from './invertInput.js';
import { numberOption, requireExtension, requireSeparate } from './options.js';
import { bold, type CommonOptions, printJson, say } from './run.js';
import { utf8 } from './textFile.js';

export interface CalibrateOptions extends CommonOptions {
  readonly out: string;
  readonly sensor?: string;
  readonly update?: string;
  readonly rotations?: string;
  readonly fieldUT?: string;
  readonly flips?: readonly string[];
  readonly temperature?: string;
  readonly wire?: readonly string[];
  readonly wirePathMm?: readonly string[];
  readonly coil?: string;
  readonly coilMm?: string;
  readonly coilAxis?: string;
  readonly coilTurns?: string;
  readonly currentA?: string;
  readonly figure?: string;
  readonly report?: string;
}

/** `savart calibrate RIG.yaml`: recorded readings to gain, axes, offset and place of every element of a sensor. */
export default async function calibrate(
  [rigPath]: string[],
  options: CalibrateOptions,
  version: string,
): Promise<void> {
  requireExtension('-o', options.out, ['.yaml', '.yml']);
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  requireExtension('--report', options.report, ['.html', '.htm']);
  const { rotations, flips = [], temperature, wire = [], coil, update } = options;
  requireSeparate(
    [rigPath, rotations, ...flips, temperature, ...wire, coil],
    [options.out, options.figure, options.report],
  );
  const rig = parseRig(utf8(rigPath, await readFileBytes(rigPath)), rigPath);
  const sensor = sensorOf(rig.sensors, options.sensor, rigPath);
  const measurements = await readMeasurements(options);
  if (measurements.length === 0) {
    throw new UsageError('nothing to calibrate from', {
      advice: 'give --rotations, --flips, --temperature, --wire or --coil',
    });
  }
  const start = update === undefined ? undefined : parseCalibration(utf8(update, await readFileBytes(update)), update);
  if (start !== undefined && start.sensor !== sensor.name) {
    throw new InputError(`is the calibration of ${start.sensor}, not of ${sensor.name}`, {
      file: update!,
      advice: 'give --sensor, or another file',
    });
  }
  const origin = { program: `savart ${version}`, date: new Date().toISOString() };
  const { calibration, steps } = located(measurements[0].input, () =>
    calibrateSensor(sensor, measurements, origin, start),
  );
  const verdict = calibrationVerdict(sensor, steps);
  const told = { sensor, calibration, steps, verdict, inputs: measurements, version };
  await writeFileSafely(options.out, new TextEncoder().encode(formatCalibration(calibration)));
  if (options.figure !== undefined) await writeFileSafely(options.figure, calibrationFigureFile(options.figure, told));
  if (options.report !== undefined) {
    await writeFileSafely(options.report, new TextEncoder().encode(calibrationReport(told)));
  }
  say(options, calibrationTable(steps));
  say(options, '');
  say(options, bold(options, verdict[0]));
  for (const line of verdict.slice(1)) say(options, line);
  for (const name of [options.out, options.figure, options.report])
    if (name !== undefined) say(options, `Wrote ${name}`);
  if (options.json) printJson({ ...calibration, fits: steps.map(jsonOf), out: options.out });
}

function sensorOf(sensors: readonly RigSensor[], name: string | undefined, file: string): RigSensor {
  const found =
    name === undefined ? sensors.filter(({ role }) => role === 'scan') : sensors.filter(s => s.name === name);
  if (found.length === 1) return found[0];
  throw new InputError(name === undefined ? 'has several sensors' : `has no sensor ${name}`, {
    file,
    column: 'sensors',
    advice: `give --sensor, one of ${sensors.map(sensor => sensor.name).join(', ')}`,
  });
}

async function readMeasurements(options: CalibrateOptions): Promise<Measurement[]> {
  const { rotations, flips, temperature, wire = [], coil } = options;
  const out: Measurement[] = [];
  const field = numberOption('--field-uT', options.fieldUT, { above: 0 });
  const date = new Date().toISOString();
  const described = async (path: string) => {
    const bytes = await readFileBytes(path);
    const { name, sha256 } = describeInput(path, bytes);
    return { scan: withCurrent(await parseScan(bytes, { file: path }), options), input: name, sha256, date };
  };
  if (rotations !== undefined) {
    out.push({
      kind: 'rotations',
      ...(await described(rotations)),
      ...(field === undefined ? {} : { field: 1e-6 * field }),
    });
  }
  if (flips !== undefined) {
    if (flips.length !== 2) throw new UsageError('--flips needs two files: after SET, and after RESET');
    const [set, reset] = [await described(flips[0]), await described(flips[1])];
    out.push({ kind: 'flips', set: set.scan, reset: reset.scan, input: set.input, sha256: set.sha256, date });
  }
  if (temperature !== undefined) out.push({ kind: 'temperature', ...(await described(temperature)) });
  const paths = options.wirePathMm ?? [];
  if (paths.length !== wire.length) {
    throw new UsageError(`${wire.length} files of --wire and ${paths.length} paths`, {
      advice: "give one --wire-path-mm per file, such as '0,-100,0 0,100,0'",
    });
  }
  const scans = await Promise.all(wire.map(described));
  const sets = scans.map(({ scan }, k) => ({ scan, source: wireSource(paths[k]) }));
  const over = coil === undefined ? undefined : await described(coil);
  if (over !== undefined) sets.push({ scan: over.scan, source: coilSource(options) });
  const first = scans[0] ?? over;
  if (first !== undefined) out.push({ kind: 'wire', sets, input: first.input, sha256: first.sha256, date });
  return out;
}

function withCurrent(scan: FieldScan, options: CalibrateOptions): FieldScan {
  const current = numberOption('--current-A', options.currentA);
  return current === undefined ? scan : { ...scan, current: new Float64Array(scan.count).fill(current) };
}

function wireSource(text: string): KnownSource {
  const path = text
    .trim()
    .split(/\s+/)
    .map(point => millimetreVector('--wire-path-mm', point));
  if (path.length < 2) throw new UsageError(`--wire-path-mm needs two points or more, not '${text}'`);
  return { kind: 'wire', path };
}

function coilSource({ coilMm, coilAxis = '0,0,1', coilTurns = '1' }: CalibrateOptions): KnownSource {
  const numbers = (coilMm ?? '').split(',').map(Number);
  if (numbers.length !== 4 || !numbers.every(Number.isFinite) || !(numbers[3] > 0)) {
    throw new UsageError("--coil needs --coil-mm 'x,y,z,radius' of its centre", { advice: "such as '50,40,0,15'" });
  }
  const axis = coilAxis.split(',').map(Number);
  if (axis.length !== 3 || !(Math.hypot(...axis) > 0))
    throw new UsageError("--coil-axis needs a direction such as '0,0,1'");
  return {
    kind: 'coil',
    centre: [numbers[0] / 1e3, numbers[1] / 1e3, numbers[2] / 1e3],
    axis: [axis[0], axis[1], axis[2]],
    radius: numbers[3] / 1e3,
    turns: numberOption('--coil-turns', coilTurns, { above: 0 })!,
  };
}

function millimetreVector(option: string, text: string): Vector3 {
  const numbers = text.split(',').map(part => (part.trim() === '' ? Number.NaN : Number(part)));
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) {
    throw new UsageError(`${option} needs points x,y,z in mm, not '${text}'`, { advice: "such as '0,-100,0 0,100,0'" });
  }
  return [numbers[0] / 1e3, numbers[1] / 1e3, numbers[2] / 1e3];
}

function jsonOf({ kind, element, readings, residual, field, scale, scaleError }: CalibrationStep) {
  return {
    kind,
    element,
    readings,
    residual_T: residual,
    field_T: field ?? null,
    scale: scale ?? null,
    scaleError: scaleError ?? null,
  };
}
