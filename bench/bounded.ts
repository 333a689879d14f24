import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { boundedInversion } from '../inversion/bounded/boundedInversion.js';
import { loadScan } from '../src/formats/node.js';
import { parseCell } from '../src/model/parseCell.js';
import { readTruth, score } from './truth.js';

/**
 * `node dist/bench/bounded.js [CASE...] [--errors] [--marks]`: error, time and choices of the bounded inversion on simulated
 * cases with their truth, every parameter automatic; default the five of ../shared/cases.
 */
const DEFAULT = ['same-side-tabs', 'counter-tabs', 'notched-outline', 'steep-leads', 'two-sheets'];
const given = process.argv.slice(2).filter(a => !a.startsWith('--'));
const folders =
  given.length > 0 ? given : DEFAULT.map(name => join('../shared/cases', name)).filter(f => existsSync(f));
if (folders.length === 0)
  process.stderr.write('bounded inversion left out: its cases are not here (../shared/cases)\n');

for (const folder of folders) {
  const file = join(folder, 'cell.yaml');
  const cell = parseCell(readFileSync(file, 'utf8'), file);
  const scan = await loadScan(join(folder, 'scan.csv'));
  const start = performance.now();
  let last = '';
  const marks: string[] = [];
  const s = boundedInversion(scan, cell, {
    onProgress: (_, next) => {
      if (next !== last) marks.push(`${next} ${((performance.now() - start) / 1000).toFixed(1)}`);
      last = next;
    },
  });
  const seconds = (performance.now() - start) / 1000;
  const truth = readTruth(folder);
  const got = truth ? score(truth, s.sheets) : undefined;
  const sheets = got && got.sheets.length > 1 ? ` sheets ${got.sheets.map(e => e.toFixed(4)).join(' ')}` : '';
  process.stdout.write(
    `${basename(folder).padEnd(18)} error ${got?.sum.toFixed(4)}${sheets} uniform ${got?.uniform.toFixed(4)} chi2 ${s.chi2.toFixed(2)} alike ${s.residualCorrelation.toFixed(2)} g ${(100 * s.gainError).toFixed(2)} % s ${(1e3 * s.positionError).toFixed(3)} mm ` +
      `lambda ${s.lambda.toExponential(2)} df ${s.degrees.toFixed(0)} rejected ${s.rejected}/${s.samples} share ${s.share.map(v => v.toFixed(4)).join(' ')} ` +
      `unknowns ${s.estimate.unknowns} res ${(1e3 * s.resolution).toFixed(1)} mm dep ${s.departure.toFixed(3)} ${seconds.toFixed(1)} s\n`,
  );
  if (process.argv.includes('--marks')) process.stdout.write(`  ${marks.join(', ')}\n`);
  if (process.argv.includes('--errors') && truth && s.sheets.length === truth.sheets.length) {
    s.sheets.forEach((map, k) => {
      let [inside, n] = [0, 0];
      for (let i = 0; i < map.kx.length; i++) {
        if (Number.isNaN(map.kx[i]) || truth.mask[i] === 0) continue;
        n += 2;
        if (Math.abs(map.kx[i] - truth.sheets[k].kx[i]) < map.kxErrors![i]) inside++;
        if (Math.abs(map.ky[i] - truth.sheets[k].ky[i]) < map.kyErrors![i]) inside++;
      }
      process.stdout.write(`  one sigma holds ${(inside / n).toFixed(3)}\n`);
    });
  }
  for (const warning of s.warnings) process.stdout.write(`  ${warning}\n`);
}
