import { setTransformThreads } from '../../src/transforms/index.js';
import { guardRatios } from './guardRatios.js';
import { jobs } from './jobs.js';
import { measure } from './measure.js';
import { Peer } from './peer.js';
import { environmentOf, type Result, type Results, resultOf, writeResults } from './results.js';
import { described, HEADER, line, writeTables } from './table.js';

/**
 * `npm run bench [-- --only NAME] [--quick] [--json] [--write]`: each job next to numpy or scipy doing the same work in the same
 * run, both with two threads. NAME is a job, or one case of it as JOB/CASE. A run of everything writes bench/results.json, with
 * --write the tables of README.md and docs/speed.md as well. Exit status 1 where the two sides disagree or a ratio misses its aim.
 */
const THREADS = 2;
/** Rounds of each side; fewer where one takes longer than {@link SLOW}, s. */
const [ROUNDS, SLOW_ROUNDS, SLOW] = [9, 5, 0.15];

const args = process.argv.slice(2);
const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
const quick = args.includes('--quick');
const asJson = args.includes('--json');
const say = (text: string) => (asJson ? process.stderr : process.stdout).write(`${text}\n`);

setTransformThreads(THREADS);
const peer = await Peer.start(THREADS);
if (peer === undefined) {
  process.stderr.write('there is no Python with numpy and scipy here to compare with; on Debian: python3-scipy\n');
  process.exit(1);
}
try {
  const environment = environmentOf(peer, THREADS);
  say(`${described(environment)}\n\n${HEADER}`);
  const results: Result[] = [];
  for (const { name, cases } of jobs) {
    for (const { id, quick: isQuick, make } of cases) {
      if (only === undefined ? quick && !isQuick : only !== name && only !== `${name}/${id}`) continue;
      const one = make(id);
      const rounds = (seconds: number) => (quick || seconds > SLOW ? SLOW_ROUNDS : ROUNDS);
      const result = resultOf(name, one, await measure(name, one, peer, rounds));
      results.push(result);
      say(line(result));
    }
  }
  if (only === undefined && !quick) {
    say('\nratios for the guard, one thread');
    const all: Results = { version: 1, environment, results, guard: await guardRatios(say) };
    writeResults(all);
    if (args.includes('--write')) writeTables(all);
  }
  if (asJson) process.stdout.write(`${JSON.stringify({ environment, results })}\n`);
  const bad = results.filter(
    ({ aim, ratio, agreement }) => !(agreement.difference <= agreement.tolerance) || (aim !== null && ratio > aim),
  );
  if (results.length === 0) say(`nothing is called ${only}; jobs are ${jobs.map(({ name }) => name).join(', ')}`);
  if (bad.length > 0 || results.length === 0) process.exitCode = 1;
} finally {
  peer.close();
}
