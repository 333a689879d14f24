import type { z } from 'zod';
import type { RigCurrent, RigSensor, RigStage } from '../../src/model/rig.js';
import type { SerialOptions } from '../transport/serialLink.js';
import type { CurrentSource, Magnetometer, MotionStage } from './interfaces.js';
import type { DeviceContext } from './port.js';

/**
 * What makes a device of one kind from `rig.yaml`. A new kind is a file that exports one of these, and its name in
 * `drivers.ts` and in the list of names of `src/model/rigSchema.ts`.
 */
interface Driver<Settings, Entry, Made> {
  /** What `options` of rig.yaml may hold. */
  readonly settings: z.ZodType<Settings>;
  /** Speed of its serial port where rig.yaml does not say it, bit/s. */
  readonly baud: number;
  /** Other settings of the serial port. */
  readonly line?: Omit<SerialOptions, 'baud'>;
  make(context: DeviceContext, options: Settings, entry: Entry): Made;
}

/** @template Settings what zod gives for `options` */
export type SensorDriver<Settings> = Driver<Settings, RigSensor, Magnetometer>;
export type StageDriver<Settings> = Driver<Settings, RigStage, MotionStage>;
export type CurrentDriver<Settings> = Driver<Settings, RigCurrent, CurrentSource>;

/** A driver whose settings are checked before it is given them. */
// biome-ignore lint/suspicious/noExplicitAny: `make` is given what `settings` of the same driver made
export type AnyDriver<Entry, Made> = Driver<any, Entry, Made>;
