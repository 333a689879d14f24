import { DeviceError, InputError } from '../../src/errors.js';
import type { Connection, Rig } from '../../src/model/rig.js';
import type { Clock } from '../clock.js';
import type { ByteLink } from '../transport/byteLink.js';
import { openSerial } from '../transport/serialLink.js';
import { openTcp } from '../transport/tcpLink.js';
import type { AnyDriver } from './driver.js';
import { CURRENTS_BY_DRIVER, SENSORS_BY_DRIVER, STAGES_BY_DRIVER } from './drivers.js';
import type { CurrentSource, Device, Magnetometer, MotionStage } from './interfaces.js';
import type { OpenLink, Prompt } from './port.js';

/** The devices of a rig, in the order of rig.yaml. */
export interface RigDevices {
  readonly sensors: readonly Magnetometer[];
  readonly stage?: MotionStage;
  readonly current?: CurrentSource;
}

/** Which device of a rig is meant. */
export type DeviceRole =
  | { readonly kind: 'sensor'; readonly index: number }
  | { readonly kind: 'stage' }
  | { readonly kind: 'current' };

export interface RigSurroundings {
  readonly clock: Clock;
  readonly prompt: Prompt;
  /** Links to simulated devices, for `connect: {virtual: true}`. */
  readonly virtual?: (role: DeviceRole) => ByteLink;
}

/**
 * The devices of a rig, made but not yet opened.
 * @throws {InputError} for options that a driver does not know.
 * @throws {DeviceError} for elements that a sensor cannot have.
 */
export function rigDevices(rig: Rig, surroundings: RigSurroundings): RigDevices {
  const make = <Entry extends { readonly connect?: Connection; readonly options: unknown }, Made>(
    role: DeviceRole,
    name: string,
    place: string,
    entry: Entry,
    driver: AnyDriver<Entry, Made>,
  ): Made => {
    const parsed = driver.settings.safeParse(entry.options);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new InputError(`${place}: ${issue.message}`, {
        column: [`${place}.options`, ...issue.path].join('.'),
        advice: 'correct it (docs/rig.md lists what each driver takes)',
      });
    }
    const openLink = linkOf(role, name, entry.connect, driver, surroundings);
    const { clock, prompt } = surroundings;
    return driver.make({ name, openLink, clock, prompt }, parsed.data, entry);
  };
  const { sensors, stage, current } = rig;
  return {
    sensors: sensors.map((sensor, index) =>
      make({ kind: 'sensor', index }, sensor.name, `sensors[${index}]`, sensor, SENSORS_BY_DRIVER[sensor.driver]),
    ),
    ...(stage === undefined
      ? {}
      : { stage: make({ kind: 'stage' }, 'the stage', 'stage', stage, STAGES_BY_DRIVER[stage.driver]) }),
    ...(current === undefined
      ? {}
      : {
          current: make(
            { kind: 'current' },
            'the current source',
            'current',
            current,
            CURRENTS_BY_DRIVER[current.driver],
          ),
        }),
  };
}

function linkOf(
  role: DeviceRole,
  name: string,
  connect: Connection | undefined,
  driver: AnyDriver<never, unknown>,
  { virtual }: RigSurroundings,
): OpenLink {
  if (connect === undefined) return () => Promise.reject(new DeviceError(`${name} has no connection`));
  if ('port' in connect) {
    return () => openSerial(connect.port, { baud: connect.baud ?? driver.baud, ...driver.line });
  }
  if ('tcp' in connect) return () => openTcp(connect.tcp);
  return async () => {
    if (virtual !== undefined) return virtual(role);
    throw new DeviceError(`${name} is virtual, and there is no virtual bench`, {
      advice: 'give the port of the real device in rig.yaml',
    });
  };
}

/** All devices of a rig: the current source first, so that it can be switched off whatever happens to the others. */
export function allDevices({ current, stage, sensors }: RigDevices): Device[] {
  return [...(current === undefined ? [] : [current]), ...(stage === undefined ? [] : [stage]), ...sensors];
}

/**
 * Opens all devices at once.
 * @throws {DeviceError} of the first that does not open; the others are closed again.
 */
export async function openDevices(devices: RigDevices, signal?: AbortSignal): Promise<void> {
  const all = allDevices(devices);
  const opened = await Promise.allSettled(all.map(device => device.open(signal)));
  const failed = opened.find(result => result.status === 'rejected');
  if (failed === undefined) return;
  await closeDevices(devices);
  throw failed.reason;
}

/** Closes all devices; never throws. */
export async function closeDevices(devices: RigDevices): Promise<void> {
  await Promise.allSettled(allDevices(devices).map(device => device.close()));
}
