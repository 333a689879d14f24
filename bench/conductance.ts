import { readFileSync, writeFileSync } from 'node:fs';
import { conductanceInversion } from '../inversion/conductance/conductanceInversion.js';
import { parseCell, random } from '../src/index.js';
import type { Defect } from '../src/simulation/defects/defect.js';
import { rasterPlan } from '../src/simulation/field/samplePlan.js';
import { simulateCell } from '../src/simulation/field/simulateCell.js';

/*
 * `node dist/bench/conductance.js [DEFECTS] [HEALTHY]`: whether the 90 % range that is stated for the mean log conductance of a
 * defect holds the true one, over simulated defects (default 100; every tenth more is a hole); how well place, area and foil are
 * found; and how often a healthy cell (default 20) is said to have one. Cell, tabs, height, pitch and noise of the scan, place,
 * size, conductance and foil of the defect are drawn anew for each. Writes the table of docs/conductance.md.
 */
const [defects, healthy] = [Number(process.argv[2] ?? 100), Number(process.argv[3] ?? 20)];
const MEMBERS = 5;
const SEED = 90_000;

interface Drawn {
  readonly cell: ReturnType<typeof parseCell>;
  readonly defect: Extract<Defect, { kind: 'thinned_foil' }>;
  readonly scanOf: (defects: readonly Defect[]) => ReturnType<typeof simulateCell>['scan'];
}

function draw(seed: number): Drawn {
  const rng = random(seed);
  const between = (low: number, high: number) => low + (high - low) * rng.uniform();
  const inLog = (low: number, high: number) => low * (high / low) ** rng.uniform();
  const [width, height] = [Math.round(between(36, 52)), Math.round(between(40, 60))];
  const below = rng.uniform() < 0.5;
  const [x0, x1, y] = below ? [5, 0.35 * width, 0] : [0.6 * width, 0.9 * width, height];
  const cell = parseCell(
    `name: validation
outline_mm: {width: ${width}, height: ${height}}
thickness_mm: 0.3
current_A: 5
tabs:
  - {name: positive, at_mm: [[5, ${height}], [${0.35 * width}, ${height}]], share: 1}
  - {name: negative, at_mm: [[${x0}, ${y}], [${x1}, ${y}]], share: -1}
electrical:
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`,
    'validation.yaml',
  );
  const plan = rasterPlan([cell.outline], {
    heights: [between(5e-3, 7e-3)],
    pitch: between(2.5e-3, 4e-3),
    margin: 12e-3,
  });
  const noise = inLog(10e-9, 200e-9);
  const radius = between(4e-3, 8e-3);
  const at = [
    between(radius + 3e-3, 1e-3 * width - radius - 3e-3),
    between(radius + 5e-3, 1e-3 * height - radius - 5e-3),
  ] as const;
  const conductance = inLog(0.03, 0.8);
  const foil = rng.uniform() < 0.5 ? 'positive' : 'negative';
  return {
    cell,
    defect: { kind: 'thinned_foil', foil, at, radius, conductance, pair: 'all' },
    scanOf: list => simulateCell(cell, plan, { noise, seed, pitch: 0.5e-3, defects: list }).scan,
  };
}

const held: boolean[] = [];
const table: { shift: number; area: number; ratio: number; named: string; width: number }[] = [];
let missed = 0;
let openBelow = 0;
const holes = Math.floor(defects / 10);
for (let k = 0; k < defects + holes; k++) {
  const { cell, defect, scanOf } = draw(SEED + k);
  const { at, radius, conductance, foil } = defect;
  const isHole = k >= defects;
  const scan = scanOf([isHole ? { kind: 'hole', foil, at, radius, pair: 'all' } : defect]);
  const found = await conductanceInversion(scan, cell, { ensemble: MEMBERS });
  const [first] = found.defects;
  if (first?.kind !== 'foil' || first.logRange === undefined) {
    if (!isHole) missed++;
    process.stderr.write(`${k}: missed ${foil} ${conductance.toFixed(2)} r ${(1e3 * radius).toFixed(1)} mm\n`);
    continue;
  }
  const [low, high] = first.logRange;
  if (isHole) {
    if (low === Number.NEGATIVE_INFINITY) openBelow++;
    process.stderr.write(`hole r ${(1e3 * radius).toFixed(1)} mm: range 0 or ${Math.exp(low)} to ${Math.exp(high)}\n`);
    continue;
  }
  const truth = Math.log(conductance);
  held.push(low <= truth && truth <= high);
  table.push({
    shift: 1e3 * Math.hypot(first.centre[0] - at[0], first.centre[1] - at[1]),
    area: first.area / (Math.PI * radius ** 2) - 1,
    ratio: Math.abs(Math.log(first.conductance) - truth),
    named: found.foil === foil ? 'rightly' : found.foil === undefined ? 'not' : 'wrongly',
    width: high - low,
  });
  process.stderr.write(
    `${k}: ${foil} ${conductance.toFixed(3)} r ${(1e3 * radius).toFixed(1)} mm: ${first.conductance.toFixed(3)}, range ${Math.exp(low).toFixed(3)} to ${Math.exp(high).toFixed(3)}${held.at(-1) ? '' : ' MISSES'} (${held.filter(v => v).length} of ${held.length}), off by ${table.at(-1)!.shift.toFixed(2)} mm, area ${(100 * table.at(-1)!.area).toFixed(0)} %, named ${table.at(-1)!.named}\n`,
  );
}
let alarms = 0;
for (let k = 0; k < healthy; k++) {
  const { cell, scanOf } = draw(SEED + 10_000 + k);
  const found = await conductanceInversion(scanOf([]), cell);
  if (found.defects.length > 0) alarms++;
  process.stderr.write(`healthy ${k}: ${found.defects.length} defects\n`);
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
  ['90 % range of the mean log conductance holds the true one', `${held.filter(v => v).length} of ${held.length}`],
  [
    'width of that range in the logarithm, median / 95 %',
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
  ['of holes the range has no lower end', `${openBelow} of ${holes}`],
  ['foil named rightly / not / wrongly', ['rightly', 'not', 'wrongly'].map(count).join(' / ')],
  ['healthy cells said to have a defect', `${alarms} of ${healthy}`],
];
const text = ['| what | figure |', '|---|---|', ...rows.map(row => `| ${row.join(' | ')} |`)].join('\n');
process.stdout.write(`${text}\n`);
const page = new URL('../../docs/conductance.md', import.meta.url);
const written = readFileSync(page, 'utf8');
writeFileSync(page, written.replace(/(<!-- validation -->\n)[\s\S]*?(<!-- end -->)/, `$1${text}\n$2`));
