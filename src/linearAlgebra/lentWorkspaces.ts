import type { CompiledKernel } from '../transforms/compileKernel.js';
import { transformThreads } from '../transforms/threads.js';
import { KernelWorkspace } from './kernelWorkspace.js';

/** Bytes of a workspace that is lent: what one memory can have. Room that nobody uses costs nothing. */
const LENT = 3e9;
/** A workspace of which more bytes were used is not kept. */
const KEPT = 768 << 20;

/** The workspace that was given back last, and the number of threads that it is for. */
let spare: { readonly workspace: KernelWorkspace; readonly threads: number } | undefined;

/**
 * Calls `work` with a workspace that may have been used before: its memory is there already, which a new one has to be given page by
 * page (some 1 ms per MB), and the helper threads know it. Nothing of what `work` returns may stand in it.
 */
export function lent<T>(kernel: CompiledKernel, work: (workspace: KernelWorkspace) => T): T {
  const threads = transformThreads();
  const workspace = spare?.threads === threads ? spare.workspace : new KernelWorkspace(kernel, LENT, true);
  // While it is lent, and after an error, which may leave anything behind, nobody else gets it.
  spare = undefined;
  const result = workspace.temporarily(() => work(workspace));
  spare = workspace.used <= KEPT ? { workspace, threads } : undefined;
  return result;
}
