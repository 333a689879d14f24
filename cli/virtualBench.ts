import { SimulatedClock } from '../sensors/clock.js';
import { rigDevices } from '../sensors/devices/openRig.js';
import type { PlannedScan } from '../sensors/scan/scanResult.js';
import type { SensorErrors } from '../sensors/virtual/sensorModel.js';
import { type Surroundings, simulatedWorld } from '../sensors/virtual/simulatedWorld.js';
import { virtualRig } from '../sensors/virtual/virtualRig.js';
import type { World } from '../sensors/virtual/world.js';
import { cellFieldOf, packFieldOf, tableForScan } from '../sensors/virtual/worldOfCell.js';
import { UsageError } from '../src/errors.js';
import type { Rig } from '../src/model/rig.js';
import type { Defect } from '../src/simulation/defects/index.js';
import type { ScanBench } from './recordScan.js';
import type { ScanInput } from './scanInput.js';

/** What is wrong with the cell, its surroundings and the sensors of a simulated bench; by default nothing. */
export interface Imperfections {
  readonly defects?: readonly Defect[];
  readonly surroundings?: Surroundings;
  readonly errors?: SensorErrors;
}

/** Whether the devices are simulated: all of them, or none. */
export function isVirtual({ sensors, stage, current }: Rig): boolean {
  const connections = [...sensors, stage, current].flatMap(device => device?.connect ?? []);
  const simulated = connections.filter(connect => 'virtual' in connect).length;
  if (simulated === 0) return false;
  if (simulated === connections.length) return true;
  throw new UsageError('some devices of the rig are simulated and some are real', {
    advice: 'make all of them virtual, or serve simulated ones over TCP',
  });
}

/**
 * A bench over a simulated cell or pack, as fast as this computer can: the scan engine talks to the real adapters, these
 * to the bytes of simulated devices.
 */
export function virtualBench(
  { planned, current }: ScanInput,
  { defects, surroundings, errors }: Imperfections = {},
): ScanBench & {
  /** Error of the simulated field, T. */
  readonly fieldError: number;
} {
  const table = tableForScan(fieldOf(planned, defects), planned.rig, planned.plan);
  const bench = benchIn(simulatedWorld(table, surroundings), planned.rig, current, errors);
  return { ...bench, fieldError: table.error * Math.abs(current) };
}

/** The simulated devices of a rig in any world. */
export function benchIn(world: World, rig: Rig, current: number, errors: SensorErrors = {}): ScanBench {
  const clock = new SimulatedClock();
  // Nobody is there to answer: what a person would confirm is taken as done.
  const prompt = async () => '';
  const { link } = virtualRig(rig, world, clock, { current, errors });
  return { clock, prompt, devices: rigDevices(rig, { clock, prompt, virtual: link }) };
}

function fieldOf({ cell, pack }: PlannedScan, defects: readonly Defect[] | undefined) {
  if (cell !== undefined) return cellFieldOf(cell, defects);
  if (pack !== undefined) return packFieldOf(pack.pack, pack.cells);
  throw new UsageError('a simulated rig needs a cell to stand over', { advice: 'give it with --cell' });
}
