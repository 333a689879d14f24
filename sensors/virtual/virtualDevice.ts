/** A simulated device as a machine of bytes; the clock is passed in, so that it is the same every time. */
export interface VirtualDevice {
  /** The host's bytes, arriving at a time (s, monotonic). */
  receive(bytes: Uint8Array, time: number): void;
  /** What the device has sent until now. To be called often; time never runs backwards. */
  poll(time: number): Uint8Array;
}

/** The field along a sensor's channels as it reads it: noise, range and all. */
export interface SensorModel {
  /** Values per reading: of one element after the other. */
  readonly channels: number;
  /** Fills `out` with T along each channel; gives bits of FLAGS. */
  read(time: number, out: Float64Array): number;
}

/** A stage's place at a time, for the world. */
export interface VirtualStage extends VirtualDevice {
  /** m, in the stage's own coordinates. */
  position(time: number): readonly [number, number, number];
}

/** A source's current at a time, for the world. */
export interface VirtualSource extends VirtualDevice {
  /** A. */
  current(time: number): number;
}
