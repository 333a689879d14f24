import { readFileSync, writeFileSync } from 'node:fs';
import { meanLogRange, rimPart } from '../inversion/conductance/conductanceEnsemble.js';
import { conductanceInversion } from '../inversion/conductance/conductanceInversion.js';
import { parseCell } from '../src/index.js';
import { random } from '../src/random.js';
import type { Defect } from '../src/simulation/defects/defect.js';
import { rasterPlan } from '../src/simulation/field/samplePlan.js';
import { simulateCell } from '../src/simulation/field/simulateCell.js';

/*
 * `node dist/bench/conductance.js [DEFECTS] [HEALTHY]`: whether the 90 % range that an ensemble states for the mean log conductance over a
 * defect's true region holds it, over simulated defects (default 100) of random place, size, conductance and foil; how well
 * place, area and foil are found; and how often a healthy cell (default 20 realisations of the noise) is said to have one.
 * Writes the table of docs/conductance.md.
 */
const [defects, healthy] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 20)];
const NOISE = 50e-9;
const MEMBERS = 8;
const cell = parseCell(
  `name: validation
outline_mm: {width: 50, height: 60}
thickness_mm: 0.3
current_A: 5
tabs:
  - {name: positive, at_mm: [[5, 60], [20, 60]], share: 1}
  - {name: negative, at_mm: [[30, 60], [45, 60]], share: -1}
electrical:
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`,
  'validation.yaml',
);
const plan = rasterPlan([cell.outline], { heights: [4e-3], pitch: 2.5e-3, margin: 12e-3 });

const rng = random(2027);
const between = (low: number, high: number) => low + (high - low) * rng.uniform();
const held: boolean[] = [];
const table: { shift: number; area: number; ratio: number; named: string; width: number }[] = [];
let missed = 0;
for (let k = 0; k < defects; k++) {
  const radius = between(4e-3, 9e-3);
  const at = [between(radius + 3e-3, 47e-3 - radius), between(radius + 3e-3, 54e-3 - radius)] as const;
  const conductance = Math.exp(between(Math.log(0.05), Math.log(0.7)));
  const foil = rng.uniform() < 0.5 ? ('positive' as const) : ('negative' as const);
  const defect: Defect = { kind: 'thinned_foil', foil, at, radius, conductance, pair: 'all' };
  const { scan } = simulateCell(cell, plan, { noise: NOISE, seed: 8000 + k, pitch: 0.5e-3, defects: [defect] });
  const found = await conductanceInversion(scan, cell, { ensemble: MEMBERS });
  const [first] = found.defects;
  if (first?.kind !== 'foil' || found.ensemble === undefined) {
    missed++;
    process.stderr.write(`${k}: missed ${foil} ${conductance.toFixed(2)} r ${(1e3 * radius).toFixed(1)} mm\n`);
    continue;
  }
  const { grid } = found.conductance[0];
  // Pixels of the foil stand in the order of the rows here: the outline is higher than wide.
  const region: number[] = [];
  let covered = 0;
  for (let i = 0; i < grid.nx * grid.ny; i++) {
    const [x, y] = [grid.x0 + (i % grid.nx) * grid.dx, grid.y0 + Math.floor(i / grid.nx) * grid.dy];
    if (Math.hypot(x - at[0], y - at[1]) >= radius) continue;
    region.push(i);
    covered += coverage(x, y, grid.dx, grid.dy, at, radius);
  }
  const [low, high] = meanLogRange(found.ensemble, region, rimPart(region, grid.nx));
  const truth = Math.log(conductance);
  // Pixels on the rim are damaged in part.
  const mean = (truth * covered) / region.length;
  held.push(low <= mean && mean <= high);
  table.push({
    shift: 1e3 * Math.hypot(first.centre[0] - at[0], first.centre[1] - at[1]),
    area: first.area / (Math.PI * radius ** 2) - 1,
    ratio: Math.abs(Math.log(first.conductance) - truth),
    named: found.foil === foil ? 'rightly' : found.foil === undefined ? 'not' : 'wrongly',
    width: high - low,
  });
  process.stderr.write(
    `${k}: ${foil} ${conductance.toFixed(3)} r ${(1e3 * radius).toFixed(1)} mm: range ${Math.exp(low).toFixed(3)} to ${Math.exp(high).toFixed(3)}${held.at(-1) ? '' : ' MISSES'}, off by ${table.at(-1)!.shift.toFixed(2)} mm, area ${(100 * table.at(-1)!.area).toFixed(0)} %, named ${table.at(-1)!.named}\n`,
  );
}
let alarms = 0;
for (let k = 0; k < healthy; k++) {
  const { scan } = simulateCell(cell, plan, { noise: NOISE, seed: 1000 + k, pitch: 0.5e-3 });
  const found = await conductanceInversion(scan, cell);
  if (found.defects.length > 0) alarms++;
  process.stderr.write(`healthy ${k}: ${found.defects.length} defects\n`);
}
/** Part of a pixel within a disc. */
function coverage(x: number, y: number, dx: number, dy: number, at: readonly [number, number], radius: number): number {
  const parts = 10;
  let sum = 0;
  for (let j = 0; j < parts; j++) {
    for (let i = 0; i < parts; i++) {
      const [px, py] = [x + ((i + 0.5) / parts - 0.5) * dx, y + ((j + 0.5) / parts - 0.5) * dy];
      if (Math.hypot(px - at[0], py - at[1]) < radius) sum++;
    }
  }
  return sum / parts ** 2;
}

/** Median and the value that 95 % stay below; a dash where there are none. */
const spread = (values: number[], text: (value: number) => string): string => {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return '-';
  return [0.5, 0.95].map(part => text(sorted[Math.floor(part * (sorted.length - 1))])).join(' / ');
};
const count = (what: string) => table.filter(({ named }) => named === what).length;
const rows = [
  ['defects simulated / found', `${defects} / ${defects - missed}`],
  [
    '90 % range of the mean log conductance over the true region holds it',
    `${held.filter(v => v).length} of ${held.length}`,
  ],
  [
    'width of that range, median / 95 %',
    spread(
      table.map(t => t.width),
      v => v.toFixed(3),
    ),
  ],
  [
    'centre off by, median / 95 %, mm',
    spread(
      table.map(t => t.shift),
      v => v.toFixed(2),
    ),
  ],
  [
    'area wrong by, median / 95 %',
    spread(
      table.map(t => Math.abs(t.area)),
      v => `${(100 * v).toFixed(0)} %`,
    ),
  ],
  [
    'log conductance wrong by, median / 95 %',
    spread(
      table.map(t => t.ratio),
      v => v.toFixed(3),
    ),
  ],
  ['foil named rightly / not / wrongly', ['rightly', 'not', 'wrongly'].map(count).join(' / ')],
  ['healthy cells said to have a defect', `${alarms} of ${healthy}`],
];
const text = ['| what | figure |', '|---|---|', ...rows.map(row => `| ${row.join(' | ')} |`)].join('\n');
process.stdout.write(`${text}\n`);
const page = new URL('../../docs/conductance.md', import.meta.url);
const written = readFileSync(page, 'utf8');
writeFileSync(page, written.replace(/(<!-- validation -->\n)[\s\S]*?(<!-- end -->)/, `$1${text}\n$2`));
