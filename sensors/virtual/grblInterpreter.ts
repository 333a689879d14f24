import type { Interval } from '../../src/model/rig.js';
import type { GrblMessage, GrblRealtime } from '../codecs/grbl.js';
import { parseCount, parseNumber } from '../codecs/numbers.js';
import { type GcodeWord, gcodeWords } from './gcode.js';
import type { VirtualGrblOptions } from './grblOptions.js';
import type { Move } from './straightMotion.js';

/** A move in machine coordinates, mm. */
export interface GrblMove extends Move {
  readonly jog: boolean;
}

/** What a line leads to. Where `move` or `dwell` stand, the `ok` comes when these are taken. */
export interface GrblAnswer {
  readonly messages: readonly GrblMessage[];
  readonly move?: GrblMove;
  /** s, after everything planned is done. */
  readonly dwell?: number;
}

const OK: GrblAnswer = { messages: [{ kind: 'ok' }] };
const refused = (code: number): GrblAnswer => ({ messages: [{ kind: 'error', code }] });
const INCH = 25.4;

/** Words that are taken and change nothing here. */
const WITHOUT_EFFECT = new Set(['G17', 'G40', 'G49', 'G54', 'G61', 'G80', 'G94', 'M5', 'M8', 'M9', 'M2', 'M30', 'M0']);

/** The settings and modes of a GRBL controller: what a line means. */
export class GrblInterpreter {
  /** mm, x, y, z. */
  readonly travel: readonly Interval[];
  readonly hasZ: boolean;
  /** Where the last planned move ends, machine coordinates, mm. */
  target: number[] = [0, 0, 0];
  workOffset: number[] = [0, 0, 0];
  /** %. */
  overrides = 100;
  readonly #settings: Map<number, number>;
  #inches = false;
  #relative = false;
  #motion: 0 | 1 = 0;
  /** mm/min. */
  #feed = 0;

  constructor(options: VirtualGrblOptions) {
    const { x, y, z } = options.travel;
    this.hasZ = z !== undefined;
    this.travel = [x, y, z ?? ([0, 0] as const)].map(([from, to]) => [from * 1000, to * 1000] as const);
    const speed = (options.speed ?? 0.1) * 60_000;
    const acceleration = (options.acceleration ?? 0.5) * 1000;
    const axes = (first: number, value: (i: number) => number) =>
      [0, 1, 2].map(i => [first + i, value(i)] as [number, number]);
    this.#settings = new Map<number, number>([
      [0, 10],
      [1, 25],
      [2, 0],
      [3, 0],
      [10, 1],
      [11, 0.01],
      [12, 0.002],
      [13, 0],
      [20, 1],
      [21, 1],
      [22, options.homing === false ? 0 : 1],
      [23, 0],
      [24, 25],
      [25, (options.homingSpeed ?? 0.025) * 60_000],
      [26, 250],
      [27, 1],
      ...axes(100, () => 80),
      ...axes(110, () => speed),
      ...axes(120, () => acceleration),
      ...axes(130, i => this.travel[i][1] - this.travel[i][0]),
    ]);
    // Soft limits are nothing without homing.
    if (options.homing === false) this.#settings.set(20, 0);
  }

  get homing(): boolean {
    return this.#settings.get(22) !== 0;
  }
  /** `$10`. */
  get statusMask(): number {
    return this.#settings.get(10)!;
  }
  /** mm/s^2, of the slowest axis. */
  get acceleration(): number {
    return Math.min(...[120, 121, 122].map(n => this.#settings.get(n)!));
  }
  /** Where the switches are, mm: at the end of each axis that is nearer to 0. */
  get switches(): number[] {
    return this.travel.map(([from, to]) => (Math.abs(to) <= Math.abs(from) ? to : from));
  }
  /** Where it stands after homing, mm. */
  get pulledOff(): number[] {
    const off = this.#settings.get(27)!;
    return this.travel.map(([from, to]) => (Math.abs(to) <= Math.abs(from) ? to - off : from + off));
  }

  /** As after a reset: millimetres, absolute, no feed rate. */
  forgetModes(): void {
    this.#inches = this.#relative = false;
    this.#motion = 0;
    this.#feed = 0;
    this.overrides = 100;
  }

  beyondTravel(to: readonly number[]): boolean {
    if (this.#settings.get(20) === 0) return false;
    return to.some((value, i) => value < this.travel[i][0] - 1e-6 || value > this.travel[i][1] + 1e-6);
  }

  override(name: GrblRealtime): void {
    const steps: Partial<Record<GrblRealtime, number>> = { feedUp10: 10, feedDown10: -10, feedUp1: 1, feedDown1: -1 };
    if (name === 'feed100') this.overrides = 100;
    else this.overrides = Math.min(200, Math.max(10, this.overrides + (steps[name] ?? 0)));
  }

  /** @param line without spaces, in capitals. @param busy it moves */
  run(line: string, busy: boolean): GrblAnswer {
    if (line.startsWith('$J=')) return this.#gcode(line.slice(3), true);
    return line.startsWith('$') ? this.#dollar(line, busy) : this.#gcode(line, false);
  }

  #dollar(line: string, busy: boolean): GrblAnswer {
    if (line === '$')
      return { messages: [{ kind: 'feedback', tag: 'HLP', text: '$$ $# $G $I $N $x=val $J=line $H' }, ...OK.messages] };
    if (line === '$G') {
      const modes = `G${this.#motion} G54 G17 G${this.#inches ? 20 : 21} G${this.#relative ? 91 : 90} G94 M5 M9 T0`;
      return { messages: [{ kind: 'feedback', tag: 'GC', text: `${modes} F${this.#feed} S0` }, ...OK.messages] };
    }
    if (busy) return refused(8);
    if (line === '$$') {
      const settings = [...this.#settings].map(([number, value]) => ({ kind: 'setting', number, value }) as const);
      return { messages: [...settings, ...OK.messages] };
    }
    if (line === '$I') {
      return {
        messages: [
          { kind: 'feedback', tag: 'VER', text: '1.1h.20190825:' },
          { kind: 'feedback', tag: 'OPT', text: 'V,15,128' },
          ...OK.messages,
        ],
      };
    }
    const equals = line.indexOf('=');
    const number = parseCount(line.slice(1, equals));
    const value = parseNumber(line.slice(equals + 1));
    if (equals < 2 || !this.#settings.has(number)) return refused(3);
    if (Number.isNaN(value)) return refused(2);
    if (value < 0) return refused(4);
    if (number === 20 && value !== 0 && !this.homing) return refused(10);
    this.#settings.set(number, value);
    return OK;
  }

  #gcode(line: string, jog: boolean): GrblAnswer {
    const words = gcodeWords(line);
    if (typeof words === 'number') return refused(words);
    // A jog's modes are its own.
    let [inches, relative] = jog ? [false, false] : [this.#inches, this.#relative];
    let motion: 0 | 1 | undefined;
    let feed: number | undefined;
    let [dwell, offsets, machine] = [false, false, false];
    const values = new Map<string, number>();
    for (const { letter, value } of words) {
      const name = letter + value;
      if (letter !== 'G' && letter !== 'M') {
        if (values.has(letter)) return refused(25);
        values.set(letter, value);
      } else if (jog && !/^G(20|21|90|91|53)$/.test(name)) return refused(16);
      else if (name === 'G0' || name === 'G1') {
        if (motion !== undefined) return refused(21);
        motion = value as 0 | 1;
      } else if (name === 'G4') dwell = true;
      else if (name === 'G20' || name === 'G21') inches = value === 20;
      else if (name === 'G90' || name === 'G91') relative = value === 91;
      else if (name === 'G92') offsets = true;
      else if (name === 'G53') machine = true;
      else if (!WITHOUT_EFFECT.has(name)) return refused(20);
    }
    const fault = misused(words, values, dwell);
    if (fault !== 0) return refused(fault);
    const unit = inches ? INCH : 1;
    if (values.has('F')) feed = values.get('F')! * unit;
    if (!jog) {
      this.#inches = inches;
      this.#relative = relative;
      if (motion !== undefined) this.#motion = motion;
      if (feed !== undefined) this.#feed = feed;
    }
    if (dwell) return { messages: [], dwell: values.get('P')! };
    const axes = ['X', 'Y', 'Z'].map(name => values.get(name));
    if (axes.every(value => value === undefined)) return jog ? refused(26) : OK;
    if (offsets) {
      axes.forEach((value, i) => {
        if (value !== undefined) this.workOffset[i] = this.target[i] - value * unit;
      });
      return OK;
    }
    const to = this.target.map((at, i) => {
      const value = axes[i];
      if (value === undefined) return at;
      return relative ? at + value * unit : value * unit + (machine ? 0 : this.workOffset[i]);
    });
    const rapid = !jog && this.#motion === 0;
    const rate = jog ? feed : rapid ? Number.POSITIVE_INFINITY : this.#feed;
    if (rate === undefined || rate === 0) return refused(22);
    if (jog && this.beyondTravel(to)) return refused(15);
    const move = this.#limited(to, (rate * (rapid ? 100 : this.overrides)) / 6000, jog);
    this.target = to;
    return { messages: [], move };
  }

  /** A move no faster along any axis than that axis goes. @param speed mm/s */
  #limited(to: number[], speed: number, jog: boolean): GrblMove {
    const way = to.map((value, i) => Math.abs(value - this.target[i]));
    const length = Math.hypot(...way);
    const least = (first: number, scale: number) =>
      Math.min(
        ...way.map((part, i) => (part > 0 ? (this.#settings.get(first + i)! / scale / part) * length : Infinity)),
      );
    return {
      to: [to[0], to[1], to[2]],
      speed: Math.min(speed, least(110, 60)),
      acceleration: length > 0 ? least(120, 1) : 1,
      jog,
    };
  }
}

/** GRBL's error for words that do not fit together; 0: none. */
function misused(words: readonly GcodeWord[], values: ReadonlyMap<string, number>, dwell: boolean): number {
  if (dwell && !values.has('P')) return 28;
  if (!dwell && values.has('P')) return 36;
  if ((values.get('F') ?? 0) < 0 || (values.get('N') ?? 0) < 0) return 4;
  return words.some(({ letter }) => !'GMXYZFPNST'.includes(letter)) ? 20 : 0;
}
