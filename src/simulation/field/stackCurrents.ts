import type { Vector3 } from '../../biotSavart/index.js';
import { InputError } from '../../errors.js';
import { type Grid, gridSize } from '../../grid.js';
import type { Cell } from '../../model/cell.js';
import type { CellState, Faces } from '../cell/cellModel.js';
import type { SheetSource } from './pixelField.js';
import type { StackState } from './stackState.js';
import { type FaceSlot, faceSlots, sideOf, type TabFace } from './tabFaces.js';

/** Length of the strips by which the current comes and goes, m; beyond that the circuit is open. */
export const OUTLET_LENGTH = 1;

/** The currents in one foil, A per pixel: see {@link SheetSource}. */
export type FoilFlow = Pick<SheetSource, 'alongX' | 'alongY' | 'growthX' | 'growthY'>;

/** Everything that flows in one electrode pair. */
export interface PairFlow {
  readonly positive: FoilFlow;
  readonly negative: FoilFlow;
  /** From the positive to the negative foil, A per pixel. */
  readonly through: Float64Array;
  /** Into the foil through each {@link TabFace}, A. */
  readonly positiveInflow: Float64Array;
  readonly negativeInflow: Float64Array;
}

/** A thin wire with its current, A. */
export interface Wire {
  readonly path: readonly Vector3[];
  readonly current: number;
  /** Along an outlet: only where outlets are part of the model. */
  readonly outlet: boolean;
}

/** The currents of a stack as sources of a field; linear, so that the difference of two states is one too. */
export interface StackCurrents {
  readonly grid: Grid;
  /** 1 in the outline; pixels with current outside are necks of tabs, at the height of the tabs. */
  readonly inside: Uint8Array;
  readonly faces: readonly TabFace[];
  /** Thin wires outside: an external short and what feeds it. */
  readonly wires: readonly Wire[];
  readonly pairs: readonly {
    /** Pairs of one state share their flow. */
    readonly flow: PairFlow;
    readonly weight: number;
    readonly positiveZ: number;
    readonly negativeZ: number;
    readonly sheet: number;
  }[];
}

/** The currents of a state. */
export function stackCurrents({ stack, states, externalCurrent }: StackState): StackCurrents {
  const { grid, inside } = stack.pairs[0].model;
  const slots = faceSlots(stack.pairs.map(({ model }) => model));
  const flows = new Map<CellState, PairFlow>();
  const flowOf = (state: CellState) => {
    let flow = flows.get(state);
    if (flow === undefined) flows.set(state, (flow = pairFlow(state, slots)));
    return flow;
  };
  return {
    grid,
    inside,
    faces: slots.map(({ face }) => face),
    wires: stack.externalShort === undefined ? [] : shortWires(stack.cell, stack.externalShort.path, externalCurrent),
    pairs: stack.pairs.map(({ weight, positiveZ, negativeZ, sheet }, k) => ({
      flow: flowOf(states[k]),
      weight,
      positiveZ,
      negativeZ,
      sheet,
    })),
  };
}

/**
 * a - b, of two states of one cell: its field is the difference of the two fields, without the rounding and the errors of
 * interpolation that two large fields bring.
 * @throws {InputError} where the stacks differ in more than what flows
 */
export function currentsDifference(a: StackCurrents, b: StackCurrents): StackCurrents {
  if (gridSize(a.grid) !== gridSize(b.grid) || a.pairs.length !== b.pairs.length) {
    throw new InputError('the two states belong to different cells');
  }
  const known = new Map<PairFlow, Map<PairFlow, PairFlow>>();
  // Tabs that differ have different faces: those of both, each with its own currents.
  const faces = [...a.faces, ...b.faces];
  const flowOf = (p: PairFlow, q: PairFlow): PairFlow => {
    const row = known.get(p) ?? new Map<PairFlow, PairFlow>();
    known.set(p, row);
    let flow = row.get(q);
    if (flow === undefined) row.set(q, (flow = flowDifference(p, q)));
    return flow;
  };
  return {
    grid: a.grid,
    inside: a.inside,
    faces,
    wires: [...a.wires, ...b.wires.map(wire => ({ ...wire, current: -wire.current }))],
    pairs: a.pairs.map((pair, k) => ({ ...pair, flow: flowOf(pair.flow, b.pairs[k].flow) })),
  };
}

function flowDifference(p: PairFlow, q: PairFlow): PairFlow {
  const minus = (u: Float64Array, v: Float64Array) => u.map((w, i) => w - v[i]);
  const foil = (u: FoilFlow, v: FoilFlow): FoilFlow => ({
    alongX: minus(u.alongX, v.alongX),
    alongY: minus(u.alongY, v.alongY),
    growthX: minus(u.growthX, v.growthX),
    growthY: minus(u.growthY, v.growthY),
  });
  return {
    positive: foil(p.positive, q.positive),
    negative: foil(p.negative, q.negative),
    through: minus(p.through, q.through),
    positiveInflow: Float64Array.of(...p.positiveInflow, ...q.positiveInflow.map(v => -v)),
    negativeInflow: Float64Array.of(...p.negativeInflow, ...q.negativeInflow.map(v => -v)),
  };
}

/** The wire of an external short, and the wires by which its current comes from afar and goes there, along the tabs. */
function shortWires({ tabs }: Pick<Cell, 'tabs'>, path: readonly Vector3[], current: number): Wire[] {
  const feed = (end: Vector3): Vector3[] => {
    const middles = tabs.map(({ start, end: last }) => ({
      x: (start[0] + last[0]) / 2,
      y: (start[1] + last[1]) / 2,
      width: Math.hypot(last[0] - start[0], last[1] - start[1]),
      outward: [last[1] - start[1], start[0] - last[0]] as const,
    }));
    const distance = (m: (typeof middles)[number]) => Math.hypot(m.x - end[0], m.y - end[1]);
    const { outward, width } = middles.reduce((best, m) => (distance(m) < distance(best) ? m : best));
    const [ox, oy] = [(OUTLET_LENGTH * outward[0]) / width, (OUTLET_LENGTH * outward[1]) / width];
    return [[end[0] + ox, end[1] + oy, end[2]], end];
  };
  return [
    { path, current, outlet: false },
    { path: feed(path[0]), current, outlet: true },
    { path: feed(path[path.length - 1]).reverse(), current, outlet: true },
  ];
}

/** Sum of both foils and all pairs (or those of one sheet): the net current, A per pixel. */
export function netFlow({ grid, pairs }: StackCurrents, sheet?: number): FoilFlow {
  const n = gridSize(grid);
  const net = {
    alongX: new Float64Array(n),
    alongY: new Float64Array(n),
    growthX: new Float64Array(n),
    growthY: new Float64Array(n),
  };
  for (const pair of pairs) {
    if (sheet !== undefined && pair.sheet !== sheet) continue;
    for (const foil of [pair.flow.positive, pair.flow.negative]) {
      for (const key of ['alongX', 'alongY', 'growthX', 'growthY'] as const) {
        const [to, from] = [net[key], foil[key]];
        for (let i = 0; i < n; i++) to[i] += pair.weight * from[i];
      }
    }
  }
  return net;
}

function pairFlow(state: CellState, slots: readonly FaceSlot[]): PairFlow {
  const { model, current } = state;
  const { grid, inside } = model;
  const area = grid.dx * grid.dy;
  const positive = foilFlow(grid, state.positiveFaces);
  const negative = foilFlow(grid, state.negativeFaces);
  const positiveInflow = new Float64Array(slots.length);
  const negativeInflow = new Float64Array(slots.length);
  const slotOf = new Map(
    slots.map(({ face, pixel, inner }, s) => [`${pixel} ${face.outward}${inner ? ' neck' : ''}`, s]),
  );
  for (const tab of model.tabs) {
    const flow = tab.polarity === 'positive' ? positive : negative;
    const inflow = tab.polarity === 'positive' ? positiveInflow : negativeInflow;
    for (let j = 0; j < tab.pixels.length; j++) {
      const outward = sideOf(model, tab, tab.pixels[j]);
      const entering = current * tab.share * tab.part[j];
      inflow[slotOf.get(`${tab.pixels[j]} ${outward}`)!] += entering;
      addInflow(flow, tab.pixels[j], outward, entering);
    }
  }
  slots.forEach(({ face, inner }, s) => {
    if (inner === undefined) return;
    const sign = -(face.outward[0] + face.outward[1]);
    positiveInflow[s] = sign * state.positiveFaces[inner.axis][inner.index];
    negativeInflow[s] = sign * state.negativeFaces[inner.axis][inner.index];
  });
  const through = Float64Array.from(inside, (cell, i) =>
    cell === 1 ? area * (state.reactionCurrent[i] + state.shortCurrent[i]) : 0,
  );
  return { positive, negative, through, positiveInflow, negativeInflow };
}

function foilFlow({ nx, ny }: Grid, faces: Faces): FoilFlow {
  const n = nx * ny;
  const alongX = new Float64Array(n);
  const alongY = new Float64Array(n);
  const growthX = new Float64Array(n);
  const growthY = new Float64Array(n);
  for (let iy = 0, i = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, i++) {
      const left = faces.x[i + iy];
      const right = faces.x[i + iy + 1];
      alongX[i] = (left + right) / 2;
      growthX[i] = right - left;
      alongY[i] = (faces.y[i] + faces.y[i + nx]) / 2;
      growthY[i] = faces.y[i + nx] - faces.y[i];
    }
  }
  return { alongX, alongY, growthX, growthY };
}

/** Adds a current that enters a pixel through one of its sides, which the faces of the state leave out. */
function addInflow(flow: FoilFlow, pixel: number, outward: readonly [number, number], current: number): void {
  if (outward[0] !== 0) {
    flow.alongX[pixel] -= (outward[0] * current) / 2;
    flow.growthX[pixel] -= current;
  } else {
    flow.alongY[pixel] -= (outward[1] * current) / 2;
    flow.growthY[pixel] -= current;
  }
}
