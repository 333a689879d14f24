import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import { formatNumber } from '../../src/figures/format.js';
import type { SeriesStack } from '../../src/series/stack.js';
import type { Layer, ViewerDocument } from '../state/document.js';
import { placeOf } from './layer.js';
import { recordOf } from './record.js';
import { framesOf, kindOf, stackLayer } from './stackLayers.js';

/** The page of a stack of `savart series`: one scale for all states, so that they compare. */
export function seriesDocument(
  id: string,
  name: string,
  stack: SeriesStack,
  cells: readonly CellDrawing[],
): ViewerDocument {
  const { grid, at, reference, chi, chiErrors, change, changeErrors, regions, hotSpots } = stack;
  const common = { group: 'Susceptibility', unit: '', shape: { type: 'grid', grid } } as const;
  const chiLayer = (
    parts: Pick<Layer, 'id' | 'name' | 'kind'>,
    maps: readonly Float64Array[],
    errors?: readonly Float64Array[],
  ) => stackLayer({ ...common, ...parts }, reference, maps, errors);
  const layers = [
    chiLayer({ id: 'change', name: 'Change of χ', kind: 'signed' }, change, changeErrors),
    chiLayer({ id: 'chi', name: 'χ', kind: kindOf(chi) }, chi, chiErrors),
    chiLayer({ id: 'chi.error', name: 'Error of χ', kind: 'magnitude' }, chiErrors),
  ];
  const strongest = hotSpots.toSorted((a, b) => b.sigmas - a.sigmas)[0];
  const frames = framesOf(stack);
  const { labels } = frames;
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
    frames,
  };
}
