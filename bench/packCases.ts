import { zeroField } from '../src/biotSavart/index.js';
import type { FieldScan } from '../src/fieldScan.js';
import type { Cell } from '../src/model/cell.js';
import { leadField } from '../src/model/leadField.js';
import { boundingBox } from '../src/model/outline.js';
import { parseCell } from '../src/model/parseCell.js';
import { type Placement, placeCell } from '../src/model/placeCell.js';
import { type Random, random } from '../src/random.js';
import { readField } from '../src/simulation/field/readField.js';
import { rasterPlan } from '../src/simulation/field/samplePlan.js';
import { packedStack } from '../src/simulation/field/stackCellField.js';
import { placedField } from '../src/simulation/pack/packField.js';

/**
 * Packs simulated end to end, on which nothing was tuned: foils as a potential pair on 1 mm, fields of wires that no file
 * describes, scans with noise.
 */
export interface PackCase {
  readonly name: string;
  readonly layout: keyof typeof LAYOUTS;
  /**
   * `straight`: each tab's wire runs straight out of the view, 1 m. `bent`: flat leads that turn, rise or fall somewhere and leave in
   * any direction. `busbars`: two bars behind the tabs to the left end, and away.
   */
  readonly wires: 'straight' | 'bent' | 'busbars';
  readonly axes: readonly ('bx' | 'by' | 'bz')[];
  /** mm */
  readonly height: number;
  readonly pitch: number;
  readonly margin: number;
  /** nT */
  readonly noise: number;
  readonly scans: number;
  readonly seed: number;
  /** True places of the cells against the description, mm. */
  readonly moved?: readonly (readonly [x: number, y: number])[];
}

export interface SimulatedPack {
  readonly cells: readonly { readonly name: string; readonly cell: Cell; readonly placement: Placement }[];
  readonly scans: readonly FieldScan[];
  /** `[scan][cell]`, A. */
  readonly currents: readonly Float64Array[];
  /** The cell with 6 % more resistance, and its scan. */
  readonly odd: { readonly cell: number; readonly scan: number };
}

const MM = 1e-3;

const cellText = (width: number, height: number, tabs: readonly string[]) => `name: cell
outline_mm: {width: ${width}, height: ${height}}
thickness_mm: 6
current_A: 5
tabs:
${tabs.map(tab => `  - {${tab}}`).join('\n')}
electrical:
  pairs: 1
  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
  foil_distance_mm: 0
`;
const SAME = cellText(60, 90, [
  'name: positive, at_mm: [[26, 90], [10, 90]], share: 1, length_mm: 12',
  'name: negative, at_mm: [[52, 90], [36, 90]], share: -1, length_mm: 12',
]);
const WIDE = cellText(80, 55, [
  'name: positive, at_mm: [[32, 55], [12, 55]], share: 1, length_mm: 8',
  'name: negative, at_mm: [[68, 55], [48, 55]], share: -1, length_mm: 8',
]);
const COUNTER = cellText(50, 100, [
  'name: positive, at_mm: [[35, 100], [15, 100]], share: 1, length_mm: 10',
  'name: negative, at_mm: [[15, 0], [35, 0]], share: -1, length_mm: 10',
]);

const row = (n: number, step: number, angle = 0) =>
  Array.from({ length: n }, (_, k) => ({ at: [k * step, 0] as const, angle }));
/** Rows above each other, the lower one turned so that all tabs lie outside. */
const block = (columns: number, dx: number, dy: number) => [
  ...row(columns, dx).map(({ at }) => ({ at: [at[0], dy] as const, angle: 0 })),
  ...row(columns, dx).map(({ at }) => ({ at, angle: 180 })),
];

export const LAYOUTS = {
  'row of 4': { cell: SAME, places: row(4, 65) },
  'counter-tab row of 3': { cell: COUNTER, places: row(3, 55) },
  'counter-tab row of 4': { cell: COUNTER, places: row(4, 55) },
  '2 x 2': { cell: WIDE, places: block(2, 86, 62) },
  six: { cell: SAME, places: block(3, 65, 96) },
  'column of 3 at 90': { cell: SAME, places: row(3, 0, 90).map((p, k) => ({ ...p, at: [0, 66 * k] as const })) },
  'row of 3 at 30': { cell: WIDE, places: row(3, 100, 30) },
  'counter-tab 2 x 2': { cell: COUNTER, places: block(2, 56, 125) },
} as const;

/** Simulates a case; the same numbers every time. */
export function simulateCase(task: PackCase): SimulatedPack {
  const { cell: text, places } = LAYOUTS[task.layout];
  const cell = parseCell(text, 'cell.yaml');
  const cells = places.map(({ at, angle }, k) => ({
    name: 'ABCDEF'[k],
    cell,
    placement: { at: [at[0] * MM, at[1] * MM] as const, rotate_deg: angle },
  }));
  const real = cells.map(({ placement }, k): Placement => {
    const [x, y] = task.moved?.[k] ?? [0, 0];
    return { ...placement, at: [placement.at[0] + x * MM, placement.at[1] + y * MM] };
  });
  const described = cells.map(own => placeCell(cell, own.placement));
  const plan = rasterPlan(
    described.map(own => own.outline),
    { heights: [task.height * MM], pitch: task.pitch * MM, margin: task.margin * MM, axes: task.axes },
  );
  const rng = random(task.seed);
  const stack = packedStack(cell, { pitch: MM / 2, outlets: task.wires === 'straight' ? 'strips' : 'none' });
  const left = Math.min(...described.map(own => boundingBox(own.outline).x0));
  const fields = real.map(placement => {
    const field = placedField(cell, placement, plan, stack.field);
    const out = zeroField(plan.x.length);
    for (const c of ['bx', 'by', 'bz'] as const) out[c].set(field[c]);
    for (const { path, width, share } of wiresOf(placeCell(cell, placement), task.wires, left, rng)) {
      leadField(plan, { name: 'wire', path, width, share }, share, out);
    }
    return out;
  });
  const odd = { cell: Math.floor(rng.uniform() * cells.length), scan: Math.floor(rng.uniform() * task.scans) };
  const habit = cells.map(() => 1 + 0.003 * rng.normal());
  const currents = Array.from({ length: task.scans }, (_, s) => {
    const each = 4 + 2.2 * rng.uniform();
    const conductance = cells.map(
      (_, k) => (habit[k] * (1 + 0.004 * rng.normal())) / (s === odd.scan && k === odd.cell ? 1.06 : 1),
    );
    const sum = conductance.reduce((a, b) => a + b, 0);
    return Float64Array.from(conductance, g => (each * cells.length * g) / sum);
  });
  const scans = currents.map((own, s) => {
    const sum = zeroField(plan.x.length);
    for (const c of ['bx', 'by', 'bz'] as const) {
      const background = 2e-6 * rng.normal();
      for (let i = 0; i < sum[c].length; i++) {
        sum[c][i] = background;
        for (let k = 0; k < own.length; k++) sum[c][i] += own[k] * fields[k][c][i];
      }
    }
    return readField(sum, plan, { noise: task.noise * 1e-9, seed: 1000 * task.seed + s }).scan;
  });
  return { cells, scans, currents, odd };
}

type Path = [number, number, number][];

/** Leads from the ends of the necks, running with the current of a positive share. */
function wiresOf(cell: Cell, kind: PackCase['wires'], left: number, rng: Random) {
  if (kind === 'straight') return [];
  return cell.tabs.map(({ start, end, share, length = 0 }) => {
    const width = Math.hypot(end[0] - start[0], end[1] - start[1]);
    // Anticlockwise along the outline, the outside is on the right.
    const [ox, oy] = [(end[1] - start[1]) / width, -(end[0] - start[0]) / width];
    const from: Path[number] = [(start[0] + end[0]) / 2 + length * ox, (start[1] + end[1]) / 2 + length * oy, 0];
    const out: Path = [from];
    const go = (dx: number, dy: number, dz: number) => {
      const [x, y, z] = out[out.length - 1];
      out.push([x + dx, y + dy, z + dz]);
    };
    if (kind === 'bent') {
      const near = (5 + 30 * rng.uniform()) * MM;
      go(near * ox, near * oy, 0);
      const dip = (rng.uniform() - 0.6) * 20 * MM;
      const turn = (rng.uniform() - 0.5) * Math.PI;
      const [tx, ty] = [ox * Math.cos(turn) - oy * Math.sin(turn), ox * Math.sin(turn) + oy * Math.cos(turn)];
      go(15 * MM * ox, 15 * MM * oy, dip);
      go(0.5 * tx, 0.5 * ty, -0.2 * rng.uniform());
    } else {
      const depth = share > 0 ? -5 * MM : -10 * MM;
      go(6 * MM * ox, 6 * MM * oy, 0);
      go(0.1 * MM * ox, 0.1 * MM * oy, depth);
      go(left - 60 * MM - out[2][0], 0, 0);
      go(-0.5, 0, 0);
    }
    out.reverse();
    return { path: out, width: (kind === 'bent' ? 0.5 : 0.7) * width, share };
  });
}
