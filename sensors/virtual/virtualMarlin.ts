import type { Interval, Vector3 } from '../../src/model/rig.js';
import { type MarlinCommand, type MarlinMessage, marlin } from '../codecs/marlin.js';
import { bareGcode, gcodeWords } from './gcode.js';
import { Outbox } from './outbox.js';
import { StraightMotion } from './straightMotion.js';
import type { VirtualStage } from './virtualDevice.js';

export interface VirtualMarlinOptions {
  /** Soft end-stops in the stage's own coordinates, m; it is homed at their lower ends. */
  readonly travel: { readonly x: Interval; readonly y: Interval; readonly z?: Interval };
  /** Highest speed, m/s. */
  readonly speed?: number;
  /** m/s^2. */
  readonly acceleration?: number;
  /** m; by default in the middle. */
  readonly start?: Vector3;
}

const PLANNER_BLOCKS = 16;
/** While it is at work on a line it says so that often, s (`M113`). */
const BUSY_S = 2;
/** What it takes without doing anything here. */
const WITHOUT_EFFECT = /^(?:M(?:17|18|84|82|83|104|106|107|113|140|154|201|203|204|205|211|220)|G(?:17|21|94))$/;

/**
 * A gantry with Marlin: numbered lines, checksums and resends, `busy` while a line takes long, soft end-stops that clip
 * without a word, and a position that is the planned one.
 */
export class VirtualMarlin implements VirtualStage {
  readonly #decoder = marlin.commandDecoder();
  readonly #out = new Outbox();
  readonly #motion: StraightMotion;
  readonly #travel: readonly Interval[];
  readonly #hasZ: boolean;
  readonly #speed: number;
  readonly #acceleration: number;
  readonly #lines: MarlinCommand[] = [];
  #lastLine = 0;
  #now = 0;
  #booted = false;
  #halted = false;
  #relative = false;
  /** mm/s. */
  #feed = 20;
  /** Where the last planned move ends, and physical minus that, mm. */
  #target: number[] = [0, 0, 0];
  #offset: number[];
  /** The line in process: done when this says so. */
  #waiting: (() => boolean) | undefined;
  #nextBusy = Number.POSITIVE_INFINITY;
  #dwellEnd = Number.POSITIVE_INFINITY;

  constructor(options: VirtualMarlinOptions) {
    const { x, y, z } = options.travel;
    this.#hasZ = z !== undefined;
    this.#travel = [x, y, z ?? ([0, 0] as const)].map(([from, to]) => [from * 1000, to * 1000] as const);
    this.#speed = (options.speed ?? 0.1) * 1000;
    this.#acceleration = (options.acceleration ?? 0.5) * 1000;
    const middle = this.#travel.map(([from, to]) => (from + to) / 2);
    const start = options.start?.map(value => value * 1000) ?? middle;
    this.#motion = new StraightMotion([start[0], start[1], start[2]]);
    this.#offset = [...start];
  }

  position(time: number): Vector3 {
    const [x, y, z] = this.#motion.position(time);
    return [x / 1000, y / 1000, z / 1000];
  }

  /** Fault: it is switched off and on again. */
  restart(time: number): void {
    this.#advance(time);
    this.#motion.stop(time);
    this.#offset = [...this.#motion.position(time)];
    this.#target = [0, 0, 0];
    this.#lines.length = 0;
    this.#waiting = undefined;
    this.#nextBusy = this.#dwellEnd = Number.POSITIVE_INFINITY;
    this.#lastLine = 0;
    this.#halted = this.#relative = false;
    this.#decoder.reset();
    this.#boot();
  }

  receive(bytes: Uint8Array, time: number): void {
    this.#advance(time);
    this.#decoder.push(bytes, this.#lines);
    this.#work();
  }

  poll(time: number): Uint8Array {
    this.#advance(time);
    return this.#out.take();
  }

  #say(...messages: MarlinMessage[]): void {
    for (const message of messages) this.#out.put(marlin.encodeMessage(message));
  }

  #boot(): void {
    this.#booted = true;
    this.#say({ kind: 'start' }, { kind: 'echo', text: 'Marlin 2.1.2' });
  }

  #advance(time: number): void {
    if (!this.#booted) {
      this.#now = time;
      this.#boot();
    }
    for (;;) {
      this.#work();
      const next = Math.min(this.#motion.nextEnd, this.#nextBusy, this.#dwellEnd);
      if (next > time) break;
      this.#now = Math.max(this.#now, next);
      if (this.#motion.nextEnd <= next) this.#motion.finish();
      if (this.#dwellEnd <= next) this.#dwellEnd = Number.POSITIVE_INFINITY;
      if (this.#nextBusy <= next) {
        this.#nextBusy += BUSY_S;
        this.#say({ kind: 'busy', reason: 'processing' });
      }
    }
    this.#now = Math.max(this.#now, time);
  }

  #work(): void {
    while (!this.#halted) {
      if (this.#waiting !== undefined) {
        if (!this.#waiting()) break;
        this.#waiting = undefined;
        this.#nextBusy = Number.POSITIVE_INFINITY;
        this.#say({ kind: 'ok' });
      }
      const command = this.#lines.shift();
      if (command === undefined) break;
      this.#accept(command);
    }
  }

  /** Line numbers and checksums first. */
  #accept(command: MarlinCommand): void {
    const resend = (reason: string) => {
      const last = this.#lastLine;
      this.#say(
        { kind: 'error', text: `${reason}, Last Line: ${last}` },
        { kind: 'resend', line: last + 1 },
        { kind: 'ok' },
      );
    };
    const line = bareGcode(command.text);
    if (command.kind === 'corrupt') {
      resend(command.checksum === null ? 'No Checksum with line number' : 'checksum mismatch');
      return;
    }
    if (command.kind === 'numbered') {
      const sets = /^M110(?:N(\d{1,9}))?$/.exec(line);
      if (sets === null && command.line !== this.#lastLine + 1) {
        resend('Line Number is not Last Line Number+1');
        return;
      }
      this.#lastLine = sets?.[1] === undefined ? command.line : Number(sets[1]);
    }
    if (line === '') return;
    this.#execute(line);
  }

  /** Waits until `done`, then says `ok`. */
  #until(done: () => boolean): void {
    this.#waiting = done;
    this.#nextBusy = this.#now + BUSY_S;
  }

  #execute(line: string): void {
    const words = gcodeWords(line, true);
    const unknown = () => this.#say({ kind: 'echo', text: `Unknown command: "${line}"` }, { kind: 'ok' });
    if (typeof words === 'number' || words.length === 0) {
      unknown();
      return;
    }
    const name = words[0].letter + words[0].value;
    const given = words.slice(1).filter(word => !Number.isNaN(word.value));
    const values = new Map(given.map(word => [word.letter, word.value]));
    const idle = () => this.#motion.pending === 0;
    if (name === 'G0' || name === 'G1') this.#move(values);
    else if (name === 'M400') this.#until(idle);
    else if (name === 'G28')
      this.#home(/[XYZ]/.test(line) ? 'XYZ'.split('').map(axis => line.includes(axis)) : [true, true, true]);
    else if (name === 'G4') {
      const seconds = values.has('S') ? values.get('S')! : (values.get('P') ?? 0) / 1000;
      let started = false;
      this.#until(() => {
        if (!started && idle()) {
          started = true;
          this.#dwellEnd = this.#now + seconds;
          return seconds <= 0;
        }
        return started && this.#dwellEnd === Number.POSITIVE_INFINITY;
      });
    } else if (name === 'G90' || name === 'G91') {
      this.#relative = name === 'G91';
      this.#say({ kind: 'ok' });
    } else if (name === 'M114') this.#report();
    else if (name === 'M115') {
      this.#say({ kind: 'firmware', text: 'Marlin 2.1.2 (virtual) PROTOCOL_VERSION:1.0' });
      this.#say({ kind: 'capability', name: 'AUTOREPORT_POS', on: false }, { kind: 'ok' });
    } else if (name === 'M112') {
      this.#motion.stop(this.#now);
      this.#halted = true;
      this.#say({ kind: 'error', text: 'Printer halted. kill() called!' });
    } else if (name === 'M410') {
      // Steps are lost as it stops at once.
      this.#motion.stop(this.#now);
      const at = this.#motion.position(this.#now);
      this.#target = at.map((value, i) => value - this.#offset[i]);
      this.#offset = this.#offset.map((value, i) => (i < 2 ? value + 0.05 : value));
      this.#say({ kind: 'ok' });
    } else if (name === 'M110' || WITHOUT_EFFECT.test(name)) this.#say({ kind: 'ok' });
    else unknown();
  }

  #move(values: ReadonlyMap<string, number>): void {
    if (values.has('F')) this.#feed = Math.max(0.01, values.get('F')! / 60);
    this.#target = this.#target.map((at, i) => {
      const value = values.get('XYZ'[i]);
      if (value === undefined || (i === 2 && !this.#hasZ)) return at;
      const [from, to] = this.#travel[i];
      return Math.min(to, Math.max(from, this.#relative ? at + value : value));
    });
    const [x, y, z] = this.#target.map((value, i) => value + this.#offset[i]);
    const push = () => {
      const speed = Math.min(this.#feed, this.#speed);
      this.#motion.push({ to: [x, y, z], speed, acceleration: this.#acceleration }, this.#now);
    };
    if (this.#motion.pending < PLANNER_BLOCKS) {
      push();
      this.#say({ kind: 'ok' });
      return;
    }
    this.#until(() => {
      if (this.#motion.pending >= PLANNER_BLOCKS) return false;
      push();
      return true;
    });
  }

  #home(axes: readonly boolean[]): void {
    const at = this.#motion.position(this.#now);
    const ends = this.#travel.map(([from], i) => (axes[i] && (i < 2 || this.#hasZ) ? from : undefined));
    const to = ends.map((end, i) => end ?? at[i]);
    const speed = Math.min(25, this.#speed);
    this.#motion.push({ to: [to[0], to[1], to[2]], speed, acceleration: this.#acceleration }, this.#now);
    this.#until(() => {
      if (this.#motion.pending > 0) return false;
      ends.forEach((end, i) => {
        if (end === undefined) return;
        this.#target[i] = end;
        this.#offset[i] = 0;
      });
      return true;
    });
  }

  /** The planned position. */
  #report(): void {
    const [x, y, z] = this.#target.map(value => Math.round(value * 100) / 100 + 0);
    const counts = [x, y, z].map(value => Math.round(value * 80) + 0);
    this.#say({ kind: 'position', position: [x, y, z], extruder: 0, counts }, { kind: 'ok' });
  }
}
