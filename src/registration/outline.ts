import type { PlaneMap } from './affine.js';
import type { Picture } from './picture.js';

/** A rectangle in the plane, m. */
export interface Extent {
  readonly xMin: number;
  readonly xMax: number;
  readonly yMin: number;
  readonly yMax: number;
}

/** Where the cell stands in its picture: first and last column and row. */
export interface CellInPicture {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Whether the cell was told from what is around it; else it was taken to fill the picture. */
  readonly found: boolean;
}

export interface OutlineFit {
  readonly map: PlaneMap;
  readonly cell: CellInPicture;
  /** Height over width of the picture's cell against that of the outline: 1 where they have one shape. */
  readonly stretch: number;
}

const BINS = 256;
/** Part of the variance that two classes of grey must explain, for one of them to be the cell. */
const DISTINCT = 0.6;
/** Part of the picture's rim that must belong to the other class. */
const RIM = 0.8;
/** A region smaller than this part of the picture is no cell. */
const SMALLEST = 0.02;

/**
 * The bounding box of the bright or dark region that stands away from the picture's rim: threshold of Otsu (1979,
 * doi 10.1109/TSMC.1979.4310076), the class that the rim does not belong to, its largest connected region. Where two classes
 * explain too little of the variance, or the rim belongs to both, the whole picture is taken.
 */
export function cellInPicture(picture: Picture): CellInPicture {
  const { width, height, values } = picture;
  const whole = { left: 0, right: width - 1, top: 0, bottom: height - 1, found: false };
  const { threshold, explained } = otsu(values);
  if (!(explained >= DISTINCT)) return whole;
  let [bright, rim] = [0, 0];
  const count = (i: number) => {
    rim++;
    // Where there is no value there is no cell either.
    if (values[i] > threshold) bright++;
  };
  for (let u = 0; u < width; u++) for (const v of [0, height - 1]) count(v * width + u);
  for (let v = 1; v < height - 1; v++) for (const u of [0, width - 1]) count(v * width + u);
  const brightCell = bright <= (1 - RIM) * rim;
  if (!brightCell && bright < RIM * rim) return whole;
  const inside = Uint8Array.from(values, value => (Number.isFinite(value) && value > threshold === brightCell ? 1 : 0));
  const box = largestRegion(inside, width, height);
  if (box === undefined || box.size < SMALLEST * width * height) return whole;
  const { left, right, top, bottom } = box;
  return { left, right, top, bottom, found: true };
}

/** Lays the cell of a picture over the cell's box, side on side. */
export function fitOutline(picture: Picture, box: Extent): OutlineFit {
  const cell = cellInPicture(picture);
  const [columns, rows] = [cell.right - cell.left + 1, cell.bottom - cell.top + 1];
  const [a, e] = [(box.xMax - box.xMin) / columns, -(box.yMax - box.yMin) / rows];
  const map: PlaneMap = [a, 0, box.xMin - a * (cell.left - 0.5), 0, e, box.yMax - e * (cell.top - 0.5)];
  return { map, cell, stretch: -a / e };
}

/** The threshold between two classes that explains most of the variance, and how much of it. */
function otsu(values: Float64Array): { threshold: number; explained: number } {
  let [min, max, count] = [Infinity, -Infinity, 0];
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    count++;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  if (!(max > min)) return { threshold: min, explained: 0 };
  const histogram = new Float64Array(BINS);
  let [sum, square] = [0, 0];
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    const bin = Math.min(BINS - 1, Math.floor((BINS * (v - min)) / (max - min)));
    histogram[bin]++;
    sum += bin;
    square += bin * bin;
  }
  const variance = square / count - (sum / count) ** 2;
  let [below, belowSum, best, bin] = [0, 0, 0, 0];
  for (let k = 0; k < BINS - 1; k++) {
    below += histogram[k];
    belowSum += k * histogram[k];
    if (below === 0 || below === count) continue;
    const difference = belowSum / below - (sum - belowSum) / (count - below);
    const between = (below / count) * (1 - below / count) * difference ** 2;
    if (between > best) [best, bin] = [between, k];
  }
  return { threshold: min + ((bin + 1) * (max - min)) / BINS, explained: variance > 0 ? best / variance : 0 };
}

/** The box of the largest region whose pixels touch by their sides. */
function largestRegion(inside: Uint8Array, width: number, height: number) {
  let best: { left: number; right: number; top: number; bottom: number; size: number } | undefined;
  const stack = new Int32Array(inside.length);
  for (let start = 0; start < inside.length; start++) {
    if (inside[start] !== 1) continue;
    const box = { left: width, right: 0, top: height, bottom: 0, size: 0 };
    let depth = 0;
    stack[depth++] = start;
    inside[start] = 2;
    while (depth > 0) {
      const i = stack[--depth];
      const [u, v] = [i % width, Math.floor(i / width)];
      box.size++;
      box.left = Math.min(box.left, u);
      box.right = Math.max(box.right, u);
      box.top = Math.min(box.top, v);
      box.bottom = Math.max(box.bottom, v);
      if (u > 0 && inside[i - 1] === 1) inside[(stack[depth++] = i - 1)] = 2;
      if (u < width - 1 && inside[i + 1] === 1) inside[(stack[depth++] = i + 1)] = 2;
      if (v > 0 && inside[i - width] === 1) inside[(stack[depth++] = i - width)] = 2;
      if (v < height - 1 && inside[i + width] === 1) inside[(stack[depth++] = i + width)] = 2;
    }
    if (box.size > (best?.size ?? 0)) best = box;
  }
  return best;
}
