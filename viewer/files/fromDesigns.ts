import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import type { DesignMaps } from '../../src/figures/designFigures.js';
import type { Grid } from '../../src/grid.js';
import type { ViewerDocument } from '../state/document.js';
import { makeLayer } from './layer.js';

/** Simulated designs as `savart design` compares them. */
export interface ShownDesigns {
  readonly designs: readonly {
    readonly name: string;
    readonly grid: Grid;
    readonly cell: CellDrawing;
    /** Sheet current of both foils together, A/m. */
    readonly kx: Float64Array;
    readonly ky: Float64Array;
  }[];
  /** Each quantity of all designs on one scale; the second one is |K| of both foils together. */
  readonly quantities: readonly DesignMaps[];
}

/** So many designs stand side by side at first. */
const MOST_ASIDE = 4;

/** The page of designs: the current through the electrodes of each beside that of the others. */
export function designsDocument(id: string, name: string, { designs, quantities }: ShownDesigns): ViewerDocument {
  const vectors = designs.map(({ name: own, grid, kx, ky }) => ({ name: own, grid, kx, ky, smooth: false }));
  const layers = quantities.flatMap(({ heading, short, unit, limits, maps }, q) =>
    designs.map(({ name: own, grid, cell }, d) =>
      makeLayer({
        id: `quantity${q}.design${d}`,
        group: heading,
        name: designs.length === 1 ? heading : `${own}: ${short}`,
        unit,
        kind: 'magnitude',
        limits,
        shape: { type: 'grid', grid },
        values: maps[d],
        cells: [cell],
        ...(q === 1 ? { vectors: vectors[d] } : {}),
      }),
    ),
  );
  return {
    id,
    name,
    kind: 'map',
    headline: designs.length === 1 ? designs[0].name : `${designs.length} designs on one scale.`,
    notes: [],
    layers,
    shown: layers.map(layer => layer.id),
    together: Math.min(designs.length, MOST_ASIDE),
    currents: vectors,
    cells: [],
    facts: [],
    record: [],
  };
}
