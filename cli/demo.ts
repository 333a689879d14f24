import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ScanMonitor } from '../sensors/scan/monitor.js';
import { OutputError } from '../src/errors.js';
import { formatQuantity } from '../src/figures/index.js';
import type { Defect } from '../src/simulation/defects/index.js';
import invert from './invert.js';
import { progressLine } from './progress.js';
import { recordScan, writeRecorded } from './recordScan.js';
import { bold, type CommonOptions, say } from './run.js';
import { newScan } from './scanInput.js';
import { virtualBench } from './virtualBench.js';

export interface DemoOptions extends CommonOptions {
  readonly out: string;
  readonly report?: string;
  readonly measured?: boolean;
}

/** The examples that come with the package, two folders above the built file. */
const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

/** What is wrong with the cell of the demo: a hole in one of its foils. */
const DEFECTS: readonly Defect[] = [{ kind: 'hole', foil: 'negative', at: [0.062, 0.04], radius: 8e-3, pair: 'all' }];

/** What an ordinary laboratory adds to the field of the cell: earth, its gradient, drift, the hum of the mains. */
const LABORATORY = {
  background: [18e-6, 3e-6, -44e-6],
  // Of a bench with steel in it; no current, so symmetric and without trace.
  gradient: [12e-6, 3e-6, 6e-6, 3e-6, -4e-6, 2e-6, 6e-6, 2e-6, -8e-6],
  drift: [40e-9, 40e-9, 40e-9],
  driftTime: 120,
  hum: [150e-9, 80e-9, 200e-9],
  mains: 50,
  seed: 7,
} as const;

/** How the sensors of the demo differ from perfect ones: calibrated, with the errors that rig.yaml states by default. */
const SENSORS = { gain: 5e-3, crossAxis: 3e-3, place: 0.1e-3, offset: 100e-9, hysteresis: 20e-9, seed: 7 } as const;

/** `savart demo`: the whole path on the virtual rig, or with --measured the inversion of a measured example. */
export default async function demo(_: string[], options: DemoOptions, version: string): Promise<void> {
  const folder = options.out;
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new OutputError('the folder cannot be made', { file: folder, advice: 'choose another with -o', cause });
  }
  const report = options.report ?? join(folder, 'report.html');
  await (options.measured ? measured : virtual)(folder, report, options, version);
  say(options, '');
  say(
    options,
    `Open ${report} in a browser. Your own scan: savart invert scan.csv --cell cell.yaml --report report.html`,
  );
}

/** Scan, inversion and report of a cell with a hole in a foil, on a bench that is simulated down to its bytes. */
async function virtual(folder: string, report: string, options: DemoOptions, version: string): Promise<void> {
  const [rig, cell] = [join(EXAMPLES, 'demo', 'rig.yaml'), join(EXAMPLES, 'demo', 'cell.yaml')];
  say(
    options,
    bold(
      options,
      'A pouch cell of 100 x 70 mm with 4 A, switched on and off under a simulated gantry with two sensors',
    ),
  );
  say(options, '(GRBL and sensors are simulated down to the bytes on their cables; there is a hole in one foil)');
  say(options, '');
  const journal = join(folder, 'scan.journal');
  await rm(journal, { force: true });
  const progress = progressLine('scanning');
  const start = performance.now();
  const input = await newScan(rig, cell, version);
  const bench = virtualBench(input, { defects: DEFECTS, surroundings: LABORATORY, errors: SENSORS });
  await recordScan(input, bench, {
    journal,
    version,
    monitor: new ScanMonitor(input.planned.plan),
    decide: async () => 'stop',
    onEvent: event => {
      if (event.kind === 'note') say(options, event.text);
      if (event.kind !== 'progress') return;
      const [point] = event.points;
      const noise = point === undefined ? '' : `, ${formatQuantity(Math.max(...point.sigma), 'T')} at the last point`;
      progress(event.done / event.total, `${event.done} of ${event.total} stops${noise}`);
    },
  });
  const path = join(folder, 'scan.h5');
  const { scan, quality, warnings, seconds } = await writeRecorded(journal, input.planned, path, 'hdf5');
  const minutes = (seconds / 60).toFixed(0);
  const taken = ((performance.now() - start) / 1000).toFixed(1);
  say(options, `Scanned ${scan.count} places, ${minutes} min of the bench in ${taken} s here: ${path}`);
  const drift =
    quality.drift.repeats === undefined ? '' : `, drift of ${formatQuantity(quality.drift.repeats, 'T')} taken off`;
  say(
    options,
    `${quality.samples} samples, ${quality.outliers} outliers, standard error ${formatQuantity(quality.sigma, 'T')} per reading${drift}; the simulated field errs by ${formatQuantity(bench.fieldError, 'T')}`,
  );
  for (const line of warnings) process.stderr.write(`warning: ${line}\n`);
  say(options, '');
  await invert(
    [path],
    { ...options, cell, out: join(folder, 'current.h5'), figure: join(folder, 'current.png'), report },
    version,
  );
}

/** A current of 1 uA in a thin film, measured by a scanning SQUID, with everything chosen automatically. */
async function measured(folder: string, report: string, options: DemoOptions, version: string): Promise<void> {
  const example = join(EXAMPLES, 'squid_current_600Hz');
  say(options, bold(options, 'A current of 1 uA at 600 Hz in a thin film, imaged by a scanning SQUID'));
  say(options, '(201 x 151 points of 1.3 x 1.1 um, 1 um above the film; the window cuts off both leads)');
  say(options, '');
  await invert(
    [join(example, 'mag.npz')],
    {
      ...options,
      psf: join(example, 'psf.npz'),
      psfKind: 'dipole',
      out: join(folder, 'current.h5'),
      figure: join(folder, 'current.png'),
      report,
    },
    version,
  );
}
