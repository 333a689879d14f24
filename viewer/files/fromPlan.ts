import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import { formatQuantity } from '../../src/figures/format.js';
import type { PlannedHoles } from '../../src/figures/planFigures.js';
import type { ViewerDocument } from '../state/document.js';
import { makeLayer } from './layer.js';

/** Beyond so many medians radii have one colour: at the corners no current flows, and they have no end. */
const MEDIANS = 3;

/** The page of a plan: the smallest hole that the scan would find, place by place, in each foil. */
export function planDocument(
  id: string,
  name: string,
  holes: readonly PlannedHoles[],
  cells: readonly CellDrawing[],
): ViewerDocument {
  const finite = holes.filter(({ median }) => Number.isFinite(median));
  const most = MEDIANS * Math.max(...finite.map(({ median }) => median));
  const layers = holes.map(({ foil, grid, radius }) =>
    makeLayer({
      id: `hole.${foil}`,
      group: 'Smallest hole that would be found: its radius',
      name: `Smallest hole, ${foil} foil`,
      unit: 'm',
      kind: 'magnitude',
      shape: { type: 'grid', grid },
      values: radius.map(r => (Number.isFinite(r) ? r : Number.NaN)),
      ...(finite.length === 0 ? {} : { limits: { min: 0, max: most, clippedHigh: radius.some(r => r > most) } }),
    }),
  );
  return {
    id,
    name,
    kind: 'map',
    headline: finite
      .map(
        ({ foil, median }) =>
          `Holes of ${formatQuantity(median, 'm', 2)} radius are found in half of the ${foil} foil.`,
      )
      .join(' '),
    notes: [],
    layers,
    shown: layers.map(layer => layer.id),
    currents: [],
    cells,
    facts: [],
    record: [],
  };
}
