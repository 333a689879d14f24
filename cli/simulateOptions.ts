import { UsageError } from '../src/errors.js';
import { AXES, type AxisName } from '../src/fieldMap.js';
import { loadScan, readFileBytes } from '../src/formats/node.js';
import type { Outline } from '../src/model/outline.js';
import { type SensorPreset, sensorNamed } from '../src/sensorPresets.js';
import type { Defect } from '../src/simulation/defects/defect.js';
import { parseDefects } from '../src/simulation/defects/parseDefects.js';
import { planAlong, planLike, rasterPlan, type SamplePlan } from '../src/simulation/field/samplePlan.js';
import { millimetres, numberOption } from './options.js';
import type { CommonOptions } from './run.js';
import { utf8 } from './textFile.js';

/** The options of `savart simulate`, as texts. */
export interface SimulateOptions extends CommonOptions {
  readonly out: string;
  readonly truth?: string;
  readonly report?: string;
  readonly figure?: string;
  readonly heightMm?: string;
  readonly pitchMm?: string;
  readonly marginMm?: string;
  readonly components?: string;
  readonly like?: string;
  readonly noiseNT?: string;
  readonly seed?: string;
  readonly sensor?: string;
  readonly defect?: readonly string[];
  readonly currentA?: string;
  readonly leads?: 'strips' | 'none';
  readonly modelPitchMm?: string;
}

const DEFAULT_HEIGHT_MM = '5';
const DEFAULT_PITCH_MM = '2.5';
const DEFAULT_MARGIN_MM = '20';
const DEFAULT_NOISE_NT = '50';

/** @throws {UsageError} for options that contradict one another. */
export function checkSimulateOptions(options: SimulateOptions): void {
  if (options.like !== undefined) {
    for (const [flag, value] of [
      ['--height-mm', options.heightMm],
      ['--pitch-mm', options.pitchMm],
      ['--margin-mm', options.marginMm],
      ['--components', options.components],
    ]) {
      if (value === undefined) continue;
      throw new UsageError(`${flag} and --like both say where the field is read`, { advice: 'leave one of them out' });
    }
  }
  if (options.sensor !== undefined && options.noiseNT !== undefined) {
    throw new UsageError('--sensor and --noise-nT both say how noisy the readings are', {
      advice: 'leave one of them out',
    });
  }
}

/** Where the field will be read: a raster over the outlines, or like a scan that exists. */
export async function planOf(options: SimulateOptions, outlines: readonly Outline[]): Promise<SamplePlan> {
  const plan = options.like === undefined ? rasterOf(options, outlines) : await likeScan(options.like);
  return options.sensor !== undefined && sensorNamed(options.sensor).kind === 'scalar'
    ? planAlong(plan, [0, 0, 1])
    : plan;
}

async function likeScan(path: string): Promise<SamplePlan> {
  const scan = await loadScan(path);
  return planLike(scan);
}

function rasterOf(options: SimulateOptions, outlines: readonly Outline[]): SamplePlan {
  const heights = (options.heightMm ?? DEFAULT_HEIGHT_MM).split(',').map(text => millimetres('--height-mm', text)!);
  return rasterPlan(outlines, {
    heights,
    pitch: millimetres('--pitch-mm', options.pitchMm ?? DEFAULT_PITCH_MM, 0)!,
    margin: 1e-3 * numberOption('--margin-mm', options.marginMm ?? DEFAULT_MARGIN_MM, { least: 0, most: 1e5 })!,
    axes: axesOf(options.components),
  });
}

function axesOf(text: string | undefined): readonly AxisName[] {
  if (text === undefined) return AXES;
  const names = text.split(',').map(name => name.trim().toLowerCase());
  const unknown = names.find(name => !AXES.some(axis => axis === name));
  if (unknown !== undefined) {
    throw new UsageError(`--components does not know '${unknown}'`, { advice: 'give bx, by, bz or some of them' });
  }
  return AXES.filter(axis => names.includes(axis));
}

/** Noise, range and steps of the readings. */
export interface Instrument {
  readonly noise: number;
  readonly seed: number;
  readonly sensor?: SensorPreset;
  readonly range?: number;
  readonly step?: number;
}

/** A sensor's preset; else the noise that is given, that of the scan that is imitated, or 50 nT. */
export function instrumentOf(options: SimulateOptions, plan: SamplePlan): Instrument {
  const seed = numberOption('--seed', options.seed ?? '1', { whole: true, least: 0, most: Number.MAX_SAFE_INTEGER })!;
  if (options.sensor !== undefined) {
    const sensor = sensorNamed(options.sensor);
    return { noise: sensor.noise, seed, sensor, range: sensor.range, step: sensor.step };
  }
  const given = numberOption('--noise-nT', options.noiseNT, { least: 0, most: 1e12 });
  if (given !== undefined) return { noise: given / 1e9, seed };
  return { noise: plan.sigma ?? Number(DEFAULT_NOISE_NT) / 1e9, seed };
}

/** The defects of all `--defect`: YAML in place, or the name of a file that holds it. */
export async function defectsOf(options: SimulateOptions): Promise<Defect[]> {
  const found: Defect[] = [];
  for (const given of options.defect ?? []) {
    if (!/\.ya?ml$/i.test(given.trim())) {
      found.push(...parseDefects(given, '--defect'));
      continue;
    }
    const bytes = await readFileBytes(given);
    found.push(...parseDefects(utf8(given, bytes), given));
  }
  return found;
}
