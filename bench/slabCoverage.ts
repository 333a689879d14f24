import { susceptibilityInversion } from '../inversion/susceptibility/susceptibilityInversion.js';
import { randomSlab, type SlabCase, simulateSlab, slabScore } from './slabCases.js';

/**
 * `node dist/bench/slabCoverage.js [CASES [FIRST]]`: susceptibility maps of random slabs (outline, thickness, direction and size of
 * the applied field, one or two planes, three components or Bz, regular or irregular places, noise, offsets and drift of three
 * kinds), all choices automatic: errors, and how the stated errors fare. Prints the tables of docs/susceptibility.md.
 */
const cases = Number(process.argv[2] ?? 30);
const firstSeed = Number(process.argv[3] ?? 1);

interface Scored {
  readonly slab: SlabCase;
  readonly score: ReturnType<typeof slabScore>;
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const found: Scored[] = [];
for (let seed = firstSeed; seed < firstSeed + cases; seed++) {
  const slab = randomSlab(seed);
  const simulated = simulateSlab(slab);
  const solution = susceptibilityInversion(simulated.scan, slab);
  const score = slabScore(solution, simulated);
  found.push({ slab, score });
}

const middle = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
const rms = (values: number[]) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
const part = (values: readonly unknown[], good: number) =>
  `${((100 * good) / Math.max(1, values.length)).toFixed(0)} %`;

const groups: Readonly<Record<string, (entry: Scored) => boolean>> = {
  all: () => true,
  'two planes': ({ slab }) => slab.planes.length === 2,
  'one plane': ({ slab }) => slab.planes.length === 1,
  'three components': ({ slab }) => slab.components?.length === 3,
  'Bz only': ({ slab }) => slab.components?.length === 1,
  'irregular places': ({ slab }) => (slab.jitter ?? 0) > 0,
  'constant offsets': ({ slab }) => slab.drift === 'constant',
  'linear drift': ({ slab }) => slab.drift === 'linear',
  'offset per line': ({ slab }) => slab.drift === 'line',
};
say(
  '| cases | number | error: median / worst | ≤ 0.05 | of the variation: median / worst | ≤ 0.23 | mean within 1 ppm | worst mean |',
);
say('|---|---|---|---|---|---|---|---|');
for (const [name, belongs] of Object.entries(groups)) {
  const scores = found.filter(belongs).map(({ score }) => score);
  if (scores.length === 0) continue;
  const of = (pick: (s: (typeof scores)[number]) => number) => scores.map(pick);
  const pair = (values: number[]) => `${middle(values).toFixed(3)} / ${Math.max(...values).toFixed(3)}`;
  say(
    `| ${name} | ${scores.length} | ${pair(of(s => s.error))} | ${part(scores, scores.filter(s => s.error <= 0.05).length)} | ` +
      `${pair(of(s => s.variation))} | ${part(scores, scores.filter(s => s.variation <= 0.23).length)} | ` +
      `${part(scores, scores.filter(s => Math.abs(s.mean) < 1e-6).length)} | ${(1e6 * Math.max(...of(s => Math.abs(s.mean)))).toFixed(2)} ppm |`,
  );
}
say('');
say('| cases | chi within 1 / 2 errors | mean: rms z | within 3 | offsets: number | rms z | within 3 | worst |');
say('|---|---|---|---|---|---|---|---|');
for (const [name, belongs] of Object.entries(groups)) {
  const scores = found.filter(belongs).map(({ score }) => score);
  if (scores.length === 0) continue;
  const average = (pick: (s: (typeof scores)[number]) => number) =>
    `${((100 * scores.reduce((sum, s) => sum + pick(s), 0)) / scores.length).toFixed(0)} %`;
  const means = scores.map(s => s.meanSigmas);
  const offsets = scores.flatMap(s => s.offsetSigmas);
  const within3 = (values: number[]) => part(values, values.filter(z => Math.abs(z) < 3).length);
  say(
    `| ${name} | ${average(s => s.within1)} / ${average(s => s.within2)} | ${rms(means).toFixed(2)} | ${within3(means)} | ` +
      (offsets.length === 0
        ? '0 | - | - | - |'
        : `${offsets.length} | ${rms(offsets).toFixed(2)} | ${within3(offsets)} | ${Math.max(...offsets.map(Math.abs)).toFixed(1)} |`),
  );
}
