import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { BenchCase } from './benchCase.js';
import type { Measured } from './measure.js';
import type { Peer } from './peer.js';

/** The committed figures, bench/results.json. */

const FILE = fileURLToPath(new URL('../../../bench/results.json', import.meta.url));

const resultSchema = z.object({
  job: z.string(),
  id: z.string(),
  work: z.string(),
  peer: z.string(),
  /** Seconds, medians. */
  seconds: z.number(),
  peerSeconds: z.number(),
  /** Median of the rounds' ratios, Savart / peer; quartiles, least and largest. */
  ratio: z.number(),
  quartiles: z.tuple([z.number(), z.number()]),
  range: z.tuple([z.number(), z.number()]),
  rounds: z.number(),
  aim: z.number().nullable(),
  agreement: z.object({ of: z.string(), difference: z.number(), tolerance: z.number() }),
});

const environmentSchema = z.object({
  node: z.string(),
  numpy: z.string(),
  scipy: z.string(),
  python: z.string(),
  processor: z.string(),
  cores: z.number(),
  platform: z.string(),
  threads: z.number(),
  date: z.string(),
});

const resultsSchema = z.object({
  version: z.literal(1),
  environment: environmentSchema,
  results: z.array(resultSchema),
  /** Ratios of processor times on one thread, by job/case: what `npm run bench:guard` compares with. */
  guard: z.record(z.string(), z.number()),
});

export type Result = z.infer<typeof resultSchema>;
export type Results = z.infer<typeof resultsSchema>;
export type Environment = z.infer<typeof environmentSchema>;

export function resultOf(job: string, one: BenchCase, measured: Measured): Result {
  const { seconds, peerSeconds, ratio, rounds, agreement } = measured;
  return {
    job,
    id: one.id,
    work: one.work,
    peer: one.peer,
    seconds,
    peerSeconds,
    ratio,
    quartiles: [...measured.quartiles],
    range: [...measured.range],
    rounds,
    aim: one.aim ?? null,
    agreement,
  };
}

export function environmentOf({ versions }: Peer, threads: number): Environment {
  return {
    node: process.version,
    ...versions,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    platform: `${process.platform} ${process.arch}`,
    threads,
    date: new Date().toISOString(),
  };
}

export function readResults(): Results {
  return resultsSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')));
}

export function writeResults(results: Results): void {
  const short = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);
  writeFileSync(FILE, `${JSON.stringify(results, short, 2)}\n`);
}
