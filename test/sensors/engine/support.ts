import { closeSync, ftruncateSync, mkdtempSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '../../../sensors/clock.js';
import { rigDevices } from '../../../sensors/devices/openRig.js';
import { Journal, type JournalStore } from '../../../sensors/journal/journalFile.js';
import { runScan, type ScanRun } from '../../../sensors/scan/engine.js';
import type { ScanEvent } from '../../../sensors/scan/progress.js';
import {
  type BeginNote,
  JOURNAL_VERSION,
  type JournalState,
  readScanJournal,
} from '../../../sensors/scan/scanJournal.js';
import { plannedScan, type ScanResult, scanResult } from '../../../sensors/scan/scanResult.js';
import { type VirtualRig, type VirtualRigOptions, virtualRig } from '../../../sensors/virtual/virtualRig.js';
import type { World } from '../../../sensors/virtual/world.js';
import { sha256 } from '../../../src/formats/node.js';

/** A field without a cell: a wire-like bump that follows the current, on the field of the earth. */
export const BUMP: World = {
  field(points, current, _, out) {
    for (let i = 0; i < points.length; i += 3) {
      const [x, y, z] = [points[i] - 0.01, points[i + 1] - 0.01, points[i + 2]];
      const fall = 1 / (1 + (x * x + y * y + z * z) / 1e-4);
      out[i] = 20e-6 + 1e-6 * current * fall;
      out[i + 1] = 1e-6 * current * fall * x * 100;
      out[i + 2] = -45e-6 + 1e-6 * current * fall * y * 100;
    }
  },
};

export interface RigText {
  /** More lines of `scan`. */
  readonly scan?: string;
  /** Side of the area, mm. */
  readonly side?: number;
  readonly repeat?: number;
  readonly sensors?: string;
  readonly current?: string;
  readonly stage?: string;
}

/** rig.yaml of a small bench; parts can be replaced. */
export function rigText({ scan = '', side = 10, repeat = 4, sensors, current, stage }: RigText = {}): string {
  return `name: small bench
sensors:
${sensors ?? SENSOR}
stage:
${stage ?? STAGE}
${current ?? ''}
scan:
  area_mm: {x: [0, ${side}], y: [0, ${side}]}
  pitch_mm: 5
  heights_mm: [5]
  average_s: 0.1
  repeat_every: ${repeat}
  mains_Hz: 0
${scan}`;
}

export const SENSOR = `  - name: probe
    driver: text_line
    connect: {virtual: true}
    options:
      columns: [{column: 2, axis: 0}, {column: 3, axis: 1}, {column: 4, axis: 2}]
      unit: nT
      time: {column: 0, unit: ms}
      sequence: {column: 1}
    noise_nT: 20
    range_uT: 200
    rate_Hz: 100`;

export const STAGE = `  driver: grbl
  connect: {virtual: true}
  travel_mm: {x: [-200, 0], y: [-200, 0], z: [-60, 0]}
  cell_at_mm: [-150, -150, -50]
  settle_s: 0.1`;

export const SOURCE = `current:
  driver: scpi_supply
  connect: {virtual: true}
  limit_A: 10
  options: {positive: 'OUTP:POL NORM', negative: 'OUTP:POL INV'}`;

export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'savart-scan-'));
}

export function beginNote(text: string): BeginNote {
  const planned = plannedScan({ ...BEGIN, rig: { name: 'rig.yaml', sha256: sha256(Buffer.from(text)), text } });
  return {
    ...BEGIN,
    rig: { name: 'rig.yaml', sha256: sha256(Buffer.from(text)), text },
    steps: planned.plan.steps.length,
  };
}

const BEGIN = {
  kind: 'begin',
  journal: JOURNAL_VERSION,
  program: 'savart',
  version: 'test',
  date: '2026-01-01T00:00:00.000Z',
  calibrations: {},
} as const;

export interface Trial {
  readonly text: string;
  readonly path: string;
  readonly current?: number;
  readonly world?: World;
  /** Called with the simulated rig and its clock before the scan begins. */
  readonly arrange?: (virtual: VirtualRig, clock: SimulatedClock, stop: AbortController) => void;
  /** Replaces parts of the run. */
  readonly change?: Partial<ScanRun>;
  /** What the journal is written into, in place of the file. */
  readonly store?: (file: JournalStore) => JournalStore;
  readonly cable?: VirtualRigOptions['cable'];
  readonly resume?: boolean;
  /** Takes what a person would be asked. */
  readonly asked?: string[];
}

export interface Outcome {
  readonly error: unknown;
  readonly events: readonly ScanEvent[];
  readonly virtual: VirtualRig;
  readonly clock: SimulatedClock;
  readonly state: JournalState;
}

/** Scans with the simulated rig on a simulated clock. */
export async function scanOnce(trial: Trial): Promise<Outcome> {
  const { text, path, current = 4, world = BUMP } = trial;
  const clock = new SimulatedClock(trial.resume ? 5000 : 0);
  const begin = beginNote(text);
  const planned = plannedScan(begin);
  const before = trial.resume ? await readScanJournal(path) : undefined;
  const file = openSync(path, before === undefined ? 'wx' : 'r+');
  if (before !== undefined) ftruncateSync(file, before.end);
  const store = fileStore(file);
  const journal = new Journal(path, trial.store?.(store) ?? store, before?.end);
  if (before === undefined) journal.note(begin);
  const virtual = virtualRig(planned.rig, world, clock, {
    current,
    errors: { noiseBy: 'place', seed: 7 },
    ...(trial.cable === undefined ? {} : { cable: trial.cable }),
  });
  const stop = new AbortController();
  trial.arrange?.(virtual, clock, stop);
  const prompt = async (question: string) => {
    trial.asked?.push(question);
    return '';
  };
  const events: ScanEvent[] = [];
  const run: ScanRun = {
    ...planned,
    current,
    devices: rigDevices(planned.rig, { clock, prompt, virtual: virtual.link }),
    clock,
    journal,
    version: 'test',
    prompt,
    decide: async () => 'stop',
    onEvent: event => events.push(event),
    signal: stop.signal,
    ...(before === undefined ? {} : { before }),
    ...trial.change,
  };
  let error: unknown;
  try {
    await runScan(run);
  } catch (caught) {
    error = caught;
  }
  await journal.close();
  return { error, events, virtual, clock, state: await readScanJournal(path) };
}

export function resultOf(text: string, state: JournalState): ScanResult {
  return scanResult(state, plannedScan(beginNote(text)));
}

/** A file that is written, but not waited for: these tests end no power. */
function fileStore(file: number): JournalStore {
  return {
    write: async (bytes, at) => {
      writeSync(file, bytes, 0, bytes.length, at);
    },
    sync: async () => {},
    close: async () => closeSync(file),
  };
}
