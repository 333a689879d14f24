import type { Cell, Tab } from '../src/model/cell.js';
import { polygonOutline, rectangleOutline } from '../src/model/outline.js';
import { type CellModel, cellModel, reactionSpread, spreadOf, steadyState } from '../src/simulation/cell/index.js';

/**
 * `taskset -c 0 node dist/bench/simulation.js [--json]`: steady state of a potential pair: time, time per unknown and steps
 * from 64 to 1024 pixels a side, for healthy cells and for foils with holes and slits; then how the largest current density
 * of the reference designs converges. Times are those of the processor (other
 * processes do not count), the best of three runs in one warm process, model and assembly included. Exit status 1 where
 * 512 x 512 pixels take longer than 1.5 s.
 */
const BOUND = 1.5;
const SIDE = 0.2;
const SIZES = [64, 128, 256, 512, 1024];

interface Row {
  readonly id: string;
  readonly pixels: number;
  readonly seconds: number;
  /** Per unknown: two foils a pixel. */
  readonly nanoseconds: number;
  readonly steps: number;
  /** Largest imbalance of a pixel over the current. */
  readonly imbalance: number;
}

const disc = (x: number, y: number) => Math.hypot(x - 0.1, y - 0.11) < 0.03;
const slit = (x: number, y: number, pitch: number) =>
  Math.abs(y - 0.1 - 1.5 * pitch) < pitch / 2 && x > 0.05 && x < 0.15;

const jobs: { id: string; make: (n: number) => CellModel }[] = [
  { id: 'rectangle', make: n => cellModel(squareCell(), { pitch: SIDE / n }) },
  { id: 'tabs with necks', make: n => cellModel(squareCell(0.015), { pitch: SIDE / n }) },
  { id: 'notched outline', make: n => cellModel(squareCell(undefined, true), { pitch: SIDE / n }) },
  { id: 'hole in a foil', make: n => without(cellModel(squareCell(), { pitch: SIDE / n }), disc) },
  {
    id: 'slit, one pixel wide',
    make: n => without(cellModel(squareCell(), { pitch: SIDE / n }), (x, y) => slit(x, y, SIDE / n)),
  },
];

const rows: Row[] = [];
for (let run = 0; run < 20; run++) steadyState(jobs[0].make(64), 1);
for (const { id, make } of jobs) {
  for (const n of SIZES) {
    let [seconds, steps, imbalance, pixels] = [Infinity, 0, 0, 0];
    for (let run = 0; run < 3; run++) {
      const start = process.cpuUsage();
      const state = steadyState(make(n), 1);
      const { user, system } = process.cpuUsage(start);
      seconds = Math.min(seconds, (user + system) * 1e-6);
      ({ steps, imbalance } = state);
      pixels = state.model.grid.nx * state.model.grid.ny;
    }
    rows.push({ id, pixels: n, seconds, nanoseconds: (seconds * 1e9) / (2 * pixels), steps, imbalance });
  }
}

const convergence = (['same-side', 'counter-side'] as const).map(side => ({
  side,
  maxOverMean: [4, 2, 1, 0.5, 0.25].map(pitchMm => {
    const state = steadyState(cellModel(referenceCell(side), { pitch: pitchMm * 1e-3 }), 1);
    const centres = spreadOf(state.reactionCurrent, state.model.inside).maxOverMean;
    return { pitchMm, centres, outline: reactionSpread(state).maxOverMean };
  }),
}));

const slow = rows.filter(row => row.pixels === 512 && row.seconds > BOUND);
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ rows, convergence })}\n`);
else {
  for (const { id, pixels, seconds, nanoseconds, steps, imbalance } of rows) {
    process.stdout.write(
      `${id.padEnd(22)} ${String(pixels).padStart(5)} ${seconds.toFixed(3).padStart(8)} s ${nanoseconds.toFixed(0).padStart(6)} ns/unknown ${String(steps).padStart(4)} steps, balanced to ${imbalance.toExponential(1)}\n`,
    );
  }
  for (const { side, maxOverMean } of convergence) {
    const values = maxOverMean
      .map(({ pitchMm, centres, outline }) => `${pitchMm} mm ${outline.toFixed(4)} (${centres.toFixed(4)})`)
      .join(', ');
    process.stdout.write(`${side}, 5 ohm cm2, largest J over mean on the outline (at centres of pixels): ${values}\n`);
  }
  for (const { id, seconds } of slow)
    process.stdout.write(`too slow: ${id}, ${seconds.toFixed(2)} s instead of ${BOUND} s\n`);
}
if (slow.length > 0) process.exitCode = 1;

function without(model: CellModel, hole: (x: number, y: number) => boolean): CellModel {
  const { x0, y0, nx, dx, dy } = model.grid;
  return {
    ...model,
    positive: model.positive.map((s, i) => (hole(x0 + (i % nx) * dx, y0 + Math.floor(i / nx) * dy) ? 0 : s)),
  };
}

function squareCell(length?: number, notched = false): Cell {
  const outline = notched
    ? polygonOutline([
        [0, 0],
        [SIDE, 0],
        [SIDE, SIDE],
        [0.06, SIDE],
        [0.06, 0.14],
        [0, 0.14],
      ])
    : rectangleOutline(SIDE, SIDE);
  return withTabs(outline, 1e-3, [
    { ...tab('positive', 1), start: [0.12, SIDE], end: [0.08, SIDE], ...(length === undefined ? {} : { length }) },
    { ...tab('negative', -1), start: [0.18, SIDE], end: [0.14, SIDE], ...(length === undefined ? {} : { length }) },
  ]);
}

function referenceCell(side: 'same-side' | 'counter-side'): Cell {
  const [p, n] = [tab('positive', 1), tab('negative', -1)];
  return withTabs(
    rectangleOutline(0.14, 0.2),
    5e-4,
    side === 'same-side'
      ? [
          { ...p, start: [0.057, 0.2], end: [0.013, 0.2] },
          { ...n, start: [0.127, 0.2], end: [0.083, 0.2] },
        ]
      : [
          { ...p, start: [0.092, 0.2], end: [0.048, 0.2] },
          { ...n, start: [0.048, 0], end: [0.092, 0] },
        ],
  );
}

function tab(polarity: 'positive' | 'negative', share: number) {
  return { name: polarity, polarity, share } as const;
}

function withTabs(outline: Cell['outline'], areaResistance: number, tabs: readonly Tab[]): Cell {
  const foil = (conductivity: number) => ({ thickness: 1e-5, conductivity });
  return {
    name: 'bench',
    outline,
    thickness: 3e-4,
    sheets: new Float64Array([0]),
    tabs,
    leads: [],
    electrical: { pairs: 1, positiveFoil: foil(3.78e7), negativeFoil: foil(5.96e7), areaResistance },
    masked: [],
    magneticParts: [],
  };
}
