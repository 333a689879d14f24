import { readFileSync, writeFileSync } from 'node:fs';
import { sizeFactor } from '../inversion/planner/holeLaw.js';
import { planScan } from '../inversion/planner/planScan.js';
import { foilCurrent } from '../inversion/planner/simulatedCell.js';
import { holeStrength } from '../inversion/planner/smallestHole.js';
import { planFigure } from '../src/figures/index.js';
import { renderPng } from '../src/figures/node.js';
import { parseCell, parseDefects, parseRig } from '../src/index.js';

/* The maps of the example rig on an example cell, and the law of the hole against direct simulation: docs/planner.md. */

const ROOT = new URL('../../', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, ROOT), 'utf8');
const cell = parseCell(read('examples/designs/same-side.yaml'), 'same-side.yaml');
const rig = parseRig(read('examples/rigs/amr-gantry.yaml'), 'amr-gantry.yaml');
const PLACES = [
  [70, 100],
  [30, 40],
  [110, 160],
  [70, 185],
];
const RADII = [1.5, 3, 6];

const holes = PLACES.flatMap(([x, y]) =>
  RADII.map(r => ({
    x: 1e-3 * x,
    y: 1e-3 * y,
    r: 1e-3 * r,
    text: `hole: {foil: positive, at_mm: [${x}, ${y}], radius_mm: ${r}}`,
  })),
);
const plan = planScan(
  cell,
  rig,
  holes.map(({ text }) => ({ text, defect: parseDefects(text, text)[0] })),
  { pixels: 256 },
);
const { grid } = plan.simulated.currents;
const { kx, ky } = foilCurrent(plan.simulated, 'positive');
const lines = ["| hole in the positive foil | d' by direct simulation | by the law | ratio |", '|---|---|---|---|'];
holes.forEach(({ x, y, r, text }, d) => {
  const i = Math.round((y - grid.y0) / grid.dy) * grid.nx + Math.round((x - grid.x0) / grid.dx);
  const { standoff } = plan.sensitivity!;
  const law = holeStrength(plan.sensitivity!, x, y, kx[i], ky[i]) * r * r * sizeFactor(r / standoff);
  const exact = plan.defects[d].detectability;
  lines.push(`| \`${text}\` | ${exact.toPrecision(3)} | ${law.toPrecision(3)} | ${(law / exact).toFixed(2)} |`);
});
const page = new URL('docs/planner.md', ROOT);
const text = readFileSync(page, 'utf8');
writeFileSync(page, text.replace(/(<!-- law -->\n)[\s\S]*?(<!-- end -->)/, `$1${lines.join('\n')}\n$2`));
writeFileSync(new URL('docs/figures/planner.png', ROOT), renderPng(planFigure(cell, plan.holes)));
