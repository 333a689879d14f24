import type { Agreement, BenchCase } from './benchCase.js';
import type { Peer, Times } from './peer.js';

/** Times of the two sides, and what follows from them. */
export interface Measured {
  /** Seconds, medians over the rounds. */
  readonly seconds: number;
  readonly peerSeconds: number;
  /** Median of the rounds' ratios Savart / peer, and their quartiles, least and largest. */
  readonly ratio: number;
  readonly quartiles: readonly [number, number];
  readonly range: readonly [number, number];
  /** The processor's time of a run, least of the rounds, over that of the other side. */
  readonly cpuRatio: number;
  readonly rounds: number;
  readonly agreement: Agreement;
}

/** A round runs each side so often that it takes about this long, s, */
const ROUND = 0.03;
const MOST_RUNS = 30;
/** Work that takes longer than this needs no further runs to be warm. */
const SLOW = 0.4;
const WARM_RUNS = 12;

/**
 * Times both sides in turn, round by round, so that whatever slows the machine down slows both; who begins alternates.
 * @param roundsFor how many, of work that takes the slower side so many seconds
 */
export async function measure(
  job: string,
  one: BenchCase,
  peer: Peer,
  roundsFor: (seconds: number) => number,
): Promise<Measured> {
  await peer.open(job, one);
  // Warm: code compiled, pages touched, threads awake. The last time says how often a round repeats the work.
  let own = timed(one, 1).seconds[0];
  for (let i = 1; i < WARM_RUNS && own < SLOW; i++) [own] = timed(one, 1).seconds;
  let theirs = (await peer.run(1)).seconds[0];
  if (theirs < SLOW) theirs = (await peer.run(3)).seconds[2];
  const agreement = one.compare(await peer.result());
  const rounds = roundsFor(Math.max(own, theirs));
  const ownRuns = runsFor(own);
  const peerRuns = runsFor(theirs);
  const ours: Times[] = [];
  const others: Times[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) ours.push(timed(one, ownRuns));
    others.push(await peer.run(peerRuns));
    if (round % 2 === 1) ours.push(timed(one, ownRuns));
  }
  const usual = ({ seconds }: Times) => median(seconds);
  const ratios = ours.map((times, r) => usual(times) / usual(others[r])).sort((a, b) => a - b);
  const least = (times: readonly Times[]) => Math.min(...times.map(({ cpu, seconds }) => cpu / seconds.length));
  return {
    seconds: median(ours.map(usual)),
    peerSeconds: median(others.map(usual)),
    ratio: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    range: [ratios[0], ratios[ratios.length - 1]],
    cpuRatio: least(ours) / least(others),
    rounds,
    agreement,
  };
}

function runsFor(seconds: number): number {
  return Math.max(1, Math.min(MOST_RUNS, Math.round(ROUND / seconds)));
}

function timed(one: BenchCase, runs: number): Times {
  const before = process.cpuUsage();
  const seconds = Array.from({ length: runs }, () => {
    const start = performance.now();
    one.run();
    return (performance.now() - start) / 1000;
  });
  const { user, system } = process.cpuUsage(before);
  return { seconds, cpu: (user + system) / 1e6 };
}

function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** Of values in ascending order. */
function quantile(sorted: readonly number[], part: number): number {
  const at = part * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]);
}
