import type { SensorElement, Vector3 } from '../../src/model/rig.js';
import type { SampleBlock } from '../samples.js';

/** What happens to a device outside an answer: listeners hear it once, in the order of time. */
export type DeviceEvent =
  | { readonly kind: 'lost'; readonly message: string }
  | { readonly kind: 'reset'; readonly message: string }
  | { readonly kind: 'alarm'; readonly message: string }
  | { readonly kind: 'note'; readonly message: string };

/** Every device: opened once, closed once; a lost connection is another device. */
export interface Device {
  readonly name: string;
  /** Opens the port and asks who answers. @throws {DeviceError} with what, where and what to do. */
  open(signal?: AbortSignal): Promise<void>;
  /** What answered: maker, model, version, in its own words. */
  readonly identity: string;
  onEvent(listener: (event: DeviceEvent) => void): void;
  /** Never throws; safe to call twice and after a loss. */
  close(): Promise<void>;
}

/** Readings along known directions; one block listener per element. */
export interface Magnetometer extends Device {
  readonly elements: readonly SensorElement[];
  /** Readings per second, as far as known. */
  readonly rate: number;
  start(onBlock: (element: number, block: SampleBlock) => void): Promise<void>;
  stop(): Promise<void>;
}

/** Positions in the stage's own coordinates, m. */
export interface MotionStage extends Device {
  home(signal?: AbortSignal): Promise<void>;
  /**
   * Resolves when the stage stands there.
   * @param feed m/s
   * @param onStart called with the host's time, s, at which the stage was told to go
   * @throws {DeviceError} alarm, refused, lost, stalled, beyond the limits; the signal's reason.
   */
  moveTo(position: Vector3, feed: number, signal?: AbortSignal, onStart?: (time: number) => void): Promise<void>;
  /** Where it says it is. */
  position(): Promise<Vector3>;
  /** Soft limits that the device itself knows, m; absent: it does not say. */
  readonly limits?: readonly (readonly [number, number])[] | undefined;
  /** Stops at once, keeping the position where the device can. Never throws. */
  halt(): Promise<void>;
}

/** What drives the current through the cell. */
export interface CurrentSource extends Device {
  /** Resolves when the current flows as told, A. @throws {DeviceError} */
  set(current: number): Promise<void>;
  /**
   * A source that alternates by itself: resolves when the current is a sine of this peak, A, and frequency, Hz. Absent: the
   * scan switches it. @throws {DeviceError}
   */
  alternate?(peak: number, frequency: number): Promise<void>;
  /** The current that flows, A; NaN: it cannot say. */
  measure(): Promise<number>;
  /** Off, whatever state it is in. Never throws. */
  off(): Promise<void>;
}
