import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readScanJournal } from '../sensors/scan/scanJournal.js';
import { loadScan } from '../src/formats/node.js';
import { random } from '../src/random.js';

/** A scan that was killed at a random moment and went on. */
export interface KilledScan {
  /** Length of the journal over that of a whole scan, at the moment it was killed; 0: there was none yet. */
  readonly part: number;
  /** Complete steps in the journal then. */
  readonly done: number;
  /** Whether what the journal held whole stands in the final one, byte by byte. */
  readonly kept: boolean;
  /** Largest difference of the finished map from that of the undisturbed scan, T; infinite where places differ. */
  readonly difference: number;
}

const RIG = `name: small bench
sensors:
  - name: probe
    driver: text_line
    connect: {virtual: true}
    options: {unit: nT, time: {column: 0, unit: ms}, sequence: {column: 1},
      columns: [{column: 2, axis: 0}, {column: 3, axis: 1}, {column: 4, axis: 2}]}
    noise_nT: 20
    range_uT: 800
    rate_Hz: 100
stage:
  driver: grbl
  connect: {virtual: true}
  travel_mm: {x: [-24, 0], y: [-24, 0], z: [-12, 0]}
  cell_at_mm: [-14, -14, -9]
  settle_s: 0.1
scan: {area_mm: {x: [0, 10], y: [0, 10]}, pitch_mm: 2.5, heights_mm: [5], average_s: 0.1, current_A: 2, repeat_every: 4, mains_Hz: 0}
`;

/** How often the journal of a scan that is to be killed is looked at, ms. */
const LOOK_MS = 1;
/** Killed up to so many ms after the journal has reached its length: steps take a few. */
const LATER_MS = 6;
const EARLIER = 0.95;

/**
 * Kills `count` scans, each in a process of its own, with SIGKILL: at moments that a seed spreads over the whole run, from before
 * the journal is begun to while the file is written. Each goes on, and is compared with a scan that nobody killed.
 * @param child path of the built scanChild.js
 * @param folder empty
 * @param together how many processes at once
 */
export async function killedScans(
  count: number,
  { seed, child, folder, together }: { seed: number; child: string; folder: string; together: number },
): Promise<KilledScan[]> {
  const start = (path: string, ...how: string[]) => spawn(process.execPath, [child, path, ...how], { stdio: 'ignore' });
  const prepared = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, 'rig.yaml'), RIG);
    return path;
  };
  const whole = prepared('whole');
  await finished(start(whole));
  const undisturbed = await loadScan(join(whole, 'scan.h5'));
  const size = statSync(join(whole, 'scan.journal')).size;

  const trial = async (name: string, moment: number, later: number): Promise<KilledScan> => {
    const path = prepared(name);
    const journal = join(path, 'scan.journal');
    const length = () => statSync(journal, { throwIfNoEntry: false })?.size ?? 0;
    const process = start(path);
    const end = endOf(process);
    const watch = setInterval(() => {
      if (length() < moment * size) return;
      clearInterval(watch);
      setTimeout(() => process.kill('SIGKILL'), later * LATER_MS);
    }, LOOK_MS);
    const how = await end;
    clearInterval(watch);
    // It was over before it could be killed: once more, a little earlier.
    if (how !== 'SIGKILL') return trial(`${name}-`, EARLIER * moment, later);
    const part = length() / size;
    const before = part > 0 ? await readScanJournal(journal) : undefined;
    const bytes = before === undefined ? Buffer.alloc(0) : readFileSync(journal).subarray(0, before.end);
    await finished(before === undefined ? start(path) : start(path, 'resume'));
    const scan = await loadScan(join(path, 'scan.h5'));
    const same = scan.count === undisturbed.count && scan.x.every((x, i) => x === undisturbed.x[i]);
    let difference = same ? 0 : Number.POSITIVE_INFINITY;
    for (const name of same ? (['bx', 'by', 'bz'] as const) : []) {
      const truth = undisturbed.components[name]!.values;
      scan.components[name]!.values.forEach((v, i) => {
        difference = Math.max(difference, Math.abs(v - truth[i]));
      });
    }
    return {
      part,
      done: before?.done.size ?? 0,
      kept: readFileSync(journal).subarray(0, bytes.length).equals(bytes),
      difference,
    };
  };

  const rng = random(seed);
  // One in every part of the run.
  const moments = Array.from({ length: count }, (_, k) => [(k + rng.uniform()) / count, rng.uniform()] as const);
  const results = new Array<KilledScan>(count);
  let next = 0;
  const worker = async () => {
    for (let k = next++; k < count; k = next++) results[k] = await trial(String(k), ...moments[k]);
  };
  await Promise.all(Array.from({ length: together }, worker));
  return results;
}

/** How a process ends: `exit 0`, or the signal that killed it. */
function endOf(process: ChildProcess): Promise<string> {
  return new Promise(resolve => process.once('exit', (code, signal) => resolve(signal ?? `exit ${code}`)));
}

async function finished(process: ChildProcess): Promise<void> {
  const how = await endOf(process);
  if (how !== 'exit 0') throw new Error(`the scan ended with ${how}`);
}
