import { readFileSync, writeFileSync } from 'node:fs';
import { applyReference, labeller, referenceModel, stackOf, UNKNOWN } from '../src/diagnosis/index.js';
import { InputError } from '../src/errors.js';
import { random } from '../src/random.js';
import type { Defect } from '../src/simulation/defects/defect.js';
import { BENCHES, drawnDefect, KINDS, STRANGE, scannedCell, strangeChange } from './labelCases.js';

/**
 * `node dist/bench/labels.js [SCANS] [--write]`: labels of simulated scans that deviate (default 200): a defect of the library drawn at
 * random, or something that is none, on three cells with natural variation and noise. Prints the confusion table and how
 * often labels said with a confidence are right; with --write both go into docs/diagnosis.md. Seeded.
 */
const wanted = Number(process.argv.find(arg => /^\d+$/.test(arg)) ?? 200);
const REFERENCE = 14;
/** Scans are labelled where they would be flagged in a run of this one alone. */
const FLAG = 0.01;

interface Case {
  readonly truth: string;
  readonly detail: string;
  readonly label: string;
  readonly confidence: number;
  /** Probability that was given to the truth. */
  readonly given: number;
  /** Distance of the place that was told from the true one, m; NaN without. */
  readonly distance: number;
}

const cases: Case[] = [];
let unflagged = 0;
const rng = random(20);
const truths = [...KINDS, ...STRANGE];
const cells = BENCHES.map(bench => {
  const scanned = scannedCell(bench);
  const maps = Array.from({ length: REFERENCE }, () => scanned.scan(rng));
  const { model } = referenceModel(stackOf(scanned.layout, maps));
  return { scanned, model, labels: labeller(scanned.cell, scanned.layout, scanned.z) };
});
for (let i = 0; cases.length < wanted; i++) {
  const { scanned, model, labels } = cells[i % cells.length];
  const truth = truths[Math.floor(i / cells.length) % truths.length];
  const isKind = (KINDS as readonly string[]).includes(truth);
  const defect = isKind ? drawnDefect(truth as (typeof KINDS)[number], scanned.cell, rng) : undefined;
  if (isKind && defect === undefined) continue;
  if (defect !== undefined && !possible(() => scanned.change(defect))) continue;
  const change = defect ? scanned.change(defect) : strangeChange(truth as (typeof STRANGE)[number], scanned, rng);
  const judgement = applyReference(model, scanned.scan(rng, change));
  if (judgement.p > FLAG) {
    unflagged++;
    continue;
  }
  const found = labels.label(model.monitoring, judgement);
  const [best] = found;
  const right = isKind ? truth : UNKNOWN;
  const at = defect && placeOf(defect);
  cases.push({
    truth,
    detail: `${scanned.cell.name}: ${JSON.stringify(defect ?? '')} -> ${JSON.stringify(best.defect ?? '')} x ${best.amplitude?.toFixed(2)}`,
    label: best.kind,
    confidence: best.confidence,
    given: found.find(c => c.kind === right)?.confidence ?? 0,
    distance: at && best.place ? Math.hypot(at[0] - best.place[0], at[1] - best.place[1]) : Number.NaN,
  });
  const last = cases[cases.length - 1];
  process.stderr.write(
    `${truth} -> ${best.kind} ${best.confidence.toFixed(2)} (${last.given.toFixed(2)}) ${last.detail}\n`,
  );
}

const right = ({ truth, label }: Case) => label === ((KINDS as readonly string[]).includes(truth) ? truth : UNKNOWN);
const columns = [...KINDS, UNKNOWN, 'other'];
const confusion = [
  `| truth \\ label | scans | ${columns.map(c => c.replaceAll('_', ' ')).join(' | ')} | place, median mm |`,
  `|---|---|${columns.map(() => '---').join('|')}|---|`,
  ...truths.map(truth => {
    const own = cases.filter(c => c.truth === truth);
    const counts = columns.map(
      label => own.filter(c => (columns.includes(c.label) ? c.label : 'other') === label).length,
    );
    const distances = own
      .filter(c => right(c) && !Number.isNaN(c.distance))
      .map(c => c.distance)
      .sort((a, b) => a - b);
    const middle = distances.length === 0 ? '' : (1e3 * distances[distances.length >> 1]).toFixed(1);
    return `| ${truth.replaceAll('_', ' ')} | ${own.length} | ${counts.map(n => (n === 0 ? '' : n)).join(' | ')} | ${middle} |`;
  }),
];
const bins = [
  [0, 0.5],
  [0.5, 0.7],
  [0.7, 0.9],
  [0.9, 0.99],
  [0.99, 1.01],
].map(([from, to]) => {
  const own = cases.filter(c => c.confidence >= from && c.confidence < to);
  if (own.length === 0) return `| ${from} to ${Math.min(1, to)} | 0 | | |`;
  const said = own.reduce((sum, c) => sum + c.confidence, 0) / own.length;
  const hit = own.filter(right).length / own.length;
  const error = Math.sqrt((said * (1 - said)) / own.length);
  return `| ${from} to ${Math.min(1, to)} | ${own.length} | ${said.toFixed(2)} +- ${error.toFixed(2)} | ${hit.toFixed(2)} |`;
});
const table = [
  ...confusion,
  '',
  `${cases.filter(right).length} of ${cases.length} labels are right; ${unflagged} further scans were not flagged.`,
  '',
  '| confidence | labels | mean of what was said (binomial error) | right |',
  '|---|---|---|---|',
  ...bins,
].join('\n');
process.stdout.write(`${table}\n`);
if (process.argv.includes('--write')) {
  const page = new URL('../../docs/diagnosis.md', import.meta.url);
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, text.replace(/(<!-- labels -->\n)[\s\S]*?(<!-- end -->)/, `$1${table}\n$2`));
}

/** Whether a defect that was drawn fits the cell: a hole under a tab does not. */
function possible(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

function placeOf(defect: Defect): readonly [number, number] | undefined {
  if ('at' in defect) return defect.at;
  if (defect.kind !== 'slit') return undefined;
  return [(defect.from[0] + defect.to[0]) / 2, (defect.from[1] + defect.to[1]) / 2];
}
