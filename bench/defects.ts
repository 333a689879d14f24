import { readFileSync, writeFileSync } from 'node:fs';
import { boundedInversion } from '../inversion/bounded/boundedInversion.js';
import { departures } from '../inversion/bounded/departure.js';
import { zeroField } from '../src/biotSavart/index.js';
import type { CurrentMap } from '../src/currentMap.js';
import { cellDrawing, figure, mapPanel, type Panel } from '../src/figures/index.js';
import { renderPng } from '../src/figures/node.js';
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

const whole = simulateCell(cell, plan, { noise: LIBRARY_NOISE });
const panels: Panel[] = [];
const rows: string[] = [];
rows.push(row('none', whole));
for (const text of EXAMPLES) {
  const defects = parseDefects(text, text);
  const simulation = simulateCell(cell, plan, { noise: LIBRARY_NOISE, defects });
  panels.push(picture(text, simulation));
  rows.push(row(text, simulation));
  process.stderr.write(`${rows.at(-1)}\n`);
}
writeFileSync(new URL('figures/defects.png', DOCS), renderPng(figure(panels, { columns: 4, letters: true })));
const table = [
  '| defect | change of the field, nT per A | times the noise of a reading | departure of K | error of the map | departure found | significant |',
  '|---|---|---|---|---|---|---|',
  ...rows,
].join('\n');
const page = new URL('defects.md', DOCS);
const text = readFileSync(page, 'utf8');
writeFileSync(page, text.replace(/(<!-- library -->\n)[\s\S]*?(<!-- end -->)/, `$1${table}\n$2`));

function picture(text: string, { field, defectField }: Simulation): Panel {
  const change = zeroField(plan.x.length);
  const size = new Float64Array(plan.x.length);
  for (const c of ['bx', 'by', 'bz'] as const) {
    for (let i = 0; i < size.length; i++) change[c][i] = field[c][i] - whole.field[c][i];
  }
  for (let i = 0; i < size.length; i++) {
    size[i] = (1e9 / current) * Math.hypot(change.bx[i], change.by[i], change.bz[i]);
  }
  const verdict = defectField > LIBRARY_NOISE ? 'visible' : 'invisible';
  return mapPanel({
    ...MAP,
    grid,
    values: size,
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
  const [error, departure] = [relativeError(solution.sheets, sheets), relativeError(healthy, sheets)];
  const percent = (v: number) => `${(100 * v).toFixed(1)} %`;
  const place = found?.significant
    ? `yes, at (${[found.largest.x, found.largest.y].map(v => Math.round(1e3 * v)).join(', ')}) mm`
    : 'no';
  const name = text === 'none' ? 'none' : `\`${text}\``;
  const perAmpere = Number(((1e9 * defectField) / current).toPrecision(2));
  const times = Number((defectField / LIBRARY_NOISE).toPrecision(2));
  return `| ${name} | ${perAmpere} | ${times} | ${percent(departure)} | ${percent(error)} | ${percent(solution.departure)} | ${place} |`;
}

/** |A - B| / |B| over the sheets, A sampled at the pixels of B by its nearest pixel. */
function relativeError(a: readonly CurrentMap[], b: readonly CurrentMap[]): number {
  let [difference, norm] = [0, 0];
  b.forEach((map, k) => {
    const { grid: own, kx, ky } = a[k];
    const nearest = (v: number, start: number, step: number, n: number) =>
      Math.min(n - 1, Math.max(0, Math.round((v - start) / step)));
    for (let iy = 0, i = 0; iy < map.grid.ny; iy++) {
      for (let ix = 0; ix < map.grid.nx; ix++, i++) {
        const jx = nearest(map.grid.x0 + ix * map.grid.dx, own.x0, own.dx, own.nx);
        const jy = nearest(map.grid.y0 + iy * map.grid.dy, own.y0, own.dy, own.ny);
        const j = jy * own.nx + jx;
        if (Number.isNaN(kx[j]) || Number.isNaN(map.kx[i])) continue;
        difference += (kx[j] - map.kx[i]) ** 2 + (ky[j] - map.ky[i]) ** 2;
        norm += map.kx[i] ** 2 + map.ky[i] ** 2;
      }
    }
  });
  return Math.sqrt(difference / norm);
}
