import { sensorNamed } from '../sensorPresets.js';
import { checkNames, metres } from './parseParts.js';
import type { Interval, Rig, RigCurrent, RigSensor, RigStage, ScanSettings, SensorElement, Vector3 } from './rig.js';
import { type RigFile, rigSchema } from './rigSchema.js';
import { readYaml, type YamlDocument } from './yamlDocument.js';

/** The element of a sensor that says nothing of its own. */
const X_Y_Z: readonly Vector3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/**
 * Reads `rig.yaml`.
 * @param text content of the file, YAML 1.2
 * @param file its name, for errors
 * @throws {InputError} with file, line, key path and advice: unknown keys, an unknown preset, a sensor whose noise
 * nobody states, directions of length zero, intervals that run backwards, lock-in without a frequency, two sensors of
 * one name.
 */
export function parseRig(text: string, file: string): Rig {
  const document = readYaml(text, file, rigSchema);
  const { data } = document;
  checkNames(document, 'sensors', data.sensors);
  if (!data.sensors.some(sensor => sensor.role === 'scan')) {
    throw document.fault(['sensors'], 'no sensor moves over the cell', 'give one of them the role scan');
  }
  return {
    name: data.name,
    sensors: data.sensors.map((_, i) => rigSensor(document, i)),
    ...(data.stage === undefined ? {} : { stage: rigStage(document, data.stage) }),
    ...(data.current === undefined ? {} : { current: rigCurrent(document, data.current) }),
    scan: scanSettings(document),
    gainError: data.gain_error_pct / 100,
    positionError: metres(data.position_error_mm),
  };
}

function rigSensor(document: YamlDocument<RigFile>, i: number): RigSensor {
  const sensor = document.data.sensors[i];
  let preset: ReturnType<typeof sensorNamed> | undefined;
  if (sensor.preset !== undefined) {
    try {
      preset = sensorNamed(sensor.preset);
    } catch (error) {
      throw document.fault(['sensors', i, 'preset'], (error as Error).message, 'name another, or give noise_nT');
    }
  }
  const noise = sensor.noise_nT === undefined ? preset?.noise : sensor.noise_nT * 1e-9;
  if (noise === undefined) {
    throw document.fault(['sensors', i], 'does not say how noisy it is', 'give noise_nT, or a preset');
  }
  return {
    name: sensor.name,
    driver: sensor.driver,
    connect: sensor.connect,
    options: sensor.options,
    ...(preset === undefined ? {} : { preset: preset.name }),
    noise,
    range: sensor.range_uT === undefined ? (preset?.range ?? Infinity) : sensor.range_uT * 1e-6,
    rate: sensor.rate_Hz,
    corner: sensor.corner_Hz,
    role: sensor.role,
    elements: sensor.elements?.map((_, k) => sensorElement(document, i, k)) ?? [
      { name: sensor.name, offset: [0, 0, 0], axes: X_Y_Z, delay: 0 },
    ],
    ...(sensor.calibration === undefined ? {} : { calibration: sensor.calibration }),
  };
}

function sensorElement(document: YamlDocument<RigFile>, i: number, k: number): SensorElement {
  const element = document.data.sensors[i].elements![k];
  const axes = element.axes.map((axis, a): Vector3 => {
    const length = Math.hypot(...axis);
    if (length < 0.5) {
      const path = ['sensors', i, 'elements', k, 'axes', a];
      throw document.fault(path, 'is no direction', 'give a vector of length 1, such as [0, 0, 1]');
    }
    return [axis[0] / length, axis[1] / length, axis[2] / length];
  });
  return { name: element.name, offset: place(element.offset_mm), axes, delay: element.delay_s };
}

function rigStage(document: YamlDocument<RigFile>, stage: NonNullable<RigFile['stage']>): RigStage {
  const { x, y, z } = stage.travel_mm;
  const travel = (axis: 'x' | 'y' | 'z', ends: readonly [number, number]) =>
    interval(document, ['stage', 'travel_mm', axis], ends);
  if (stage.driver !== 'manual' && stage.connect === undefined) {
    throw document.fault(['stage'], 'does not say where the stage is', 'give connect: {port: ...}');
  }
  return {
    driver: stage.driver,
    ...(stage.connect === undefined ? {} : { connect: stage.connect }),
    options: stage.options,
    travel: { x: travel('x', x), y: travel('y', y), ...(z === undefined ? {} : { z: travel('z', z) }) },
    cellAt: place(stage.cell_at_mm),
    sign: [sign(stage, 'x'), sign(stage, 'y'), sign(stage, 'z')],
    feed: metres(stage.feed_mm_per_s),
    acceleration: metres(stage.acceleration_mm_per_s2),
    settle: stage.settle_s,
    home: stage.home,
  };
}

function rigCurrent(document: YamlDocument<RigFile>, current: NonNullable<RigFile['current']>): RigCurrent {
  if (current.driver !== 'manual' && current.connect === undefined) {
    throw document.fault(['current'], 'does not say where the source is', 'give connect: {port: ...}');
  }
  const { driver, connect, options, limit_A } = current;
  return { driver, ...(connect === undefined ? {} : { connect }), options, limit: limit_A };
}

function scanSettings(document: YamlDocument<RigFile>): ScanSettings {
  const { scan } = document.data;
  if (scan.scheme === 'lock_in' && scan.frequency_Hz === undefined) {
    throw document.fault(['scan'], 'lock_in needs a frequency', 'give frequency_Hz');
  }
  if (scan.mode === 'fly' && scan.scheme !== 'steady') {
    throw document.fault(
      ['scan'],
      `${scan.scheme} compares currents at a point, and moving lines stop at none`,
      'take mode: step, or scheme: steady with a map without current to take off',
    );
  }
  const area = (axis: 'x' | 'y') => interval(document, ['scan', 'area_mm', axis], scan.area_mm![axis]);
  return {
    ...(scan.area_mm === undefined ? {} : { area: { x: area('x'), y: area('y') } }),
    margin: metres(scan.margin_mm),
    pitch: metres(scan.pitch_mm),
    heights: scan.heights_mm.map(metres),
    mode: scan.mode,
    average: scan.average_s,
    ...(scan.target_sigma_nT === undefined ? {} : { targetSigma: scan.target_sigma_nT * 1e-9 }),
    scheme: scan.scheme,
    ...(scan.current_A === undefined ? {} : { current: scan.current_A }),
    ...(scan.frequency_Hz === undefined ? {} : { frequency: scan.frequency_Hz }),
    mains: scan.mains_Hz,
    repeatEvery: scan.repeat_every,
  };
}

function interval(document: YamlDocument<RigFile>, path: (string | number)[], ends: readonly number[]): Interval {
  if (!(ends[0] < ends[1]))
    throw document.fault(path, `runs from ${ends[0]} to ${ends[1]}`, 'give the smaller end first');
  return [metres(ends[0]), metres(ends[1])];
}

const place = (at_mm: readonly [number, number, number]): Vector3 => [
  metres(at_mm[0]),
  metres(at_mm[1]),
  metres(at_mm[2]),
];

const sign = (stage: NonNullable<RigFile['stage']>, axis: 'x' | 'y' | 'z') => (stage.flip.includes(axis) ? -1 : 1);
