import { setTransformThreads } from '../../src/transforms/index.js';
import type { CaseMaker } from './benchCase.js';
import { jobs } from './jobs.js';
import { measure } from './measure.js';
import { Peer } from './peer.js';

/** Rounds of each side; fewer where one takes longer than {@link SLOW}, s. */
const [ROUNDS, SLOW_ROUNDS, SLOW] = [7, 4, 0.4];
/** A committed ratio is the median of so many. */
const TIMES = 5;

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
 * The ratio of a case as the guard measures it: processor time on one thread, over all rounds. Others who
 * want the processor make work last longer, not need more of it; two threads would wait for each other.
 */
export async function guardRatio({ job, maker }: Guarded, peer: Peer): Promise<number> {
  return (await measure(job, maker.make(maker.id), peer, seconds => (seconds > SLOW ? SLOW_ROUNDS : ROUNDS))).cpuRatio;
}

/** Ratios of all cases of the guard: the figures that are committed. */
export async function guardRatios(say: (text: string) => void): Promise<Record<string, number>> {
  setTransformThreads(1);
  const peer = await Peer.start(1);
  if (peer === undefined) throw new Error('the numpy side did not start again');
  try {
    const out: Record<string, number> = {};
    for (const one of guarded) {
      const ratios: number[] = [];
      while (ratios.length < TIMES) ratios.push(await guardRatio(one, peer));
      out[one.key] = ratios.sort((a, b) => a - b)[TIMES >> 1];
      say(`${one.key.padEnd(30)} ${out[one.key].toFixed(2)}`);
    }
    return out;
  } finally {
    peer.close();
  }
}
