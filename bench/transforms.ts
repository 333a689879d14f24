import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { random } from '../src/random.js';

// Start-up and memory come first, before anything has warmed the process up: what the kernel adds to the fall-back.
await import('../src/transforms/fftJs.js');
const loading = performance.now();
const { complexTransform2D, realTransform2D, setTransformThreads } = await import('../src/transforms/index.js');
setTransformThreads(1);
realTransform2D(64, 64);
const startMs = performance.now() - loading;
const { KERNEL } = await import('../src/transforms/kernelBytes.js');
const arrays = pairInArrays(1024);

/**
 * `node dist/bench/transforms.js [--json]`: 2D transforms next to scipy's, on one thread and on two. Each round times
 * Savart and scipy, in turn; the figures are the medians over the rounds of the ratio of medians. Exit status 1 where a
 * bound is missed.
 */
const SIZES = [256, 384, 512, 640, 1024];
/** Bounds of the ratio, for sizes from {@link BOUND_FROM} on; smaller ones are dominated by the call. */
const BOUNDS: Record<string, number> = { real: 1, complex: 0.9 };
const BOUND_FROM = 384;
const ROUNDS = 5;
const REPEATS = 15;

type Times = Record<string, number>;

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function time(run: () => void): number {
  for (let i = 0; i < 3; i++) run();
  return median(
    Array.from({ length: REPEATS }, () => {
      const start = performance.now();
      run();
      return (performance.now() - start) / 1000;
    }),
  );
}

/** The jobs of one size, each on its own arrays; the transforms hold as many threads as are set when they are made. */
function jobs(n: number): Record<string, () => void> {
  const values = random(n);
  const real = realTransform2D(n, n);
  const field = real.allocate(n * n).map(() => values.normal());
  const input = real.allocate(n * n);
  input.set(field);
  const spectrum = real.allocate(real.spectrumLength);
  real.forward(input, spectrum);
  const output = real.allocate(n * n);
  const complex = complexTransform2D(n, n);
  const data = complex.allocate(2 * n * n);
  for (let i = 0; i < data.length; i++) data[i] = values.normal();
  const out = complex.allocate(2 * n * n);
  return {
    real: () => real.forward(input, spectrum),
    'real back': () => real.inverse(spectrum, output),
    complex: () => complex.forward(data, out),
  };
}

/** Resident memory that a real transform and its inverse of n x n take, all told, in arrays of n x n numbers. */
function pairInArrays(n: number): number {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const transform = realTransform2D(n, n);
  const real = transform.allocate(n * n).fill(1);
  const spectrum = transform.allocate(transform.spectrumLength);
  transform.forward(real, spectrum);
  transform.inverse(spectrum, real, n, true);
  return (process.memoryUsage().rss - before) / (8 * n * n);
}

const measured = [1, 2].flatMap(threads => {
  setTransformThreads(threads);
  return SIZES.flatMap(n => Object.entries(jobs(n)).map(([kind, run]) => ({ key: `${kind} ${n} ${threads}`, run })));
});
for (const { run } of measured) for (let i = 0; i < 20; i++) run();
// Helpers start in the background.
await new Promise(resolve => setTimeout(resolve, 200));

const python = execFileSync('sh', ['-c', 'command -pv python3'], { encoding: 'utf8' }).trim();
const script = fileURLToPath(new URL('../../bench/scipyTransforms.py', import.meta.url));
const rounds: { ours: Times; theirs: Times }[] = [];
let version = '';
for (let round = 0; round < ROUNDS; round++) {
  const ours = Object.fromEntries(measured.map(({ key, run }) => [key, time(run)]));
  const printed = execFileSync(python, [script, String(REPEATS), ...SIZES.map(String)], { encoding: 'utf8' });
  const { scipy, seconds } = JSON.parse(printed) as { scipy: string; seconds: Times };
  version = scipy;
  rounds.push({ ours, theirs: seconds });
}

const rows = measured.map(({ key }) => {
  const ratios = rounds.map(({ ours, theirs }) => ours[key] / theirs[key]);
  const size = Number(key.split(' ').at(-2));
  const bound = size < BOUND_FROM ? Number.POSITIVE_INFINITY : BOUNDS[key.split(' ')[0]];
  return {
    key,
    milliseconds: 1e3 * median(rounds.map(r => r.ours[key])),
    scipy: 1e3 * median(rounds.map(r => r.theirs[key])),
    ratio: median(ratios),
    least: Math.min(...ratios),
    most: Math.max(...ratios),
    bound,
  };
});
const overhead = { startMs, kiloBytes: KERNEL.length / 1024, arrays };
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ scipy: version, overhead, rows })}\n`);
else {
  process.stdout.write(`node ${process.version}, scipy ${version}; Savart / scipy with as many workers as threads\n\n`);
  process.stdout.write('transform  size  threads   ms     scipy   ratio (spread)        bound\n');
  for (const { key, milliseconds, scipy, ratio, least, most, bound } of rows) {
    const [, kind, n, threads] = /^(.*) (\d+) (\d)$/.exec(key)!;
    process.stdout.write(
      `${kind.padEnd(9)} ${n.padStart(5)} ${threads.padStart(6)} ${milliseconds.toFixed(2).padStart(8)} ${scipy.toFixed(2).padStart(8)}   ` +
        `${ratio.toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)})${ratio > bound ? ' MISSED' : ''}`.padEnd(26) +
        `${Number.isFinite(bound) ? bound.toFixed(1) : '-'}\n`,
    );
  }
}
process.stderr.write(
  `module ${overhead.kiloBytes.toFixed(1)} kB (bound 60), loaded and compiled in ${startMs.toFixed(1)} ms (15), ` +
    `a real pair of 1024 x 1024 in ${arrays.toFixed(2)} arrays of its size (3)\n`,
);
if (overhead.kiloBytes > 60 || startMs > 15 || arrays > 3) process.exitCode = 1;
if (rows.some(row => !(row.ratio <= row.bound))) process.exitCode = 1;
