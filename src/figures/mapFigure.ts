import type { Grid } from '../grid.js';
import { type ArrowField, arrowField } from './arrows.js';
import { type CellDrawing, drawCells, TAB_MARGIN } from './cellDrawing.js';
import { COLOUR_MAPS, type ColourMapName, defaultColourMap, type Limits, type MapKind } from './colour.js';
import { hatch } from './hatch.js';
import { colourLimits } from './limits.js';
import { type Extent, mapFrame, type PanelSize, type Placement } from './mapFrame.js';
import type { Panel } from './panel.js';
import { rasterImage } from './raster.js';
import { streamlines } from './streamlines.js';
import { num, type RichText, textElement } from './text.js';

/** A polygon or open path in the plane of the map, m. */
export type Path = readonly (readonly [number, number])[];

export interface MapPanelOptions extends PanelSize {
  readonly grid: Grid;
  /** Row-major, y ascending; NaN where there is no value (hatched). */
  readonly values: Float64Array;
  /** Unit of `values`: SI units get a prefix (`T`, `A/m`, `A`, `m`), all others are shown as they are. */
  readonly unit: string;
  readonly title: RichText;
  /** A line below the title, in smaller type. */
  readonly subtitle?: RichText;
  readonly kind: MapKind;
  /** Colour map; viridis for a magnitude, the diverging one for a signed map if left out. */
  readonly colours?: ColourMapName;
  /** Limits of the colours, in `unit`; chosen by {@link colourLimits} if left out. */
  readonly limits?: Limits;
  /** Vectors to draw as arrows over the map, on its grid; with `spacing` in px. */
  readonly arrows?: ArrowField & { readonly spacing?: number };
  /** Stream function whose contours are drawn as streamlines, on the map's grid; about `count` of them. */
  readonly stream?: { readonly psi: Float64Array; readonly count?: number };
  /** Outlines of cells, drawn closed. */
  readonly outlines?: readonly Path[];
  /** Cells with their tabs; the picture is a little larger than the map, so that tabs at its edge are seen. */
  readonly cells?: readonly CellDrawing[];
  /** Alternative text; made from title and range if left out. */
  readonly label?: string;
}

/** The rectangle that the pixels of a grid cover: half a pitch beyond the outermost centres. */
export function gridExtent({ nx, ny, x0, y0, dx, dy }: Grid): Extent {
  return {
    xMin: x0 - dx / 2,
    xMax: x0 + (nx - 0.5) * dx,
    yMin: y0 - dy / 2,
    yMax: y0 + (ny - 0.5) * dy,
  };
}

/**
 * A map with title, axes and colour bar; on request with arrows of the current, streamlines and the outlines of cells.
 * y points upwards, pixels are drawn sharp as they are.
 */
export function mapPanel(options: MapPanelOptions): Panel {
  const { grid, values, kind } = options;
  const colourMap = options.colours === undefined ? defaultColourMap(kind) : COLOUR_MAPS[options.colours];
  const limits = options.limits ?? colourLimits(values, kind);
  return mapFrame({
    ...options,
    extent: options.cells === undefined ? gridExtent(grid) : widened(gridExtent(grid), TAB_MARGIN),
    colourMap,
    limits,
    draw: placement => {
      const { plot, toX, toY } = placement;
      const { xMin, xMax, yMin, yMax } = gridExtent(grid);
      const box = { x: toX(xMin), y: toY(yMax), width: toX(xMax) - toX(xMin), height: toY(yMin) - toY(yMax) };
      let body = values.some(Number.isNaN) || options.cells !== undefined ? hatch(plot) : '';
      if (values.every(Number.isNaN)) {
        return (
          body + textElement(plot.x + plot.width / 2, plot.y + plot.height / 2 + 4, 'no values', { anchor: 'middle' })
        );
      }
      body += rasterImage(grid, values, limits, colourMap, box);
      if (options.outlines !== undefined) body += outlinePaths(options.outlines, placement);
      if (options.stream !== undefined) body += streamlines(grid, options.stream.psi, box, options.stream.count).body;
      if (options.arrows !== undefined) body += arrowField(grid, options.arrows, box, options.arrows);
      if (options.cells !== undefined) body += drawCells(options.cells, placement);
      return body;
    },
  });
}

function widened({ xMin, xMax, yMin, yMax }: Extent, part: number): Extent {
  const margin = part * Math.max(xMax - xMin, yMax - yMin);
  return { xMin: xMin - margin, xMax: xMax + margin, yMin: yMin - margin, yMax: yMax + margin };
}

/** The outlines of cells: a dark line with a light edge, visible on every colour. */
export function outlinePaths(outlines: readonly Path[], { toX, toY, plot }: Placement): string {
  const inside = (v: number, low: number, size: number) => Math.min(low + size, Math.max(low, v));
  const d = outlines
    .filter(path => path.length > 1)
    .map(path => {
      // An outline larger than the map is drawn along the map's edge rather than across the axes.
      const points = path.map(
        ([x, y]) => `${num(inside(toX(x), plot.x, plot.width))} ${num(inside(toY(y), plot.y, plot.height))}`,
      );
      return `M${points.join('L')}Z`;
    })
    .join('');
  if (d === '') return '';
  const line = 'fill="none" stroke-linejoin="round"';
  return (
    `<path d="${d}" ${line} stroke="#fff" stroke-opacity="0.7" stroke-width="2.2"/>` +
    `<path d="${d}" ${line} stroke="#222" stroke-width="0.9"/>`
  );
}
