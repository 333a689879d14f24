import { readFileSync, writeFileSync } from 'node:fs';
import { applyReference, imbalance, referenceModel, stackOf } from '../src/diagnosis/index.js';
import { random } from '../src/random.js';

/**
 * `node dist/bench/falseFlags.js [PACKS] [--write]`: how often what is healthy gets a flag, next to the rate that is stated. Packs
 * of several sizes (default 1000 each; of the largest runs a part of that) with 0.4 % of natural spread and 0.2 % of measuring error,
 * by significance alone and with the default threshold; new maps against small references at a probability of
 * 1 %. With --write the tables go into docs/diagnosis.md. Exit status 1 where a rate of flags is more than three binomial errors above
 * the stated one.
 */
const most = Number(process.argv.find(arg => /^\d+$/.test(arg)) ?? 1000);
const [SPREAD, ERROR, CURRENT] = [0.004, 0.002, 5];
/** A run of many cells and scans costs more: about so many readings in all. */
const MOST_READINGS = 24_000;

function healthyRun(cells: number, scans: number, rng: ReturnType<typeof random>) {
  // Cells have habits, up to 1 %, that several scans tell; a single scan is compared with like cells.
  const habit = Array.from({ length: cells }, () => 1 + (scans >= 5 ? 0.01 : 0) * (2 * rng.uniform() - 1));
  return Array.from({ length: scans }, () => {
    const current = Float64Array.from(habit, own => {
      return CURRENT * own * (1 + SPREAD * rng.normal()) + CURRENT * ERROR * rng.normal();
    });
    const covariance = new Float64Array(cells * cells);
    for (let k = 0; k < cells; k++) covariance[k * cells + k] = (CURRENT * ERROR) ** 2;
    return { current, covariance };
  });
}

const percent = (part: number) => (100 * part).toFixed(2);
const packs = [
  '| cells | scans | packs | flagged by significance alone | stated (binomial error) | beyond 3 % of resistance as well |',
  '|---|---|---|---|---|---|',
];
for (const cells of [2, 3, 4, 8]) {
  for (const scans of [1, 6, 24]) {
    const count = Math.max(50, Math.min(most, Math.floor((MOST_READINGS / (cells * scans)) * (most / 1000))));
    const rng = random(100 * cells + scans);
    let [stated, flagged, beyond] = [0, 0, 0];
    for (let pack = 0; pack < count; pack++) {
      // A single scan cannot tell the natural spread. Habits of cells are learned within the default threshold.
      const found = imbalance(healthyRun(cells, scans, rng), scans === 1 ? { spread: SPREAD } : {});
      stated += found.falseFlags.bySignificance / count;
      const all = found.scans.flat();
      if (all.some(cell => cell.adjustedP < found.level)) flagged++;
      if (all.some(cell => cell.flagged)) beyond++;
    }
    const error = Math.sqrt((stated * (1 - stated)) / count);
    packs.push(
      `| ${cells} | ${scans} | ${count} | ${percent(flagged / count)} % | ${percent(stated)} +- ${percent(error)} % | ${percent(beyond / count)} % |`,
    );
    process.stderr.write(`${packs.at(-1)}\n`);
    if (flagged / count > stated + 3 * error) process.exitCode = 1;
  }
}

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
