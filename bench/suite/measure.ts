import { readFileSync } from 'node:fs';
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
  /** The processor's time of a run, of the thread that works, over that of the other side. */
  readonly cpuRatio: number;
  readonly rounds: number;
  readonly agreement: Agreement;
}

/** A round runs each side so often that it takes about this long, s, */
const ROUND = 0.03;
const MOST_RUNS = 30;
/** Code is compiled for good after some tens of runs; work that takes long is not waited for. */
const [WARM_RUNS, WARM_SECONDS] = [40, 2];

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
  // Warm: code compiled, pages touched, threads awake. The fastest run says how often a round repeats the work.
  let own = Number.POSITIVE_INFINITY;
  const start = performance.now();
  for (let i = 0; i < WARM_RUNS && (i < 1 || performance.now() - start < 1e3 * WARM_SECONDS); i++) {
    own = Math.min(own, timed(one, 1).seconds[0]);
  }
  let theirs = (await peer.run(1)).seconds[0];
  if (theirs < WARM_SECONDS / 4) theirs = Math.min(...(await peer.run(3)).seconds);
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
  // Over all rounds together: the system's account of a single one lags behind by up to some milliseconds.
  const perRun = (times: readonly Times[]) =>
    times.reduce((sum, { cpu }) => sum + cpu, 0) / times.reduce((sum, { seconds }) => sum + seconds.length, 0);
  return {
    seconds: median(ours.map(usual)),
    peerSeconds: median(others.map(usual)),
    ratio: median(ratios),
    quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    range: [ratios[0], ratios[ratios.length - 1]],
    cpuRatio: perRun(ours) / perRun(others),
    rounds,
    agreement,
  };
}

function runsFor(seconds: number): number {
  return Math.max(1, Math.min(MOST_RUNS, Math.round(ROUND / seconds)));
}

function timed(one: BenchCase, runs: number): Times {
  const before = processorSeconds();
  const seconds = Array.from({ length: runs }, () => {
    const start = performance.now();
    one.run();
    return (performance.now() - start) / 1000;
  });
  return { seconds, cpu: processorSeconds() - before };
}

/**
 * The processor's time of this thread, s; where the system does not tell, that of the process. Threads that collect garbage beside it
 * spin for longer the busier the machine is.
 */
function processorSeconds(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e9;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }
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
