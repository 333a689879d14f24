/**
 * `node dist/bench/calibration.js [TRIALS] [SEED]`: TRIALS (default 400) simulated calibrations of every kind, each of another sensor;
 * how their errors compare with those that the fits state. Writes the table of docs/rig.md; exit status 1 where stated errors are off
 * by more than a tenth.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { spreadOf, TRIALS } from './calibrationTrials.js';

const count = Number(process.argv[2] ?? 400);
const first = Number(process.argv[3] ?? 1);
const ALLOWED = 0.1;
const lines = ['| calibration | what is fitted | rms pull | within 1 | within 2 |', '|---|---|---|---|---|'];
let bad = 0;
for (const [kind, trial] of Object.entries(TRIALS)) {
  const all: Record<string, number[]> = {};
  for (let seed = 0; seed < count; seed++) {
    for (const [name, pulls] of Object.entries(trial(first + seed))) {
      all[name] ??= [];
      all[name].push(...pulls);
    }
  }
  for (const [name, pulls] of Object.entries(all)) {
    const { rms, one, two } = spreadOf(pulls);
    const percent = (part: number) => `${(100 * part).toFixed(0)} %`;
    lines.push(`| ${kind} | ${name} | ${rms.toFixed(2)} | ${percent(one)} | ${percent(two)} |`);
    if (Math.abs(rms - 1) > ALLOWED) bad++;
  }
}
console.log(lines.join('\n'));
const page = new URL('../../docs/rig.md', import.meta.url);
const text = readFileSync(page, 'utf8');
writeFileSync(page, text.replace(/(<!-- calibration -->\n)[\s\S]*?(<!-- end -->)/, `$1${lines.join('\n')}\n$2`));
if (bad > 0) {
  console.error(`${bad} kinds of stated errors are off by more than ${100 * ALLOWED} %`);
  process.exitCode = 1;
}
