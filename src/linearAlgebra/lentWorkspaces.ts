import type { CompiledKernel } from '../transforms/compileKernel.js';
import { transformThreads } from '../transforms/threads.js';
import { KernelWorkspace } from './kernelWorkspace.js';

/** Bytes of a workspace that is lent: what one memory can have. Room that nobody uses costs nothing. */
const LENT = 3e9;
/** Spare workspaces, at most: an inversion uses two. */
const MOST = 2;
/** A workspace of which more bytes were used is not kept. */
const KEPT = 512 << 20;

/** Workspaces that were given back, with the number of threads that they are for. */
let spare: { readonly workspace: KernelWorkspace; readonly threads: number }[] = [];

/**
 * Calls `work` with a workspace that was used before, and for which it may take further ones ({@link KernelWorkspace.beside}):
 * their memory is there already, which a new one has to be given page by page (some 1 ms per MB), and the helper threads know it.
 * Nothing of what `work` returns may stand in it.
 */
export function lent<T>(kernel: CompiledKernel, work: (workspace: KernelWorkspace) => T): T {
  const threads = transformThreads();
  const taken: KernelWorkspace[] = [];
  const take = () => {
    const at = spare.findIndex(s => s.threads === threads);
    const workspace = at < 0 ? new KernelWorkspace(kernel, LENT) : spare.splice(at, 1)[0].workspace;
    taken.push(workspace);
    return workspace;
  };
  const first = take();
  first.lend = take;
  // After an error nothing is kept: what it left behind, nobody knows.
  const result = work(first);
  first.lend = undefined;
  for (const workspace of taken) workspace.empty();
  spare = [...taken.filter(w => w.used <= KEPT).map(workspace => ({ workspace, threads })), ...spare].slice(0, MOST);
  return result;
}
