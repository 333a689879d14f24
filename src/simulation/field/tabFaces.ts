import type { Grid } from '../../grid.js';
import type { CellModel, TabInjection } from '../cell/cellModel.js';

/** The side of a pixel through which a tab's current passes. */
export interface TabFace {
  /** Its middle, m, and its length. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Out of the cell: one of +-x, +-y. */
  readonly outward: readonly [number, number];
  /** Between the height of the tabs and that of the foil: on the outline. */
  readonly riser: boolean;
  /** The current comes from outside the model here: on the outline, or at the far end of a neck. */
  readonly outlet: boolean;
}

/** A face, the pixel whose side it is, and of an inner face its index among the model's faces. */
export interface FaceSlot {
  readonly face: TabFace;
  readonly pixel: number;
  readonly inner?: { readonly axis: 'x' | 'y'; readonly index: number };
}

/** The sides of pixels where tabs' currents enter, and those where they pass from necks into the outline; each once. */
export function faceSlots(models: readonly CellModel[]): FaceSlot[] {
  const slots = new Map<string, FaceSlot>();
  for (const model of new Set(models)) {
    for (const tab of model.tabs) {
      for (const pixel of tab.pixels) {
        const outward = sideOf(model, tab, pixel);
        const riser = model.inside[pixel] === 1;
        slots.set(`${pixel} ${outward}`, { face: faceAt(model.grid, pixel, outward, riser, true), pixel });
      }
    }
    for (const slot of neckSlots(model)) slots.set(`${slot.pixel} ${slot.face.outward} neck`, slot);
  }
  return [...slots.values()];
}

const SIDES = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

function neckSlots({ grid, inside, positive, negative }: CellModel): FaceSlot[] {
  const { nx, ny } = grid;
  const slots: FaceSlot[] = [];
  for (let iy = 0, i = 0; iy < ny; iy++) {
    for (let ix = 0; ix < nx; ix++, i++) {
      if (inside[i] === 0) continue;
      for (const side of SIDES) {
        const [jx, jy] = [ix + side[0], iy + side[1]];
        if (jx < 0 || jy < 0 || jx >= nx || jy >= ny) continue;
        const j = jy * nx + jx;
        if (inside[j] === 1 || !(positive[j] > 0 || negative[j] > 0)) continue;
        const inner =
          side[0] !== 0
            ? { axis: 'x' as const, index: iy * (nx + 1) + ix + (side[0] > 0 ? 1 : 0) }
            : { axis: 'y' as const, index: (iy + (side[1] > 0 ? 1 : 0)) * nx + ix };
        slots.push({ face: faceAt(grid, i, side, true, false), pixel: i, inner });
      }
    }
  }
  return slots;
}

function faceAt(
  { nx, x0, y0, dx, dy }: Grid,
  pixel: number,
  outward: readonly [number, number],
  riser: boolean,
  outlet: boolean,
): TabFace {
  const ix = pixel % nx;
  const iy = (pixel - ix) / nx;
  const x = x0 + ix * dx + (outward[0] * dx) / 2;
  const y = y0 + iy * dy + (outward[1] * dy) / 2;
  return { x, y, width: outward[0] !== 0 ? dy : dx, outward, riser, outlet };
}

/** The side of a pixel that faces along the tab's normal; at a slanted edge the one of the two that is on the rim. */
export function sideOf(
  { grid, inside }: CellModel,
  { normal }: TabInjection,
  pixel: number,
): readonly [number, number] {
  const sideways: readonly [number, number] = [Math.sign(normal[0]), 0];
  const upward: readonly [number, number] = [0, Math.sign(normal[1])];
  const order = Math.abs(normal[0]) > Math.abs(normal[1]) ? [sideways, upward] : [upward, sideways];
  const onRim = (side: readonly [number, number]) => {
    if (side[0] === 0 && side[1] === 0) return false;
    const ix = (pixel % grid.nx) + side[0];
    const iy = Math.floor(pixel / grid.nx) + side[1];
    return ix < 0 || iy < 0 || ix >= grid.nx || iy >= grid.ny || inside[iy * grid.nx + ix] === 0;
  };
  return order.find(onRim) ?? order[0];
}
