import { setTransformThreads } from '../../src/transforms/index.js';
import type { CaseMaker } from './benchCase.js';
import { jobs } from './jobs.js';
import { measure } from './measure.js';
import { Peer } from './peer.js';

const ROUNDS = 7;

/** One case of the guard by the name under which its ratio is kept. */
export interface Guarded {
  readonly key: string;
  readonly job: string;
  readonly maker: CaseMaker;
}

/** What the guard looks at. */
export const guarded: readonly Guarded[] = jobs.flatMap(({ name, cases }) =>
  cases.filter(maker => maker.guarded).map(maker => ({ key: `${name}/${maker.id}`, job: name, maker })),
);

/**
 * The ratio of a case as the guard measures it: the fastest run of Savart over the fastest of the other side, both on one thread,
 * because on a loaded machine two threads wait for each other.
 */
export async function guardRatio({ job, maker }: Guarded, peer: Peer): Promise<number> {
  return (await measure(job, maker.make(maker.id), peer, () => ROUNDS)).fastest;
}

/** Ratios of all cases of the guard: the figures that are committed. */
export async function guardRatios(say: (text: string) => void): Promise<Record<string, number>> {
  setTransformThreads(1);
  const peer = await Peer.start(1);
  if (peer === undefined) throw new Error('the numpy side did not start again');
  try {
    const out: Record<string, number> = {};
    for (const one of guarded) {
      out[one.key] = await guardRatio(one, peer);
      say(`${one.key.padEnd(30)} ${out[one.key].toFixed(2)}`);
    }
    return out;
  } finally {
    peer.close();
  }
}
