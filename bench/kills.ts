/**
 * `node dist/bench/kills.js [SCANS] [SEED]`: kills SCANS scans (default 100) at random moments and lets them go on. Writes the table
 * of docs/rig.md; exit status 1 where a map differs from that of an undisturbed scan, or anything recorded was lost.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killedScans } from './killedScans.js';

const count = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? 1);
const folder = mkdtempSync(join(tmpdir(), 'savart-kills-'));
const child = fileURLToPath(new URL('./scanChild.js', import.meta.url));
const scans = await killedScans(count, { seed, child, folder, together: 2 });
rmSync(folder, { recursive: true });

const lines = [
  '| killed when so much of the journal was written | scans | complete points then | records lost | largest difference of the map (T) |',
  '|---|---|---|---|---|',
];
const EDGES = [0, 0.25, 0.5, 0.75, 1];
for (const [k, low] of EDGES.entries()) {
  const high = EDGES[k + 1] ?? Number.POSITIVE_INFINITY;
  const own = scans.filter(({ part }) => part >= low && part < high);
  if (own.length === 0) continue;
  const done = own.map(scan => scan.done);
  const name = low === 1 ? 'all of it' : `${100 * low} to ${100 * high} %`;
  const missing = own.filter(({ kept }) => !kept).length;
  const difference = Math.max(...own.map(scan => scan.difference));
  lines.push(
    `| ${name} | ${own.length} | ${Math.min(...done)} to ${Math.max(...done)} | ${missing} | ${difference.toPrecision(1)} |`,
  );
}
console.log(lines.join('\n'));
const page = new URL('../../docs/rig.md', import.meta.url);
const text = readFileSync(page, 'utf8');
writeFileSync(page, text.replace(/(<!-- kills -->\n)[\s\S]*?(<!-- end -->)/, `$1${lines.join('\n')}\n$2`));
const bad = scans.filter(({ kept, difference }) => !kept || !(difference < 1e-15));
if (bad.length > 0) {
  console.error(`${bad.length} of ${scans.length} scans are not as they should be`);
  process.exitCode = 1;
}
