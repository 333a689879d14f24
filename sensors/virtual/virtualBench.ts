import { InputError } from '../../src/errors.js';
import type { Rig, RigSensor, Vector3 } from '../../src/model/rig.js';
import type { Clock } from '../clock.js';
import { analogueSettings } from '../codecs/analogue.js';
import { textLineSettings } from '../codecs/textLineSettings.js';
import type { DeviceRole } from '../devices/openRig.js';
import type { ByteLink } from '../transport/byteLink.js';
import { type SensorErrors, sensorModel } from './sensorModel.js';
import { VirtualAnalogue } from './virtualAnalogue.js';
import type { SensorModel, VirtualDevice, VirtualSource, VirtualStage } from './virtualDevice.js';
import { VirtualGrbl } from './virtualGrbl.js';
import { VirtualHmr2300 } from './virtualHmr2300.js';
import { VirtualLakeshore } from './virtualLakeshore.js';
import { virtualLink } from './virtualLink.js';
import { VirtualMagElement } from './virtualMagElement.js';
import { VirtualMarlin } from './virtualMarlin.js';
import { VirtualQtfm } from './virtualQtfm.js';
import { VirtualQzfm } from './virtualQzfm.js';
import { VirtualScpi } from './virtualScpi.js';
import { VirtualTextLine } from './virtualTextLine.js';
import { VirtualTwinleaf } from './virtualTwinleaf.js';
import type { VirtualBench, World } from './world.js';

/** A rig whose devices are simulated and stand in one world. */
export interface SimulatedBench extends VirtualBench {
  /** The device in a role, which speaks the bytes of its driver. */
  device(role: DeviceRole): VirtualDevice;
  /** Its link, for `rigDevices`. */
  link(role: DeviceRole): ByteLink;
}

export interface SimulatedBenchOptions extends SensorErrors {
  readonly clock: Clock;
  /** The current where no source of the rig is simulated, A. */
  readonly current: number;
}

/**
 * The virtual bench of a rig: a device for each of its connections, sensors that read the world where the stage stands,
 * with the current that the source drives.
 * @throws {InputError} for a stage or source that a person is
 */
export function simulatedBench(rig: Rig, world: World, options: SimulatedBenchOptions): SimulatedBench {
  const { clock, current } = options;
  const stage = stageOf(rig);
  const source = sourceOf(rig);
  const bench: VirtualBench = {
    world,
    position: time => stage?.position(time) ?? ORIGIN,
    current: time => source?.current(time) ?? current,
  };
  const sensors = rig.sensors.map((sensor, index) => sensorDevice(sensor, sensorModel(rig, index, bench, options)));
  const device = (role: DeviceRole): VirtualDevice => {
    const found = role.kind === 'sensor' ? sensors[role.index] : role.kind === 'stage' ? stage : source;
    if (found === undefined) throw new InputError(`the ${role.kind} is not simulated`, { column: role.kind });
    return found;
  };
  return {
    ...bench,
    device,
    link: role => virtualLink(clock, device(role), `virtual ${role.kind === 'sensor' ? rig.sensors[role.index].name : role.kind}`),
  };
}

const ORIGIN: Vector3 = [0, 0, 0];

function stageOf({ stage }: Rig): VirtualStage | undefined {
  if (stage === undefined || stage.driver === 'manual') return undefined;
  const { travel, feed, acceleration } = stage;
  const options = { travel, speed: feed, acceleration };
  return stage.driver === 'grbl' ? new VirtualGrbl(options) : new VirtualMarlin(options);
}

function sourceOf({ current }: Rig): VirtualSource | undefined {
  return current === undefined || current.driver === 'manual' ? undefined : new VirtualScpi({ limit: current.limit });
}

function sensorDevice({ driver, options, elements, rate }: RigSensor, model: SensorModel): VirtualDevice {
  switch (driver) {
    case 'text_line':
      return new VirtualTextLine({ settings: textLineSettings.parse(options), elements, model, rate });
    case 'hmr2300':
      return new VirtualHmr2300(model);
    case 'qzfm':
      return new VirtualQzfm(model);
    case 'qtfm_gen1':
      return new VirtualQtfm(1, model, rate);
    case 'qtfm_gen2':
      return new VirtualQtfm(2, model, rate);
    case 'lakeshore_f71':
      return new VirtualLakeshore('f71', model);
    case 'lakeshore_425':
      return new VirtualLakeshore('425', model);
    case 'magelement':
      return new VirtualMagElement(model);
    case 'analogue':
      return new VirtualAnalogue(analogueSettings.parse(options), model, rate);
    case 'twinleaf':
      return new VirtualTwinleaf({ model, rate });
  }
}
