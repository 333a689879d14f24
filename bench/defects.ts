import { readFileSync, writeFileSync } from 'node:fs';
import { boundedInversion } from '../inversion/bounded/boundedInversion.js';
import { departures } from '../inversion/bounded/departure.js';
import { zeroField } from '../src/biotSavart/index.js';
import type { CurrentMap } from '../src/currentMap.js';
import { cellDrawing, figure, mapPanel, type Panel } from '../src/figures/index.js';
import { renderPng } from '../src/figures/node.js';
import type { Grid } from '../src/grid.js';
import { parseDefects } from '../src/simulation/defects/parseDefects.js';
import { rasterPlan } from '../src/simulation/field/samplePlan.js';
import { type Simulation, simulateCell } from '../src/simulation/field/simulateCell.js';
import { EXAMPLES, LIBRARY_NOISE, LIBRARY_SCAN, libraryCell } from './defectLibrary.js';

/*
 * Every defect of the library on one cell: what it changes in the field (docs/figures/defects.png), and whether
 * simulate -> invert finds it (the table in docs/defects.md). Deterministic; a minute or two.
 */

const DOCS = new URL('../../docs/', import.meta.url);
const MAP = { maxWidth: 190, maxHeight: 230 };

const cell = libraryCell();
const plan = rasterPlan([cell.outline], LIBRARY_SCAN);
const grid = { nx: 0, ny: 0, x0: plan.x[0], y0: plan.y[0], dx: LIBRARY_SCAN.pitch, dy: LIBRARY_SCAN.pitch };
grid.nx = plan.y.findIndex(y => y !== plan.y[0]);
grid.ny = plan.x.length / grid.nx;
const current = cell.current!;

/** Half the pitch of the inversion's map, so that four pixels of the truth make one of it. */
const PITCH = 0.5e-3;

const whole = simulateCell(cell, plan, { noise: LIBRARY_NOISE, pitch: PITCH });
const panels: Panel[] = [];
const rows: string[] = [];
rows.push(row('none', whole));
for (const text of EXAMPLES) {
  const defects = parseDefects(text, text);
  const simulation = simulateCell(cell, plan, { noise: LIBRARY_NOISE, pitch: PITCH, defects });
  panels.push(picture(text, simulation));
  rows.push(row(text, simulation));
  process.stderr.write(`${rows.at(-1)}\n`);
}
writeFileSync(new URL('figures/defects.png', DOCS), renderPng(figure(panels, { columns: 4, letters: true })));
const table = [
  '| defect | change of the field, nT per A | times the noise of a reading | departure of K | error of the map | significant |',
  '|---|---|---|---|---|---|',
  ...rows,
].join('\n');
const page = new URL('defects.md', DOCS);
const text = readFileSync(page, 'utf8');
writeFileSync(page, text.replace(/(<!-- library -->\n)[\s\S]*?(<!-- end -->)/, `$1${table}\n$2`));

function picture(text: string, { field, defectField }: Simulation): Panel {
  const change = zeroField(plan.x.length);
  const strength = new Float64Array(plan.x.length);
  for (const c of ['bx', 'by', 'bz'] as const) {
    for (let i = 0; i < strength.length; i++) change[c][i] = field[c][i] - whole.field[c][i];
  }
  for (let i = 0; i < strength.length; i++) {
    strength[i] = (1e9 / current) * Math.hypot(change.bx[i], change.by[i], change.bz[i]);
  }
  const verdict = defectField > LIBRARY_NOISE ? 'visible' : 'invisible';
  return mapPanel({
    ...MAP,
    grid,
    values: strength,
    unit: 'nT/A',
    kind: 'magnitude',
    colours: 'inferno',
    title: text.split(':')[0].replaceAll('_', ' '),
    subtitle: `${Number(((1e9 * defectField) / current).toPrecision(2))} nT/A, ${verdict}`,
    cells: [cellDrawing(cell)],
  });
}

/** Simulated, inverted, and compared with the truth. */
function row(text: string, { scan, sheets, healthy, defectField }: Simulation): string {
  const solution = boundedInversion(scan, cell);
  const found = departures(solution, cell);
  const { grid: pixels } = solution.sheets[0];
  const [truth, sound] = [onPixels(sheets[0], pixels), onPixels(healthy[0], pixels)];
  const error = size(difference(solution.sheets[0], truth)) / size(truth);
  const departure = size(difference(truth, sound)) / size(truth);
  const percent = (v: number) => `${(100 * v).toFixed(1)} %`;
  const place = found?.significant
    ? `yes, at (${[found.largest.x, found.largest.y].map(v => Math.round(1e3 * v)).join(', ')}) mm`
    : 'no';
  const name = text === 'none' ? 'none' : `\`${text}\``;
  const perAmpere = Number(((1e9 * defectField) / current).toPrecision(2));
  const times = Number((defectField / LIBRARY_NOISE).toPrecision(2));
  return `| ${name} | ${perAmpere} | ${times} | ${percent(departure)} | ${percent(error)} | ${place} |`;
}

type Vectors = Pick<CurrentMap, 'kx' | 'ky'>;

function difference(a: Vectors, b: Vectors): Vectors {
  return { kx: a.kx.map((v, i) => v - b.kx[i]), ky: a.ky.map((v, i) => v - b.ky[i]) };
}

function size({ kx, ky }: Vectors): number {
  return Math.sqrt(kx.reduce((sum, v, i) => sum + v * v + ky[i] * ky[i], 0));
}

/** The mean of a map's pixels over each of larger ones, which they divide. */
function onPixels({ grid: fine, kx, ky }: CurrentMap, grid: Grid): Vectors {
  const [sx, sy] = [Math.round(grid.dx / fine.dx), Math.round(grid.dy / fine.dy)];
  if (sx * grid.nx !== fine.nx || sy * grid.ny !== fine.ny) throw new Error('the pixels do not divide one another');
  const mean = (values: Float64Array) => {
    const out = new Float64Array(grid.nx * grid.ny);
    values.forEach((v, i) => {
      const [ix, iy] = [i % fine.nx, Math.floor(i / fine.nx)];
      out[Math.floor(iy / sy) * grid.nx + Math.floor(ix / sx)] += v / (sx * sy);
    });
    return out;
  };
  return { kx: mean(kx), ky: mean(ky) };
}
