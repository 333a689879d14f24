import { boundedInversion } from '../inversion/bounded/boundedInversion.js';
import { modelBox } from '../inversion/bounded/model.js';
import { scanReadings } from '../inversion/bounded/scanReadings.js';
import { tabColumns } from '../inversion/bounded/tabColumns.js';
import { tabFields } from '../inversion/bounded/tabFields.js';
import type { FieldScan } from '../src/fieldScan.js';
import { parseCell } from '../src/model/parseCell.js';
import { random } from '../src/random.js';

/**
 * `node dist/bench/boundedScaling.js [SIDE_MM...]`: time and memory of the bounded inversion against the size of a healthy square
 * cell with counter tabs, all three components every 3 mm, 6 mm above it, 50 nT; default 64, 128, 256 and 512 mm.
 */
const SIDES = [64, 128, 256, 512];
const [MARGIN, PITCH, HEIGHT, NOISE] = [20e-3, 3e-3, 6e-3, 50e-9];
const given = process.argv.slice(2).map(Number);

for (const side of given.length > 0 ? given : SIDES) {
  const cell = parseCell(
    `name: square
outline_mm: {width: ${side}, height: ${side}}
thickness_mm: 8
current_A: 10
tabs:
  - {name: positive, at_mm: [[${0.7 * side}, ${side}], [${0.5 * side}, ${side}]], share: 1, length_mm: 15}
  - {name: negative, at_mm: [[${0.3 * side}, 0], [${0.5 * side}, 0]], share: -1, length_mm: 15}
`,
    'square.yaml',
  );
  const steps = Math.round((side * 1e-3 + 2 * MARGIN) / PITCH) + 1;
  const of = (f: (ix: number, iy: number) => number) =>
    Float64Array.from({ length: steps * steps }, (_, i) => f(i % steps, Math.floor(i / steps)));
  const empty: FieldScan = {
    count: steps * steps,
    x: of(ix => ix * PITCH - MARGIN),
    y: of((_, iy) => iy * PITCH - MARGIN),
    z: of(() => HEIGHT),
    components: { bx: { values: of(() => 0) }, by: { values: of(() => 0) }, bz: { values: of(() => 0) } },
    sigma: NOISE,
  };
  const readings = scanReadings(empty);
  const tabs = tabColumns(cell, modelBox(cell, readings));
  const [field] = tabFields(tabs, cell, readings).base;
  const rng = random(1);
  const noisy = field.map(b => b + NOISE * rng.normal());
  const component = (c: number) => ({ values: noisy.filter((_, r) => r % 3 === c) });
  const scan = { ...empty, components: { bx: component(0), by: component(1), bz: component(2) } };

  const start = performance.now();
  const solution = boundedInversion(scan, cell);
  const seconds = (performance.now() - start) / 1000;
  const perReading = (1e6 * seconds) / noisy.length / Math.log2(noisy.length);
  process.stdout.write(
    `${String(side).padStart(4)} mm ${String(noisy.length).padStart(7)} readings ${solution.estimate.unknowns} unknowns ` +
      `${seconds.toFixed(1)} s (${perReading.toFixed(1)} us / N log2 N) at most ${(process.resourceUsage().maxRSS / 1e3).toFixed(0)} MB so far ` +
      `departure ${solution.departure.toFixed(4)} chi2 ${solution.chi2.toFixed(2)}\n`,
  );
}
