import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import type { Limits } from '../../src/figures/colour.js';
import { formatNumber } from '../../src/figures/format.js';
import { colourLimits } from '../../src/figures/limits.js';
import { stateName } from '../../src/figures/seriesFigures.js';
import type { SeriesAxis, SeriesStack } from '../../src/series/stack.js';
import type { Layer, ViewerDocument } from '../state/document.js';
import { makeLayer, placeOf } from './layer.js';
import { recordOf } from './record.js';

const AXIS: Readonly<Record<SeriesAxis, readonly [name: string, unit: string]>> = {
  soc: ['State of charge', ''],
  t_s: ['Time', 's'],
  temperature_C: ['Temperature', '°C'],
};

/** The page of a stack of `savart series`: one scale for all states, so that they compare. */
export function seriesDocument(
  id: string,
  name: string,
  stack: SeriesStack,
  cells: readonly CellDrawing[],
): ViewerDocument {
  const { grid, at, reference, chi, chiErrors, change, changeErrors, regions, hotSpots } = stack;
  const shape = { type: 'grid', grid } as const;
  const [axisName, unit] = AXIS[stack.by];
  const stackLayer = (
    id: string,
    name: string,
    kind: Layer['kind'],
    maps: readonly Float64Array[],
    errors?: readonly Float64Array[],
  ): Layer =>
    makeLayer({
      id,
      group: 'Susceptibility',
      name,
      unit: '',
      kind,
      shape,
      values: maps[reference],
      errors: errors?.[reference],
      limits: commonLimits(maps, kind),
      frames: maps.map((values, k) => (errors === undefined ? { values } : { values, errors: errors[k] })),
    });
  const signed = chi.some(map => map.some(v => v < 0));
  const layers = [
    stackLayer('change', 'Change of χ', 'signed', change, changeErrors),
    stackLayer('chi', 'χ', signed ? 'signed' : 'magnitude', chi, chiErrors),
    stackLayer('chi.error', 'Error of χ', 'magnitude', chiErrors),
  ];
  const strongest = hotSpots.toSorted((a, b) => b.sigmas - a.sigmas)[0];
  const labels = Array.from(at, (_, k) => stateName(stack, k));
  return {
    id,
    name,
    kind: 'series',
    headline:
      strongest === undefined
        ? `${at.length} states; no spot changed otherwise than its surroundings.`
        : `${hotSpots.length} hot ${hotSpots.length === 1 ? 'spot' : 'spots'}; the strongest at ${placeOf({ type: 'points', x: Float64Array.of(strongest.x), y: Float64Array.of(strongest.y), pitch: 0 }, 0)}, ${labels[strongest.state]}: ${formatNumber(strongest.sigmas, 2)} standard errors.`,
    notes: [],
    layers,
    shown: ['change', 'chi'],
    currents: [],
    cells,
    facts: [
      { label: 'States', value: at.length },
      { label: 'Compared with', value: labels[reference] },
      ...regions.flatMap(region => [
        { label: `Mean χ of ${region.name}, reference`, value: region.mean[reference] },
        { label: `Change of ${region.name}, last state`, value: region.change.at(-1) ?? Number.NaN },
      ]),
    ],
    record: recordOf(stack.process),
    frames: { name: axisName, unit, at, labels, first: reference === 0 ? at.length - 1 : reference },
  };
}

/** The widest limits of all maps. */
function commonLimits(maps: readonly Float64Array[], kind: Layer['kind']): Limits {
  const each = maps.map(map => colourLimits(map, kind));
  return { min: Math.min(...each.map(l => l.min)), max: Math.max(...each.map(l => l.max)) };
}
