import { type CompiledKernel, compileKernel } from '../transforms/compileKernel.js';
import type { DenseWorkspace } from './denseWorkspace.js';
import { KERNELS } from './kernelBytes.js';
import { KernelWorkspace } from './kernelWorkspace.js';
import { lent } from './lentWorkspaces.js';
import { PlainWorkspace } from './plainWorkspace.js';

export { setTransformThreads as setThreads, transformThreads as threads } from '../transforms/threads.js';
export type * from './denseWorkspace.js';
export { type DipoleRows, hatValues } from './dipoleRows.js';

let compiled: CompiledKernel | null | undefined;

/** A workspace with room for so many bytes (at most 3 GB) of matrices. Room that nobody uses costs nothing. */
export function denseWorkspace(bytes: number): DenseWorkspace {
  const kernel = denseKernel();
  return kernel ? new KernelWorkspace(kernel, bytes) : new PlainWorkspace(bytes);
}

/**
 * Calls `work` with a workspace of 3 GB whose memory may have been used before, and will be again: new memory takes time to come.
 * Nothing of what it returns may stand there.
 */
export function withWorkspace<T>(work: (dense: DenseWorkspace) => T): T {
  const kernel = denseKernel();
  return kernel ? lent(kernel, work) : work(new PlainWorkspace(Number.POSITIVE_INFINITY));
}

function denseKernel(): CompiledKernel | null {
  if (compiled === undefined) compiled = compileKernel(KERNELS);
  return compiled;
}

/** Factors and solves where the arrays stand, without the kernel: for matrices of some hundred rows. It allocates nothing. */
export const plainAlgebra: Omit<DenseWorkspace, 'allocate' | 'temporarily'> = new PlainWorkspace(0);
