import { DeviceError } from '../../src/errors.js';
import type { Rig } from '../../src/model/rig.js';
import { abortable, type Clock, within } from '../clock.js';
import type { Magnetometer } from '../devices/interfaces.js';
import type { Journal } from '../journal/journalFile.js';
import { joinBlocks, sliceBlock } from '../sampleBlocks.js';
import { FLAGS, type SampleBlock } from '../samples.js';
import { REFERENCE_PHASE } from './scanJournal.js';

/** The step, its attempt and phase that samples are for. */
export interface WindowKey {
  readonly step: number;
  readonly attempt: number;
  readonly phase: number;
}

/** The samples of one element in a window. */
export interface ElementSamples {
  readonly sensor: number;
  readonly element: number;
  readonly block: SampleBlock;
}

/** What a window waits for. */
export interface WindowGoal {
  /** Samples of an element that are enough. */
  readonly count: (sensor: number) => number;
  /** True: what there is of one element is enough already. */
  readonly enough?: (samples: ElementSamples) => boolean;
}

/** More than this waiting for the disk is written in between, bytes. */
const MOST_WAITING = 1 << 20;
/** A window that takes this much longer than it should, and 2 s, has lost its sensor. */
const PATIENCE = 3;

interface Part {
  readonly sensor: number;
  readonly element: number;
  readonly blocks: SampleBlock[];
  count: number;
  full: boolean;
}

interface Window {
  readonly key: WindowKey;
  /** Samples that came earlier do not count. */
  readonly from: number;
  readonly goal: WindowGoal | undefined;
  readonly parts: Map<string, Part>;
  resolve(): void;
}

/**
 * Takes the samples of all sensors: into the journal, and into the window that is open. Sensors that stand still are
 * recorded all the time, those that move only while a window is open.
 */
export class Recorder {
  #window: Window | undefined;
  #step = 0;

  constructor(
    private readonly rig: Rig,
    private readonly sensors: readonly Magnetometer[],
    private readonly journal: Journal,
    private readonly clock: Clock,
    /** Called when the journal cannot be written. */
    private readonly onFault: (error: unknown) => void,
  ) {}

  async start(): Promise<void> {
    await Promise.all(
      this.sensors.map((sensor, index) => sensor.start((element, block) => this.#take(index, element, block))),
    );
  }

  async stop(): Promise<void> {
    this.#window = undefined;
    await Promise.allSettled(this.sensors.map(sensor => sensor.stop()));
  }

  /**
   * Records until every moving element has its samples.
   * @throws {DeviceError} when a sensor stops sending; the signal's reason
   */
  async window(key: WindowKey, goal: WindowGoal, signal: AbortSignal): Promise<ElementSamples[]> {
    let expected = 0;
    this.rig.sensors.forEach((sensor, i) => {
      if (sensor.role === 'scan') expected = Math.max(expected, goal.count(i) / sensor.rate);
    });
    const { done, close } = this.open(key, goal);
    try {
      await abortable(
        within(this.clock, PATIENCE * expected + 2, done, () => this.#silence()),
        signal,
      );
    } catch (error) {
      this.#window = undefined;
      throw error;
    }
    return close();
  }

  /** Opens a window from now on; what it has is taken out by `close`. */
  open(key: WindowKey, goal?: WindowGoal): { readonly done: Promise<void>; close(): ElementSamples[] } {
    const parts = new Map<string, Part>();
    this.rig.sensors.forEach(({ role, elements }, sensor) => {
      if (role !== 'scan') return;
      elements.forEach((_, element) => {
        parts.set(`${sensor}/${element}`, { sensor, element, blocks: [], count: 0, full: false });
      });
    });
    this.#step = key.step;
    const done = new Promise<void>(resolve => {
      this.#window = { key, from: this.clock.now(), goal, parts, resolve };
    });
    const close = () => {
      this.#window = undefined;
      return [...parts.values()].map(({ sensor, element, blocks }) => ({
        sensor,
        element,
        block: joinBlocks(blocks, this.rig.sensors[sensor].elements[element].axes.length),
      }));
    };
    return { done, close };
  }

  #take(sensor: number, element: number, block: SampleBlock): void {
    if (this.rig.sensors[sensor].role === 'reference') {
      this.#write(sensor, element, block, { step: this.#step, attempt: 0, phase: REFERENCE_PHASE });
      return;
    }
    const window = this.#window;
    const part = window?.parts.get(`${sensor}/${element}`);
    if (window === undefined || part === undefined || part.full) return;
    let from = 0;
    while (from < block.count && block.hostTime[from] < window.from) from++;
    const most = window.goal?.count(sensor) ?? Infinity;
    const to = Math.min(block.count, from + most - part.count);
    if (to <= from) return;
    const kept = sliceBlock(block, from, to);
    part.blocks.push(kept);
    part.count += kept.count;
    this.#write(sensor, element, kept, window.key);
    if (window.goal === undefined) return;
    part.full = part.count >= most;
    if (!part.full && window.goal.enough !== undefined) {
      const all = joinBlocks(part.blocks, kept.channels);
      part.full = window.goal.enough({ sensor, element, block: all });
    }
    if (this.#complete()) window.resolve();
  }

  #complete(): boolean {
    return this.#window !== undefined && [...this.#window.parts.values()].every(part => part.full);
  }

  #write(sensor: number, element: number, block: SampleBlock, key: WindowKey): void {
    this.journal.samples({ kind: 'samples', ...key, sensor, element, block });
    if (this.journal.waiting > MOST_WAITING) this.journal.flush().catch(this.onFault);
  }

  #silence(): DeviceError {
    const silent = [...(this.#window?.parts.values() ?? [])].find(part => !part.full);
    const name = silent === undefined ? 'a sensor' : this.rig.sensors[silent.sensor].name;
    return new DeviceError(`${name} stopped sending readings`, {
      advice: 'check its power and cable, and that rate_Hz is what it really gives',
    });
  }
}

/** Part of the samples that lie beyond the range of the sensor. */
export function overrangePart({ flags, count }: SampleBlock): number {
  let beyond = 0;
  for (let i = 0; i < count; i++) if ((flags[i] & FLAGS.overrange) !== 0) beyond++;
  return count === 0 ? 0 : beyond / count;
}
