import { SimulatedClock } from '../sensors/clock.js';
import { rigDevices } from '../sensors/devices/openRig.js';
import { createJournal } from '../sensors/journal/journalFile.js';
import { runScan } from '../sensors/scan/engine.js';
import type { ScanEvent } from '../sensors/scan/progress.js';
import { readScanJournal } from '../sensors/scan/scanJournal.js';
import { type ScanResult, scanResult } from '../sensors/scan/scanResult.js';
import type { SensorErrors } from '../sensors/virtual/sensorModel.js';
import { type Surroundings, simulatedWorld } from '../sensors/virtual/simulatedWorld.js';
import { virtualRig } from '../sensors/virtual/virtualRig.js';
import { cellFieldOf, tableForScan } from '../sensors/virtual/worldOfCell.js';
import type { Defect } from '../src/simulation/defects/index.js';
import { newScan } from './scanInput.js';

export interface VirtualScanOptions {
  readonly rig: string;
  readonly cell: string;
  readonly defects?: readonly Defect[];
  readonly surroundings: Surroundings;
  readonly errors: SensorErrors;
  /** The journal, which must not be there yet. */
  readonly journal: string;
  readonly version: string;
  readonly onEvent: (event: ScanEvent) => void;
}

/** A scan of a virtual bench, and how long it would have taken. */
export interface VirtualScan extends ScanResult {
  /** s of the bench's own time. */
  readonly seconds: number;
  /** Error of the simulated field, T. */
  readonly fieldError: number;
}

/**
 * Scans a simulated cell with a simulated rig, as fast as this computer can: the scan engine talks to the real adapters,
 * these to the bytes of simulated devices.
 */
export async function virtualScan(options: VirtualScanOptions): Promise<VirtualScan> {
  const { begin, planned, current } = await newScan(options.rig, options.cell, options.version);
  const { rig, plan, cell } = planned;
  if (cell === undefined) throw new Error('a virtual scan without a cell');
  const table = tableForScan(cellFieldOf(cell, options.defects), rig, plan);
  const clock = new SimulatedClock();
  const world = simulatedWorld(table, options.surroundings);
  const bench = virtualRig(rig, world, clock, { errors: options.errors, current });
  // Nobody is there to answer: what a person would confirm is taken as done.
  const prompt = async () => '';
  const journal = await createJournal(options.journal);
  try {
    journal.note(begin);
    await runScan({
      rig,
      plan,
      current,
      devices: rigDevices(rig, { clock, prompt, virtual: bench.link }),
      clock,
      journal,
      version: options.version,
      prompt,
      decide: async () => 'stop',
      onEvent: options.onEvent,
    });
  } finally {
    await journal.close();
  }
  const state = await readScanJournal(options.journal);
  return { ...scanResult(state, planned), seconds: state.running, fieldError: table.error * Math.abs(current) };
}
