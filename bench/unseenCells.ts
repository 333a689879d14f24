import { readFileSync, writeFileSync } from 'node:fs';
import { conductanceInversion } from '../inversion/conductance/conductanceInversion.js';
import { type CurrentMap, parseCell, parseDefects } from '../src/index.js';
import { rasterPlan } from '../src/simulation/field/samplePlan.js';
import { simulateCell } from '../src/simulation/field/simulateCell.js';

/*
 * `node dist/bench/unseenCells.js`: conductance of cells on which nothing was chosen, each of another size, with another defect in
 * another foil and another scan. Writes the table of docs/conductance.md.
 */
interface Unseen {
  readonly name: string;
  readonly cell: string;
  readonly defect: string;
  readonly scan: {
    readonly height: number;
    readonly pitch: number;
    readonly noise: number;
    readonly axes?: readonly 'bz'[];
  };
  /** What should be found: centre, mm; area, mm2; conductance. A weld: the part of the width. */
  readonly truth?: { readonly at: readonly [number, number]; readonly area: number; readonly conductance: number };
}

const cellOf = (width: number, height: number, current: number, tabs: string) => `name: unseen
outline_mm: {width: ${width}, height: ${height}}
thickness_mm: 6
current_A: ${current}
tabs:
${tabs}
electrical:
  foil_distance_mm: 0.1
  positive_foil: {thickness_um: 12, conductivity_S_per_m: 3.6e7}
  negative_foil: {thickness_um: 8, conductivity_S_per_m: 5.8e7}
  area_resistance_ohm_cm2: 15
`;
const sameSide = (width: number, height: number) =>
  `  - {name: positive, at_mm: [[${0.1 * width}, ${height}], [${0.4 * width}, ${height}]], share: 1}
  - {name: negative, at_mm: [[${0.6 * width}, ${height}], [${0.9 * width}, ${height}]], share: -1}`;
const counter = (width: number, height: number) =>
  `  - {name: positive, at_mm: [[${0.3 * width}, ${height}], [${0.7 * width}, ${height}]], share: 1}
  - {name: negative, at_mm: [[${0.3 * width}, 0], [${0.7 * width}, 0]], share: -1}`;
const disc = (at: readonly [number, number], radius: number, conductance: number) => ({
  at,
  area: Math.PI * radius ** 2,
  conductance,
});

const CASES: readonly Unseen[] = [
  {
    name: 'hole in the negative foil, 70 x 95 mm, counter-side tabs',
    cell: cellOf(70, 95, 8, counter(70, 95)),
    defect: 'hole: {foil: negative, at_mm: [26, 40], radius_mm: 6}',
    scan: { height: 8e-3, pitch: 4e-3, noise: 80e-9 },
    truth: disc([26, 40], 6, 0),
  },
  {
    name: 'thinned to 60 %, positive foil, 60 x 60 mm',
    cell: cellOf(60, 60, 3, sameSide(60, 60)),
    defect: 'thinned_foil: {foil: positive, at_mm: [38, 27], radius_mm: 9, conductance: 0.6}',
    scan: { height: 7e-3, pitch: 3e-3, noise: 30e-9 },
    truth: disc([38, 27], 9, 0.6),
  },
  {
    name: 'thinned to 20 %, negative foil, Bz only',
    cell: cellOf(55, 80, 6, sameSide(55, 80)),
    defect: 'thinned_foil: {foil: negative, at_mm: [20, 48], radius_mm: 7, conductance: 0.2}',
    scan: { height: 7e-3, pitch: 3e-3, noise: 50e-9, axes: ['bz'] },
    truth: disc([20, 48], 7, 0.2),
  },
  {
    name: 'thinned to 30 %, negative foil, 200 nT, 5 mm pitch',
    cell: cellOf(80, 90, 10, counter(80, 90)),
    defect: 'thinned_foil: {foil: negative, at_mm: [52, 50], radius_mm: 8, conductance: 0.3}',
    scan: { height: 10e-3, pitch: 5e-3, noise: 200e-9 },
    truth: disc([52, 50], 8, 0.3),
  },
  {
    name: 'tear from the edge, 25 x 2 mm, positive foil',
    cell: cellOf(60, 80, 5, sameSide(60, 80)),
    defect: 'slit: {foil: positive, from_mm: [0, 45], to_mm: [25, 45], width_mm: 2}',
    scan: { height: 7e-3, pitch: 3e-3, noise: 50e-9 },
    truth: { at: [12.5, 45], area: 50, conductance: 0 },
  },
  {
    name: 'half of the positive tab not welded',
    cell: cellOf(60, 80, 5, sameSide(60, 80)),
    defect: 'partial_weld: {tab: positive, part: [0, 0.5]}',
    scan: { height: 7e-3, pitch: 3e-3, noise: 50e-9 },
  },
];

const lines = [
  '| cell | found | foil | centre off, mm | area | conductance (true) | current error (if healthy) |',
  '|---|---|---|---|---|---|---|',
];
for (const [k, { name, cell: text, defect, scan: how, truth }] of CASES.entries()) {
  const cell = parseCell(text, 'unseen.yaml');
  const plan = rasterPlan([cell.outline], {
    heights: [how.height],
    pitch: how.pitch,
    margin: 15e-3,
    ...(how.axes === undefined ? {} : { axes: how.axes }),
  });
  const { scan, sheets } = simulateCell(cell, plan, {
    noise: how.noise,
    seed: 640 + k,
    pitch: 0.5e-3,
    defects: parseDefects(defect, defect),
  });
  const found = await conductanceInversion(scan, cell);
  const [first] = found.defects;
  const errors = [found.sheets[0], found.healthy[0]].map(map => errorOf(map, sheets[0]).toFixed(3));
  const cells =
    first === undefined
      ? ['nothing', '', '', '', '']
      : first.kind === 'weld'
        ? [`weld of ${first.tab}, ${Math.round(100 * first.from)} to ${Math.round(100 * first.to)} %`, '', '', '', '']
        : [
            `${found.defects.length}`,
            found.foil ?? 'not named',
            truth === undefined
              ? ''
              : Math.hypot(1e3 * first.centre[0] - truth.at[0], 1e3 * first.centre[1] - truth.at[1]).toFixed(2),
            truth === undefined ? '' : `${Math.round((100 * 1e6 * first.area) / truth.area)} %`,
            `${first.conductance.toPrecision(2)} (${truth?.conductance ?? '-'})`,
          ];
  lines.push(`| ${name} | ${cells.join(' | ')} | ${errors[0]} (${errors[1]}) |`);
  process.stderr.write(`${lines.at(-1)}\n`);
}
const page = new URL('../../docs/conductance.md', import.meta.url);
const written = readFileSync(page, 'utf8');
writeFileSync(page, written.replace(/(<!-- unseen -->\n)[\s\S]*?(<!-- end -->)/, `$1${lines.join('\n')}\n$2`));

/** Relative L2 error of K, the truth at the nearest of its pixels. */
function errorOf(map: CurrentMap, truth: CurrentMap): number {
  let [wrong, all] = [0, 0];
  for (let i = 0; i < map.kx.length; i++) {
    const [x, y] = [
      map.grid.x0 + (i % map.grid.nx) * map.grid.dx,
      map.grid.y0 + Math.floor(i / map.grid.nx) * map.grid.dy,
    ];
    const { grid } = truth;
    const t = Math.round((y - grid.y0) / grid.dy) * grid.nx + Math.round((x - grid.x0) / grid.dx);
    if (!Number.isFinite(map.kx[i]) || !Number.isFinite(truth.kx[t])) continue;
    wrong += (map.kx[i] - truth.kx[t]) ** 2 + (map.ky[i] - truth.ky[t]) ** 2;
    all += truth.kx[t] ** 2 + truth.ky[t] ** 2;
  }
  return Math.sqrt(wrong / all);
}
