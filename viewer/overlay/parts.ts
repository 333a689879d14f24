import type { Grid } from '../../src/grid.js';
import { type Correlation, correlation, type Extent, sampledOn } from '../../src/registration/index.js';
import { extentOf, valuesAt } from '../state/document.js';
import type { Overlay } from '../state/overlay.js';
import { currentDocument, type PageState, type Segment, shownLayers } from '../state/page.js';

/** The first map on screen that stands on a grid, with its values now. */
export interface UnderMap {
  readonly name: string;
  readonly grid: Grid;
  readonly values: Float64Array;
}

export function mapUnder(state: PageState): UnderMap | undefined {
  for (const layer of shownLayers(state)) {
    if (layer.shape.type === 'grid')
      return { name: layer.name, grid: layer.shape.grid, values: valuesAt(layer, state.frame).values };
  }
  return undefined;
}

/** The box of the cells' outlines, else of the map on screen. */
export function cellBox(state: PageState): Extent | undefined {
  const points = currentDocument(state)?.cells.flatMap(cell => cell.outline) ?? [];
  if (points.length > 0) {
    const [xs, ys] = [points.map(p => p[0]), points.map(p => p[1])];
    return { xMin: Math.min(...xs), xMax: Math.max(...xs), yMin: Math.min(...ys), yMax: Math.max(...ys) };
  }
  const layer = shownLayers(state)[0];
  return layer === undefined ? undefined : extentOf(layer.shape);
}

/** A part of the cell and how alike map and picture are in it. */
export interface PartCorrelation {
  readonly name: string;
  readonly correlation: Correlation;
}

/** The picture at the pixels of the map. */
export function pictureOn(overlay: Overlay, { grid }: UnderMap): Float64Array {
  return sampledOn(overlay.picture, overlay.map, grid);
}

/** Over the whole cell and over its quarters. */
export function quarterCorrelations(map: UnderMap, picture: Float64Array, box: Extent): PartCorrelation[] {
  const [x, y] = [(box.xMin + box.xMax) / 2, (box.yMin + box.yMax) / 2];
  const parts: [string, Extent][] = [
    ['Whole cell', box],
    ['Upper left', { ...box, xMax: x, yMin: y }],
    ['Upper right', { ...box, xMin: x, yMin: y }],
    ['Lower left', { ...box, xMax: x, yMax: y }],
    ['Lower right', { ...box, xMin: x, yMax: y }],
  ];
  return parts.map(([name, part]) => ({ name, correlation: within(map, picture, part) }));
}

export function regionCorrelation(map: UnderMap, picture: Float64Array, { from, to }: Segment): PartCorrelation {
  const part = {
    xMin: Math.min(from.x, to.x),
    xMax: Math.max(from.x, to.x),
    yMin: Math.min(from.y, to.y),
    yMax: Math.max(from.y, to.y),
  };
  return { name: 'Region', correlation: within(map, picture, part) };
}

function within({ grid, values }: UnderMap, picture: Float64Array, part: Extent): Correlation {
  const { nx, ny, x0, y0, dx, dy } = grid;
  return correlation(values, picture, nx, ny, (ix, iy) => {
    const [x, y] = [x0 + ix * dx, y0 + iy * dy];
    return x >= part.xMin && x <= part.xMax && y >= part.yMin && y <= part.yMax;
  });
}
