import type { Limits } from '../../src/figures/colour.js';
import { colourLimits } from '../../src/figures/limits.js';
import { stateName } from '../../src/figures/seriesFigures.js';
import type { SeriesAxis, SeriesStack } from '../../src/series/stack.js';
import type { Frames, Layer } from '../state/document.js';
import { type LayerParts, makeLayer } from './layer.js';

const AXIS: Readonly<Record<SeriesAxis, readonly [name: string, unit: string]>> = {
  soc: ['State of charge', ''],
  t_s: ['Time', 's'],
  temperature_C: ['Temperature', '°C'],
};

/** One map per state, on one scale, so that they compare. */
export function stackLayer(
  parts: Pick<LayerParts, 'id' | 'group' | 'name' | 'unit' | 'kind' | 'shape'>,
  reference: number,
  maps: readonly Float64Array[],
  errors?: readonly Float64Array[],
): Layer {
  return makeLayer({
    ...parts,
    values: maps[reference],
    errors: errors?.[reference],
    limits: commonLimits(maps, parts.kind),
    frames: maps.map((values, k) => (errors === undefined ? { values } : { values, errors: errors[k] })),
  });
}

/** How the values of all maps are coloured: about zero where there are negative ones. */
export function kindOf(maps: readonly Float64Array[]): Layer['kind'] {
  return maps.some(map => map.some(v => v < 0)) ? 'signed' : 'magnitude';
}

/** The states of a series for the slider; the first one shown is not the reference, whose change is nothing. */
export function framesOf(stack: Pick<SeriesStack, 'by' | 'at' | 'reference'>): Frames {
  const { by, at, reference } = stack;
  const [name, unit] = AXIS[by];
  const labels = Array.from(at, (_, k) => stateName(stack, k));
  return { name, unit, at, labels, first: reference === 0 ? at.length - 1 : reference };
}

/** The widest limits of all maps; one that is nothing, as the change of the reference, has no say. */
function commonLimits(maps: readonly Float64Array[], kind: Layer['kind']): Limits {
  const some = maps.filter(map => map.some(v => Math.abs(v) > 0));
  const each = (some.length > 0 ? some : maps).map(map => colourLimits(map, kind));
  return { min: Math.min(...each.map(l => l.min)), max: Math.max(...each.map(l => l.max)) };
}
