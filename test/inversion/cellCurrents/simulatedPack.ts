import type { PackCell } from '../../../inversion/cellCurrents/packCell.js';
import type { FieldScan } from '../../../src/fieldScan.js';
import type { Cell } from '../../../src/model/cell.js';
import { boundingBox, rectangleOutline } from '../../../src/model/outline.js';
import { random } from '../../../src/random.js';

const MM = 1e-3;
const NECK = 10 * MM;

/** A rectangular cell of whole millimetres with two tabs on the given sides, [first, last] mm along each. */
export function packedCell(
  width: number,
  height: number,
  positive: readonly [side: 'top' | 'bottom', from: number, to: number],
  negative: readonly [side: 'top' | 'bottom', from: number, to: number],
): Cell {
  const tab = (name: string, [side, from, to]: readonly [string, number, number], share: number) => {
    const y = side === 'top' ? height * MM : 0;
    const [a, b] = [[from * MM, y] as const, [to * MM, y] as const];
    // Anticlockwise: the top runs to the left.
    return { name, start: side === 'top' ? b : a, end: side === 'top' ? a : b, share, length: NECK };
  };
  return {
    name: 'cell',
    outline: rectangleOutline(width * MM, height * MM),
    thickness: 8 * MM,
    sheets: Float64Array.of(0),
    current: 5,
    tabs: [tab('positive', positive, 1), tab('negative', negative, -1)],
    leads: [],
    masked: [],
    magneticParts: [],
  };
}

/** Straight pieces of current: ends (m) and amperes, 7 numbers each. */
type Pieces = number[];

/**
 * The current of 1 A through a cell and the necks of its tabs, in its own axes, as crosses of short straight pieces: a
 * resistor network on a 1 mm mesh, solved by relaxation. Nothing is shared with the engine. Ends of the necks too.
 */
function cellPieces(cell: Cell): { pieces: Pieces; ends: { x: number; y: number; out: number; share: number }[] } {
  const { x1: width, y1: height } = boundingBox(cell.outline);
  const [w, h, neck] = [width, height, NECK].map(v => Math.round(v / MM));
  const rows = h + 2 * neck;
  const inside = new Uint8Array(w * rows);
  const source = new Float64Array(w * rows);
  for (let y = 0; y < h; y++) inside.fill(1, (y + neck) * w, (y + neck + 1) * w);
  const ends: { x: number; y: number; out: number; share: number }[] = [];
  for (const { start, end, share } of cell.tabs) {
    const [from, to] = [start[0], end[0]].map(v => Math.round(v / MM)).sort((a, b) => a - b);
    const up = start[1] > height / 2;
    for (let y = 0; y < neck; y++) {
      const row = up ? h + neck + y : y;
      inside.fill(1, row * w + from, row * w + to);
    }
    const last = up ? rows - 1 : 0;
    for (let x = from; x < to; x++) source[last * w + x] = share / (to - from);
    ends.push({ x: ((from + to) / 2) * MM, y: up ? height + NECK : -NECK, out: up ? 1 : -1, share });
  }
  const potential = new Float64Array(w * rows);
  const neighbours = (i: number) =>
    [i % w > 0 ? i - 1 : -1, i % w < w - 1 ? i + 1 : -1, i - w, i + w].filter(
      j => j >= 0 && j < inside.length && inside[j] === 1,
    );
  const nodes = Array.from({ length: inside.length }, (_, i) => i).filter(i => inside[i] === 1);
  const lists = nodes.map(neighbours);
  for (let sweep = 0; sweep < 1500; sweep++) {
    nodes.forEach((i, n) => {
      let sum = source[i];
      for (const j of lists[n]) sum += potential[j];
      potential[i] += 1.96 * (sum / lists[n].length - potential[i]);
    });
  }
  const pieces: Pieces = [];
  for (const i of nodes) {
    const [x, y] = [((i % w) + 0.5) * MM, (Math.floor(i / w) - neck + 0.5) * MM];
    if (i % w < w - 1 && inside[i + 1]) pieces.push(x, y, 0, x + MM, y, 0, potential[i] - potential[i + 1]);
    if (inside[i + w]) pieces.push(x, y, 0, x, y + MM, 0, potential[i] - potential[i + w]);
  }
  return { pieces, ends };
}

/** B of straight pieces at a point, T: mu0 I / 4 pi times the integral along each, in closed form. */
function fieldOf(pieces: Pieces, x: number, y: number, z: number, out: Float64Array): void {
  out.fill(0);
  for (let p = 0; p < pieces.length; p += 7) {
    const [ax, ay, az] = [x - pieces[p], y - pieces[p + 1], z - pieces[p + 2]];
    const [bx, by, bz] = [x - pieces[p + 3], y - pieces[p + 4], z - pieces[p + 5]];
    const [a, b] = [Math.sqrt(ax * ax + ay * ay + az * az), Math.sqrt(bx * bx + by * by + bz * bz)];
    const f = (1e-7 * pieces[p + 6] * (a + b)) / (a * b * (a * b + ax * bx + ay * by + az * bz));
    // (b - a) is minus the piece; piece x a = a x b up to sign.
    out[0] += f * (ay * bz - az * by);
    out[1] += f * (az * bx - ax * bz);
    out[2] += f * (ax * by - ay * bx);
  }
}

/** What is simulated. */
export interface Simulation {
  readonly cells: readonly PackCell[];
  /** `[scan][cell]`, A. */
  readonly currents: readonly Float64Array[];
  readonly components: readonly ('bx' | 'by' | 'bz')[];
  readonly pitch: number;
  readonly height: number;
  readonly noise: number;
  readonly seed: number;
  /**
   * 'straight' wires out of every tab; or 'busbars': two bars, 12 mm wide, along the ends of the necks, with one lead each; or 'under':
   * leads that turn down and run back 14 mm below the cells.
   */
  readonly wires: 'straight' | 'busbars' | 'under';
}

/** Scans of a pack whose wires are told to nobody; necks and wires lie at z = 0 at first, then rise a little. */
export function simulatePack(task: Simulation): FieldScan[] {
  const { cells, currents, pitch, height, noise, wires } = task;
  const unit = new Map<Cell, ReturnType<typeof cellPieces>>();
  const perCell = cells.map(({ cell, placement: { at, rotate_deg } }) => {
    const own = unit.get(cell) ?? cellPieces(cell);
    unit.set(cell, own);
    const { x1: w, y1: h } = boundingBox(cell.outline);
    const angle = (rotate_deg * Math.PI) / 180;
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const move = (x: number, y: number): [number, number] => [
      at[0] + w / 2 + c * (x - w / 2) - s * (y - h / 2),
      at[1] + h / 2 + s * (x - w / 2) + c * (y - h / 2),
    ];
    const pieces: Pieces = [];
    for (let p = 0; p < own.pieces.length; p += 7) {
      const q = own.pieces;
      pieces.push(...move(q[p], q[p + 1]), 0, ...move(q[p + 3], q[p + 4]), 0, q[p + 6]);
    }
    for (const { x, y, out, share } of own.ends) {
      const far = wires === 'straight' ? [60, 0] : [12, 6];
      const [sx, sy] = move(x, y);
      if (wires === 'under') {
        const [cx, cy] = move(x, y + out * 8 * MM);
        const [bx, by] = move(x, y - out * 300 * MM);
        for (const [from, to] of [
          [bx, by, -14 * MM, cx, cy, -14 * MM],
          [cx, cy, -14 * MM, cx, cy, 0],
          [cx, cy, 0, sx, sy, 0],
        ].map(piece => [piece.slice(0, 3), piece.slice(3)])) {
          pieces.push(...from, ...to, share);
        }
        continue;
      }
      const [ex, ey] = move(x, y + out * far[0] * MM);
      pieces.push(ex, ey, -far[1] * MM, sx, sy, 0, share);
      // Beyond: a bar at z = -6 mm, in three threads, to the left end of the pack, and away.
      if (wires === 'busbars') {
        const offset = share > 0 ? 0 : -6 * MM;
        for (const thread of [-4, 0, 4]) {
          const y2 = ey + thread * MM;
          pieces.push(-80 * MM, y2, -6 * MM + offset, ex, y2, -6 * MM + offset, share / 3);
        }
        pieces.push(ex, ey, -6 * MM + offset, ex, ey, -6 * MM + 1e-9, share);
      }
    }
    return pieces;
  });
  const corners = cells.map(({ cell, placement: { at, rotate_deg } }) => {
    const { x1: w, y1: h } = boundingBox(cell.outline);
    const turned = rotate_deg % 180 !== 0;
    const [hw, hh] = turned ? [h / 2, w / 2] : [w / 2, h / 2];
    return [at[0] + w / 2 - hw, at[1] + h / 2 - hh, at[0] + w / 2 + hw, at[1] + h / 2 + hh];
  });
  const margin = 15 * MM;
  const lo = [0, 1].map(k => Math.min(...corners.map(c => c[k])) - margin);
  const hi = [2, 3].map(k => Math.max(...corners.map(c => c[k])) + margin);
  const [nx, ny] = [0, 1].map(k => Math.floor((hi[k] - lo[k]) / pitch + 1e-9) + 1);
  const count = nx * ny;
  const x = Float64Array.from({ length: count }, (_, i) => lo[0] + (i % nx) * pitch);
  const y = Float64Array.from({ length: count }, (_, i) => lo[1] + Math.floor(i / nx) * pitch);
  const z = new Float64Array(count).fill(height);
  const fields = perCell.map(pieces => {
    const b = [0, 1, 2].map(() => new Float64Array(count));
    const at = new Float64Array(3);
    for (let i = 0; i < count; i++) {
      fieldOf(pieces, x[i], y[i], z[i], at);
      for (let k = 0; k < 3; k++) b[k][i] = at[k];
    }
    return b;
  });
  const rng = random(task.seed);
  return currents.map(own => {
    const background = [0, 1, 2].map(() => 2e-6 * rng.normal());
    const components = Object.fromEntries(
      task.components.map(name => {
        const k = ['bx', 'by', 'bz'].indexOf(name);
        const values = Float64Array.from({ length: count }, (_, i) =>
          fields.reduce((sum, b, c) => sum + own[c] * b[k][i], background[k] + noise * rng.normal()),
        );
        return [name, { values }];
      }),
    );
    return { count, x, y, z, components, sigma: noise };
  });
}

/** Currents of healthy scans: equal but for a natural spread, total between 16 and 25 A per four cells. */
export function healthyCurrents(scans: number, cells: number, spread: number, seed: number): Float64Array[] {
  const rng = random(seed);
  return Array.from({ length: scans }, () => {
    const each = 4 + 2.2 * rng.uniform();
    return withResistances(
      each * cells,
      Float64Array.from({ length: cells }, () => 1 + spread * rng.normal()),
    );
  });
}

/** A total current shared by 1 / R. */
export function withResistances(total: number, resistance: Float64Array): Float64Array {
  const sum = resistance.reduce((all, r) => all + 1 / r, 0);
  return resistance.map(r => total / r / sum);
}
