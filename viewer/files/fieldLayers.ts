import { AXES, type FieldMap } from '../../src/fieldMap.js';
import { COMPONENTS, type FieldScan, measuredComponents } from '../../src/fieldScan.js';
import type { Limits } from '../../src/figures/colour.js';
import { measuringPlanes, pickSamples } from '../../src/figures/measuringPlanes.js';
import { sampleExtent } from '../../src/figures/sampleFigure.js';
import { findLattice } from '../../src/gridding/lattice.js';
import { average, findRaster } from '../../src/gridding/raster.js';
import type { Residual } from '../../src/result.js';
import type { Layer, Shape } from '../state/document.js';
import { makeLayer } from './layer.js';

/** Within four standard deviations nothing is unusual. */
const RESIDUAL_LIMITS: Limits = { min: -4, max: 4, clippedLow: true, clippedHigh: true };

const SYMBOL = { bx: 'Bx', by: 'By', bz: 'Bz', b: 'B' } as const;

/** The components of a field on its grid. */
export function fieldLayers(field: FieldMap, id: string, group: string): Layer[] {
  const sigma = field.sigma;
  return AXES.flatMap(name => {
    const values = field.components[name];
    if (values === undefined) return [];
    return makeLayer({
      id: `${id}.${name}`,
      group,
      name: SYMBOL[name],
      unit: field.relativeUnit ?? 'T',
      kind: 'signed',
      shape: { type: 'grid', grid: field.grid },
      values,
      errors: sigma === undefined ? undefined : new Float64Array(values.length).fill(sigma),
    });
  });
}

/** The readings at their own positions, each measuring plane by itself; as a map where they stand on a raster. */
export function readingLayers(scan: FieldScan, id: string, group: string): Layer[] {
  return measuringPlanes(scan.z).flatMap(({ name: plane, samples }, p) => {
    const place = placing(pickSamples(scan.x, samples), pickSamples(scan.y, samples));
    return measuredComponents(scan).flatMap(name => {
      const { values, quadrature, sigma } = scan.components[name]!;
      const errors =
        sigma !== undefined
          ? pickSamples(sigma, samples)
          : scan.sigma === undefined
            ? undefined
            : new Float64Array(samples.length).fill(scan.sigma);
      const layer = (own: string, called: string, all: Float64Array) =>
        makeLayer({
          id: `${id}.${p}.${own}`,
          group: `${group}${plane}`,
          name: called,
          unit: scan.relativeUnit ?? 'T',
          kind: 'signed',
          shape: place.shape,
          values: place.values(pickSamples(all, samples)),
          errors: errors && place.values(errors),
        });
      const inPhase = layer(name, SYMBOL[name], values);
      return quadrature === undefined
        ? [inPhase]
        : [inPhase, layer(`${name}q`, `${SYMBOL[name]}, quadrature`, quadrature)];
    });
  });
}

/** What the model leaves unexplained, in standard deviations, at the samples' positions. */
export function residualLayers(residual: Residual): Layer[] {
  return measuringPlanes(residual.z).flatMap(({ name: plane, samples }, p) => {
    const place = placing(pickSamples(residual.x, samples), pickSamples(residual.y, samples));
    return COMPONENTS.flatMap(name => {
      const values = residual.components[name];
      if (values === undefined) return [];
      return makeLayer({
        id: `residual.${p}.${name}`,
        group: `Residual${plane}`,
        name: `Residual of ${SYMBOL[name]}`,
        unit: 'σ',
        kind: 'signed',
        shape: place.shape,
        values: place.values(pickSamples(values, samples)),
        limits: RESIDUAL_LIMITS,
      });
    });
  });
}

/** How samples are drawn: as pixels of their raster, where each has a node of its own, else as dots. */
function placing(x: Float64Array, y: Float64Array): { shape: Shape; values: (values: Float64Array) => Float64Array } {
  const [columns, rows] = [findLattice(x), findLattice(y)];
  const raster = columns && rows && findRaster({ x, y, count: x.length }, columns, rows);
  if (raster === undefined || new Set(raster.pixelOf).size < x.length)
    return { shape: { type: 'points', x, y, pitch: sampleExtent(x, y).pitch }, values: values => values };
  const { grid, pixelOf } = raster;
  return { shape: { type: 'grid', grid }, values: values => average(grid, pixelOf, [values]).values[0] };
}
