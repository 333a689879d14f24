/**
 * Compiles the kernels, src/transforms/kernel and src/linearAlgebra/kernel, and writes each as kernelBytes.ts next to its
 * folder, so that a page, a worker and Node load it alike. A kernel is compiled with fused multiply-add (relaxed SIMD, which not every
 * engine has) and without, each for a shared memory and for one that is not; these two differ in one byte, the kind of memory that
 * is imported, and only its place is kept.
 */
import { writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const OPTIONS = '-O3 --noAssert --runtime stub --importMemory --initialMemory 1 --maximumMemory 65536 --enable simd';

async function compile(folder, ...more) {
  const { error, stderr, binary } = await bytes([
    `${folder}/kernel/index.ts`,
    ...OPTIONS.split(' '),
    '--disableWarning',
    '201',
    ...more,
  ]);
  if (error) throw new Error(`the kernel of ${folder} does not compile\n${stderr}`);
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

/** The module for a memory that is not shared, and the place of the byte that says so. */
async function kernelOf(folder, ...more) {
  const shared = await compile(folder, '--enable', 'threads', '--sharedMemory', ...more);
  const own = await compile(folder, ...more);
  const differences = [];
  for (let i = 0; i < shared.length; i++) if (shared[i] !== own[i]) differences.push(i);
  if (
    shared.length !== own.length ||
    differences.length !== 1 ||
    shared[differences[0]] !== 3 ||
    own[differences[0]] !== 1
  ) {
    throw new Error(`the kernel of ${folder} for a shared memory differs in more than the kind of its memory`);
  }
  return `{
    base64:
      '${Buffer.from(own).toString('base64')}',
    memoryKind: ${differences[0]},
  }`;
}

for (const folder of ['src/transforms', 'src/linearAlgebra']) {
  const [fused, plain] = [await kernelOf(folder, '--enable', 'relaxed-simd'), await kernelOf(folder)];
  writeFileSync(
    `${folder}/kernelBytes.ts`,
    `// Written by scripts/buildKernel.js from ${folder}/kernel.

/**
 * The modules, with sum + a b rounded once and without; base64. They import a memory that is not shared; at \`memoryKind\` stands a 1,
 * which is a 3 for a shared memory.
 */
export const KERNELS = {
  fused: ${fused},
  plain: ${plain},
};
`,
  );
}
