/**
 * Measured against simulated branch currents of two parallel cells: prints the imbalances and writes the figure of
 * docs/pack.md. Needs ../shared/data/parallel_two_cells beside the project.
 */
import { writeFileSync } from 'node:fs';
import { curvePanel } from '../src/figures/curveFigure.js';
import { figure } from '../src/figures/layout.js';
import { renderPng } from '../src/figures/node.js';
import {
  type BranchRecord,
  imbalance,
  imbalanceError,
  parallelCellsFolder,
  type Rate,
  readRecord,
  simulatePair,
} from './parallelCells.js';

const root = new URL(`file://${process.cwd()}/`);
const folder = parallelCellsFolder(root);
if (folder === undefined) {
  console.error('skipped: no ../shared/data/parallel_two_cells beside the project');
  process.exit(0);
}

/** Every so many samples are drawn: one in two minutes. */
const THINNING = 24;

const hours = (time: Float64Array) => thinned(time).map(t => t / 3600);
const panels = (
  [
    ['c_over_4', 'C/4'],
    ['c_over_10', 'C/10'],
  ] as const satisfies readonly (readonly [Rate, string])[]
).map(([rate, name]) => {
  const measured = readRecord(folder, rate);
  const simulated = simulatePair(folder, measured);
  report(name, measured, simulated);
  const x = hours(measured.time);
  return curvePanel({
    title: `Two parallel cells at ${name}`,
    subtitle: 'branch currents, + charging; measured solid, simulated dashed',
    x: { label: 'time', unit: 'h', scale: 'linear' },
    y: { label: 'current', unit: 'A', scale: 'linear' },
    maxWidth: 420,
    maxHeight: 240,
    curves: [
      { x, y: thinned(measured.first), name: 'cell 1, measured' },
      { x, y: thinned(measured.second), name: 'cell 2, measured' },
      { x, y: thinned(simulated.first), name: 'cell 1, simulated', dashed: true },
      { x, y: thinned(simulated.second), name: 'cell 2, simulated', dashed: true },
    ],
  });
});
const svg = figure(panels, { columns: 1 });
writeFileSync(new URL('docs/figures/parallel-cells.png', root), renderPng(svg));

function thinned(values: Float64Array): Float64Array {
  return Float64Array.from({ length: Math.ceil(values.length / THINNING) }, (_, k) => values[k * THINNING]);
}

function report(name: string, measured: BranchRecord, simulated: ReturnType<typeof simulatePair>) {
  const ours = imbalance(simulated, 'late');
  const theirs = imbalance(measured, 'as it is');
  console.log(`${name}: largest |I1 - I2|, A (at s)`);
  for (const kind of ['recorded', 'simultaneous', 'charge', 'discharge', 'rest'] as const) {
    const [m, s] = [theirs[kind], ours[kind]];
    const percent = 100 * (s.size / m.size - 1);
    console.log(
      `  ${kind.padEnd(12)} measured ${m.size.toFixed(3)} (${m.time.toFixed(0)})  simulated ${s.size.toFixed(3)} (${s.time.toFixed(0)})  ${percent.toFixed(1)} %`,
    );
  }
  const at = measured.time.indexOf(theirs.recorded.time);
  const same = 2 * simulated.first[at + 1] - measured.total[at];
  console.log(`  recorded, at the same sample: simulated ${Math.abs(same).toFixed(3)}`);
  const difference = measured.first.map((i, k) => i - measured.second[k]);
  const rms = Math.sqrt(difference.reduce((sum, d) => sum + d * d, 0) / difference.length);
  console.log(
    `  rms of I1 - I2: measured ${rms.toFixed(3)}, of the error ${imbalanceError(measured, simulated).toFixed(3)}`,
  );
  const volt = measured.voltage.reduce((sum, v, k) => sum + (v - simulated.voltage[k]) ** 2, 0);
  console.log(`  rms error of the voltage ${Math.sqrt(volt / measured.voltage.length).toFixed(3)} V`);
  const { supplied, dissipated, stored } = simulated.history.energy;
  console.log(`  energy supplied ${supplied.toFixed(3)} J, dissipated + stored ${(dissipated + stored).toFixed(3)} J`);
}
