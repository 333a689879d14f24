/**
 * Compiles the transform kernel, src/transforms/kernel, and writes it as src/transforms/kernelBytes.ts, so that a page, a
 * worker and Node load it alike. It is compiled for a shared memory and for one that is not; the two differ in one byte,
 * the kind of memory that is imported, and only its place is kept.
 */
import { writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

async function compile(...more) {
  const options = '-O3 --noAssert --runtime stub --importMemory --initialMemory 1 --maximumMemory 65536 --enable simd';
  const { error, stderr, binary } = await bytes([
    'src/transforms/kernel/index.ts',
    ...options.split(' '),
    '--disableWarning',
    '201',
    ...more,
  ]);
  if (error) throw new Error(`the transform kernel does not compile\n${stderr}`);
  return binary;
}

/** Runs the compiler and keeps what it would write. */
async function bytes(argv) {
  let binary;
  const { error, stderr } = await asc.main([...argv, '--outFile', 'kernel.wasm'], {
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents;
    },
  });
  return { error, stderr: String(stderr), binary };
}

const shared = await compile('--enable', 'threads', '--sharedMemory');
const own = await compile();
const differences = [];
for (let i = 0; i < shared.length; i++) if (shared[i] !== own[i]) differences.push(i);
if (
  shared.length !== own.length ||
  differences.length !== 1 ||
  shared[differences[0]] !== 3 ||
  own[differences[0]] !== 1
) {
  throw new Error('the kernel for a shared memory differs in more than the kind of its memory');
}

const base64 = Buffer.from(own).toString('base64');
writeFileSync(
  'src/transforms/kernelBytes.ts',
  `// Written by scripts/buildKernel.js from src/transforms/kernel.

/** The module, base64; imports a memory that is not shared. */
export const KERNEL =
  '${base64}';

/** Where the kind of the memory stands: 1 in the module above, 3 for a shared memory. */
export const MEMORY_KIND = ${differences[0]};
`,
);
