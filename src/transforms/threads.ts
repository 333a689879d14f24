import { BLOCKS, COUNT, DONE, PIECES, SIZE, TICKET } from './pass.js';

/**
 * Helper threads for the passes of a transform and the steps of dense algebra (`pass.ts`). The caller never depends on them, so
 * there is nothing to wait for at the start, and one thread does it all where workers or shared memory are not to be had (pages
 * without isolation). A helper sleeps on a word of its own memory that counts the calls, and goes back to its event loop, where
 * it can receive new workspaces, when nobody called for a while.
 */

/** Words of the memory shared with the helpers: calls so far, the workspace that called, then the state of each helper. */
const CALLS = 0;
const CALLER = 1;
const STATES = 2;
/** States: asleep, to be woken by a change of the calls; at its event loop, by a message; else it sees the change. */
const ASLEEP = 2;
const AWAY = 1;
const AWAKE = 0;

interface Helper {
  postMessage(message: unknown): void;
}

/** What a helper runs. Plain text, because a bundler or a test runner may rewrite functions. */
const HELPER = `
const start = port => {
  const workspaces = new Map();
  let words, state;
  const finished = words => Atomics.load(words, ${DONE}) >= Atomics.load(words, ${COUNT});
  const takePiece = ({ words, job, after }, { run, scratch }) => {
    for (;;) {
      // First the ticket, then the pass that must be finished before: were this one begun in between, the ticket would be another.
      const ticket = Atomics.load(words, ${TICKET});
      const left = ticket & ${PIECES};
      if (left === 0 || (after !== undefined && !finished(after))) return false;
      if (Atomics.compareExchange(words, ${TICKET}, ticket, ticket - 1) !== ticket) continue;
      const size = words[${SIZE}];
      run(job, scratch, (left - 1) * size, Math.min(left * size, words[${BLOCKS}]));
      Atomics.add(words, ${DONE}, 1);
      return true;
    }
  };
  // The first of the passes that may go on: one that follows another waits for it.
  const run = workspace => {
    const { passes } = workspace;
    for (let i = 0; i < passes.length; ) {
      if (takePiece(passes[i], workspace)) i = 0;
      else i++;
    }
  };
  const help = () => {
    Atomics.store(words, state, ${AWAKE});
    for (;;) {
      const calls = Atomics.load(words, ${CALLS});
      const workspace = workspaces.get(Atomics.load(words, ${CALLER}));
      if (workspace) run(workspace);
      for (let i = 0; i < 20000 && Atomics.load(words, ${CALLS}) === calls; i++);
      Atomics.store(words, state, ${ASLEEP});
      if (Atomics.wait(words, ${CALLS}, calls, 5) === 'timed-out') {
        Atomics.store(words, state, ${AWAY});
        if (Atomics.load(words, ${CALLS}) === calls) return;
      }
      Atomics.store(words, state, ${AWAKE});
    }
  };
  port.onmessage = ({ data }) => {
    if (data.words) ({ words, state } = data);
    else if (data.memory) {
      const { exports } = new WebAssembly.Instance(data.module, { env: { memory: data.memory } });
      const at = words => words === undefined ? undefined : new Int32Array(data.memory.buffer, words, 5);
      const passes = data.passes.map(({ words, job, after }) => ({ words: at(words), job, after: at(after) }));
      workspaces.set(data.id, { passes, run: exports.run, scratch: data.scratch });
    } else if (data.release) workspaces.delete(data.release);
    if (words) help();
  };
};
`;

/** The part of Node that we look for without importing it: this file runs in a page too. */
interface NodeProcess {
  getBuiltinModule?(name: 'node:worker_threads'): {
    Worker: new (
      code: string,
      options: { eval: true },
    ) => Helper & { unref(): void; on(event: string, f: () => void): void };
  };
}

function startHelper(): Helper | undefined {
  const process = (globalThis as { process?: NodeProcess }).process;
  const threads = process?.getBuiltinModule?.('node:worker_threads');
  try {
    if (threads) {
      const code = `${HELPER} const { parentPort } = require('node:worker_threads');
        start({ set onmessage(f) { parentPort.on('message', data => f({ data })); } });`;
      const worker = new threads.Worker(code, { eval: true });
      worker.unref();
      worker.on('error', () => {});
      return worker;
    }
    if (typeof Worker === 'undefined') return undefined;
    const url = URL.createObjectURL(new Blob([`${HELPER} start(self);`], { type: 'text/javascript' }));
    return new Worker(url);
  } catch {
    return undefined;
  }
}

/** Where the five words of a pass and its job stand in a memory, bytes. */
export interface PassPlace {
  readonly words: number;
  readonly job: number;
  /** The words of a pass that has to be finished first. */
  readonly after?: number;
}

/** The helpers of this realm and the memory they listen to. */
class Team {
  private readonly words = new Int32Array(new SharedArrayBuffer(4 * 64));
  private readonly helpers: Helper[] = [];
  private attached = 0;
  private readonly released = new FinalizationRegistry<number>(id => {
    for (const helper of this.helpers) helper.postMessage({ release: id });
  });

  constructor(count: number) {
    while (this.helpers.length < count) {
      const helper = startHelper();
      if (helper === undefined) break;
      const state = STATES + this.helpers.length;
      this.words[state] = AWAY;
      helper.postMessage({ words: this.words, state });
      this.helpers.push(helper);
    }
  }

  /**
   * Shows the helpers a workspace: the module that runs in its memory, its passes, and each helper's own room; scratch[0] is the
   * caller's.
   */
  attach(
    owner: object,
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    passes: readonly PassPlace[],
    scratch: readonly number[],
  ): number {
    const id = ++this.attached;
    this.helpers.slice(0, scratch.length - 1).forEach((helper, i) => {
      helper.postMessage({ id, module, memory, passes, scratch: scratch[i + 1] });
    });
    this.released.register(owner, id);
    return id;
  }

  call(id: number): void {
    const { words } = this;
    Atomics.store(words, CALLER, id);
    Atomics.add(words, CALLS, 1);
    let asleep = false;
    for (let i = 0; i < this.helpers.length; i++) {
      const state = Atomics.load(words, STATES + i);
      if (state === AWAY) this.helpers[i].postMessage({});
      asleep ||= state === ASLEEP;
    }
    if (asleep) Atomics.notify(words, CALLS);
  }
}

let wanted: number | undefined;
let team: Team | undefined;

/** Threads that the transforms use, this one included; by default the processors there are, at most 4. */
export function transformThreads(): number {
  if (typeof SharedArrayBuffer === 'undefined') return 1;
  return wanted ?? Math.min(4, processors());
}

/** Sets the number of threads, 1 to 8, for transforms that are made from now on. */
export function setTransformThreads(threads: number): void {
  wanted = Math.min(8, Math.max(1, Math.floor(threads)));
}

function processors(): number {
  const process = (
    globalThis as { process?: { getBuiltinModule?(name: 'node:os'): { availableParallelism(): number } } }
  ).process;
  const os = process?.getBuiltinModule?.('node:os');
  return os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** The helpers, started at the first call. */
export function helperTeam(): Team {
  team ??= new Team(Math.max(1, transformThreads() - 1));
  return team;
}
