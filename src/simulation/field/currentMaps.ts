import type { CurrentMap } from '../../currentMap.js';
import type { Grid } from '../../grid.js';
import type { Cell } from '../../model/cell.js';
import { boundingBox } from '../../model/outline.js';
import { netFlow, type StackCurrents } from './stackCurrents.js';

/**
 * The sheet currents of a stack as maps, one per sheet of the cell in the order of `sheets_mm`, laid out as those of an
 * inversion: pixel centres over the outline's bounding box, NaN outside the outline. K of a pixel is the mean over it of
 * both foils of all pairs that are counted to the sheet; psi is the mean of its four nodes, 0 at the lowest left of them.
 */
export function currentMaps(currents: StackCurrents, cell: Pick<Cell, 'outline' | 'sheets'>): CurrentMap[] {
  const { grid, inside } = currents;
  const crop = cropOf(grid, cell);
  return Array.from(cell.sheets, (z, sheet) => {
    const net = netFlow(currents, sheet);
    const psi = streamFunction(grid, inside, net.alongX, net.growthX, net.alongY, net.growthY);
    const kx = net.alongX.map((v, i) => (inside[i] === 1 ? v / grid.dy : Number.NaN));
    const ky = net.alongY.map((v, i) => (inside[i] === 1 ? v / grid.dx : Number.NaN));
    const of = (values: Float64Array) => cropped(values, grid, crop);
    return { grid: crop.grid, z, psi: of(psi), kx: of(kx), ky: of(ky) };
  });
}

interface Crop {
  readonly grid: Grid;
  readonly left: number;
  readonly below: number;
}

/** The pixels over the outline's bounding box, of which there is a whole number. */
function cropOf(grid: Grid, { outline }: Pick<Cell, 'outline'>): Crop {
  const box = boundingBox(outline);
  const left = Math.round((box.x0 - grid.x0) / grid.dx + 0.5);
  const below = Math.round((box.y0 - grid.y0) / grid.dy + 0.5);
  const nx = Math.round((box.x1 - box.x0) / grid.dx);
  const ny = Math.round((box.y1 - box.y0) / grid.dy);
  return { grid: { ...grid, nx, ny, x0: grid.x0 + left * grid.dx, y0: grid.y0 + below * grid.dy }, left, below };
}

function cropped(values: Float64Array, grid: Grid, { grid: { nx, ny }, left, below }: Crop): Float64Array {
  const out = new Float64Array(nx * ny);
  for (let iy = 0; iy < ny; iy++) {
    const from = (iy + below) * grid.nx + left;
    out.set(values.subarray(from, from + nx), iy * nx);
  }
  return out;
}

/**
 * psi of a net current without sources, on pixel centres. psi is carried from node to node along the sides of pixels that
 * belong to the cell: upwards it grows by the current along +x through the side, to the right it falls by that along +y.
 */
function streamFunction(
  { nx, ny }: Grid,
  inside: Uint8Array,
  alongX: Float64Array,
  growthX: Float64Array,
  alongY: Float64Array,
  growthY: Float64Array,
): Float64Array {
  const width = nx + 1;
  const node = new Float64Array(width * (ny + 1)).fill(Number.NaN);
  const queue = new Int32Array(nx * ny);
  const seen = new Uint8Array(nx * ny);
  const out = new Float64Array(nx * ny).fill(Number.NaN);
  for (let start = 0; start < inside.length; start++) {
    if (inside[start] === 0 || seen[start] === 1) continue;
    let end = 0;
    queue[end++] = start;
    seen[start] = 1;
    for (let head = 0; head < end; head++) {
      const i = queue[head];
      const ix = i % nx;
      const iy = (i - ix) / nx;
      const corner = iy * width + ix;
      fillNodes(node, corner, width, head === 0, [
        alongX[i] - growthX[i] / 2,
        alongX[i] + growthX[i] / 2,
        alongY[i] - growthY[i] / 2,
        alongY[i] + growthY[i] / 2,
      ]);
      out[i] = (node[corner] + node[corner + 1] + node[corner + width] + node[corner + width + 1]) / 4;
      for (const [j, there] of [
        [i - 1, ix > 0],
        [i + 1, ix + 1 < nx],
        [i - nx, iy > 0],
        [i + nx, iy + 1 < ny],
      ] as const) {
        if (!there || inside[j] === 0 || seen[j] === 1) continue;
        seen[j] = 1;
        queue[end++] = j;
      }
    }
  }
  return out;
}

/** Gives the four nodes of a pixel their psi, from one that has it; the first pixel's lower left node is 0. */
function fillNodes(
  node: Float64Array,
  corner: number,
  width: number,
  first: boolean,
  [left, right, below, above]: readonly [number, number, number, number],
): void {
  const at = [corner, corner + 1, corner + width + 1, corner + width];
  // From each node to the next one anticlockwise, and what psi gains on the way.
  const gain = [-below, right, above, -left];
  let known = at.findIndex(n => !Number.isNaN(node[n]));
  if (known < 0 && first) node[at[(known = 0)]] = 0;
  for (let step = 0; step < 3; step++) {
    const [here, next] = [(known + step) % 4, (known + step + 1) % 4];
    if (Number.isNaN(node[at[next]])) node[at[next]] = node[at[here]] + gain[here];
  }
}
