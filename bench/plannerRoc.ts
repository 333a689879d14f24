import { readFileSync, writeFileSync } from 'node:fs';
import { areaUnderCurve } from '../inversion/planner/detector.js';
import { type PlannedReadings, plannedReadings } from '../inversion/planner/plannedReadings.js';
import { drivenCell, observed } from '../inversion/planner/planScan.js';
import { scanCourse } from '../inversion/planner/scanCourse.js';
import { type SimulatedCell, signalOf, simulatedCell } from '../inversion/planner/simulatedCell.js';
import type { FieldVectors, Positions } from '../src/biotSavart/index.js';
import { type Cell, parseCell, parseDefects, parseRig, type Random, type Rig, random } from '../src/index.js';
import { denseWorkspace } from '../src/linearAlgebra/index.js';
import { cablesOf } from './cables.js';

/**
 * `node dist/bench/plannerRoc.js [SCANS]`: the planner's d' against simulated scans. For three rigs and three defects, whose size is
 * chosen so that d' is near 1.2, 1.6 and 2.2, SCANS healthy and as many damaged scans (default 400 each) are drawn: cables on random
 * curves (`cables.ts`; not the wires that the planner thinks of), tabs of random length, finer pixels than the planner's, positions and gains in error, a constant background,
 * noise. The planner's own detector looks at each; the area under its receiver operating curve stands beside
 * Phi(d' / sqrt 2). Writes the table in docs/planner.md; exit status 1 where one differs by more than 5 points.
 */
const scans = Number(process.argv[2] ?? 400);
const ALLOWED = 0.05;
const PIXELS = { planned: 110, drawn: 140 };
/** The tab's length that the cell states, and those that the drawn cells have, mm. */
const LENGTHS = { stated: 10, drawn: [5, 8, 12, 20] };
const BACKGROUND = 20e-6;

const RIGS = ['amr-gantry', 'array-reversed', 'fluxgate-two-sides'];

function cellWith(length_mm: number): Cell {
  return parseCell(
    `name: pouch
outline_mm: {width: 60, height: 90}
thickness_mm: 3
current_A: 2
tabs:
  - {name: positive, at_mm: [[8, 90], [23, 90]], share: 1, length_mm: ${length_mm}}
  - {name: negative, at_mm: [[37, 90], [52, 90]], share: -1, length_mm: ${length_mm}}
electrical:
  pairs: 8
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`,
    'cell.yaml',
  );
}

/** A kind of defect whose d' grows as a power of a number, from a first guess; and the d' that is wanted. */
const KINDS = [
  {
    name: 'hole',
    wanted: 1.6,
    guess: 1.5,
    power: 2,
    text: (v: number) => `hole: {foil: positive, at_mm: [30, 45], radius_mm: ${v}}`,
  },
  {
    name: 'thinned foil',
    wanted: 2.2,
    guess: 0.1,
    power: 1,
    text: (v: number) => `thinned_foil: {foil: negative, at_mm: [18, 20], radius_mm: 8, conductance: ${1 - v}}`,
  },
  {
    name: 'slit',
    wanted: 1.2,
    guess: 5,
    power: 2,
    text: (v: number) => `slit: {foil: positive, from_mm: [40, 70], to_mm: [${40 + v}, 70], width_mm: 1.5}`,
  },
];

const lines = [
  "| rig | defect | d' | area, stated | area, simulated | difference, points | sd of t / d' |",
  '|---|---|---|---|---|---|---|',
];
let worst = 0;
for (const [index, name] of RIGS.entries()) {
  const rig = parseRig(readFileSync(new URL(`../../examples/rigs/${name}.yaml`, import.meta.url), 'utf8'), name);
  const simulated = simulatedCell(drivenCell(cellWith(LENGTHS.stated), rig), PIXELS.planned);
  const planned = plannedReadings(rig, scanCourse(rig, simulated.cell), simulated);
  const defects = sized(simulated, planned, rig);
  const { detectability, filters } = defects;
  const cells = LENGTHS.drawn.map(length => simulatedCell(drivenCell(cellWith(length), rig), PIXELS.drawn));
  const changes = cells.map(cell => defects.texts.map(text => changeOf(cell, planned, text)));
  const rng = random(8300 + index);
  const drawn = Array.from({ length: 2 * scans }, () => ({
    which: Math.floor(cells.length * rng.uniform()),
    points: drawnPlaces(planned, rig, rng),
  }));
  // One evaluation for all scans of a cell: its cost is that of the heights, hardly that of the points.
  const fields = cells.map((cell, which) => cell.cellField(joined(drawn.filter(one => one.which === which))));
  const used = cells.map(() => 0);
  const found = KINDS.map(() => ({ healthy: [] as number[], damaged: [] as number[] }));
  drawn.forEach(({ which, points }, scan) => {
    const from = used[which];
    used[which] += points.x.length;
    const part = (values: Float64Array) => values.slice(from, used[which]);
    const { bx, by, bz } = fields[which];
    const field = { bx: part(bx), by: part(by), bz: part(bz) };
    const wires = cablesOf(cells[which].cell, rng)(points);
    for (const c of ['bx', 'by', 'bz'] as const) for (let i = 0; i < field[c].length; i++) field[c][i] += wires[c][i];
    const reading = drawnReadings(field, planned, rig, rng);
    const damaged = scan % 2 === 1;
    filters.forEach((filter, d) => {
      const change = damaged ? changes[which][d] : undefined;
      let t = 0;
      for (let r = 0; r < reading.length; r++) {
        t += filter[r] * (reading[r] - planned.healthy.value[r] + (change?.[r] ?? 0));
      }
      found[d][damaged ? 'damaged' : 'healthy'].push(t / detectability[d]);
    });
  });
  KINDS.forEach((_, d) => {
    const stated = areaUnderCurve(detectability[d]);
    const { healthy, damaged } = found[d];
    let above = 0;
    for (const a of damaged) for (const b of healthy) above += a > b ? 1 : a === b ? 0.5 : 0;
    const area = above / (healthy.length * damaged.length);
    const mean = healthy.reduce((sum, v) => sum + v, 0) / healthy.length;
    const sd = Math.sqrt(healthy.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (healthy.length - 1));
    worst = Math.max(worst, Math.abs(area - stated));
    const points = (100 * (area - stated)).toFixed(1);
    lines.push(
      `| ${rig.name} | \`${defects.texts[d]}\` | ${detectability[d].toFixed(2)} | ${stated.toFixed(3)} | ${area.toFixed(3)} | ${points} | ${sd.toFixed(2)} |`,
    );
    process.stderr.write(`${lines.at(-1)}\n`);
  });
}
const page = new URL('../../docs/planner.md', import.meta.url);
const text = readFileSync(page, 'utf8');
writeFileSync(page, text.replace(/(<!-- roc -->\n)[\s\S]*?(<!-- end -->)/, `$1${lines.join('\n')}\n$2`));
if (worst > ALLOWED) process.exitCode = 1;

/** The defects at the sizes that give the d' wanted, to a tenth or so, with their filters. */
function sized(simulated: SimulatedCell, planned: PlannedReadings, rig: Rig) {
  const dense = denseWorkspace(2e9);
  let sizes = KINDS.map(({ guess }) => guess);
  for (let round = 0; ; round++) {
    const texts = KINDS.map(({ text }, d) => text(Number(sizes[d].toPrecision(2))));
    const signals = texts.map(one => changeOf(simulated, planned, one));
    const result = dense.temporarily(() => {
      const { detectability, filter } = observed(rig, simulated, planned, signals, dense);
      return { detectability, filters: KINDS.map((_, d) => filter(d)) };
    });
    if (round === 2) return { texts, ...result };
    sizes = KINDS.map(({ wanted, power }, d) => sizes[d] * (wanted / result.detectability[d]) ** (1 / power));
  }
}

function changeOf(simulated: SimulatedCell, { readings }: PlannedReadings, text: string): Float64Array {
  return signalOf(readings, points => simulated.change(parseDefects(text, text), points));
}

/** Where the samples of a scan really are: all moved by one error, and each by its own. */
function drawnPlaces({ readings }: PlannedReadings, { positionError }: Rig, rng: Random): Positions {
  const { first } = readings;
  const of = (values: Float64Array) => {
    const common = positionError * rng.normal();
    return Float64Array.from({ length: first.length - 1 }, (_, s) => {
      return values[first[s]] + common + positionError * rng.normal();
    });
  };
  return { x: of(readings.x), y: of(readings.y), z: of(readings.z) };
}

function joined(parts: readonly { readonly points: Positions }[]): Positions {
  const of = (axis: 'x' | 'y' | 'z') => Float64Array.from(parts.flatMap(({ points }) => [...points[axis]]));
  return { x: of('x'), y: of('y'), z: of('z') };
}

/** The field (T) at the samples as the rig reads it: gains in error, a background, noise. */
function drawnReadings({ bx, by, bz }: FieldVectors, { readings }: PlannedReadings, rig: Rig, rng: Random) {
  const { sample, sigma, nx, ny, nz } = readings;
  const scale = 1 + rig.gainError * rng.normal();
  const background = [0, 1, 2].map(() => BACKGROUND * rng.normal());
  return sigma.map((noise, r) => {
    const s = sample[r];
    const field = nx[r] * bx[s] + ny[r] * by[s] + nz[r] * bz[s];
    const constant = nx[r] * background[0] + ny[r] * background[1] + nz[r] * background[2];
    return field * scale * (1 + rig.gainError * rng.normal()) + constant + noise * rng.normal();
  });
}
