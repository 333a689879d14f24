import type { RigCurrent, RigSensor, RigStage } from '../../src/model/rig.js';
import { analogueDriver } from './analogueMagnetometer.js';
import type { AnyDriver } from './driver.js';
import { grblDriver } from './grblStage.js';
import { hmr2300Driver } from './hmr2300Magnetometer.js';
import type { CurrentSource, Magnetometer, MotionStage } from './interfaces.js';
import { lakeshore425Driver, lakeshoreF71Driver } from './lakeshoreMagnetometer.js';
import { magelementDriver } from './magelementMagnetometer.js';
import { manualCurrentDriver, manualStageDriver } from './manualDevices.js';
import { marlinDriver } from './marlinStage.js';
import { qtfmGen1Driver, qtfmGen2Driver } from './qtfmMagnetometer.js';
import { qzfmDriver } from './qzfmMagnetometer.js';
import { scpiLoadDriver, scpiSupplyDriver } from './scpiCurrent.js';
import { textLineDriver } from './textLineMagnetometer.js';
import { twinleafDriver } from './twinleafMagnetometer.js';

/** The devices that there are, by their names in rig.yaml. Each checks the `options` that it is given. */

export const SENSORS_BY_DRIVER: Readonly<Record<RigSensor['driver'], AnyDriver<RigSensor, Magnetometer>>> = {
  text_line: textLineDriver,
  hmr2300: hmr2300Driver,
  qzfm: qzfmDriver,
  qtfm_gen1: qtfmGen1Driver,
  qtfm_gen2: qtfmGen2Driver,
  twinleaf: twinleafDriver,
  lakeshore_f71: lakeshoreF71Driver,
  lakeshore_425: lakeshore425Driver,
  magelement: magelementDriver,
  analogue: analogueDriver,
};

export const STAGES_BY_DRIVER: Readonly<Record<RigStage['driver'], AnyDriver<RigStage, MotionStage>>> = {
  grbl: grblDriver,
  marlin: marlinDriver,
  manual: manualStageDriver,
};

export const CURRENTS_BY_DRIVER: Readonly<Record<RigCurrent['driver'], AnyDriver<RigCurrent, CurrentSource>>> = {
  scpi_supply: scpiSupplyDriver,
  scpi_load: scpiLoadDriver,
  manual: manualCurrentDriver,
};
