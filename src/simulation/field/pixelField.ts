import type { FieldVectors, Positions } from '../../biotSavart/index.js';
import { InputError } from '../../errors.js';
import { POINT_SENSOR } from '../../forward/index.js';
import { gather, interpolationTable } from '../../forward/interpolate.js';
import { samplePoints } from '../../forward/samplePoints.js';
import { convolutionWindow, type Windows } from '../../forward/window.js';
import { type Grid, gridSize } from '../../grid.js';
import { type RealTransform2D, realTransform2D } from '../../transforms/index.js';
import { gaussLegendre } from './gauss.js';
import { MEAN_X, MEAN_Y, MEAN_Z, pixelRules, SLOPE_X_Y, SLOPE_X_Z, SLOPE_Y_X, SLOPE_Y_Z } from './pixelKernel.js';
import { isOdd, kernelSpectra } from './pixelSpectra.js';
import { byStandoff, type StandoffClass } from './standoffs.js';

/** Currents in one foil, or in several that carry the same at different heights. All per pixel, `[iy][ix]`. */
export interface SheetSource {
  /** Mean of the currents through a pixel's two faces along x (along y), A. */
  readonly alongX: Float64Array;
  readonly alongY: Float64Array;
  /** What leaves through the upper of the two faces more than enters through the lower, A. */
  readonly growthX: Float64Array;
  readonly growthY: Float64Array;
  /** Heights of the foils, m, and how often each counts. */
  readonly heights: readonly { readonly z: number; readonly weight: number }[];
}

/** Currents that run straight through the thickness, evenly over each pixel. */
export interface ThroughSource {
  /** A per pixel, from `from` to `to`. */
  readonly current: Float64Array;
  readonly spans: readonly { readonly from: number; readonly to: number; readonly weight: number }[];
}

/** Spectra of kernels by what they depend on: see {@link addPixelField}. */
export type KnownKernels = Map<string, (Float64Array | undefined)[]>;
type Heights = SheetSource['heights'];

/** Points closer to a foil than this part of a pixel are refused. */
const NEAREST = 0.25;

/**
 * Adds the field (T) of currents on the pixels of a grid: linear within each pixel between the currents through its faces
 * (lowest Raviart-Thomas elements), so that what a sheet loses leaves it evenly over the pixel, straight through the
 * thickness. With all sources of a cell the current is closed exactly, pixel by pixel. The kernels of `pixelKernel.ts` are
 * summed over all heights, convolved with the sources by transforms, and interpolated at the points as in `forward`. The
 * error against direct summation is some 1e-6 of the largest field, the same for two states: differences keep it.
 *
 * @param grid pixels, which need not be square
 * @param points above all foils or below all of them, m
 * @param out added to
 * @param known kernels of earlier calls, where many states of one cell are read at the same points
 * @throws {InputError} for points between the foils or closer to one than a quarter of a pixel.
 */
export function addPixelField(
  grid: Grid,
  sheets: readonly SheetSource[],
  throughs: readonly ThroughSource[],
  points: Positions,
  out: FieldVectors,
  known?: KnownKernels,
): void {
  const heights = [
    ...sheets.flatMap(sheet => sheet.heights.map(({ z }) => z)),
    ...throughs.flatMap(({ spans }) => spans.flatMap(({ from, to }) => [from, to])),
  ];
  if (heights.length === 0) return;
  const top = heights.reduce((a, b) => Math.max(a, b));
  const bottom = heights.reduce((a, b) => Math.min(a, b));
  const nearest = NEAREST * Math.max(grid.dx, grid.dy);
  const above: number[] = [];
  const below: number[] = [];
  for (let i = 0; i < points.z.length; i++) {
    if (points.z[i] >= top + nearest) above.push(i);
    else if (points.z[i] <= bottom - nearest) below.push(i);
    else throw tooClose(points.z[i], bottom, top, nearest);
  }
  for (const [members, z0] of [
    [above, top],
    [below, bottom],
  ] as const) {
    if (members.length === 0) continue;
    const own = pick(points, members);
    const edge = own.z.reduce((a, b) => (Math.abs(a - z0) < Math.abs(b - z0) ? a : b));
    for (const part of byStandoff(grid, sheets, throughs, edge)) {
      const field = oneSide(grid, part, own, known);
      members.forEach((i, k) => {
        out.bx[i] += field[0][k];
        out.by[i] += field[1][k];
        out.bz[i] += field[2][k];
      });
    }
  }
}

function tooClose(z: number, bottom: number, top: number, nearest: number): InputError {
  const mm = (v: number) => Number((1e3 * v).toPrecision(4));
  return new InputError(
    `a sample at z = ${mm(z)} mm lies among the foils, which reach from ${mm(bottom)} to ${mm(top)} mm, or closer than ${mm(nearest)} mm to one`,
    { advice: 'give a height further off the cell, counted from its middle plane, or a finer pitch of the model' },
  );
}

function pick({ x, y, z }: Positions, members: readonly number[]): Positions {
  const of = (values: Float64Array) => Float64Array.from(members, i => values[i]);
  return { x: of(x), y: of(y), z: of(z) };
}

/** The field of sources at about one distance, at points that are all on one side of them. */
function oneSide(
  grid: Grid,
  { refine, z0, sheets, throughs }: StandoffClass,
  { x, y, z }: Positions,
  known?: KnownKernels,
): Float64Array[] {
  const { nx, ny, dx, dy } = grid;
  const standoff = z.reduce((least, v) => Math.min(least, Math.abs(v - z0)), Infinity);
  // samplePoints knows one pitch: y is stretched so that the pixels become squares.
  const stretch = dx / dy;
  const zero = new Float64Array(x.length);
  const lattice = { x0: grid.x0, y0: grid.y0 * stretch, pitch: dx, nx, ny };
  const readings = { x, y: y.map(v => v * stretch), z, nx: zero, ny: zero, nz: zero };
  const sample = samplePoints(lattice, z0, dx / refine, readings, POINT_SENSOR);
  const windows = {
    x: convolutionWindow(nx, refine, sample.firstX),
    y: convolutionWindow(ny, refine, sample.firstY),
  };
  const transform = realTransform2D(windows.y.length, windows.x.length);
  const steps = { x: dx / refine, y: dy / refine };
  const rules = pixelRules(dx, dy);
  const kernelsAt = (heights: Heights, wanted: readonly number[]) => {
    const key = JSON.stringify([windows, steps, heights, wanted]);
    const found = known?.get(key) ?? kernelSpectra(transform, windows, steps, rules, heights, wanted);
    known?.set(key, found);
    return found;
  };
  const side = Math.sign(z[0] - z0);
  const spectrumOf = sourceSpectra(grid, windows, transform);
  const spectra = {
    sheets: sheets.map(({ alongX, alongY, growthX, growthY }) =>
      [alongX, alongY, growthX, growthY].map(values => spectrumOf(values)),
    ),
    throughs: throughs.map(({ current }) => spectrumOf(current)),
  };

  const out = [0, 1, 2].map(() => new Float64Array(sample.sites.count));
  const real = transform.allocate(transform.nx * transform.ny);
  const work = [0, 1, 2].map(() => new Float64Array(transform.spectrumLength));
  const table = interpolationTable(transform, sample, windows);
  sample.groups.forEach(({ planes }, g) => {
    planes.forEach((height, p) => {
      for (const w of work) w.fill(0);
      sheets.forEach((sheet, s) => {
        const heights = sheet.heights.map(({ z: from, weight }) => ({ z: z0 + side * height - from, weight }));
        const kernels = kernelsAt(heights, ALL);
        const [alongX, alongY, growthX, growthY] = spectra.sheets[s];
        addProduct(alongY, kernels, MEAN_Z, dy, work[0]);
        addProduct(growthY, kernels, SLOPE_Y_Z, dy, work[0]);
        addProduct(alongX, kernels, MEAN_Z, -dx, work[1]);
        addProduct(growthX, kernels, SLOPE_X_Z, -dx, work[1]);
        addProduct(alongX, kernels, MEAN_Y, dx, work[2]);
        addProduct(growthX, kernels, SLOPE_X_Y, dx, work[2]);
        addProduct(alongY, kernels, MEAN_X, -dy, work[2]);
        addProduct(growthY, kernels, SLOPE_Y_X, -dy, work[2]);
      });
      throughs.forEach(({ spans }, s) => {
        const heights = spans.flatMap(span => spanHeights(span, z0 + side * height, standoff));
        const kernels = kernelsAt(heights, THROUGH);
        addProduct(spectra.throughs[s], kernels, MEAN_Y, -1, work[0]);
        addProduct(spectra.throughs[s], kernels, MEAN_X, 1, work[1]);
      });
      for (let c = 0; c < 3; c++) {
        transform.inverse(work[c], real, windows.y.fieldEnd);
        gather(table, g, p, false, real, out[c]);
      }
    });
  });
  const { ofReading } = sample.sites;
  return out.map(values => Float64Array.from(ofReading, site => values[site]));
}

const ALL = [0, 1, 2, 3, 4, 5, 6] as const;
const THROUGH = [MEAN_X, MEAN_Y] as const;

/**
 * The integral over a span of the thickness, seen from `z`: Gauss points with weights times the signed length. One point
 * errs by (length / distance)^2 / 24 of what flows through, two by its square.
 */
function spanHeights(
  { from, to, weight }: ThroughSource['spans'][number],
  z: number,
  standoff: number,
): { z: number; weight: number }[] {
  if (from === to) return [];
  const ratio = Math.abs(to - from) / standoff;
  const { nodes, weights } = gaussLegendre(ratio < 0.005 ? 1 : ratio < 0.15 ? 2 : 4);
  const [middle, half] = [(from + to) / 2, (to - from) / 2];
  return Array.from(nodes, (t, k) => ({ z: z - middle - half * t, weight: weight * weights[k] * half }));
}

function sourceSpectra(grid: Grid, { x: wx, y: wy }: Windows, transform: RealTransform2D) {
  const real = new Float64Array(transform.nx * transform.ny);
  return (values: Float64Array): Float64Array => {
    if (values.length !== gridSize(grid))
      throw new InputError(`${values.length} currents for ${gridSize(grid)} pixels`);
    const spectrum = new Float64Array(transform.spectrumLength);
    real.fill(0);
    for (let iy = 0, i = 0; iy < grid.ny; iy++) {
      let at = (wy.psiOffset + iy * wy.stride) * wx.length + wx.psiOffset;
      for (let ix = 0; ix < grid.nx; ix++, i++, at += wx.stride) real[at] = values[i];
    }
    transform.forward(real, spectrum, wy.psiEnd);
    return spectrum;
  };
}

/** out += factor kernel a, or i times that for an odd kernel; `a` and `out` interleaved complex. */
function addProduct(
  a: Float64Array,
  kernels: readonly (Float64Array | undefined)[],
  which: number,
  factor: number,
  out: Float64Array,
): void {
  const kernel = kernels[which]!;
  if (isOdd(which)) {
    for (let m = 0, j = 0; m < kernel.length; m++, j += 2) {
      const k = factor * kernel[m];
      out[j] -= k * a[j + 1];
      out[j + 1] += k * a[j];
    }
  } else {
    for (let m = 0, j = 0; m < kernel.length; m++, j += 2) {
      const k = factor * kernel[m];
      out[j] += k * a[j];
      out[j + 1] += k * a[j + 1];
    }
  }
}
