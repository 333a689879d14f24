import {
  dipoleField,
  type FieldVectors,
  type Positions,
  polylineField,
  positionsOf,
  zeroField,
} from '../src/biotSavart/index.js';
import type { MapLayout } from '../src/diagnosis/index.js';
import { denseMatrix } from '../src/forward/index.js';
import type { Grid } from '../src/grid.js';
import { type Cell, parseCell } from '../src/index.js';
import { rms } from '../src/linearAlgebra/vectors.js';
import { boundingBox, contains, outlineArea } from '../src/model/outline.js';
import type { Random } from '../src/random.js';
import type { Defect, DefectKind } from '../src/simulation/defects/defect.js';
import { cellStack } from '../src/simulation/field/cellStack.js';
import { defectChange, type KnownStates } from '../src/simulation/field/defectChange.js';
import { stackCurrents } from '../src/simulation/field/stackCurrents.js';
import { outletField, stackField } from '../src/simulation/field/stackField.js';
import { stackState } from '../src/simulation/field/stackState.js';
import { LIBRARY_CELL } from './defectLibrary.js';

const FOILS = `  positive_foil: {thickness_um: 10, conductivity_S_per_m: 3.78e7}
  negative_foil: {thickness_um: 10, conductivity_S_per_m: 5.96e7}
  area_resistance_ohm_cm2: 10
`;

/** Cells, heights and noise on which labels are checked. */
export const BENCHES = [
  { text: LIBRARY_CELL, height: 6e-3, pitch: 5e-3, noise: 30e-9 },
  {
    text: `name: single pair
outline_mm: {width: 140, height: 100}
thickness_mm: 1
current_A: 2
tabs:
  - {name: positive, at_mm: [[20, 100], [50, 100]], share: 1}
  - {name: negative, at_mm: [[90, 100], [120, 100]], share: -1}
electrical:
  pairs: 1
${FOILS}`,
    height: 8e-3,
    pitch: 7e-3,
    noise: 60e-9,
  },
  {
    text: `name: ten pairs
outline_mm: {width: 60, height: 120}
thickness_mm: 6
current_A: 20
tabs:
  - {name: positive, at_mm: [[15, 120], [45, 120]], share: 1}
  - {name: negative, at_mm: [[15, 0], [45, 0]], share: -1}
electrical:
  pairs: 10
${FOILS}`,
    height: 10e-3,
    pitch: 6e-3,
    noise: 50e-9,
  },
] as const;

/** What of a healthy scan varies: total current (a part of 1), place of the scan (m). */
const NATURAL = { gain: 0.003, shift: 0.1e-3 };

/** A cell as it is scanned again and again, finer simulated than the labels' own templates. */
export interface ScannedCell {
  readonly cell: Cell & { readonly current: number };
  readonly layout: MapLayout;
  readonly z: number;
  readonly noise: number;
  /** Map of a healthy scan with natural variation and noise, plus a change. */
  scan(rng: Random, change?: Float64Array): Float64Array;
  /** What a defect changes, bx then by then bz. */
  change(defect: Defect): Float64Array;
  readonly points: Positions;
  /** The healthy map shifted by a vector, to first order. */
  shifted(dx: number, dy: number, dz: number): Float64Array;
}

export function scannedCell({ text, height, pitch, noise }: (typeof BENCHES)[number]): ScannedCell {
  const parsed = parseCell(text, 'cell.yaml');
  const cell = { ...parsed, current: parsed.current! };
  const box = boundingBox(cell.outline);
  const margin = 15e-3;
  const nx = Math.floor((box.x1 - box.x0 + 2 * margin) / pitch) + 1;
  const ny = Math.floor((box.y1 - box.y0 + 2 * margin) / pitch) + 1;
  const grid: Grid = { nx, ny, x0: box.x0 - margin, y0: box.y0 - margin, dx: pitch, dy: pitch };
  const of = (f: (i: number) => number) => Float64Array.from({ length: nx * ny }, (_, i) => f(i));
  const points = {
    x: of(i => grid.x0 + (i % nx) * pitch),
    y: of(i => grid.y0 + Math.floor(i / nx) * pitch),
    z: of(() => height),
  };
  const stack = cellStack(cell, { pitch: Math.max(box.x1, box.y1) / 130 });
  const healthy = stackCurrents(stackState(stack, cell.current));
  const whole = (at: Positions) => {
    const field = stackField(healthy, at);
    const outside = outletField(healthy, at);
    return mapOf(field).map((v, i) => v + mapOf(outside)[i]);
  };
  const base = whole(points);
  const step = 0.02 * height;
  const slopes = (['x', 'y', 'z'] as const).map(axis => {
    const moved = whole({ ...points, [axis]: points[axis].map(v => v + step) });
    return moved.map((v, i) => (v - base[i]) / step);
  });
  const known: KnownStates = { kernels: new Map(), risers: new Map(), solutions: new WeakMap() };
  const shifted = (dx: number, dy: number, dz: number) =>
    base.map((_, i) => dx * slopes[0][i] + dy * slopes[1][i] + dz * slopes[2][i]);
  return {
    cell,
    layout: { grid, channels: ['bx', 'by', 'bz'], unit: 'T' },
    z: height,
    noise,
    points,
    shifted,
    scan(rng, change) {
      const gain = 1 + NATURAL.gain * rng.normal();
      const moved = shifted(NATURAL.shift * rng.normal(), NATURAL.shift * rng.normal(), NATURAL.shift * rng.normal());
      return base.map((v, i) => gain * (v + (change?.[i] ?? 0)) + moved[i] + noise * rng.normal());
    },
    change: defect => mapOf(defectChange(stack, healthy, cell.current, [defect], points, known)),
  };
}

export function mapOf({ bx, by, bz }: FieldVectors): Float64Array {
  const out = new Float64Array(3 * bx.length);
  [bx, by, bz].forEach((values, c) => {
    out.set(values, c * bx.length);
  });
  return out;
}

/** Kinds that one foil or tab of the uppermost or another pair can have; those that the field shows. */
export const KINDS = [
  'hole',
  'thinned_foil',
  'slit',
  'partial_weld',
  'missing_tab',
  'fold',
  'open_layer',
  'external_short',
] as const satisfies readonly DefectKind[];

/** A defect drawn at random; undefined where this cell has none of the kind. */
export function drawnDefect(
  kind: (typeof KINDS)[number],
  cell: Cell & { current: number },
  rng: Random,
): Defect | undefined {
  const S = Math.sqrt(outlineArea(cell.outline));
  const box = boundingBox(cell.outline);
  const pairs = cell.electrical?.pairs ?? 1;
  const pair = pairs === 1 || rng.uniform() < 0.9 ? 'top' : 'all';
  const foil = rng.uniform() < 0.5 ? 'positive' : 'negative';
  const between = (a: number, b: number) => a + (b - a) * rng.uniform();
  const log = (a: number, b: number) => Math.exp(between(Math.log(a), Math.log(b)));
  const place = () => {
    for (;;) {
      const at = [between(box.x0, box.x1), between(box.y0, box.y1)] as const;
      if (contains(cell.outline, ...at)) return at;
    }
  };
  const pick = <T>(from: readonly T[]) => from[Math.floor(rng.uniform() * from.length)];
  switch (kind) {
    case 'hole':
      return { kind, foil, at: place(), radius: log(0.03 * S, 0.15 * S), pair };
    case 'thinned_foil':
      return { kind, foil, at: place(), radius: log(0.05 * S, 0.2 * S), conductance: between(0.1, 0.8), pair };
    case 'slit': {
      const [[x, y], half, angle] = [place(), log(0.07 * S, 0.3 * S), between(0, Math.PI)];
      const [ux, uy] = [half * Math.cos(angle), half * Math.sin(angle)];
      return { kind, foil, from: [x - ux, y - uy], to: [x + ux, y + uy], width: 1e-3, pair };
    }
    case 'partial_weld': {
      const width = between(0.2, 0.85);
      const from = between(0, 1 - width);
      return { kind, tab: pick(cell.tabs).name, part: [from, from + width], pair };
    }
    case 'missing_tab': {
      const spare = cell.tabs.filter(tab =>
        cell.tabs.some(o => o !== tab && o.polarity === tab.polarity && o.polarity),
      );
      return spare.length === 0 ? undefined : { kind, tab: pick(spare).name, pair };
    }
    case 'fold': {
      const { x0, x1, y0, y1 } = box;
      const [cx, cy] = [pick([x0, x1]), pick([y0, y1])];
      const [a, b] = [log(0.08 * S, 0.4 * S), log(0.08 * S, 0.4 * S)];
      const line = [
        [cx === x0 ? x0 + a : x1 - a, cy],
        [cx, cy === y0 ? y0 + b : y1 - b],
      ] as const;
      return { kind, foil, line, pair };
    }
    case 'open_layer':
      return pairs === 1 ? undefined : { kind, pair: 1 + Math.floor(rng.uniform() * pairs) };
    case 'external_short':
      return { kind, current: log(0.003, 0.05) * cell.current };
  }
}

export const STRANGE = ['magnet', 'wire', 'vortex', 'shifted scan', 'two holes', 'strange map'] as const;

/** A deviation that is none of the library; its strength is drawn too. */
export function strangeChange(kind: (typeof STRANGE)[number], scanned: ScannedCell, rng: Random): Float64Array {
  const { points, cell, z, layout } = scanned;
  const box = boundingBox(cell.outline);
  const between = (a: number, b: number) => a + (b - a) * rng.uniform();
  const log = (a: number, b: number) => Math.exp(between(Math.log(a), Math.log(b)));
  const place = () => [between(box.x0, box.x1), between(box.y0, box.y1)] as const;
  const field = zeroField(points.x.length);
  const scaled = (values: Float64Array) => {
    const peak = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    const wanted = scanned.noise * log(3, 100);
    return values.map(v => (v * wanted) / peak);
  };
  switch (kind) {
    case 'magnet': {
      const moment = [rng.normal(), rng.normal(), rng.normal()] as const;
      dipoleField(points, [...place(), between(-10e-3, 0)], moment, field);
      return scaled(mapOf(field));
    }
    case 'wire': {
      const [a, b] = [place(), place()];
      const height = between(-0.5, 0.3) * z;
      polylineField(
        points,
        positionsOf([
          [...a, -0.3],
          [...a, height],
          [...b, height],
          [...b, -0.3],
        ]),
        1,
        field,
      );
      return scaled(mapOf(field));
    }
    case 'vortex': {
      // A closed current that nothing drives.
      const pitch = 3e-3;
      const [nx, ny] = [Math.ceil(box.x1 / pitch), Math.ceil(box.y1 / pitch)];
      const [cx, cy] = place();
      const width = log(0.5, 2) * z;
      const psi = Float64Array.from({ length: nx * ny }, (_, i) => {
        return Math.exp(-(((i % nx) * pitch - cx) ** 2 + (Math.floor(i / nx) * pitch - cy) ** 2) / width ** 2);
      });
      const along = (axis: number) =>
        new Float64Array(3 * points.x.length).map((_, i) => (Math.floor(i / points.x.length) === axis ? 1 : 0));
      const thrice = (v: Float64Array) => Float64Array.from([...v, ...v, ...v]);
      const readings = {
        x: thrice(points.x),
        y: thrice(points.y),
        z: thrice(points.z),
        nx: along(0),
        ny: along(1),
        nz: along(2),
      };
      const out = new Float64Array(3 * points.x.length);
      denseMatrix({ lattice: { x0: 0, y0: 0, pitch, nx, ny }, z0: 0 }, readings).apply(psi, out);
      return scaled(out);
    }
    case 'shifted scan':
      return scanned.shifted(1e-3 * rng.normal(), 1e-3 * rng.normal(), 1e-3 * rng.normal());
    case 'two holes': {
      const one = scanned.change(drawnDefect('hole', cell as Cell & { current: number }, rng)!);
      const other = scanned.change(drawnDefect('hole', cell as Cell & { current: number }, rng)!);
      const [p, q] = [rms(one), rms(other)];
      return one.map((v, i) => v + (p / q) * other[i]);
    }
    case 'strange map': {
      const { nx } = layout.grid;
      const [u, v, phase] = [between(0.1, 0.5), between(0.1, 0.5), between(0, 6)];
      return scaled(
        Float64Array.from({ length: 3 * points.x.length }, (_, i) =>
          Math.cos(u * (i % nx) + v * Math.floor(i / nx) + phase),
        ),
      );
    }
  }
}
