import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cellDrawing } from '../src/figures/cellDrawing.js';
import { curvePanel, figure, mapPanel } from '../src/figures/index.js';
import { renderPng } from '../src/figures/node.js';
import { parseCell } from '../src/model/parseCell.js';
import {
  type CellModel,
  type CellState,
  type ChargeStep,
  cellModel,
  constantCurrent,
  sheetCurrent,
  spreadOf,
  steadyState,
} from '../src/simulation/cell/index.js';

/**
 * `node dist/bench/simulationFigures.js [FOLDER]`: the figures of docs/simulation.md that no command draws; default folder
 * docs/figures. A discharge of the example design at three times its capacity per hour, and a hole in one of its foils.
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const folder = process.argv[2] ?? join(ROOT, 'docs/figures');
const file = join(ROOT, 'examples/designs/same-side.yaml');
const cell = parseCell(readFileSync(file, 'utf8'), file);
const AREA = 0.14 * 0.2;
/** 3 mAh/cm^2. */
const CAPACITY = 3 * 36000;
const SIZE = { maxWidth: 220, maxHeight: 200 };

/** Like a layered oxide against graphite: steep when nearly empty, a step where graphite changes its stage. */
const soc = Float64Array.from({ length: 2001 }, (_, i) => i / 2000);
const OPEN_CIRCUIT = {
  soc,
  values: soc.map(s => 3.45 + 0.5 * s + 0.08 * Math.tanh((s - 0.6) / 0.08) - 0.6 * Math.exp(-30 * s)),
};

const save = (name: string, svg: string) => {
  writeFileSync(join(folder, name), renderPng(svg));
  process.stdout.write(`${join(folder, name)}\n`);
};

const overMean = ({ model, reactionCurrent }: CellState) => {
  const { mean } = spreadOf(reactionCurrent, model.inside);
  return reactionCurrent.map(value => value / mean);
};

const rangeOf = ({ model, reactionCurrent }: CellState) => {
  const { minOverMean, maxOverMean } = spreadOf(reactionCurrent, model.inside);
  return `${minOverMean.toFixed(3)} to ${maxOverMean.toFixed(3)}`;
};

const model = cellModel(cell, { pitch: 2e-3 });
const current = (-3 * CAPACITY * AREA) / 3600;
const steps: ChargeStep[] = [
  ...constantCurrent(model, current, {
    capacity: CAPACITY,
    openCircuit: OPEN_CIRCUIT,
    soc: 0.98,
    step: 5,
    voltage: [2.5, 4.3],
  }),
];
const time = Float64Array.from(steps, step => step.time / 60);
const curve = (of: (step: ChargeStep) => number) => Float64Array.from(steps, of);
const minutes = { label: 'time', unit: 'min', scale: 'linear' } as const;
const last = steps[steps.length - 1];
const shown = [0.1, 6.5, 18].map(t => steps.find(step => step.time >= 60 * t)!);
const momentText = (step: ChargeStep) => `after ${(step.time / 60).toFixed(1)} min: ${rangeOf(step.state)}`;
const values = shown.map(({ state }) => overMean(state));
const all = values.flatMap(map => [...map]);
const limits = { min: Math.min(...all), max: Math.max(...all) };
process.stdout.write(
  `${steps.length} steps, ${(-current).toFixed(2)} A, charge spread at the end ${(last.socMost - last.socLeast).toFixed(4)}\n`,
);
save(
  'discharge.png',
  figure(
    [
      curvePanel({
        ...SIZE,
        title: 'Voltage',
        x: minutes,
        y: { label: 'voltage', unit: 'V', scale: 'linear' },
        curves: [{ x: time, y: curve(step => step.voltage) }],
      }),
      curvePanel({
        ...SIZE,
        title: 'State of charge',
        subtitle: 'most and least charged place against the mean',
        x: minutes,
        y: { label: 'difference', unit: '', scale: 'linear' },
        curves: [
          { x: time, y: curve(step => step.socMost - step.socMean), name: 'most' },
          { x: time, y: curve(step => step.socLeast - step.socMean), name: 'least', dashed: true },
        ],
      }),
      curvePanel({
        ...SIZE,
        title: 'Current density over its mean',
        x: minutes,
        y: { label: 'J / mean', scale: 'linear' },
        curves: [
          {
            x: time,
            y: curve(({ state }) => spreadOf(state.reactionCurrent, model.inside).maxOverMean),
            name: 'largest',
          },
          {
            x: time,
            y: curve(({ state }) => spreadOf(state.reactionCurrent, model.inside).minOverMean),
            name: 'smallest',
            dashed: true,
          },
        ],
      }),
      ...shown.map((step, k) =>
        mapPanel({
          ...SIZE,
          grid: model.grid,
          values: values[k],
          unit: '',
          kind: 'magnitude',
          limits,
          title: 'J over its mean',
          subtitle: momentText(step),
          cells: [cellDrawing({ ...cell, current })],
        }),
      ),
    ],
    { columns: 3, letters: true },
  ),
);

const fine = cellModel(cell, { pitch: 1e-3 });
const { x0, y0, nx, dx, dy } = fine.grid;
const hole = fine.positive.map((s, i) =>
  Math.hypot(x0 + (i % nx) * dx - 0.05, y0 + Math.floor(i / nx) * dy - 0.15) < 0.015 ? 0 : s,
);
const holed: CellModel = { ...fine, positive: hole };
const [whole, damaged] = [fine, holed].map(m => steadyState(m, 1));
const magnitude = (foil: 'positive' | 'negative') => {
  const { kx, ky } = sheetCurrent(damaged, foil);
  return kx.map((v, i) => (foil === 'positive' && hole[i] === 0 ? Number.NaN : Math.hypot(v, ky[i])));
};
const common = { ...SIZE, grid: fine.grid, cells: [cellDrawing(cell)] };
const change = damaged.reactionCurrent.map((j, i) => (j - whole.reactionCurrent[i]) * AREA);
save(
  'foilHole.png',
  figure(
    [
      mapPanel({
        ...common,
        values: magnitude('positive'),
        unit: 'A/m',
        kind: 'magnitude',
        title: 'Positive foil',
        subtitle: '|K| round a hole of 15 mm radius',
      }),
      mapPanel({
        ...common,
        values: magnitude('negative'),
        unit: 'A/m',
        kind: 'magnitude',
        title: 'Negative foil',
        subtitle: '|K|: hardly touched',
      }),
      mapPanel({
        ...common,
        values: change,
        unit: '',
        kind: 'signed',
        title: 'Electrodes',
        subtitle: 'change of J over its mean',
      }),
    ],
    { columns: 3, letters: true },
  ),
);
