import { cellCurrents } from '../inversion/cellCurrents/cellCurrents.js';
import { imbalance } from '../src/diagnosis/imbalance.js';
import { type PackCase, simulateCase } from './packCases.js';

/**
 * `node dist/bench/packCells.js [PART OF A NAME]`: currents, stated errors and flags of simulated packs of many kinds.
 */
const BASE = { axes: ['bx', 'by', 'bz'], height: 6, pitch: 5, margin: 15, noise: 60, scans: 6 } as const;
const layouts = [
  'row of 4',
  'counter-tab row of 4',
  '2 x 2',
  'six',
  'column of 3 at 90',
  'row of 3 at 30',
  'counter-tab 2 x 2',
] as const;
const cases: PackCase[] = [
  ...layouts.flatMap((layout, k) =>
    (['straight', 'bent', 'busbars'] as const).map((wires, w): PackCase => {
      return { ...BASE, name: `${layout}, ${wires}`, layout, wires, seed: 10 * k + w + 1 };
    }),
  ),
  ...layouts.slice(0, 4).map((layout, k): PackCase => {
    const wires = (['straight', 'bent', 'busbars', 'bent'] as const)[k];
    return { ...BASE, name: `${layout}, ${wires}, Bz`, layout, wires, axes: ['bz'], seed: 100 + k };
  }),
  ...layouts.slice(0, 4).map((layout, k): PackCase => {
    const wires = (['bent', 'busbars', 'straight', 'busbars'] as const)[k];
    return { ...BASE, name: `${layout}, ${wires}, 12 mm, 20 nT`, layout, wires, height: 12, noise: 20, seed: 120 + k };
  }),
  ...layouts.slice(0, 4).map((layout, k): PackCase => {
    const wires = (['busbars', 'bent', 'bent', 'straight'] as const)[k];
    return {
      ...BASE,
      name: `${layout}, ${wires}, 200 nT, margin 25`,
      layout,
      wires,
      noise: 200,
      margin: 25,
      seed: 140 + k,
    };
  }),
];

const pattern = process.argv[2] ?? '';
const say = (columns: readonly string[]) => process.stdout.write(`| ${columns.join(' | ')} |\n`);
say(['case', 'rms / %', 'stated', 'common', 'own', 'largest', 'z', 'coverage', 'chi2', 'flags', 's']);
const all = { inside: 0, count: 0 };
for (const task of cases.filter(({ name }) => name.includes(pattern))) {
  const { cells, scans, currents, odd } = simulateCase(task);
  const start = performance.now();
  const found = cellCurrents(scans, cells);
  const seconds = (performance.now() - start) / 1000;
  const off = found.scans.map(({ current }, s) => current.map((v, k) => v / currents[s][k] - 1));
  const stated = found.scans.map(({ error }, s) => error.map((v, k) => v / currents[s][k]));
  const common = cells.map((_, k) => off.reduce((sum, own) => sum + own[k], 0) / off.length);
  const rms = (values: readonly number[]) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
  const flat = off.flatMap(own => [...own]);
  const sigmas = stated.flatMap(own => [...own]);
  const inside = flat.filter((v, i) => Math.abs(v) < sigmas[i]).length;
  all.inside += inside;
  all.count += flat.length;
  const { scans: judged } = imbalance(
    found.scans.map(({ current, ownCovariance }) => ({ current, covariance: ownCovariance })),
  );
  const flags = judged.flatMap((own, s) => own.flatMap((c, k) => (c.flagged ? [`${s} ${k}`] : [])));
  const right = flags.length === 1 && flags[0] === `${odd.scan} ${odd.cell}`;
  const percent = (v: number) => (100 * v).toFixed(3);
  say([
    task.name,
    percent(rms(flat)),
    percent(rms(sigmas)),
    percent(rms(common)),
    percent(rms(off.flatMap(own => Array.from(own, (v, k) => v - common[k])))),
    percent(Math.max(...flat.map(Math.abs))),
    rms(flat.map((v, i) => v / sigmas[i])).toFixed(2),
    (inside / flat.length).toFixed(2),
    (found.scans.reduce((sum, { chi2 }) => sum + chi2, 0) / scans.length).toFixed(2),
    right ? 'right' : flags.join(', ') || 'none',
    seconds.toFixed(1),
  ]);
}
process.stdout.write(`coverage of all ${(all.inside / all.count).toFixed(3)}\n`);
