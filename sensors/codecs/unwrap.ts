/** A counter that begins again at 0, made to go on; and how many steps are missing. */
export declare class CounterUnwrapper {
  /** @param wrap first value that does not occur; Infinity: never begins again. @param step from one sample to the next */
  constructor(wrap: number, step?: number);
  /** The unwrapped counter, in its own units; sets {@link missing}. */
  push(value: number): number;
  /** Samples missing before the last one that was pushed. */
  missing: number;
  reset(): void;
}

/** A clock of the device, made to go on, in seconds. */
export declare class ClockUnwrapper {
  /** @param unit s per unit of the value. @param wrap in units of the value */
  constructor(unit: number, wrap: number);
  /** s since its own zero. @param hostTime s, tells how often it wrapped while nothing came */
  push(value: number, hostTime: number): number;
  /** The clock went backwards by more than a wrap explains (the device began anew) just before the last value. */
  jumped: boolean;
  reset(): void;
}
