import { amplitudeAndPhase } from '../../src/alternatingCurrent.js';
import { type CurrentMap, magnitude } from '../../src/currentMap.js';
import { streamlinesLegible } from '../../src/figures/streamlines.js';
import type { Layer, Vectors } from '../state/document.js';
import { makeLayer, medianOf } from './layer.js';

/** Pixels along a side that are enough to judge streamlines by. */
const LEGIBLE_PIXELS = 160;
/** Below this part of the largest amplitude no phase is shown. */
const WEAK = 0.1;

/** A current map as what is drawn over maps and integrated along lines. */
export function vectorsOf(map: CurrentMap, name: string, mayBeSmooth = true): Vectors {
  const { grid, kx, ky, psi, kxErrors, kyErrors, resolution, relativeUnit } = map;
  const width = resolution === undefined ? Number.NaN : medianOf(resolution);
  return {
    name,
    grid,
    kx,
    ky,
    psi,
    ...(kxErrors === undefined ? {} : { kxErrors }),
    ...(kyErrors === undefined ? {} : { kyErrors }),
    ...(Number.isFinite(width) ? { resolution: width } : {}),
    ...(relativeUnit === undefined ? {} : { relative: true }),
    smooth: mayBeSmooth && legible(map),
  };
}

/** Whether streamlines can be read, judged on a coarser grid where the map is large. */
function legible(map: CurrentMap): boolean {
  const { grid, psi, kx, ky } = map;
  const step = Math.ceil(Math.max(grid.nx, grid.ny) / LEGIBLE_PIXELS);
  if (step === 1) return streamlinesLegible(grid, psi, magnitude(map));
  const [nx, ny] = [Math.ceil(grid.nx / step), Math.ceil(grid.ny / step)];
  const pick = (values: Float64Array) =>
    Float64Array.from({ length: nx * ny }, (_, i) => values[Math.floor(i / nx) * step * grid.nx + (i % nx) * step]);
  const coarse = { ...grid, nx, ny, dx: grid.dx * step, dy: grid.dy * step };
  return streamlinesLegible(coarse, pick(psi), magnitude({ ...map, kx: pick(kx), ky: pick(ky) }));
}

/** The maps of one sheet: |K|, Kx, Ky, psi, the error and the resolution. `where` tells sheets apart. */
export function currentLayers(map: CurrentMap, vectors: Vectors, id: string, what: string, where: string): Layer[] {
  const { grid, kx, ky, psi, kxErrors, kyErrors, resolution, relativeUnit } = map;
  const shape = { type: 'grid', grid } as const;
  const unit = relativeUnit === undefined ? 'A/m' : '';
  const size = magnitude(map);
  const common = { group: `${what}${where}`, shape };
  const layers = [
    makeLayer({
      ...common,
      id: `${id}.magnitude`,
      name: `|K|${where}`,
      unit,
      kind: 'magnitude',
      values: size,
      errors: errorOfMagnitude(map, size),
      vectors,
    }),
    makeLayer({
      ...common,
      id: `${id}.kx`,
      name: `Kx${where}`,
      unit,
      kind: 'signed',
      values: kx,
      errors: kxErrors,
      vectors,
    }),
    makeLayer({
      ...common,
      id: `${id}.ky`,
      name: `Ky${where}`,
      unit,
      kind: 'signed',
      values: ky,
      errors: kyErrors,
      vectors,
    }),
    makeLayer({
      ...common,
      id: `${id}.psi`,
      name: `Stream function ψ${where}`,
      unit: relativeUnit === undefined ? 'A' : '',
      kind: 'signed',
      values: psi,
      vectors,
    }),
  ];
  if (kxErrors !== undefined && kyErrors !== undefined) {
    const values = kxErrors.map((v, i) => Math.sqrt(v * v + kyErrors[i] ** 2));
    layers.push(
      makeLayer({
        ...common,
        id: `${id}.error`,
        name: `Error of K${where}`,
        unit,
        kind: 'magnitude',
        colours: 'magma',
        values,
      }),
    );
  }
  if (resolution !== undefined) {
    layers.push(
      makeLayer({
        ...common,
        id: `${id}.resolution`,
        name: `Resolution${where}`,
        unit: 'm',
        kind: 'magnitude',
        colours: 'cividis',
        values: resolution,
      }),
    );
  }
  return layers;
}

/** Standard deviation of |K|: sqrt((Kx sx)^2 + (Ky sy)^2) / |K|, both components taken as independent. */
function errorOfMagnitude({ kx, ky, kxErrors, kyErrors }: CurrentMap, size: Float64Array): Float64Array | undefined {
  if (kxErrors === undefined || kyErrors === undefined) return undefined;
  // Square roots of sums: many times faster than `hypot`, and nothing here is near the ends of the number range.
  return size.map((k, i) =>
    k > 0
      ? Math.sqrt((kx[i] * kxErrors[i]) ** 2 + (ky[i] * kyErrors[i]) ** 2) / k
      : Math.sqrt((kxErrors[i] ** 2 + kyErrors[i] ** 2) / 2),
  );
}

/** What differs from the healthy cell: |K - K_healthy|, that in standard errors, and the healthy cell itself. */
export function departureLayers(map: CurrentMap, healthy: CurrentMap, id: string, where: string): Layer[] {
  const { grid, kxErrors, kyErrors } = map;
  const shape = { type: 'grid', grid } as const;
  const [kx, ky] = [map.kx.map((v, i) => v - healthy.kx[i]), map.ky.map((v, i) => v - healthy.ky[i])];
  const difference: CurrentMap = {
    grid,
    z: map.z,
    kx,
    ky,
    psi: map.psi.map((v, i) => v - healthy.psi[i]),
    ...(map.resolution === undefined ? {} : { resolution: map.resolution }),
    ...(kxErrors === undefined ? {} : { kxErrors }),
    ...(kyErrors === undefined ? {} : { kyErrors }),
  };
  const values = magnitude(difference);
  const group = `Departure from the healthy cell${where}`;
  const layers = [
    makeLayer({
      id: `${id}.departure`,
      group,
      name: `|K − K healthy|${where}`,
      unit: 'A/m',
      kind: 'magnitude',
      colours: 'inferno',
      shape,
      values,
      errors: errorOfMagnitude(difference, values),
      vectors: vectorsOf(difference, `departure${where}`, false),
    }),
  ];
  if (kxErrors !== undefined && kyErrors !== undefined) {
    layers.push(
      makeLayer({
        id: `${id}.significance`,
        group,
        name: `in standard errors${where}`,
        unit: 'σ',
        kind: 'magnitude',
        colours: 'viridis',
        shape,
        values: values.map((v, i) => v / Math.sqrt((kxErrors[i] ** 2 + kyErrors[i] ** 2) / 2)),
      }),
    );
  }
  layers.push(
    makeLayer({
      id: `${id}.healthy`,
      group,
      name: `|K healthy|${where}`,
      unit: 'A/m',
      kind: 'magnitude',
      shape,
      values: magnitude(healthy),
      vectors: vectorsOf(healthy, `healthy cell${where}`),
    }),
  );
  return layers;
}

/** Amplitude and phase of an alternating current; no phase where there is next to no current. */
export function phaseLayers(
  inPhase: CurrentMap,
  quadrature: CurrentMap,
  about: number,
  id: string,
  where: string,
): Layer[] {
  const shape = { type: 'grid', grid: inPhase.grid } as const;
  const { amplitude, phase } = amplitudeAndPhase(inPhase, quadrature, about);
  const most = amplitude.reduce((max, v) => (v > max ? v : max), 0);
  const degrees = phase.map((v, i) => (amplitude[i] > WEAK * most ? (180 / Math.PI) * v : Number.NaN));
  const known = degrees.filter(Number.isFinite).sort();
  const group = `Alternating current${where}`;
  const unit = inPhase.relativeUnit === undefined ? 'A/m' : '';
  return [
    makeLayer({
      id: `${id}.amplitude`,
      group,
      name: `Amplitude${where}`,
      unit,
      kind: 'magnitude',
      shape,
      values: amplitude,
    }),
    makeLayer({
      id: `${id}.phase`,
      group,
      name: `Phase${where}`,
      unit: '°',
      kind: 'magnitude',
      colours: 'cividis',
      shape,
      values: degrees,
      limits: { min: known[0] ?? -1, max: known.at(-1) ?? 1 },
    }),
  ];
}
