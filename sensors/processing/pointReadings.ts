import { median } from '../../src/median.js';
import type { Vector3 } from '../../src/model/rig.js';
import { type ElementResponse, elementResponse, times } from '../calibration/apply.js';
import { elementPosition, type PlannedElement } from '../scan/plan.js';
import { correlationFactor, joinLagged, type Lagged, noLagged } from './correlation.js';
import type { Layout, MapReading } from './mapReading.js';
import { type PointReading, pointReading } from './reading.js';
import type { PointRecord, ScanRecord } from './record.js';

/** What became of the samples. */
export interface Tally {
  samples: number;
  invalid: number;
  outliers: number;
  /** Points, or lines, of which nothing is left. */
  lost: number;
  /** A; NaN where the current was not measured. */
  ripple: number[];
}

/** Degrees of freedom with which the scatter of all points of a channel counts beside a point's own. */
const COMMON = 30;

/** The readings of all points, in the rig's axes. */
export function pointReadings(record: ScanRecord, layout: Layout, tally: Tally): MapReading[] {
  const { rig, plan } = record;
  const found: { point: PointRecord; element: number; reading: PointReading }[] = [];
  for (const point of record.points) {
    const sensor = rig.sensors[point.sensor];
    const { scheme, mains, frequency } = rig.scan;
    const reading = pointReading(point.phases, {
      scheme,
      mains,
      ...(frequency === undefined ? {} : { frequency }),
      rate: sensor.rate,
      range: sensor.range,
    });
    tally.samples += point.phases.reduce((sum, { block }) => sum + block.count, 0);
    if (reading === undefined) {
      tally.invalid += point.phases.reduce((sum, { block }) => sum + block.count, 0);
      tally.lost++;
      continue;
    }
    tally.invalid += reading.invalid;
    tally.outliers += reading.outliers;
    if (Number.isFinite(reading.ripple)) tally.ripple.push(reading.ripple);
    found.push({ point, element: elementIndex(plan.elements, point.sensor, point.element), reading });
  }
  const commons = plan.elements.map((_, e) => common(found.filter(({ element }) => element === e).map(f => f.reading)));
  return found.map(({ point, element, reading }) => {
    const step = plan.steps[point.step];
    if (step.kind !== 'point') throw new Error(`step ${point.step} is no point`);
    const { sensor, element: index } = plan.elements[element];
    const response = responseOf(record, sensor, index, point.temperature);
    const sigma = commonSigma(reading, commons[element]);
    const steady = rig.scan.scheme === 'steady';
    const difference = { ...response, offset: response.offset.map(() => 0) };
    const of = (values: Float64Array, offset: boolean) => along(values, offset ? response : difference, layout);
    return {
      step: point.step,
      element,
      place: elementPosition(step.at, { offset: response.place }),
      time: reading.time,
      line: step.line * plan.elements.length + element,
      current: reading.current,
      values: of(reading.values, steady),
      sigma: alongSigma(sigma, response, layout),
      ...(reading.quadrature === undefined ? {} : { quadrature: of(reading.quadrature, false) }),
      ...(reading.even === undefined ? {} : { even: of(reading.even, true) }),
    };
  });
}

export function elementIndex(elements: readonly PlannedElement[], sensor: number, element: number): number {
  return elements.findIndex(planned => planned.sensor === sensor && planned.element === element);
}

export function responseOf({ rig, calibrations }: ScanRecord, sensor: number, element: number, temperature?: number) {
  const { name, elements } = rig.sensors[sensor];
  return elementResponse(elements[element], calibrations?.[name], temperature);
}

/** Channel values to the components or directions of the layout, T. */
export function along(values: Float64Array, response: ElementResponse, layout: Layout): Float64Array {
  const { matrix, gains, offset, directions } = response;
  const v = values.map((value, c) => value - offset[c]);
  if (matrix !== undefined) {
    const field = times(matrix, [v[0], v[1], v[2]]);
    return Float64Array.from(layout.components === 'b' ? field : layout.components.map(name => field[AXIS[name]]));
  }
  const scaled = v.map((value, c) => value * gains[c]);
  if (layout.components === 'b') return scaled;
  return Float64Array.from(layout.components, name => {
    const c = channelAlong(directions, AXIS[name]);
    return scaled[c] * Math.sign(directions[c][AXIS[name]]);
  });
}

export function alongSigma(sigma: Float64Array, response: ElementResponse, layout: Layout): Float64Array {
  const { matrix, gains, directions } = response;
  if (matrix !== undefined) {
    const field = matrix.map(row => Math.hypot(row[0] * sigma[0], row[1] * sigma[1], row[2] * sigma[2]));
    return Float64Array.from(layout.components === 'b' ? field : layout.components.map(name => field[AXIS[name]]));
  }
  const scaled = sigma.map((value, c) => value * Math.abs(gains[c]));
  if (layout.components === 'b') return scaled;
  return Float64Array.from(layout.components, name => scaled[channelAlong(directions, AXIS[name])]);
}

const AXIS = { bx: 0, by: 1, bz: 2 } as const;

/** The channel that points along an axis of the rig. */
function channelAlong(directions: readonly Vector3[], axis: number): number {
  return directions.reduce((best, d, c) => (Math.abs(d[axis]) > Math.abs(directions[best][axis]) ? c : best), 0);
}

interface Common {
  readonly scatter: Float64Array;
  readonly lagged: readonly Lagged[];
}

/** What the points of an element have in common: the median scatter and how neighbouring samples resemble each other. */
function common(readings: readonly PointReading[]): Common {
  const channels = readings[0]?.values.length ?? 0;
  const lagged = Array.from({ length: channels }, noLagged);
  for (const reading of readings) for (let c = 0; c < channels; c++) joinLagged(lagged[c], reading.lagged[c]);
  const scatter = lagged.map((_, c) => median(readings.map(r => r.scatter[c]).filter(Number.isFinite)));
  return { scatter: Float64Array.from(scatter), lagged };
}

/** Few samples hardly know their own scatter: it is weighed with that of all points. */
function commonSigma(reading: PointReading, { scatter, lagged }: Common): Float64Array {
  return reading.values.map((_, c) => {
    const own = Number.isFinite(reading.scatter[c]) ? reading.freedom : 0;
    const square = (own * (own > 0 ? reading.scatter[c] : 0) ** 2 + COMMON * scatter[c] ** 2) / (own + COMMON);
    return Math.sqrt(square * reading.variance * correlationFactor(lagged[c], reading.used));
  });
}

/** How the readings of these elements become columns: the rig's axes where every element sees them, else directions. */
export function layoutOf(elements: readonly PlannedElement[]): Layout {
  const sets = elements.map(({ axes }) => {
    if (axes.length === 3) return 'bx by bz';
    const names = axes.map(axis => (['bx', 'by', 'bz'] as const).find(name => Math.abs(axis[AXIS[name]]) > 1 - 1e-9));
    return names.some(name => name === undefined) ? 'b' : [...names].sort().join(' ');
  });
  const same =
    sets.every(set => set === sets[0]) &&
    sets[0] !== 'b' &&
    new Set(sets[0].split(' ')).size === sets[0].split(' ').length;
  return { components: same ? (sets[0].split(' ') as ('bx' | 'by' | 'bz')[]) : 'b' };
}
