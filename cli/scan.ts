import { Interrupted } from '../sensors/scan/guard.js';
import { ScanMonitor } from '../sensors/scan/monitor.js';
import type { Decision } from '../sensors/scan/progress.js';
import type { ScanResult } from '../sensors/scan/scanResult.js';
import { measuredComponents } from '../src/fieldScan.js';
import { formatQuantity } from '../src/figures/index.js';
import { requireFormat } from '../src/formats/scanFile.js';
import { requireSeparate } from './options.js';
import { askPerson } from './prompt.js';
import { realBench, recordScan, writeRecorded } from './recordScan.js';
import { bold, type CommonOptions, EXIT, printJson, say } from './run.js';
import { ScanDisplay } from './scanDisplay.js';
import { begunScan, newScan, type ScanInput } from './scanInput.js';
import { isVirtual, virtualBench } from './virtualBench.js';

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
    try {
      await record(input, journalPath, version);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      say(options, `${error.sentence()} Recorded so far: ${journalPath}`);
      process.exitCode = EXIT.interrupted;
      return;
    }
  }
  tell(options, await writeRecorded(journalPath, input.planned, options.out, format));
}

/** Records with the scan shown in the terminal; Ctrl-C ends it in order. */
async function record(input: ScanInput, journal: string, version: string): Promise<void> {
  const { rig, plan } = input.planned;
  const bench = isVirtual(rig) ? virtualBench(input, { errors: { noiseBy: 'place' } }) : realBench(rig);
  const display = new ScanDisplay(plan);
  const monitor = new ScanMonitor(plan);
  const interrupt = () => {
    process.stderr.write('\nstopping: motion, current, sensors ...\n');
    monitor.stop();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    await recordScan(input, bench, { journal, version, monitor, decide, onEvent: event => display.show(event) });
  } finally {
    display.finish();
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
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
