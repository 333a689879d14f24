import { styleText } from 'node:util';
import type { ScanPlan } from '../sensors/scan/plan.js';
import type { PointValue, ScanEvent } from '../sensors/scan/progress.js';
import { formatQuantity } from '../src/figures/index.js';
import { upperMedian } from '../src/median.js';
import type { Vector3 } from '../src/model/rig.js';
import { remaining } from './progress.js';

/** Characters of growing field; a place that is not yet read is a dot. */
const SHADES = ['░', '▒', '▓', '█'];
/** A larger map is drawn with several places per character. */
const MOST_COLUMNS = 72;
const MOST_ROWS = 24;
/** Without a terminal: a line so often, s. */
const LINE_SECONDS = 10;

interface Drawn {
  readonly at: PointValue['at'];
  readonly value: number;
  readonly sigma: number;
}

/**
 * Shows a scan while it runs: on a terminal the map as it fills up, the noise and the remaining time, redrawn in place;
 * elsewhere a plain line every ten seconds. Shaded is the reading along the axis nearest to z; its sign is a colour.
 */
export class ScanDisplay {
  readonly #drawn = new Map<number, Map<string, Drawn>>();
  #plane = 0;
  #lines = 0;
  #last = -Infinity;

  constructor(
    private readonly plan: ScanPlan,
    private readonly stream: NodeJS.WriteStream = process.stderr,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {}

  show(event: ScanEvent): void {
    if (event.kind === 'note') this.#say(event.text);
    else if (event.kind === 'state') {
      this.#say(`${event.text} ...`);
    } else this.#progress(event);
  }

  /** The last picture stays; what is written next stands below it. */
  finish(): void {
    this.#lines = 0;
  }

  #progress(event: Extract<ScanEvent, { kind: 'progress' }>): void {
    for (const point of event.points) {
      const channel = axisNearestToZ(this.plan.elements[point.element].axes);
      const plane = this.#drawn.get(point.plane) ?? new Map<string, Drawn>();
      plane.set(point.at.map(v => v.toFixed(5)).join(), {
        at: point.at,
        value: point.values[channel],
        sigma: point.sigma[channel],
      });
      this.#drawn.set(point.plane, plane);
      this.#plane = point.plane;
    }
    const percent = Math.floor((100 * event.done) / event.total);
    const left = event.done < event.total ? `, ${remaining(event.remaining)} left` : '';
    const text = `${percent} %  ${event.done} of ${event.total} steps${left}${this.#noise()}`;
    const time = this.now();
    if (!this.stream.isTTY) {
      if (time - this.#last < LINE_SECONDS && event.done < event.total) return;
      this.#last = time;
      this.stream.write(`scan: ${text}\n`);
      return;
    }
    if (time - this.#last < 0.1 && event.done < event.total) return;
    this.#last = time;
    this.#draw([...this.#picture(), text]);
  }

  #noise(): string {
    const sigmas = [...(this.#drawn.get(this.#plane)?.values() ?? [])].map(d => d.sigma).filter(s => s > 0);
    if (sigmas.length === 0) return '';
    return `, noise of a point ${formatQuantity(upperMedian(sigmas), 'T')}`;
  }

  /** The map of the plane that is being read, y upwards. */
  #picture(): string[] {
    const { columns, rows, heights } = this.plan;
    const plane = [...(this.#drawn.get(this.#plane)?.values() ?? [])];
    if (plane.length === 0) return [];
    const across = Math.ceil(columns.length / Math.min(MOST_COLUMNS, this.stream.columns ?? MOST_COLUMNS));
    const up = Math.ceil(rows.length / MOST_ROWS);
    const nx = Math.ceil(columns.length / across);
    const ny = Math.ceil(rows.length / up);
    const sums = new Float64Array(nx * ny);
    const counts = new Float64Array(nx * ny);
    const cell = (value: number, axis: Float64Array, each: number, most: number) => {
      const pitch = axis.length > 1 ? axis[1] - axis[0] : 1;
      return Math.min(most - 1, Math.max(0, Math.floor(Math.round((value - axis[0]) / pitch) / each)));
    };
    for (const { at, value } of plane) {
      const i = cell(at[1], rows, up, ny) * nx + cell(at[0], columns, across, nx);
      sums[i] += value;
      counts[i]++;
    }
    const values = sums.map((sum, i) => sum / counts[i]);
    const known = values.filter(Number.isFinite);
    const middle = upperMedian(known);
    // A few places near tabs and leads stand out by far; the shades are for the rest.
    const sizes = known.map(v => Math.abs(v - middle)).sort();
    const most = sizes[Math.floor(0.9 * (sizes.length - 1))];
    const lines = [
      `z = ${formatQuantity(heights[this.#plane], 'm')}; ${formatQuantity(middle, 'T')} ± ${formatQuantity(most, 'T')}`,
    ];
    for (let iy = ny - 1; iy >= 0; iy--) {
      let line = '';
      for (let ix = 0; ix < nx; ix++) line += this.#shade(values[iy * nx + ix] - middle, most);
      lines.push(line);
    }
    return lines;
  }

  #shade(value: number, most: number): string {
    if (!Number.isFinite(value)) return styleText('dim', '·', { stream: this.stream });
    const part = most > 0 ? Math.abs(value) / most : 0;
    const shade = SHADES[Math.min(SHADES.length - 1, Math.floor(part * SHADES.length))];
    return styleText(value < 0 ? 'blue' : 'red', shade, { stream: this.stream });
  }

  #say(text: string): void {
    if (this.stream.isTTY) this.#clear();
    this.stream.write(`${text}\n`);
  }

  #draw(lines: readonly string[]): void {
    this.#clear();
    this.stream.write(`${lines.join('\n')}\n`);
    this.#lines = lines.length;
  }

  /** Takes the last picture away. */
  #clear(): void {
    if (this.#lines > 0) this.stream.write(`\u001b[${this.#lines}A\u001b[J`);
    this.#lines = 0;
  }
}

function axisNearestToZ(axes: readonly Vector3[]): number {
  return axes.reduce((best, axis, c) => (Math.abs(axis[2]) > Math.abs(axes[best][2]) ? c : best), 0);
}
