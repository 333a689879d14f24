import { basename } from 'node:path';
import { Interrupted } from '../sensors/scan/guard.js';
import { ScanMonitor } from '../sensors/scan/monitor.js';
import type { Decision } from '../sensors/scan/progress.js';
import type { ScanResult } from '../sensors/scan/scanResult.js';
import { measuredComponents } from '../src/fieldScan.js';
import { formatQuantity } from '../src/figures/index.js';
import { readFileBytes } from '../src/formats/node.js';
import { requireFormat } from '../src/formats/scanFile.js';
import { openBrowser } from './openBrowser.js';
import { requireSeparate } from './options.js';
import { askPerson } from './prompt.js';
import { realBench, recordScan, writeRecorded } from './recordScan.js';
import { bold, type CommonOptions, EXIT, printJson, say } from './run.js';
import { ScanDisplay } from './scanDisplay.js';
import { begunScan, newScan, type ScanInput } from './scanInput.js';
import { type ScanView, startScanView } from './scanView.js';
import { loadPage } from './viewPage.js';
import { isVirtual, virtualBench } from './virtualBench.js';

export interface ScanOptions extends CommonOptions {
  readonly cell?: string;
  readonly out: string;
  readonly resume?: boolean;
  readonly view?: boolean;
  /** False with --no-open. */
  readonly open: boolean;
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
  const monitor = new ScanMonitor(input.planned.plan);
  const view = options.view ? await openView(input, monitor, options) : undefined;
  try {
    if (input.before?.ended === true) monitor.end();
    else await record(input, monitor, journalPath, version);
    tell(options, await writeRecorded(journalPath, input.planned, options.out, format));
    if (view !== undefined) await showResult(view, options);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    say(options, `${error.sentence()} Recorded so far: ${journalPath}`);
    process.exitCode = EXIT.interrupted;
  } finally {
    await view?.close();
  }
}

/** Records with the scan shown in the terminal; Ctrl-C ends it in order. */
async function record(input: ScanInput, monitor: ScanMonitor, journal: string, version: string): Promise<void> {
  const { rig, plan } = input.planned;
  const bench = isVirtual(rig) ? virtualBench(input, { errors: { noiseBy: 'place' } }) : realBench(rig);
  const display = new ScanDisplay(plan);
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

/** The page beside the scan, with the outline of the cell over its map. */
async function openView({ begin, planned }: ScanInput, monitor: ScanMonitor, options: ScanOptions): Promise<ScanView> {
  const outline =
    planned.cell === undefined || begin.cell === undefined
      ? undefined
      : { name: 'cell.yaml', bytes: new TextEncoder().encode(begin.cell.text) };
  const view = await startScanView(loadPage(), monitor, basename(options.out), outline);
  process.stderr.write(`The page of the scan is at ${view.url}\n`);
  if (options.open) openBrowser(view.url);
  return view;
}

/** The finished scan as `savart view` shows it, as long as somebody looks. */
async function showResult(view: ScanView, options: ScanOptions): Promise<void> {
  view.show({ name: basename(options.out), bytes: await readFileBytes(options.out) });
  process.stderr.write('The page shows the finished scan. This ends when the page is closed, or with Ctrl-C.\n');
  const enough = new AbortController();
  const end = () => enough.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  await view.left(enough.signal);
  process.removeListener('SIGINT', end);
  process.removeListener('SIGTERM', end);
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
