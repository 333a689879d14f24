import type { Vector3 } from '../../biotSavart/index.js';
import { InputError } from '../../errors.js';
import { AXES, type AxisName } from '../../fieldMap.js';
import { type FieldScan, measuredComponents } from '../../fieldScan.js';
import { type Box, boundingBox, type Outline } from '../../model/outline.js';

/** Where a field is read, and what of it: a scan without its readings. */
export interface SamplePlan {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Components that are read. */
  readonly axes: readonly AxisName[];
  /** Directions of a further reading `b` per sample, where there is one. */
  readonly direction?: FieldScan['direction'];
  /** Columns that a scan to be imitated has beside its readings. */
  readonly columns?: Pick<FieldScan, 'sensor' | 'sensorNames' | 'time' | 'line' | 'soc' | 'temperature'>;
  /** Noise of the scan that is imitated, T. */
  readonly sigma?: number;
}

export interface RasterOptions {
  /** Heights of the measuring planes above the middle of the cell, m; negative ones lie below it. */
  readonly heights: readonly number[];
  /** m. */
  readonly pitch: number;
  /** How far the raster reaches beyond the outline on every side, m. */
  readonly margin: number;
  readonly axes?: readonly AxisName[];
}

/** More samples than this are a mistake of units. */
const MOST_SAMPLES = 4e6;

/**
 * Rasters over one or more cells: rows of growing x, y ascending, one plane behind the other, centred on the outlines'
 * bounding box, which they cover with the margin or miss by less than half a pitch.
 * @throws {InputError} for a pitch or a margin that makes no raster, or too many samples.
 */
export function rasterPlan(outlines: readonly Outline[], options: RasterOptions): SamplePlan {
  const { heights, pitch, margin, axes = AXES } = options;
  const box = outlines.map(boundingBox).reduce(union);
  const count = (low: number, high: number) => Math.floor((high - low + 2 * margin) / pitch + 1e-6) + 1;
  const nx = count(box.x0, box.x1);
  const ny = count(box.y0, box.y1);
  if (!(pitch > 0 && nx >= 1 && ny >= 1 && nx * ny * heights.length <= MOST_SAMPLES)) {
    throw new InputError(`a raster of ${nx} by ${ny} samples`, { advice: 'choose another pitch or margin' });
  }
  const n = nx * ny;
  const x = new Float64Array(n * heights.length);
  const y = new Float64Array(x.length);
  const z = new Float64Array(x.length);
  const left = (box.x0 + box.x1 - (nx - 1) * pitch) / 2;
  const below = (box.y0 + box.y1 - (ny - 1) * pitch) / 2;
  heights.forEach((height, h) => {
    for (let iy = 0, i = h * n; iy < ny; iy++) {
      for (let ix = 0; ix < nx; ix++, i++) {
        x[i] = decimal(left + ix * pitch);
        y[i] = decimal(below + iy * pitch);
        z[i] = height;
      }
    }
  });
  return { x, y, z, axes };
}

/** To the picometre, so that decimal millimetres are written as such. */
function decimal(metres: number): number {
  return Math.round(metres * 1e12) / 1e12;
}

/** The places, components and noise of a scan that exists. */
export function planLike(scan: FieldScan): SamplePlan {
  const measured = measuredComponents(scan);
  const { sensor, sensorNames, time, line, soc, temperature, direction, sigma } = scan;
  return {
    x: scan.x,
    y: scan.y,
    z: scan.z,
    axes: AXES.filter(axis => measured.includes(axis)),
    ...(direction === undefined ? {} : { direction }),
    ...(sigma === undefined || scan.relativeUnit !== undefined ? {} : { sigma }),
    columns: {
      ...(sensor === undefined ? {} : { sensor }),
      ...(sensorNames === undefined ? {} : { sensorNames }),
      ...(time === undefined ? {} : { time }),
      ...(line === undefined ? {} : { line }),
      ...(soc === undefined ? {} : { soc }),
      ...(temperature === undefined ? {} : { temperature }),
    },
  };
}

/** The same places read along one direction only, as a total-field sensor in an ambient field of that direction does. */
export function planAlong(plan: SamplePlan, ambient: Vector3): SamplePlan {
  const length = Math.hypot(...ambient);
  const of = (k: 0 | 1 | 2) => new Float64Array(plan.x.length).fill(ambient[k] / length);
  return { ...plan, axes: [], direction: plan.direction ?? { x: of(0), y: of(1), z: of(2) } };
}

function union(a: Box, b: Box): Box {
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}
