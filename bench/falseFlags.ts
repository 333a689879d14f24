import { readFileSync, writeFileSync } from 'node:fs';
import { applyReference, imbalance, referenceModel, stackOf } from '../src/diagnosis/index.js';
import { random } from '../src/random.js';

/**
 * `node dist/bench/falseFlags.js [PACKS] [--write]`: how often what is healthy gets a flag, next to the rate that is stated. Packs
 * of several sizes (default 1000 each; of the largest runs, and of other spreads, errors and habits, a part of that) by significance
 * alone and with the default threshold; new maps against small references at a probability of
 * 1 %. With --write the tables go into docs/diagnosis.md. Exit status 1 where a rate of flags is more than three binomial errors above
 * the stated one.
 */
const most = Number(process.argv.find(arg => /^\d+$/.test(arg)) ?? 1000);
const CURRENT = 5;
/** A run of many cells and scans costs more: about so many readings in all. */
const MOST_READINGS = 24_000;

/** Percent: natural spread from scan to scan, error of measurement, and what cells differ by for good at most. */
interface Nature {
  readonly spread: number;
  readonly error: number;
  readonly habit: number;
}

function healthyRun(cells: number, scans: number, nature: Nature, rng: ReturnType<typeof random>) {
  const [spread, error, habit] = [nature.spread, nature.error, nature.habit].map(v => v / 100);
  const usual = Array.from({ length: cells }, () => 1 + habit * (2 * rng.uniform() - 1));
  return Array.from({ length: scans }, () => {
    const current = Float64Array.from(usual, own => {
      return CURRENT * own * (1 + spread * rng.normal()) + CURRENT * error * rng.normal();
    });
    const covariance = new Float64Array(cells * cells);
    for (let k = 0; k < cells; k++) covariance[k * cells + k] = (CURRENT * error) ** 2;
    return { current, covariance };
  });
}

const percent = (part: number) => (100 * part).toFixed(2);
const packs = [
  '| cells | scans | spread, error, habits | packs | flagged by significance alone | stated (binomial error) | beyond 3 % of resistance as well |',
  '|---|---|---|---|---|---|---|',
];
// Several scans tell the habits of cells; a single one is compared with like cells, and does not tell the spread.
const usual = (scans: number): Nature => ({ spread: 0.4, error: 0.2, habit: scans === 1 ? 0 : 1 });
const layouts = [
  ...[2, 3, 4, 8].flatMap(cells => [1, 6, 24].map(scans => ({ cells, scans, nature: usual(scans), part: 1 }))),
  { cells: 2, scans: 6, nature: { spread: 0.2, error: 0.5, habit: 2 }, part: 0.4 },
  { cells: 2, scans: 6, nature: { spread: 1, error: 0.05, habit: 0 }, part: 0.4 },
  { cells: 3, scans: 6, nature: { spread: 0.2, error: 0.2, habit: 1.4 }, part: 0.4 },
  { cells: 2, scans: 5, nature: { spread: 0.4, error: 0.4, habit: 0.5 }, part: 0.4 },
];
layouts.forEach(({ cells, scans, nature, part }, layout) => {
  const count = Math.max(50, Math.floor(part * Math.min(most, (MOST_READINGS / (cells * scans)) * (most / 1000))));
  const rng = random(100 * cells + scans + 1000 * layout);
  let [stated, flagged, beyond] = [0, 0, 0];
  for (let pack = 0; pack < count; pack++) {
    const found = imbalance(healthyRun(cells, scans, nature, rng), scans === 1 ? { spread: nature.spread / 100 } : {});
    stated += found.falseFlags.bySignificance / count;
    const all = found.scans.flat();
    if (all.some(cell => cell.adjustedP < found.level)) flagged++;
    if (all.some(cell => cell.flagged)) beyond++;
  }
  const error = Math.sqrt((stated * (1 - stated)) / count);
  packs.push(
    `| ${cells} | ${scans} | ${nature.spread}, ${nature.error}, ${nature.habit} % | ${count} | ${percent(flagged / count)} % | ${percent(stated)} +- ${percent(error)} % | ${percent(beyond / count)} % |`,
  );
  process.stderr.write(`${packs.at(-1)}\n`);
  if (flagged / count > stated + 3 * error) process.exitCode = 1;
});

/** New maps of one pattern in noise that is averaged over some pixels along x, judged by references of so many maps. */
function cohort(maps: number, strength: number, reach: number, references: number) {
  const [nx, ny, news] = [24, 20, 60];
  const layout = { grid: { nx, ny, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 }, channels: ['bz'], unit: 'T' };
  const shape = Float64Array.from({ length: nx * ny }, (_, i) => Math.cos((Math.PI * ((i % nx) + 0.5)) / nx));
  const norm = Math.hypot(...shape);
  const rng = random(31);
  const map = () => {
    const raw = Float64Array.from({ length: nx * ny + reach }, () => rng.normal());
    const amount = (strength * rng.normal()) / norm;
    return shape.map((v, i) => {
      let sum = 0;
      for (let k = 0; k < reach; k++) sum += raw[i + k];
      return amount * v + sum / Math.sqrt(reach);
    });
  };
  let [t2, q, flags] = [0, 0, 0];
  for (let r = 0; r < references; r++) {
    const { model } = referenceModel(stackOf(layout, Array.from({ length: maps }, map)));
    for (let i = 0; i < news; i++) {
      const { pT2, pQ, p } = applyReference(model, map());
      if (pT2 < 0.01) t2++;
      if (pQ < 0.01) q++;
      if (p < 0.01) flags++;
    }
  }
  const all = references * news;
  return `| ${maps} maps, pattern of ${strength} noises, noise over ${reach} pixels | ${percent(t2 / all)} % | ${percent(q / all)} % | ${percent(flags / all)} % |`;
}

const references = Math.max(20, Math.round(most / 5));
const cohorts = [
  '| reference | T² beyond its 99 % | Q beyond its 99 % | flag at 1 % |',
  '|---|---|---|---|',
  ...[
    [13, 100, 1],
    [13, 12, 1],
    [13, 100, 3],
    [13, 12, 3],
    [40, 12, 3],
  ].map(([maps, strength, reach]) => cohort(maps, strength, reach, references)),
];
process.stdout.write(`${packs.join('\n')}\n\n${cohorts.join('\n')}\n`);
if (process.argv.includes('--write')) {
  const page = new URL('../../docs/diagnosis.md', import.meta.url);
  const text = readFileSync(page, 'utf8')
    .replace(/(<!-- packs -->\n)[\s\S]*?(<!-- end packs -->)/, `$1${packs.join('\n')}\n$2`)
    .replace(/(<!-- cohorts -->\n)[\s\S]*?(<!-- end cohorts -->)/, `$1${cohorts.join('\n')}\n$2`);
  writeFileSync(page, text);
}
