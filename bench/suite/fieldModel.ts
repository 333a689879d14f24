import type { LinearModel } from '../../inversion/bounded/linearModel.js';
import type { PointSources } from '../../inversion/bounded/pointSources.js';
import type { ScanReadings } from '../../inversion/bounded/scanReadings.js';
import type { Arrays } from './benchCase.js';

/** A linear model of a scan as the other side gets it: where the sources are and what the priors say, not the matrix. */
export function describedModel(
  model: LinearModel,
  readings: ScanReadings,
): { settings: Record<string, unknown>; arrays: Record<string, Float64Array> } {
  const perSite = readings.axes.length;
  const ofSites = (values: Float64Array) => values.filter((_, r) => r % perSite === 0);
  const arrays: Record<string, Float64Array> = {
    x: ofSites(readings.x),
    y: ofSites(readings.y),
    z: ofSites(readings.z),
    values: readings.value.map((v, r) => v - model.base[r]),
    sigma: readings.sigma,
    patterns: Float64Array.from(model.patterns.flatMap(({ field }) => [...field])),
    sd: Float64Array.from(model.patterns, ({ sd }) => sd),
  };
  const describe = (sources: PointSources, name: string) => {
    Object.assign(arrays, sourceArrays(sources, name));
    return { kind: sources.kind, z: sources.z, count: sources.count, hats: sources.hats !== undefined };
  };
  model.outside.forEach(({ precision }, i) => {
    arrays[`precision${i}`] = precision;
  });
  const settings = {
    axes: readings.axes.map(axis => ['bx', 'by', 'bz'].indexOf(axis)),
    patterns: model.patterns.length,
    inside: model.departures.map((sources, i) => describe(sources, `inside${i}`)),
    outside: model.outside.map(({ sources }, i) => describe(sources, `outside${i}`)),
  };
  return { settings, arrays };
}

function sourceArrays({ x, y, area, hats }: PointSources, name: string): Arrays {
  const own = { [`${name}-x`]: x, [`${name}-y`]: y, [`${name}-area`]: area };
  return hats === undefined ? own : { ...own, [`${name}-hats`]: Float64Array.from(hats) };
}
