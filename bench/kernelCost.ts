/**
 * `node dist/bench/kernelCost.js`: what the transform kernel costs beside its time: size of the module, start, memory. Exit status
 * 1 where one is beyond its bound. A process of its own, because start-up comes first, before anything has warmed it up.
 */
await import('../src/transforms/fftJs.js');
const loading = performance.now();
const { realTransform2D, setTransformThreads } = await import('../src/transforms/index.js');
setTransformThreads(1);
realTransform2D(64, 64);
const startMs = performance.now() - loading;
const { KERNELS } = await import('../src/transforms/kernelBytes.js');
const kiloBytes = KERNELS.fused.base64.length / 1024;
const arrays = pairInArrays(1024);

process.stdout.write(
  `module ${kiloBytes.toFixed(1)} kB (bound 60), loaded and compiled in ${startMs.toFixed(1)} ms (15), ` +
    `a real pair of 1024 x 1024 in ${arrays.toFixed(2)} arrays of its size (3)\n`,
);
if (kiloBytes > 60 || startMs > 15 || arrays > 3) process.exitCode = 1;

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
