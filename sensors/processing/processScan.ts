import { InputError } from '../../src/errors.js';
import { type ComponentName, checkScan, type FieldComponent, type FieldScan } from '../../src/fieldScan.js';
import { formatQuantity } from '../../src/figures/index.js';
import { median } from '../../src/median.js';
import type { Vector3 } from '../../src/model/rig.js';
import { UNIT } from '../calibration/apply.js';
import { type Alternation, alignPhases } from './alternation.js';
import { correctByReference, correctByRepeats, correctByTies } from './corrections.js';
import { flyReadings } from './flyReadings.js';
import type { Lag } from './lag.js';
import type { Layout, MapReading } from './mapReading.js';
import { layoutOf, pointReadings, responseOf, type Tally } from './pointReadings.js';
import type { ScanRecord } from './record.js';
import { referenceSeries } from './referenceDrift.js';

/** A processed scan and how good it is. */
export interface ProcessedScan {
  /** With sigma per reading, sensor, line, time and current. */
  readonly scan: FieldScan;
  /** What does not follow the current, where the scheme tells: magnetised parts, earth's field, offsets. */
  readonly even?: FieldScan;
  readonly quality: ScanQuality;
  /** Sentences for people. */
  readonly warnings: readonly string[];
}

export interface ScanQuality {
  /** Samples recorded, left out as invalid (overrange, unlocked, ...), left out as outliers. */
  readonly samples: number;
  readonly invalid: number;
  readonly outliers: number;
  /** Points, or lines, without any valid sample. */
  readonly lost: number;
  /** Median standard error of a reading, T. */
  readonly sigma: number;
  /** How much later than the stage the readings of moving lines come. */
  readonly lag?: Lag;
  /** Lock-in with a current that alternates by itself: how its phase was found. */
  readonly alternation?: Alternation;
  /** Root mean square of what was taken off as drift, T, per source. */
  readonly drift: { readonly reference?: number; readonly repeats?: number; readonly ties?: number };
  /** `reversed`, `on_off`: root mean square of the even part about its mean over that of the odd part. */
  readonly evenPart?: number;
  /** Root mean square of the current's ripple, A, where the current was measured. */
  readonly ripple?: number;
}

/** Less of an alternating field in phase with the current than this is told. */
const COHERENT = 0.9;
/** More invalid samples than this are told. */
const MUCH = 0.01;

/**
 * From what a scan recorded to its map: readings of points and lines, calibration, drift, columns.
 *
 * Drift is taken off a `steady` scan only, first by the reference sensor, then by repeated points and tie lines; the
 * other schemes compare currents within a point, where drift cancels. A time stands for each reading, counted from the
 * first one. Repeated points are not part of the map.
 * @throws {InputError} where nothing valid was recorded.
 */
export function processScan(record: ScanRecord): ProcessedScan {
  const { rig, plan } = record;
  const layout = layoutOf(plan.elements);
  const tally: Tally = { samples: 0, invalid: 0, outliers: 0, lost: 0, ripple: [] };
  const points = pointReadings(record, layout, tally);
  const alternation = alignPhases(points, record);
  const { readings: lines, lag } = flyReadings(record, layout, tally);
  if (points.length + lines.length === 0) {
    throw new InputError('nothing valid was recorded', {
      advice: 'look at the sensor: overrange, not locked, or no data; savart devices shows what it sends',
    });
  }
  const directions = (element: number) => directionsOf(record, layout, element);
  const drift: { reference?: number; repeats?: number; ties?: number } = {};
  if (rig.scan.scheme === 'steady') {
    const [first] = record.references;
    const series =
      first === undefined
        ? undefined
        : referenceSeries(
            first,
            rig.sensors[first.sensor].elements[first.element].axes,
            rig.scan.average,
            rig.scan.mains,
          );
    const all = [...points, ...lines];
    Object.assign(
      drift,
      given('reference', correctByReference(all, series, directions, record)),
      given('repeats', correctByRepeats(points, record)),
      given('ties', correctByTies(lines, record)),
    );
  }
  const map = [...points.filter(({ step }) => !isRepeat(record, step)), ...lines];
  const scan = columns(map, layout, record, reading => reading.values);
  const even = map.every(reading => reading.even !== undefined)
    ? columns(map, layout, record, reading => reading.even!)
    : undefined;
  const quality: ScanQuality = {
    samples: tally.samples,
    invalid: tally.invalid,
    outliers: tally.outliers,
    lost: tally.lost,
    sigma: median(map.flatMap(reading => [...reading.sigma])),
    ...given('lag', lag),
    ...given('alternation', alternation),
    drift,
    ...(even === undefined || rig.scan.scheme === 'lock_in' ? {} : { evenPart: spread(even) / rms(scan) }),
    ...(tally.ripple.length === 0 ? {} : { ripple: Math.sqrt(mean(tally.ripple.map(r => r * r))) }),
  };
  return {
    scan,
    ...given('even', even),
    quality,
    warnings: [...plan.warnings, ...warningsOf(quality, rig.scan.current)],
  };
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

function isRepeat({ plan }: ScanRecord, index: number): boolean {
  const step = plan.steps[index];
  return step.kind === 'point' && step.repeatOf !== undefined;
}

/** Direction of each value of an element's readings, in the rig's axes. */
function directionsOf(record: ScanRecord, { components }: Layout, element: number): readonly Vector3[] {
  if (components !== 'b') return components.map(name => UNIT[['bx', 'by', 'bz'].indexOf(name)]);
  const { sensor, element: index } = record.plan.elements[element];
  const { matrix, directions } = responseOf(record, sensor, index);
  return matrix === undefined ? directions : UNIT;
}

function columns(
  map: readonly MapReading[],
  layout: Layout,
  record: ScanRecord,
  of: (reading: MapReading) => Float64Array,
): FieldScan {
  const directional = layout.components === 'b';
  // Along directions every value is a sample of its own.
  const rows = map.flatMap(reading => (directional ? [...reading.values.keys()] : [0]).map(c => ({ reading, c })));
  const column = (f: (row: { reading: MapReading; c: number }) => number) => Float64Array.from(rows, f);
  const component = (pick: (row: { c: number }) => number): FieldComponent => ({
    values: column(row => of(row.reading)[pick(row)]),
    sigma: column(row => Math.max(row.reading.sigma[pick(row)], Number.MIN_VALUE)),
    ...(map.every(reading => reading.quadrature !== undefined) && of(map[0]) === map[0].values
      ? { quadrature: column(row => row.reading.quadrature![pick(row)]) }
      : {}),
  });
  const components: Partial<Record<ComponentName, FieldComponent>> = {};
  if (layout.components === 'b') components.b = component(({ c }) => c);
  else for (const [k, name] of layout.components.entries()) components[name] = component(() => k);
  const start = map.reduce((least, { time }) => Math.min(least, time), Infinity);
  const directions = record.plan.elements.map((_, element) => directionsOf(record, layout, element));
  const direction = (k: number) => column(row => directions[row.reading.element][row.c][k]);
  return checkScan({
    count: rows.length,
    x: column(row => row.reading.place[0]),
    y: column(row => row.reading.place[1]),
    z: column(row => row.reading.place[2]),
    components,
    ...(directional ? { direction: { x: direction(0), y: direction(1), z: direction(2) } } : {}),
    sensor: Int32Array.from(rows, row => row.reading.element),
    sensorNames: record.plan.elements.map(({ name }) => name),
    time: column(row => row.reading.time - start),
    line: column(row => row.reading.line),
    current: column(row => row.reading.current),
  });
}

function warningsOf(quality: ScanQuality, current: number | undefined): string[] {
  const { samples, invalid, outliers, lost, lag, alternation, evenPart, ripple } = quality;
  const out: string[] = [];
  const percent = (part: number) => `${(100 * part).toFixed(part < 0.1 ? 1 : 0)} %`;
  if (lost > 0) out.push(`${lost} points or lines have no valid reading at all and are missing from the map.`);
  if (invalid > MUCH * samples) {
    out.push(
      `${percent(invalid / samples)} of the samples lay beyond the range of the sensor or were not valid: raise the sensor, lower the current, or take another range.`,
    );
  }
  if (outliers > MUCH * samples) {
    out.push(
      `${percent(outliers / samples)} of the samples were outliers: look for switching loads and loose contacts.`,
    );
  }
  if (lag !== undefined && Math.abs(lag.value) > 5 * lag.error && lag.error > 0) {
    out.push(
      `The readings came ${formatQuantity(lag.value, 's')} later than the stage says; the map is corrected for it.`,
    );
  }
  if (alternation?.by === 'readings') {
    out.push(
      'Nothing says when the current is positive: the sign of the map is open. Put a reference sensor beside a lead (role: reference).',
    );
  }
  if (alternation !== undefined && alternation.inPhase < COHERENT) {
    out.push(
      `Only ${percent(alternation.inPhase)} of the alternating field is in phase with the current: its frequency is not steady, or currents are induced. A reference sensor beside a lead tells which.`,
    );
  }
  if (evenPart !== undefined && evenPart > 0.1) {
    out.push(
      `What does not follow the current varies by ${percent(evenPart)} of what does: magnetised parts, or steel that the current magnetises.`,
    );
  }
  if (ripple !== undefined && current !== undefined && ripple > 0.01 * Math.abs(current)) {
    out.push(`The current ripples by ${percent(ripple / Math.abs(current))}: use a quieter source, or more averaging.`);
  }
  return out;
}

function valuesOf(scan: FieldScan): Float64Array[] {
  return Object.values(scan.components).map(component => component.values);
}

function rms(scan: FieldScan): number {
  return Math.sqrt(mean(valuesOf(scan).map(values => mean(values.map(v => v * v)))));
}

/** Root mean square about the mean of each component. */
function spread(scan: FieldScan): number {
  return Math.sqrt(
    mean(
      valuesOf(scan).map(values => {
        const middle = mean(values);
        return mean(values.map(v => (v - middle) ** 2));
      }),
    ),
  );
}

function mean(values: Float64Array | readonly number[]): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}
