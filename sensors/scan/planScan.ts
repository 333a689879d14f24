import { InputError } from '../../src/errors.js';
import type { Cell } from '../../src/model/cell.js';
import { boundingBox } from '../../src/model/outline.js';
import type { Interval, Rig, RigStage, Vector3 } from '../../src/model/rig.js';
import { mainsWarnings } from '../processing/mains.js';
import { stops } from './coverage.js';
import { scanSeconds } from './duration.js';
import type { LineStep, PlannedElement, PointStep, ScanPlan, ScanStep } from './plan.js';
import { runUp } from './trajectory.js';
import { checkTravel, stageOf } from './travel.js';

/** More stops than this are a mistake of units. */
const MOST_STEPS = 1e6;
/** Tie lines of a plane that is read on the fly, and rows of it that are run there and back. */
const TIES = 3;

/**
 * The plan of a scan. Rows run along x, every other one backwards; the elements of an array share the raster, so that no
 * line is run twice for what another element has read. The planes above the cell come first, then those below it, each
 * beginning where the one before ended. A height is that of the element nearest to the cell: none comes closer.
 *
 * On the fly every row is a line at `pitch / average`, with a run-up before and behind; three rows
 * are run there and back, which shows the lag of the readings, and three lines across tie the rows together.
 * @param cell where the area is not given, its outline and the margin are
 * @throws {InputError} without a stage or an area, for a raster without end, and where an element would have to go
 * beyond the travel of the stage.
 */
export function planScan(rig: Rig, cell?: Pick<Cell, 'outline'>): ScanPlan {
  const { scan, stage } = rig;
  if (stage === undefined) {
    throw new InputError('nothing moves the sensors', {
      column: 'stage',
      advice: 'describe the stage; a person is driver: manual',
    });
  }
  const area = scanArea(rig, cell);
  const columns = raster(area.x, scan.pitch);
  const rows = raster(area.y, scan.pitch);
  if (columns.length * rows.length * scan.heights.length > MOST_STEPS) {
    throw new InputError(`a raster of ${columns.length} by ${rows.length} points`, {
      column: 'pitch_mm',
      advice: 'choose a larger pitch or a smaller area',
    });
  }
  const elements = scanElements(rig);
  const groups = rowsOfElements(elements);
  const heights = [
    ...scan.heights.filter(z => z >= 0).sort((a, b) => a - b),
    ...scan.heights.filter(z => z < 0).sort((a, b) => b - a),
  ];
  const build = new Builder(stage);
  const stageRows = stops(rows, scan.pitch, [[...new Set(elements.map(e => e.offset[1]))]]);
  heights.forEach((height, plane) => {
    build.ask(askFor(heights, plane, stage));
    const z = stagePointHeight(height, elements);
    const ordered = plane % 2 === 0 ? stageRows : stageRows.toReversed();
    if (scan.mode === 'step') {
      build.points(ordered, stops(columns, scan.pitch, groups), z, plane, scan.repeatEvery);
    } else {
      const speed = Math.min(stage.feed, scan.pitch / scan.average);
      build.lines(ordered, lineEnds(columns, groups), z, plane, speed);
      const across = lineEnds(rows, [[...new Set(elements.map(e => e.offset[1]))]]);
      build.ties(tiePlaces(columns, elements), across, z, plane, speed);
    }
  });
  const { steps } = build;
  checkTravel(stage, steps, elements);
  const [first] = rig.sensors.filter(sensor => sensor.role === 'scan');
  return {
    steps,
    elements,
    heights,
    columns,
    rows,
    pitch: scan.pitch,
    readings: steps.reduce((sum, step) => sum + readingsOf(step, scan.pitch), 0),
    seconds: scanSeconds(steps, rig),
    warnings: scan.scheme === 'lock_in' ? [] : mainsWarnings(first.rate, scan.average, scan.mains),
  };
}

/** Lays the steps one behind the other, back and forth. */
class Builder {
  readonly steps: ScanStep[] = [];
  #line = 0;
  #forward = true;
  #since = 0;

  constructor(private readonly stage: RigStage) {}

  ask(text: string | undefined): void {
    if (text !== undefined) this.steps.push({ kind: 'ask', text });
  }

  points(rows: Float64Array, columns: Float64Array, z: number, plane: number, repeatEvery: number): void {
    const first = this.steps.length;
    this.#since = 0;
    for (const y of rows) {
      const order = this.#forward ? columns : columns.toReversed();
      for (const x of order) {
        if (repeatEvery > 0 && this.#since === repeatEvery) {
          this.#repeat(first);
          this.#since = 0;
        }
        this.steps.push(this.#point([x, y, z], plane));
        this.#since++;
      }
      this.#line++;
      this.#forward = !this.#forward;
    }
    // Without a repetition at the end, the drift after the last one would be a guess.
    if (repeatEvery > 0 && this.#since > 1) this.#repeat(first);
  }

  lines(rows: Float64Array, [start, end]: Interval, z: number, plane: number, feed: number): void {
    const doubled = new Set(thirds(rows.length - 1).map(Math.round));
    rows.forEach((y, row) => {
      const [a, b]: readonly [Vector3, Vector3] = [
        [start, y, z],
        [end, y, z],
      ];
      const step = this.steps.length;
      this.#lineStep(this.#forward ? [a, b] : [b, a], plane, feed, false);
      if (doubled.has(row)) this.#lineStep(this.#forward ? [b, a] : [a, b], plane, feed, false, step);
      else this.#forward = !this.#forward;
    });
  }

  ties(columns: readonly number[], [start, end]: Interval, z: number, plane: number, feed: number): void {
    columns.forEach((x, k) => {
      const [a, b]: readonly [Vector3, Vector3] = [
        [x, start, z],
        [x, end, z],
      ];
      this.#lineStep(k % 2 === 0 ? [a, b] : [b, a], plane, feed, true);
    });
  }

  #point(at: Vector3, plane: number): PointStep {
    return { kind: 'point', at, stage: stageOf(this.stage, at), line: this.#line, plane };
  }

  #repeat(of: number): void {
    const { at, stage, plane } = this.steps[of] as PointStep;
    this.steps.push({ kind: 'point', at, stage, line: this.#line, plane, repeatOf: of });
  }

  #lineStep([a, b]: readonly [Vector3, Vector3], plane: number, feed: number, tie: boolean, repeatOf?: number): void {
    const { acceleration, settle } = this.stage;
    // Ringing after the acceleration has the settling time to die away.
    const run = runUp(feed, acceleration) + feed * settle;
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    const out = (from: Vector3, to: Vector3): Vector3 => [
      from[0] - (run * (to[0] - from[0])) / length,
      from[1] - (run * (to[1] - from[1])) / length,
      from[2],
    ];
    const [from, to] = [out(a, b), out(b, a)];
    const step: LineStep = {
      kind: 'line',
      from,
      to,
      stageFrom: stageOf(this.stage, from),
      stageTo: stageOf(this.stage, to),
      counts: [run, run + length],
      feed,
      line: this.#line++,
      plane,
      tie,
      ...(repeatOf === undefined ? {} : { repeatOf }),
    };
    this.steps.push(step);
  }
}

function readingsOf(step: ScanStep, pitch: number): number {
  if (step.kind === 'point') return 1;
  return step.kind === 'line' ? Math.round((step.counts[1] - step.counts[0]) / pitch) + 1 : 0;
}

function scanArea({ scan }: Rig, cell: Pick<Cell, 'outline'> | undefined): { x: Interval; y: Interval } {
  if (scan.area !== undefined) return scan.area;
  if (cell === undefined) {
    throw new InputError('the area of the scan is not known', {
      column: 'area_mm',
      advice: 'give it in the rig, or the cell with --cell',
    });
  }
  const { x0, x1, y0, y1 } = boundingBox(cell.outline);
  return { x: [x0 - scan.margin, x1 + scan.margin], y: [y0 - scan.margin, y1 + scan.margin] };
}

/** Places at the pitch, centred on the interval, which they cover or miss by less than half a pitch; to the picometre. */
function raster([low, high]: Interval, pitch: number): Float64Array {
  const count = Math.floor((high - low) / pitch + 1e-6) + 1;
  const start = (low + high - (count - 1) * pitch) / 2;
  return Float64Array.from({ length: count }, (_, i) => Math.round((start + i * pitch) * 1e12) / 1e12);
}

function scanElements(rig: Rig): PlannedElement[] {
  return rig.sensors.flatMap(({ role, name, elements }, sensor) =>
    role !== 'scan'
      ? []
      : elements.map((element, index) => ({
          sensor,
          element: index,
          name: elements.length === 1 ? name : `${name}/${element.name}`,
          offset: element.offset,
          axes: element.axes,
          delay: element.delay,
        })),
  );
}

/** x offsets of the elements that stand in one row, row by row. */
function rowsOfElements(elements: readonly PlannedElement[]): number[][] {
  const rows = new Map<number, number[]>();
  for (const { offset } of elements) {
    const row = Math.round(offset[1] * 1e6);
    rows.set(row, [...(rows.get(row) ?? []), offset[0]]);
  }
  return [...rows.values()];
}

/** From where to where the stage's point runs for the elements of every group to cover all places. */
function lineEnds(places: Float64Array, groups: readonly (readonly number[])[]): Interval {
  return [
    places[0] - Math.max(...groups.map(offsets => Math.min(...offsets))),
    places[places.length - 1] - Math.min(...groups.map(offsets => Math.max(...offsets))),
  ];
}

/** Where the tie lines cross. */
function tiePlaces(columns: Float64Array, elements: readonly PlannedElement[]): number[] {
  const offsets = elements.map(({ offset }) => offset[0]);
  const middle = (Math.min(...offsets) + Math.max(...offsets)) / 2;
  return thirds(columns[columns.length - 1] - columns[0]).map(along => columns[0] + along - middle);
}

/** The middles of three equal parts of a length. */
function thirds(length: number): number[] {
  return Array.from({ length: TIES }, (_, k) => (length * (2 * k + 1)) / (2 * TIES));
}

/** Height of the stage's point at which the element nearest to the cell stands at `height`, m. */
function stagePointHeight(height: number, elements: readonly PlannedElement[]): number {
  const offsets = elements.map(({ offset }) => offset[2]);
  return height - (height >= 0 ? Math.min(...offsets) : Math.max(...offsets));
}

function askFor(heights: readonly number[], plane: number, stage: RigStage): string | undefined {
  const mm = (z: number) => `${Number((1e3 * z).toFixed(3))} mm`;
  const height = heights[plane];
  const below = height < 0 && (plane === 0 || heights[plane - 1] >= 0);
  if (below && heights.length > 1) return `Bring the sensors below the cell: the next plane lies at z = ${mm(height)}.`;
  if (stage.travel.z !== undefined || heights.length === 1) return undefined;
  return `Set the lowest sensor to z = ${mm(height)}, measured from the middle of the stack.`;
}
