import type { DriftModel } from '../inversion/susceptibility/drift.js';
import { slabLattice } from '../inversion/susceptibility/slabLattice.js';
import { SlabRows, uniformField } from '../inversion/susceptibility/slabRows.js';
import type { SusceptibilitySolution } from '../inversion/susceptibility/solution.js';
import type { Vector3 } from '../src/biotSavart/index.js';
import { AXES, type AxisName } from '../src/fieldMap.js';
import type { FieldScan } from '../src/fieldScan.js';
import { type Outline, polygonOutline, rectangleOutline } from '../src/model/outline.js';
import { type Random, random } from '../src/random.js';

/** A slab whose susceptibility is known, and the scan of it. Lengths in m, fields in T. */
export interface SlabCase {
  readonly outline: Outline;
  readonly thickness: number;
  readonly field: Vector3;
  readonly chi: (x: number, y: number) => number;
  /** Heights of the measuring planes. */
  readonly planes: readonly number[];
  readonly pitch: number;
  readonly margin: number;
  readonly noise: number;
  readonly drift: DriftModel;
  readonly components?: readonly AxisName[];
  readonly seed: number;
  /** How far a reading may lie from its lattice along x and y, m. */
  readonly jitter?: number;
  /** Pitch at which the truth is summed up. */
  readonly finePitch?: number;
}

/** Size of the offsets, T, and of the drift over the scan. */
const OFFSET = 5e-9;
const DRIFT = 3e-10;

/** The scan, the truth on its fine pixels, and the offsets that the sensors were given. */
export function simulateSlab(slab: SlabCase) {
  const rng = random(slab.seed);
  const lattice = slabLattice(slab.outline, slab.finePitch ?? 1.3e-3);
  const truth = lattice.x.map((x, u) => slab.chi(x, lattice.y[u]));
  const place = positions(slab, random(500 + slab.seed));
  const { components = AXES } = slab;
  const zero = () => new Float64Array(place.x.length);
  const readings = { x: place.x, y: place.y, z: place.z, nx: zero(), ny: zero(), nz: zero() };
  const offsets: { sensor: string; component: AxisName; offset: number; drift: number }[] = [];
  const fields: Partial<Record<AxisName, { values: Float64Array }>> = {};
  const half = slab.thickness / 2;
  for (const name of components) {
    const axis = AXES.indexOf(name);
    const along = [readings.nx, readings.ny, readings.nz].map((v, i) => v.fill(i === axis ? 1 : 0));
    const rows = new SlabRows(
      { lattice, bottom: -half, top: half, ...uniformField(lattice, slab.field) },
      { ...readings, nx: along[0], ny: along[1], nz: along[2] },
    );
    const values = fieldOf(rows, truth);
    slab.planes.forEach((_, sensor) => {
      const [offset, drift] = [
        OFFSET * rng.normal(),
        slab.drift === 'linear' ? (DRIFT * rng.normal()) / place.duration : 0,
      ];
      offsets.push({ sensor: `s${sensor}`, component: name, offset, drift });
      const lines = new Map<number, number>();
      for (let i = 0; i < values.length; i++) {
        if (place.sensor[i] !== sensor) continue;
        if (slab.drift === 'line' && !lines.has(place.line[i])) lines.set(place.line[i], DRIFT * rng.normal());
        values[i] += offset + drift * place.time[i] + (lines.get(place.line[i]) ?? 0) + slab.noise * rng.normal();
      }
    });
    fields[name] = { values };
  }
  const scan: FieldScan = {
    count: place.x.length,
    x: place.x,
    y: place.y,
    z: place.z,
    components: fields,
    sigma: slab.noise,
    sensor: place.sensor,
    sensorNames: slab.planes.map((_, i) => `s${i}`),
    time: place.time,
    line: place.line,
  };
  return { scan, lattice, truth, offsets };
}

function positions({ outline, planes, pitch, margin, jitter = 0 }: SlabCase, rng: Random) {
  const box = { x: [Infinity, -Infinity], y: [Infinity, -Infinity] };
  for (let i = 0; i < outline.corners.length; i += 2) {
    box.x = [Math.min(box.x[0], outline.corners[i]), Math.max(box.x[1], outline.corners[i])];
    box.y = [Math.min(box.y[0], outline.corners[i + 1]), Math.max(box.y[1], outline.corners[i + 1])];
  }
  const nx = Math.ceil((box.x[1] - box.x[0] + 2 * margin) / pitch) + 1;
  const ny = Math.ceil((box.y[1] - box.y[0] + 2 * margin) / pitch) + 1;
  const per = nx * ny;
  const at = (pick: (ix: number, iy: number, plane: number) => number) =>
    Float64Array.from({ length: per * planes.length }, (_, i) =>
      pick(i % nx, Math.floor((i % per) / nx), Math.floor(i / per)),
    );
  return {
    x: at(ix => box.x[0] - margin + ix * pitch + jitter * (2 * rng.uniform() - 1)),
    y: at((_, iy) => box.y[0] - margin + iy * pitch + jitter * (2 * rng.uniform() - 1)),
    z: at((_, __, plane) => planes[plane]),
    time: at((ix, iy) => 2 * (iy * nx + ix)),
    line: at((_, iy) => iy),
    sensor: Int32Array.from(at((_, __, plane) => plane)),
    duration: 2 * per,
  };
}

/** Field of a truth at the readings of some rows, T. */
export function fieldOf(rows: SlabRows, chi: Float64Array): Float64Array {
  const n = chi.length;
  const { x } = rows.readings;
  const row = new Float64Array(n);
  const ones = new Float64Array(x.length).fill(1);
  return x.map((_, r) => {
    rows.fill(r, r + 1, ones, row);
    let sum = 0;
    for (let u = 0; u < n; u++) sum += row[u] * chi[u];
    return sum;
  });
}

/** Errors of a solution: relative L2 error, that of the variation about the mean, and how the stated errors fared. */
export function slabScore(
  { map, mean, meanError, offsets }: SusceptibilitySolution,
  simulated: ReturnType<typeof simulateSlab>,
) {
  const { lattice, truth } = simulated;
  const total = lattice.area.reduce((sum, a) => sum + a, 0);
  const trueMean = truth.reduce((sum, v, u) => sum + v * lattice.area[u], 0) / total;
  const { grid } = map;
  let [error, variation, size, sizeOfVariation, within1, within2, pixels] = [0, 0, 0, 0, 0, 0, 0];
  for (let u = 0; u < lattice.count; u++) {
    const ix = Math.min(grid.nx - 1, Math.max(0, Math.round((lattice.x[u] - grid.x0) / grid.dx)));
    const iy = Math.min(grid.ny - 1, Math.max(0, Math.round((lattice.y[u] - grid.y0) / grid.dy)));
    const value = map.chi[iy * grid.nx + ix];
    if (Number.isNaN(value)) continue;
    error += (value - truth[u]) ** 2;
    variation += (value - mean - truth[u] + trueMean) ** 2;
    size += truth[u] ** 2;
    sizeOfVariation += (truth[u] - trueMean) ** 2;
    const deviation = Math.abs(value - truth[u]) / (map.chiErrors?.[iy * grid.nx + ix] ?? Number.NaN);
    if (deviation < 1) within1++;
    if (deviation < 2) within2++;
    pixels++;
  }
  return {
    error: Math.sqrt(error / size),
    variation: Math.sqrt(variation / sizeOfVariation),
    mean: mean - trueMean,
    meanSigmas: (mean - trueMean) / meanError,
    within1: within1 / pixels,
    within2: within2 / pixels,
    offsetSigmas: offsets.flatMap(o => {
      const own = simulated.offsets.find(t => t.sensor === o.sensor && t.component === o.component);
      return own === undefined || o.line !== undefined ? [] : [(o.offset - own.offset) / o.offsetError];
    }),
  };
}

/** Cases that vary what a bench can vary. */
export function randomSlab(seed: number): SlabCase {
  const rng = random(1000 + seed);
  const between = (a: number, b: number) => a + (b - a) * rng.uniform();
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(rng.uniform() * choices.length)];
  const [w, h] = [between(30e-3, 70e-3), between(30e-3, 70e-3)];
  const outline = pick(
    rectangleOutline(w, h),
    rectangleOutline(w, h),
    polygonOutline([
      [0, 0],
      [w, 0],
      [w, 0.6 * h],
      [0.55 * w, 0.6 * h],
      [0.55 * w, h],
      [0, h],
    ]),
    polygonOutline([
      [0.15 * w, 0],
      [w, 0.1 * h],
      [0.9 * w, h],
      [0, 0.85 * h],
    ]),
  );
  const thickness = between(2e-3, 8e-3);
  const distance = between(3e-3, 9e-3);
  const height = thickness / 2 + distance;
  const direction: Vector3 = pick([0, 0, 1], [1, 0, 0], [0, 1, 0], [rng.normal(), rng.normal(), rng.normal()]);
  const size = between(50e-6, 500e-6) / Math.hypot(...direction);
  const base = between(60e-6, 300e-6);
  return {
    outline,
    thickness,
    field: [direction[0] * size, direction[1] * size, direction[2] * size],
    chi: chargePattern(rng, w, h, base),
    planes: pick([height, -height], [height, -height], [height]),
    pitch: between(2.5e-3, 4e-3),
    margin: between(10e-3, 20e-3),
    jitter: pick(0, 0, 1e-3),
    components: pick<readonly AxisName[]>(AXES, AXES, ['bz']),
    finePitch: Math.min(2e-3, Math.max(1.2e-3, distance / 4)),
    noise: (10 ** between(-12.7, -11) * (size * Math.hypot(...direction))) / 250e-6,
    drift: pick<DriftModel>('constant', 'linear', 'line'),
    seed,
  };
}

/** A slope with discs and rectangles of other charge, or smooth hills. */
function chargePattern(rng: Random, w: number, h: number, base: number): (x: number, y: number) => number {
  const tilt = [0.2 * rng.normal(), 0.2 * rng.normal()];
  const smooth = rng.uniform() < 0.3;
  const spots = Array.from({ length: 1 + Math.floor(3 * rng.uniform()) }, () => ({
    x: w * rng.uniform(),
    y: h * rng.uniform(),
    r: (0.08 + 0.15 * rng.uniform()) * Math.min(w, h),
    step: 0.5 * rng.normal(),
    round: rng.uniform() < 0.5,
  }));
  return (x, y) => {
    let value = 1 + tilt[0] * (x / w - 0.5) + tilt[1] * (y / h - 0.5);
    for (const { x: sx, y: sy, r, step, round } of spots) {
      const distance = Math.hypot(x - sx, y - sy);
      if (smooth) value += step * Math.exp(-0.5 * (distance / r) ** 2);
      else if (round ? distance < r : Math.max(Math.abs(x - sx), Math.abs(y - sy)) < r) value += step;
    }
    return base * value;
  };
}
