/** A counter that begins again at 0, made to go on; and how many steps are missing. */
export class CounterUnwrapper {
  /** Samples missing before the last one that was pushed. */
  missing = 0;
  /** It went backwards, or further than half its range, just before the last value: the device began anew. */
  restarted = false;
  #last = Number.NaN;
  #unwrapped = 0;

  /**
   * @param wrap the value at which it begins again at 0; Infinity: never
   * @param step from one sample to the next
   */
  constructor(
    readonly wrap = Number.POSITIVE_INFINITY,
    readonly step = 1,
  ) {}

  /** The unwrapped counter, in its own units. NaN where the value is no finite number; it then changes nothing. */
  push(value: number): number {
    this.missing = 0;
    this.restarted = false;
    if (!Number.isFinite(value)) return Number.NaN;
    if (Number.isNaN(this.#last)) this.#unwrapped = value;
    else {
      let ahead = value - this.#last;
      if (ahead < 0 && Number.isFinite(this.wrap)) ahead += this.wrap;
      this.restarted = ahead < 0 || ahead > this.wrap / 2;
      if (this.restarted) ahead = this.step;
      this.missing = Math.max(0, Math.round(ahead / this.step) - 1);
      this.#unwrapped += ahead;
    }
    this.#last = value;
    return this.#unwrapped;
  }

  reset(): void {
    this.missing = 0;
    this.restarted = false;
    this.#last = Number.NaN;
  }
}

/** How far the clocks of device and host may disagree over an interval: 2 % of it and a second of waiting in buffers. */
const TOLERANCE = 0.02;
const PATIENCE = 1;

/** A clock of the device, made to go on, in seconds. */
export class ClockUnwrapper {
  /** The clock does not fit the host's (the device began anew) just before the last value. */
  jumped = false;
  #last = Number.NaN;
  #time = 0;
  #host = 0;

  /**
   * @param unit s per unit of the value
   * @param wrap the value at which it begins again at 0; Infinity: never
   */
  constructor(
    readonly unit: number,
    readonly wrap = Number.POSITIVE_INFINITY,
  ) {}

  /**
   * s on the device's clock; after a jump it goes on by the host's. NaN where the value is no finite number.
   * @param hostTime when it came, s: tells a wrap from a new beginning, and how many wraps passed in silence
   */
  push(value: number, hostTime: number): number {
    this.jumped = false;
    if (!Number.isFinite(value)) return Number.NaN;
    if (Number.isNaN(this.#last)) this.#time = value * this.unit;
    else {
      const waited = Math.max(0, hostTime - this.#host);
      let passed = (value - this.#last) * this.unit;
      const turn = this.wrap * this.unit;
      if (Number.isFinite(turn)) passed += Math.max(0, Math.round((waited - passed) / turn)) * turn;
      const slack = PATIENCE + TOLERANCE * waited;
      // Readings that lay in a buffer come late together, so only a clock that runs ahead, or backwards, has jumped.
      this.jumped = passed < 0 || passed > waited + slack;
      this.#time += this.jumped ? waited : passed;
    }
    this.#last = value;
    this.#host = hostTime;
    return this.#time;
  }

  reset(): void {
    this.jumped = false;
    this.#last = Number.NaN;
  }
}
