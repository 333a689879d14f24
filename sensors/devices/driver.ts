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
export type SensorDriver<Settings = never> = Driver<Settings, RigSensor, Magnetometer>;

export type StageDriver<Settings = never> = Driver<Settings, RigStage, MotionStage>;

export type CurrentDriver<Settings = never> = Driver<Settings, RigCurrent, CurrentSource>;
