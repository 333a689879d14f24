import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boundedInversion } from '../inversion/bounded/boundedInversion.js';
import { invertScan } from '../inversion/invertScan.js';
import type { CurrentMap } from '../src/currentMap.js';
import { loadResult, loadScan, saveScan } from '../src/formats/node.js';
import { parseCell } from '../src/model/parseCell.js';
import { random } from '../src/random.js';
import { simulateCell } from '../src/simulation/field/index.js';
import { rasterPlan } from '../src/simulation/field/samplePlan.js';

/**
 * `node dist/bench/batch.js [--all]`: scans of one cell with a hole that differ by their noise, by `savart invert SCAN... -o FOLDER`,
 * the whole process from start to end, against as many calls of the inversion alone in one warm process (which reads and writes
 * nothing); both on all processors. Ten of the single calls are timed, with --all every one of them.
 */
export interface BatchRatio {
  readonly method: 'bounded' | 'fourier';
  readonly scans: number;
  /** Of so many single calls, s; where fewer were timed, as many times longer. */
  readonly singles_s: number;
  readonly batch_s: number;
  /** Whether the maps are the same bit for bit. */
  readonly identical: boolean;
}

const CELL = `name: batch
outline_mm: {width: 100, height: 140}
thickness_mm: 5
current_A: 10
tabs:
  - {name: positive, at_mm: [[40, 140], [15, 140]], share: 1}
  - {name: negative, at_mm: [[85, 140], [60, 140]], share: -1}
electrical:
  pairs: 1
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`;
const NOISE = 50e-9;
const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** @param scans how many @param timed how many of the single calls are timed */
export async function batchRatio(scans = 100, timed = 10): Promise<BatchRatio[]> {
  const folder = mkdtempSync(join(tmpdir(), 'savart-batch-'));
  try {
    writeFileSync(join(folder, 'cell.yaml'), CELL);
    const files = await writeScans(folder, scans);
    const rows: BatchRatio[] = [];
    for (const method of ['bounded', 'fourier'] as const) rows.push(await compare(method, folder, files, timed));
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeScans(folder: string, scans: number): Promise<string[]> {
  const cell = parseCell(CELL, 'cell.yaml');
  const plan = rasterPlan([cell.outline], { heights: [6e-3], pitch: 2.5e-3, margin: 20e-3 });
  const hole = { kind: 'hole', foil: 'negative', at: [0.06, 0.07], radius: 10e-3, pair: 'all' } as const;
  const { scan } = simulateCell(cell, plan, { defects: [hole], noise: 0, outlets: 'strips' });
  const rng = random(1);
  const files: string[] = [];
  for (let k = 0; k < scans; k++) {
    const components = Object.entries(scan.components).map(([name, { values }]) => [
      name,
      { values: values.map(v => v + NOISE * rng.normal()) },
    ]);
    const file = `scan${k + 1}.csv`;
    await saveScan(join(folder, file), { ...scan, sigma: NOISE, components: Object.fromEntries(components) });
    files.push(file);
  }
  return files;
}

async function compare(
  method: BatchRatio['method'],
  folder: string,
  files: readonly string[],
  timed: number,
): Promise<BatchRatio> {
  const cell = parseCell(CELL, 'cell.yaml');
  const alone = async (file: string) => {
    const scan = await loadScan(join(folder, file));
    const start = performance.now();
    const sheets = method === 'bounded' ? boundedInversion(scan, cell).sheets : [invertScan(scan).sheet];
    return { sheets, seconds: (performance.now() - start) / 1000 };
  };
  // The first runs compile.
  for (const file of files.slice(0, 2)) await alone(file);
  const singles: Awaited<ReturnType<typeof alone>>[] = [];
  for (const file of files.slice(0, timed)) singles.push(await alone(file));
  const seconds = singles.reduce((sum, single) => sum + single.seconds, 0) * (files.length / singles.length);

  const how = method === 'bounded' ? ['--cell', 'cell.yaml'] : [];
  const start = performance.now();
  execFileSync(process.execPath, [MAIN, 'invert', ...files, ...how, '-o', method], { cwd: folder, stdio: 'ignore' });
  const batch = (performance.now() - start) / 1000;
  let identical = true;
  for (const [k, { sheets }] of singles.entries()) {
    const written = await loadResult(join(folder, method, files[k].replace('.csv', '.h5')));
    identical &&= sheets.every((sheet, s) => sameMap(sheet, written.sheets[s]));
  }
  return { method, scans: files.length, singles_s: seconds, batch_s: batch, identical };
}

function sameMap(a: CurrentMap, b: CurrentMap): boolean {
  return (['psi', 'kx', 'ky', 'kxErrors', 'kyErrors'] as const).every(name =>
    a[name]?.every((v, i) => Object.is(v, b[name]?.[i])),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await batchRatio(100, process.argv.includes('--all') ? 100 : 10);
  process.stdout.write(
    `${availableParallelism()} processors\nmethod   scans  one by one s  batch s  ratio  identical\n`,
  );
  for (const { method, scans, singles_s, batch_s, identical } of rows) {
    const figures = [singles_s.toFixed(1).padStart(12), batch_s.toFixed(1).padStart(7)];
    const ratio = (singles_s / batch_s).toFixed(1).padStart(5);
    process.stdout.write(
      `${method} ${String(scans).padStart(6)}  ${figures.join('  ')}  ${ratio}  ${identical ? 'yes' : 'NO'}\n`,
    );
  }
}
