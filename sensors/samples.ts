/** What can be wrong with a reading; bits of {@link SampleBlock.flags}. */
export const FLAGS = {
  /** Beyond the range of the sensor, or clipped by it. */
  overrange: 1,
  /** The sensor says that it is not locked or not valid. */
  unlocked: 2,
  /** A total-field sensor in its dead zone. */
  deadZone: 4,
  /** Samples are missing just before this one (counter, check sum). */
  gap: 8,
  /** Taken where the position is no longer trusted (after a reset, an alarm). */
  suspect: 16,
} as const;

/** Samples of one element in the order of time, as a structure of arrays. */
export interface SampleBlock {
  readonly count: number;
  /** Values per sample. */
  readonly channels: number;
  /** The device's own counter, unwrapped; NaN where it has none. */
  readonly counter: Float64Array;
  /** The device's own time, s, unwrapped; NaN where it has none. */
  readonly deviceTime: Float64Array;
  /** Monotonic time of the host at which the bytes came, s. */
  readonly hostTime: Float64Array;
  /** Bits of {@link FLAGS}. */
  readonly flags: Uint16Array;
  /** As the device said them, `[sample][channel]`, in its own units. */
  readonly raw: Float64Array;
  /** Along the element's axes, `[sample][channel]`, T. */
  readonly field: Float64Array;
}
