import { SimulatedClock, systemClock } from '../sensors/clock.js';
import { rigDevices } from '../sensors/devices/openRig.js';
import { continueJournal, createJournal, type Journal } from '../sensors/journal/journalFile.js';
import { runScan } from '../sensors/scan/engine.js';
import { Interrupted } from '../sensors/scan/guard.js';
import type { Decision } from '../sensors/scan/progress.js';
import { readScanJournal } from '../sensors/scan/scanJournal.js';
import { type ScanResult, scanResult } from '../sensors/scan/scanResult.js';
import { simulatedWorld } from '../sensors/virtual/simulatedWorld.js';
import { virtualRig } from '../sensors/virtual/virtualRig.js';
import { cellFieldOf, tableForScan } from '../sensors/virtual/worldOfCell.js';
import { UsageError } from '../src/errors.js';
import { measuredComponents } from '../src/fieldScan.js';
import { formatQuantity } from '../src/figures/index.js';
import { writeFileSafely } from '../src/formats/node.js';
import { formatScan, requireFormat } from '../src/formats/scanFile.js';
import type { Rig } from '../src/model/rig.js';
import { requireSeparate } from './options.js';
import { askPerson } from './prompt.js';
import { bold, type CommonOptions, EXIT, printJson, say } from './run.js';
import { ScanDisplay } from './scanDisplay.js';
import { begunScan, newScan, type ScanInput } from './scanInput.js';

export interface ScanOptions extends CommonOptions {
  readonly cell?: string;
  readonly out: string;
  readonly resume?: boolean;
}

/** `savart scan RIG.yaml --cell CELL.yaml -o SCAN`: records a scan into a journal, then writes it as a file. */
export default async function scan([rigPath]: string[], options: ScanOptions, version: string): Promise<void> {
  const format = requireFormat(options.out);
  requireSeparate([rigPath, options.cell], [options.out]);
  const journalPath = `${options.out}.journal`;
  const input = options.resume
    ? await begunScan(journalPath, rigPath, options.cell)
    : await newScan(rigPath, options.cell, version);
  for (const warning of input.planned.plan.warnings) process.stderr.write(`warning: ${warning}\n`);
  if (input.before?.ended !== true) {
    const journal = await openJournal(journalPath, input);
    try {
      await record(input, journal, version);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      say(options, `${error.sentence()} Recorded so far: ${journalPath}`);
      process.exitCode = EXIT.interrupted;
      return;
    } finally {
      await journal.close();
    }
  }
  const result = scanResult(await readScanJournal(journalPath), input.planned);
  const { even, process: made } = result;
  const extras = even === undefined ? { process: made } : { process: made, even };
  await writeFileSafely(options.out, await formatScan(result.scan, format, extras));
  tell(options, result);
}

async function openJournal(path: string, { before, begin }: ScanInput): Promise<Journal> {
  if (before !== undefined) return continueJournal(path, before.end);
  const journal = await createJournal(path);
  journal.note(begin);
  await journal.flush();
  return journal;
}

async function record({ planned, current, before }: ScanInput, journal: Journal, version: string): Promise<void> {
  const { rig, plan, cell } = planned;
  const virtual = isVirtual(rig);
  const clock = virtual ? new SimulatedClock() : systemClock;
  const display = new ScanDisplay(plan);
  const stop = new AbortController();
  const interrupt = () => {
    process.stderr.write('\nstopping: motion, current, sensors ...\n');
    stop.abort();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const prompt = virtual ? async () => '' : askPerson;
  try {
    const bench = virtual ? { virtual: virtualBench(planned, current, clock).link } : {};
    await runScan({
      rig,
      plan,
      current,
      devices: rigDevices(rig, { clock, prompt, ...bench }),
      clock,
      journal,
      version,
      prompt,
      decide: question => decide(question, stop.signal),
      onEvent: event => display.show(event),
      signal: stop.signal,
      ...(before === undefined ? {} : { before }),
    });
  } finally {
    display.finish();
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }

  function virtualBench(
    { rig, plan }: ScanInput['planned'],
    amperes: number,
    time: SimulatedClock | typeof systemClock,
  ) {
    if (cell === undefined) {
      throw new UsageError('a simulated rig needs a cell to stand over', { advice: 'give it with --cell' });
    }
    const world = simulatedWorld(tableForScan(cellFieldOf(cell), rig, plan));
    return virtualRig(rig, world, time, { current: amperes, errors: { noiseBy: 'place' } });
  }
}

/** Whether the devices are simulated: all of them, or none. */
function isVirtual({ sensors, stage, current }: Rig): boolean {
  const connections = [...sensors, stage, current].flatMap(device => device?.connect ?? []);
  const simulated = connections.filter(connect => 'virtual' in connect).length;
  if (simulated === 0) return false;
  if (simulated === connections.length) return true;
  throw new UsageError('some devices of the rig are simulated and some are real', {
    advice: 'make all of them virtual, or serve simulated ones over TCP',
  });
}

/** At a terminal the person decides, elsewhere the scan stops in order. */
async function decide(question: string, signal: AbortSignal): Promise<Decision> {
  if (!process.stdin.isTTY) return 'stop';
  const answer = await askPerson(`${question}. Read it again [Enter], go on as it is (g), or stop (s)?`, signal);
  const letter = answer.trim().toLowerCase();
  return letter.startsWith('g') ? 'go_on' : letter.startsWith('s') ? 'stop' : 'again';
}

function tell(options: ScanOptions, { scan, quality, warnings, process: made }: ScanResult): void {
  const components = measuredComponents(scan);
  say(
    options,
    bold(options, `${scan.count} readings of ${components.join(', ')}, ${formatQuantity(quality.sigma, 'T')} each.`),
  );
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  say(options, `Wrote ${options.out} (every sample is in ${options.out}.journal)`);
  if (!options.json) return;
  const { sessions } = made.parameters as { sessions: readonly unknown[] };
  printJson({ samples: scan.count, components, quality, warnings, sessions: sessions.length, out: options.out });
}
