import { readFileSync, writeFileSync } from 'node:fs';
import type { FieldVectors } from '../src/biotSavart/index.js';
import { parseCell } from '../src/index.js';
import { applyDefects } from '../src/simulation/defects/applyDefect.js';
import { parseDefects } from '../src/simulation/defects/parseDefects.js';
import { cellStack } from '../src/simulation/field/cellStack.js';
import { rasterPlan } from '../src/simulation/field/samplePlan.js';
import { currentsDifference, stackCurrents } from '../src/simulation/field/stackCurrents.js';
import { stackField } from '../src/simulation/field/stackField.js';
import { stackState } from '../src/simulation/field/stackState.js';

/* What each fault of one pair changes in the field, foils coinciding and apart: a table in docs/defects.md. */

const PLACES = ['70, 100', '70, 150'];
const FAULTS = [
  'dead_spot: {at_mm: [AT], radius_mm: 15}',
  'hot_spot: {at_mm: [AT], radius_mm: 15, resistance: 0.2}',
  'short: {at_mm: [AT], radius_mm: 2, current_A: 0.1}',
  'hole: {foil: positive, at_mm: [AT], radius_mm: 15}',
  'thinned_foil: {foil: positive, at_mm: [AT], radius_mm: 15, conductance: 0.8}',
  'slit: {foil: positive, from_mm: [40, Y], to_mm: [100, Y], width_mm: 4}',
];

function cellOf(tabs: 'same' | 'counter', distance: number) {
  const [positive, negative] =
    tabs === 'same'
      ? ['[[13, 200], [57, 200]]', '[[83, 200], [127, 200]]']
      : ['[[48, 200], [92, 200]]', '[[48, 0], [92, 0]]'];
  return parseCell(
    `name: ${tabs}
outline_mm: {width: 140, height: 200}
thickness_mm: 8
tabs:
  - {name: positive, at_mm: ${positive}, share: 1}
  - {name: negative, at_mm: ${negative}, share: -1}
electrical:
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
  foil_distance_mm: ${distance}
`,
    'cell.yaml',
  );
}

const largest = (field: FieldVectors) =>
  field.bx.reduce((most, v, i) => Math.max(most, Math.hypot(v, field.by[i], field.bz[i])), 0);
const norm = (field: FieldVectors) => Math.hypot(...[field.bx, field.by, field.bz].map(v => Math.hypot(...v)));

const states = (['same', 'counter'] as const).flatMap(tabs =>
  [0, 0.15].map(distance => {
    const cell = cellOf(tabs, distance);
    const stack = cellStack(cell, { pitch: 1e-3 });
    const plan = rasterPlan([cell.outline], { heights: [10e-3], pitch: 2.5e-3, margin: 0 });
    const healthy = stackCurrents(stackState(stack, 1));
    return { stack, plan, healthy, norm: norm(stackField(healthy, plan)) };
  }),
);

const lines = [
  '| fault | same-side, coinciding | same-side, 0.15 mm | counter-side, coinciding | counter-side, 0.15 mm |',
  '|---|---|---|---|---|',
];
for (const place of PLACES) {
  for (const fault of FAULTS) {
    const text = fault.replace('AT', place).replaceAll('Y', place.split(', ')[1]);
    const found = states.map(({ stack, plan, healthy, norm: whole }) => {
      const damaged = stackCurrents(stackState(applyDefects(stack, parseDefects(text, text)), 1));
      const change = stackField(currentsDifference(damaged, healthy), plan);
      const nT = 1e9 * largest(change);
      const shown = nT < 1e-3 ? nT.toExponential(0) : String(Number(nT.toPrecision(3)));
      return `${shown} nT, ${(norm(change) / whole).toExponential(1)}`;
    });
    lines.push(`| \`${text}\` | ${found.join(' | ')} |`);
  }
}
const page = new URL('../../docs/defects.md', import.meta.url);
const text = readFileSync(page, 'utf8');
writeFileSync(page, text.replace(/(<!-- identifiability -->\n)[\s\S]*?(<!-- end -->)/, `$1${lines.join('\n')}\n$2`));
