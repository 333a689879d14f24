import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FourierSolution, fourierInversion } from '../inversion/index.js';
import type { AxisName, FieldMap } from '../src/fieldMap.js';
import { type AnalyticCase, buried, currentError, cut, frame, measured } from './analyticCases.js';

/**
 * `npm run bench [-- --json]`: time and error of the Fourier inversion on the three analytic cases, every parameter
 * automatic, next to plain numpy on the same data where numpy and its scripts are present. Seeded; times are medians of
 * five runs in one warm process. Exit status 1 where an error exceeds its bound or the time half of numpy's.
 */
interface Row {
  readonly id: string;
  readonly error: number;
  readonly bound: number;
  readonly seconds: number;
  readonly order: number;
  readonly exterior: FourierSolution['exterior'];
  readonly lambda: number;
  peer?: { readonly error: number; readonly seconds: number };
}

const NOISE = 0.01;
const SEED = 1;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const jobs: { id: string; make: () => AnalyticCase; components: AxisName[]; bound: number }[] = [
  { id: 'frame-4mm', make: () => frame(4e-3), components: ['bz'], bound: 0.22 },
  { id: 'frame-8mm', make: () => frame(8e-3), components: ['bz'], bound: 0.275 },
  { id: 'buried-4mm', make: () => buried(4e-3), components: ['bz'], bound: 0.14 },
  { id: 'cut-4mm-in-plane', make: () => cut(4e-3), components: ['bx', 'by'], bound: 0.265 },
];

const asJson = process.argv.includes('--json');
const folder = mkdtempSync(join(tmpdir(), 'savart-bench-'));
try {
  const rows: Row[] = [];
  const described: object[] = [];
  for (const { id, make, components, bound } of jobs) {
    const truth = make();
    const map = measured(truth, components, NOISE, SEED);
    rows.push({ ...run(id, truth, map), bound });
    described.push(save(id, truth, map));
  }
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(described));
  const python = numpyRows(folder);
  for (const row of rows) {
    const peer = python?.cases.find(c => c.id === row.id);
    if (peer !== undefined) row.peer = { error: peer.error, seconds: peer.seconds };
  }
  const environment = {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    numpy: python?.numpy ?? null,
    noise: NOISE,
    seed: SEED,
  };
  if (asJson) process.stdout.write(`${JSON.stringify({ environment, rows })}\n`);
  else print(environment, rows);
  if (rows.some(row => !(row.error <= row.bound))) process.exitCode = 1;
  if (rows.some(row => row.peer && row.seconds > 0.5 * row.peer.seconds)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(id: string, truth: AnalyticCase, map: FieldMap): Omit<Row, 'bound'> {
  // The first runs compile; the process is warm after some ten.
  let solution = fourierInversion(map);
  for (let i = 0; i < 9; i++) fourierInversion(map);
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    solution = fourierInversion(map);
    times.push((performance.now() - start) / 1000);
  }
  return {
    id,
    error: currentError(truth, solution.current.kx, solution.current.ky),
    seconds: times.sort((a, b) => a - b)[2],
    order: solution.order,
    exterior: solution.exterior,
    lambda: solution.lambda,
  };
}

function save(id: string, truth: AnalyticCase, map: FieldMap): object {
  const arrays = { ...map.components, kx: truth.kx, ky: truth.ky };
  for (const [name, values] of Object.entries(arrays)) writeFileSync(join(folder, `${id}-${name}.f64`), values);
  const components = Object.keys(map.components);
  return { id, n: truth.grid.nx, pitch: truth.grid.dx, z: truth.z, components };
}

/** Plain numpy on the same data; undefined, and said so, where it is not there. */
function numpyRows(
  data: string,
): { numpy: string; cases: { id: string; error: number; seconds: number }[] } | undefined {
  const peers = resolve(ROOT, '../shared/peers');
  if (!existsSync(peers)) {
    process.stderr.write('numpy side left out: its scripts are not here (../shared/peers)\n');
    return undefined;
  }
  try {
    const python = execFileSync('sh', ['-c', 'command -pv python3'], { encoding: 'utf8' }).trim();
    const printed = execFileSync(python, [join(ROOT, 'bench/peers.py'), peers, data], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(printed);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : String(error);
    process.stderr.write(`numpy side left out: ${why}\n`);
    return undefined;
  }
}

function print(environment: object, rows: readonly Row[]): void {
  const lines = [
    Object.entries(environment)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
    '',
    'case              error  bound  numpy*     seconds  numpy*   order  outside',
    ...rows.map(r =>
      [
        r.id.padEnd(16),
        r.error.toFixed(4).padStart(7),
        r.bound.toFixed(3).padStart(6),
        (r.peer?.error.toFixed(4) ?? '-').padStart(7),
        r.seconds.toFixed(3).padStart(11),
        (r.peer?.seconds.toFixed(3) ?? '-').padStart(7),
        String(r.order).padStart(7),
        `  ${r.exterior}`,
      ].join(' '),
    ),
    '',
    '* plain numpy with the padding and order that come out best in hindsight; Savart chooses its own',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
