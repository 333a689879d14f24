import { type CompiledKernel, compileKernel } from '../transforms/compileKernel.js';
import type { DenseWorkspace } from './denseWorkspace.js';
import { KERNELS } from './kernelBytes.js';
import { KernelWorkspace } from './kernelWorkspace.js';
import { PlainWorkspace } from './plainWorkspace.js';

export { setTransformThreads as setThreads, transformThreads as threads } from '../transforms/threads.js';
export type * from './denseWorkspace.js';
export { type DipoleRows, hatValues } from './dipoleRows.js';

let compiled: CompiledKernel | null | undefined;

/** A workspace with room for so many bytes (at most 3 GB) of matrices. Room that nobody uses costs nothing. */
export function denseWorkspace(bytes: number): DenseWorkspace {
  if (compiled === undefined) compiled = compileKernel(KERNELS);
  return compiled ? new KernelWorkspace(compiled, bytes) : new PlainWorkspace(bytes);
}

/** Factors and solves where the arrays stand, without the kernel: for matrices of some hundred rows. It allocates nothing. */
export const plainAlgebra: Omit<DenseWorkspace, 'allocate' | 'temporarily'> = new PlainWorkspace(0);
