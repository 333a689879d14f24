import type { Rig } from '../../src/model/rig.js';
import { placeOn } from '../processing/flyReadings.js';
import { lineReadings, lineSamples } from '../processing/lineReadings.js';
import { pointReading } from '../processing/reading.js';
import { joinBlocks } from '../sampleBlocks.js';
import { elementPosition, type LineStep, type PlannedElement, type PointStep, type ScanPlan } from './plan.js';
import type { PointValue } from './progress.js';
import type { ElementSamples } from './recorder.js';
import type { DoneStep, PhaseNote } from './scanJournal.js';

/** The samples of one element in one phase of a step. */
export interface PhaseSamples extends ElementSamples {
  /** Index in the phases of the step. */
  readonly phase: number;
}

/** A step as it was read. */
export interface ReadStep {
  readonly phases: readonly PhaseNote[];
  /** Lines: host time at which the stage was told to go, s. */
  readonly start?: number;
  readonly samples: readonly PhaseSamples[];
}

type Planned = { readonly rig: Rig; readonly plan: ScanPlan };

/** A step that a journal holds, as it was read. */
export function readStep({ phases, start, samples }: DoneStep, { rig }: Planned): ReadStep {
  return {
    phases,
    ...(start === undefined ? {} : { start }),
    samples: samples.map(({ sensor, element, phase, blocks }) => ({
      sensor,
      element,
      phase,
      block: joinBlocks(blocks, rig.sensors[sensor].elements[element].axes.length),
    })),
  };
}

/**
 * The value of one element at a point as it is processed later, but without calibration; undefined: nothing valid. Where the
 * phase of an alternating current is not yet known, its size.
 */
export function elementReading(read: ReadStep, { sensor, element }: PlannedElement, { rig }: Planned) {
  const { rate, range } = rig.sensors[sensor];
  const { scheme, mains, frequency } = rig.scan;
  const settings = { scheme, mains, rate, range, ...(frequency === undefined ? {} : { frequency }) };
  const phases = read.phases.flatMap(({ current, phase }, k) => {
    const found = read.samples.find(s => s.sensor === sensor && s.element === element && s.phase === k);
    return found === undefined ? [] : [{ current, ...(phase === undefined ? {} : { phase }), block: found.block }];
  });
  const reading = pointReading(phases, settings);
  const { quadrature, values } = reading ?? {};
  if (reading === undefined || quadrature === undefined || phases.some(({ phase }) => phase !== undefined))
    return reading;
  return { ...reading, values: values!.map((value, c) => Math.hypot(value, quadrature[c])) };
}

/**
 * What a step brings to the map, for whoever watches: a value per element at a point, one per pitch along a line. Steps
 * that are repetitions or ties bring nothing.
 */
export function liveValues(step: number, read: ReadStep, planned: Planned): PointValue[] {
  const { plan } = planned;
  const done = plan.steps[step];
  if (done.kind === 'ask' || done.repeatOf !== undefined || (done.kind === 'line' && done.tie)) return [];
  return plan.elements.flatMap((_, index) =>
    done.kind === 'point' ? atPoint(done, read, index, planned) : alongLine(done, step, read, index, planned),
  );
}

function atPoint(step: PointStep, read: ReadStep, index: number, planned: Planned): PointValue[] {
  const element = planned.plan.elements[index];
  const reading = elementReading(read, element, planned);
  if (reading === undefined) return [];
  const { values, sigma } = reading;
  return [{ element: index, at: elementPosition(step.at, element), plane: step.plane, values, sigma }];
}

function alongLine(
  step: LineStep,
  number: number,
  read: ReadStep,
  index: number,
  { rig, plan }: Planned,
): PointValue[] {
  const planned = plan.elements[index];
  const { sensor, element, delay } = planned;
  const found = read.samples.find(s => s.sensor === sensor && s.element === element);
  if (found === undefined || read.start === undefined || found.block.count === 0) return [];
  const { current } = read.phases[0];
  const record = { step: number, sensor, element, start: read.start, current, block: found.block };
  const acceleration = rig.stage?.acceleration ?? Number.POSITIVE_INFINITY;
  // The lag is known when all lines are there; until then it counts as none.
  const samples = lineSamples(record, step, acceleration, delay, rig.sensors[sensor].range);
  const { count, channels, way, values, sigma } = lineReadings(samples, plan.pitch, 0, rig.scan.mains);
  return Array.from({ length: count }, (_, k) => ({
    element: index,
    at: elementPosition(placeOn(step, way[k]), planned),
    plane: step.plane,
    values: values.slice(k * channels, (k + 1) * channels),
    sigma: sigma.slice(k * channels, (k + 1) * channels),
  }));
}
