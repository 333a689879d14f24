import type { Vector3 } from '../../src/model/rig.js';
import { type GrblMessage, type GrblRealtime, type GrblState, grbl } from '../codecs/grbl.js';
import { CountedMotion } from './countedMotion.js';
import { bareGcode } from './gcode.js';
import { GrblInput } from './grblInput.js';
import { GrblInterpreter, type GrblMove } from './grblInterpreter.js';
import type { VirtualGrblOptions } from './grblOptions.js';
import { Outbox } from './outbox.js';
import type { VirtualStage } from './virtualDevice.js';

const PLANNER_BLOCKS = 15;
const INPUT_BYTES = 128;
const LONGEST_LINE = 79;
/** After an alarm it does nothing for so long, s. */
const ALARM_PAUSE = 0.5;
const UNLOCK = { kind: 'feedback', tag: 'MSG', text: "'$H'|'$X' to unlock" } as const;

/** What the line in process waits for. */
type Waiting =
  | { readonly kind: 'room'; readonly move: GrblMove }
  | { readonly kind: 'dwell'; readonly seconds: number }
  | { readonly kind: 'dwelling'; readonly until: number }
  | { readonly kind: 'homing'; readonly alarm: number }
  /** A soft limit: the alarm has been said, the line is never answered before a reset. */
  | { readonly kind: 'dead' };

/**
 * A gantry with GRBL 1.1: planner of 15 moves, input of 128 bytes, realtime bytes, feed hold, alarms, homing, soft
 * limits, and its two traps: homing that fails says `ok` all the same, and after a reset in motion a stray `ok` comes.
 */
export class VirtualGrbl implements VirtualStage {
  readonly #options: VirtualGrblOptions;
  readonly #out = new Outbox();
  readonly #input: GrblInput;
  readonly #motion: CountedMotion;
  readonly #interpreter: GrblInterpreter;
  #now = 0;
  #booted = false;
  #state: GrblState = 'Idle';
  #waiting: Waiting | undefined;
  /** Hard or soft limit: deaf to everything but a reset. */
  #deaf = false;
  #quietUntil = 0;
  #reports = 0;
  #failHoming = 0;

  constructor(options: VirtualGrblOptions) {
    this.#options = options;
    this.#input = new GrblInput(options.inputBytes ?? INPUT_BYTES);
    this.#interpreter = new GrblInterpreter(options);
    const middle = this.#interpreter.travel.map(([from, to]) => (from + to) / 2);
    const start = options.start?.map(value => value * 1000) ?? middle;
    this.#motion = new CountedMotion(start as unknown as Vector3);
  }

  /** m, where it really stands. */
  position(time: number): Vector3 {
    const [x, y, z] = this.#motion.position(time);
    return [x / 1000, y / 1000, z / 1000];
  }

  /** Fault: a limit switch closes now. */
  hitLimit(time: number): void {
    this.#advance(time);
    this.#motion.stop(time);
    this.#alarm(1, true);
    this.#state = 'Alarm';
    this.#deaf = true;
  }

  /** Fault: the next homing fails with this alarm (8 or 9). */
  failNextHoming(alarm: 8 | 9 = 9): void {
    this.#failHoming = alarm;
  }

  /** Fault: it is switched off and on again: settings stay, the position is forgotten. */
  restart(time: number): void {
    this.#advance(time);
    this.#motion.stop(time);
    this.#motion.countFrom([0, 0, 0], time);
    this.#clear();
    this.#powerUp();
  }

  receive(bytes: Uint8Array, time: number): void {
    this.#advance(time);
    for (const byte of bytes) {
      const realtime = this.#input.take(byte);
      if (realtime !== undefined) this.#realtime(realtime);
      this.#work();
    }
  }

  poll(time: number): Uint8Array {
    this.#advance(time);
    return this.#out.take();
  }

  #say(message: GrblMessage): void {
    this.#out.put(grbl.encodeMessage(message));
  }

  #alarm(code: number, toReset: boolean): void {
    this.#say({ kind: 'alarm', code });
    this.#quietUntil = this.#now + ALARM_PAUSE;
    if (toReset) this.#say({ kind: 'feedback', tag: 'MSG', text: 'Reset to continue' });
  }

  /** It counts from where it stands, and wants to be homed. */
  #powerUp(): void {
    this.#interpreter.target = [0, 0, 0];
    this.#state = this.#interpreter.homing ? 'Alarm' : 'Idle';
    this.#boot();
  }

  /** Banner, and what follows from the state before. */
  #boot(): void {
    this.#booted = true;
    const lock = this.#state === 'Alarm';
    this.#say({ kind: 'banner', text: this.#options.banner ?? "Grbl 1.1h ['$' for help]" });
    this.#state = lock ? 'Alarm' : 'Idle';
    if (lock) this.#say(UNLOCK);
  }

  /** Queue, modes and half lines of before a reset. */
  #clear(): void {
    this.#input.clear();
    this.#waiting = undefined;
    this.#deaf = false;
    this.#reports = 0;
    this.#interpreter.forgetModes();
  }

  #advance(time: number): void {
    if (!this.#booted) {
      this.#now = time;
      this.#powerUp();
    }
    for (;;) {
      this.#work();
      const dwell = this.#waiting?.kind === 'dwelling' ? this.#waiting.until : Number.POSITIVE_INFINITY;
      const quiet = this.#quietUntil > this.#now ? this.#quietUntil : Number.POSITIVE_INFINITY;
      const next = Math.min(dwell, this.#motion.nextEnd, quiet);
      if (next > time) break;
      this.#now = Math.max(this.#now, next);
      if (this.#motion.nextEnd <= next) this.#motion.finish();
    }
    this.#now = Math.max(this.#now, time);
  }

  /** Goes on with the line in process and the ones behind it as far as it can now. */
  #work(): void {
    while (!this.#deaf && this.#now >= this.#quietUntil) {
      if (this.#waiting !== undefined && !this.#served(this.#waiting)) break;
      const line = this.#input.next();
      if (line === undefined) break;
      this.#execute(line);
    }
    if (!this.#motion.moving && this.#motion.pending === 0 && (this.#state === 'Run' || this.#state === 'Jog')) {
      this.#state = 'Idle';
    }
  }

  /** Whether the line in process is done with. */
  #served(waiting: Waiting): boolean {
    const atRest = this.#motion.pending === 0;
    switch (waiting.kind) {
      case 'room':
        if (this.#motion.pending >= PLANNER_BLOCKS) return false;
        this.#waiting = undefined;
        this.#start(waiting.move);
        return true;
      case 'dwell':
        if (!atRest) return false;
        this.#waiting = { kind: 'dwelling', until: this.#now + waiting.seconds };
        return false;
      case 'dwelling':
        if (this.#now < waiting.until) return false;
        this.#waiting = undefined;
        this.#say({ kind: 'ok' });
        return true;
      case 'homing':
        if (!atRest) return false;
        this.#waiting = undefined;
        this.#homed(waiting.alarm);
        return true;
      default:
        return false;
    }
  }

  #execute(raw: string): void {
    const line = bareGcode(raw);
    if (line.length > LONGEST_LINE) {
      this.#say({ kind: 'error', code: 11 });
      return;
    }
    if (line === '$H') {
      this.#home();
      return;
    }
    const locked = this.#state === 'Alarm' || (this.#state === 'Jog' && !line.startsWith('$'));
    if (locked && line !== '' && !line.startsWith('$')) {
      this.#say({ kind: 'error', code: 9 });
      return;
    }
    const busy = this.#state !== 'Idle' && this.#state !== 'Alarm';
    if (line === '$X' && !busy) {
      if (this.#state === 'Alarm') {
        this.#say({ kind: 'feedback', tag: 'MSG', text: 'Caution: Unlocked' });
        this.#state = 'Idle';
      }
      this.#say({ kind: 'ok' });
      return;
    }
    if (line.startsWith('$J=') && this.#state === 'Alarm') {
      this.#say({ kind: 'error', code: 9 });
      return;
    }
    const answer = this.#interpreter.run(line, busy && this.#state !== 'Jog');
    for (const message of answer.messages) this.#say(message);
    if (answer.move !== undefined) this.#start(answer.move);
    else if (answer.dwell !== undefined) this.#waiting = { kind: 'dwell', seconds: answer.dwell };
  }

  /** Soft limit, no room in the planner, or off it goes. */
  #start(move: GrblMove): void {
    if (this.#interpreter.beyondTravel(move.to)) {
      this.#motion.stop(this.#now);
      this.#alarm(2, true);
      this.#state = 'Alarm';
      this.#deaf = true;
      this.#waiting = { kind: 'dead' };
      return;
    }
    if (this.#motion.pending >= PLANNER_BLOCKS) {
      this.#waiting = { kind: 'room', move };
      return;
    }
    this.#motion.pushCounted(move, this.#now);
    if (this.#state === 'Idle') this.#state = move.jog ? 'Jog' : 'Run';
    this.#say({ kind: 'ok' });
  }

  #home(): void {
    if (!this.#interpreter.homing) {
      this.#say({ kind: 'error', code: 5 });
      return;
    }
    if (this.#state !== 'Idle' && this.#state !== 'Alarm') {
      this.#say({ kind: 'error', code: 8 });
      return;
    }
    this.#state = 'Home';
    const alarm = this.#failHoming;
    this.#failHoming = 0;
    const at = this.#motion.position(this.#now);
    const { switches, pulledOff } = this.#interpreter;
    const speed = (this.#options.homingSpeed ?? 0.025) * 1000;
    const acceleration = this.#interpreter.acceleration;
    const go = (to: Vector3) => this.#motion.push({ to, speed, acceleration }, this.#now);
    // A stage without a z axis stays at its height.
    const z = this.#interpreter.hasZ ? switches[2] : at[2];
    go([at[0], at[1], z]);
    go([switches[0], switches[1], z]);
    if (alarm === 0) go([pulledOff[0], pulledOff[1], this.#interpreter.hasZ ? pulledOff[2] : z]);
    this.#waiting = { kind: 'homing', alarm };
  }

  #homed(alarm: number): void {
    this.#state = 'Idle';
    if (alarm === 0) {
      const { pulledOff } = this.#interpreter;
      this.#motion.countFrom(pulledOff, this.#now);
      this.#interpreter.target = [...pulledOff];
      this.#say({ kind: 'ok' });
      return;
    }
    this.#alarm(alarm, false);
    this.#say({ kind: 'ok' });
    this.#clear();
    this.#state = 'Alarm';
    this.#boot();
  }

  #realtime(name: GrblRealtime): void {
    if (name === 'reset') {
      this.#reset();
      return;
    }
    if (this.#deaf || this.#state === 'Home') return;
    if (name === 'status') this.#report();
    else if (name === 'hold' && this.#motion.moving && !this.#motion.held) {
      this.#motion.hold(this.#now);
      if (this.#state === 'Jog') this.#cancelJog();
      else this.#state = 'Hold';
    } else if (name === 'start' && this.#state === 'Hold' && !this.#motion.moving) {
      this.#motion.resume(this.#now);
      this.#state = 'Run';
    } else if (name === 'jogCancel' && this.#state === 'Jog') this.#cancelJog();
    else this.#interpreter.override(name);
  }

  /** A jog is stopped within an instant that is too short to matter, and forgotten. */
  #cancelJog(): void {
    this.#motion.stop(this.#now);
    this.#interpreter.target = this.#motion.counted(this.#now);
    this.#state = 'Idle';
  }

  #reset(): void {
    const inMotion = this.#motion.moving || this.#state === 'Home';
    const stray = inMotion || this.#waiting !== undefined;
    const homing = this.#state === 'Home';
    this.#motion.stop(this.#now);
    if (inMotion) {
      this.#say({ kind: 'alarm', code: homing ? 6 : 3 });
      this.#state = 'Alarm';
      this.#motion.loseSteps();
    }
    if (stray) this.#say({ kind: 'ok' });
    this.#quietUntil = this.#now;
    this.#clear();
    this.#interpreter.target = this.#motion.counted(this.#now);
    this.#boot();
  }

  #report(): void {
    const { workOffset, statusMask, overrides } = this.#interpreter;
    const mpos = this.#motion.counted(this.#now);
    const busy = this.#state === 'Run' || this.#state === 'Hold';
    const speed = Math.round(this.#motion.speed(this.#now) * 60);
    const every = busy ? 30 : 10;
    const part = this.#reports++ % every;
    const work = mpos.map((value, i) => Math.round((value - workOffset[i]) * 1000) / 1000 + 0);
    this.#say({
      kind: 'status',
      state: this.#state,
      ...(this.#state === 'Hold' ? { sub: this.#motion.moving ? 1 : 0 } : {}),
      ...((statusMask & 1) !== 0 ? { mpos } : { wpos: work }),
      ...((statusMask & 2) !== 0
        ? { free: [PLANNER_BLOCKS - this.#motion.pending, INPUT_BYTES - this.#input.queued] }
        : {}),
      feed: speed,
      spindle: 0,
      ...(part === 0 ? { wco: workOffset } : part === 1 ? { overrides: [overrides, 100, 100] } : {}),
    });
  }
}
