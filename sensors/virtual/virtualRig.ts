import { InputError } from '../../src/errors.js';
import type { Rig, RigCurrent, RigSensor, RigStage } from '../../src/model/rig.js';
import type { Clock } from '../clock.js';
import { analogueSettings } from '../codecs/analogue.js';
import { scpiDialect } from '../codecs/scpi.js';
import { textLineSettings } from '../codecs/textLineSettings.js';
import type { DeviceRole } from '../devices/openRig.js';
import { scpiCurrentSettings } from '../devices/scpiCurrent.js';
import { type SensorErrors, sensorModel } from './sensorModel.js';
import { VirtualAnalogue } from './virtualAnalogue.js';
import type { SensorModel, VirtualDevice, VirtualSource, VirtualStage } from './virtualDevice.js';
import { VirtualGrbl } from './virtualGrbl.js';
import { VirtualHmr2300 } from './virtualHmr2300.js';
import { VirtualLakeshore } from './virtualLakeshore.js';
import { type VirtualLink, virtualLink } from './virtualLink.js';
import { VirtualMagElement } from './virtualMagElement.js';
import { VirtualMarlin } from './virtualMarlin.js';
import { VirtualQtfm } from './virtualQtfm.js';
import { VirtualQzfm } from './virtualQzfm.js';
import { VirtualScpiSource } from './virtualScpiSource.js';
import { VirtualTextLine } from './virtualTextLine.js';
import { VirtualTwinleaf } from './virtualTwinleaf.js';
import type { VirtualBench, World } from './world.js';

/** Highest speed of a simulated stage at least, m/s. */
const LEAST_SPEED = 0.05;

/** The simulated devices of a rig, standing in one world. */
export interface VirtualRig {
  readonly bench: VirtualBench;
  readonly stage: VirtualStage | undefined;
  readonly source: VirtualSource | undefined;
  readonly sensors: readonly VirtualDevice[];
  /** A new link to the device of a role. */
  readonly link: (role: DeviceRole) => VirtualLink;
  /** Pulls the cable of a device. */
  readonly unplug: (role: DeviceRole) => void;
}

export interface VirtualRigOptions {
  readonly errors?: SensorErrors;
  /** The current that flows where no simulated source sets it, A. */
  readonly current?: number;
  /** What stands between a device and the host, such as a faulty cable. */
  readonly cable?: (device: VirtualDevice, role: DeviceRole) => VirtualDevice;
}

/**
 * Simulated devices for every sensor, the stage and the current source of a rig, whatever `connect` says of them.
 * @throws {InputError} for options that a driver does not know
 */
export function virtualRig(rig: Rig, world: World, clock: Clock, options: VirtualRigOptions = {}): VirtualRig {
  const stage = rig.stage === undefined ? undefined : virtualStage(rig.stage);
  const source = rig.current === undefined ? undefined : virtualSource(rig.current);
  const bench: VirtualBench = {
    world,
    position: time => stage?.position(time) ?? rig.stage?.cellAt ?? [0, 0, 0],
    current: time => source?.current(time) ?? options.current ?? 0,
  };
  const sensors = rig.sensors.map((sensor, index) =>
    virtualSensor(sensor, wholeModel(rig, index, bench, options.errors)),
  );
  const links: { readonly device: VirtualDevice; readonly link: VirtualLink }[] = [];
  const deviceOf = (role: DeviceRole) =>
    role.kind === 'sensor' ? sensors[role.index] : role.kind === 'stage' ? stage : source;
  return {
    bench,
    stage,
    source,
    sensors,
    link: role => {
      const device = deviceOf(role);
      if (device === undefined) throw new InputError('there is no such simulated device');
      const link = virtualLink(clock, options.cable?.(device, role) ?? device, 'simulated');
      links.push({ device, link });
      return link;
    },
    unplug: role => {
      for (const { device, link } of links) if (device === deviceOf(role)) link.unplug();
    },
  };
}

/** All elements of a sensor, one after the other. */
function wholeModel(rig: Rig, sensor: number, bench: VirtualBench, errors: SensorErrors | undefined): SensorModel {
  const models = rig.sensors[sensor].elements.map((_, element) => sensorModel(rig, sensor, element, bench, errors));
  const channels = models.reduce((sum, model) => sum + model.channels, 0);
  return {
    channels,
    read: (time, out) => {
      let flags = 0;
      let at = 0;
      for (const model of models) {
        flags |= model.read(time, out.subarray(at, at + model.channels));
        at += model.channels;
      }
      return flags;
    },
  };
}

function virtualSensor(sensor: RigSensor, model: SensorModel): VirtualDevice {
  const { driver, rate, elements, options } = sensor;
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
      return new VirtualLakeshore('f71', model, options.leading !== 0);
    case 'lakeshore_425':
      return new VirtualLakeshore('425', model);
    case 'magelement':
      return new VirtualMagElement(model, rate);
    case 'analogue':
      return new VirtualAnalogue(analogueSettings.parse(options), model, rate);
    case 'twinleaf': {
      const transport = 'tcp' in sensor.connect ? 'tcp' : 'serial';
      const columns = elements.flatMap(({ axes }, e) => axes.map((_, c) => `b${e}${'xyz'[c]}`));
      return new VirtualTwinleaf({ model, transport, rate, columns });
    }
  }
}

function virtualStage({ driver, travel, acceleration, feed }: RigStage): VirtualStage | undefined {
  const options = { travel, acceleration, speed: Math.max(feed, LEAST_SPEED) };
  if (driver === 'grbl') return new VirtualGrbl(options);
  return driver === 'marlin' ? new VirtualMarlin(options) : undefined;
}

function virtualSource({ driver, limit, options }: RigCurrent): VirtualSource | undefined {
  if (driver === 'manual') return undefined;
  const kind = driver === 'scpi_load' ? 'load' : 'supply';
  const { settle_s: _, ...dialect } = scpiCurrentSettings.parse(options);
  return new VirtualScpiSource(scpiDialect(kind, dialect), limit);
}
