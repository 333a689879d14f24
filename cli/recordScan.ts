import { type Clock, systemClock } from '../sensors/clock.js';
import { type RigDevices, rigDevices } from '../sensors/devices/openRig.js';
import type { Prompt } from '../sensors/devices/port.js';
import { continueJournal, createJournal, type Journal } from '../sensors/journal/journalFile.js';
import { runScan } from '../sensors/scan/engine.js';
import type { ScanMonitor } from '../sensors/scan/monitor.js';
import type { Decision, ScanEvent } from '../sensors/scan/progress.js';
import { readScanJournal } from '../sensors/scan/scanJournal.js';
import { type ScanResult, scanResult } from '../sensors/scan/scanResult.js';
import { writeFileSafely } from '../src/formats/node.js';
import { formatScan, type ScanFormat } from '../src/formats/scanFile.js';
import type { Rig } from '../src/model/rig.js';
import { askPerson } from './prompt.js';
import type { ScanInput } from './scanInput.js';

/** The devices of a scan, the time that they live in, and who is asked. */
export interface ScanBench {
  readonly devices: RigDevices;
  readonly clock: Clock;
  readonly prompt: Prompt;
}

/** The bench that stands here, connected as the rig says. */
export function realBench(rig: Rig): ScanBench {
  return { clock: systemClock, prompt: askPerson, devices: rigDevices(rig, { clock: systemClock, prompt: askPerson }) };
}

export interface Recording {
  /** The journal: begun for a new scan, gone on with for one that was begun. */
  readonly journal: string;
  readonly version: string;
  /** Hears and steers the scan. */
  readonly monitor: ScanMonitor;
  readonly decide: (question: string, signal: AbortSignal) => Promise<Decision>;
  readonly onEvent: (event: ScanEvent) => void;
}

/**
 * Records a scan, or the rest of one, into its journal.
 * @throws as `runScan`; {@link OutputError} where the journal cannot be begun
 */
export async function recordScan(
  { begin, planned, current, before }: ScanInput,
  { devices, clock, prompt }: ScanBench,
  { journal: path, version, monitor, decide, onEvent }: Recording,
): Promise<void> {
  const journal = before === undefined ? await begun(path, begin) : await continueJournal(path, before.end);
  const { rig, plan } = planned;
  let error: unknown;
  try {
    await runScan({
      rig,
      plan,
      current,
      devices,
      clock,
      journal,
      version,
      prompt,
      decide: question => decide(question, monitor.signal),
      onEvent: event => {
        monitor.take(event);
        onEvent(event);
      },
      control: monitor,
      signal: monitor.signal,
      ...(before === undefined ? {} : { before }),
    });
  } catch (caught) {
    error = caught;
    throw caught;
  } finally {
    await journal.close();
    monitor.end(error);
  }
}

async function begun(path: string, begin: ScanInput['begin']): Promise<Journal> {
  const journal = await createJournal(path);
  journal.note(begin);
  await journal.flush();
  return journal;
}

/** The recorded scan, processed, and written with its rig, cell and calibrations. */
export async function writeRecorded(
  journal: string,
  planned: ScanInput['planned'],
  out: string,
  format: ScanFormat,
): Promise<ScanResult & { readonly seconds: number }> {
  const state = await readScanJournal(journal);
  const result = scanResult(state, planned);
  const { even, process } = result;
  await writeFileSafely(
    out,
    await formatScan(result.scan, format, even === undefined ? { process } : { process, even }),
  );
  return { ...result, seconds: state.running };
}
