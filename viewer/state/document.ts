import type { FieldMap } from '../../src/fieldMap.js';
import type { CellDrawing, ColourMapName, Limits, MapKind, ReportRow } from '../../src/figures/index.js';
import type { Grid } from '../../src/grid.js';
import type { Cell } from '../../src/model/cell.js';

import type { Diagnosis } from './diagnosis.js';

/**
 * What the page shows of one file. Plain data (numbers, texts, typed arrays), so that a worker can send it and a report can
 * carry it. Nothing in it is HTML: names and comments of files are hostile until shown as text.
 */
export interface ViewerDocument {
  /** Unique on the page. */
  readonly id: string;
  /** Of the file, without folder. */
  readonly name: string;
  readonly kind: DocumentKind;
  /** The one line to read: what this is and what is most remarkable in it. */
  readonly headline: string;
  /** Further sentences: warnings first. */
  readonly notes: readonly Note[];
  /** Everything that can be drawn as a map; at least one, but for a diagnosis. */
  readonly layers: readonly Layer[];
  /** Layers that stand on the page at first, the most telling one first. */
  readonly shown: readonly string[];
  /** So many of them belong together: they stand on the page at first even where fewer maps are asked for. */
  readonly together?: number;
  /** Currents through lines are taken from these: one per sheet. */
  readonly currents: readonly Vectors[];
  readonly samples?: Samples;
  readonly cells: readonly CellDrawing[];
  /** Places that the headline speaks of. */
  readonly spots?: readonly Spot[];
  /** The current that flows through the cell, A, where it is known. */
  readonly totalCurrent?: number;
  /** The figures as a table. */
  readonly facts: readonly ReportRow[];
  /** How it came about: names and values. */
  readonly record: readonly (readonly [string, string])[];
  /** The measured field on a grid, where the page can invert it. */
  readonly field?: LiveField;
  /** What the maps of a stack are ordered by. */
  readonly frames?: Frames;
  /** Of a comparison: the ids of its two documents. */
  readonly compares?: readonly [string, string];
  /** Scans of a pack or a cohort as they were judged; the frames count them. */
  readonly diagnosis?: Diagnosis;
}

export type DocumentKind = 'result' | 'scan' | 'susceptibility' | 'series' | 'map' | 'comparison' | 'diagnosis';

export interface Note {
  readonly text: string;
  readonly warning: boolean;
}

/** One map. */
export interface Layer {
  /** Unique in its document. */
  readonly id: string;
  /** Under which it stands in the list. */
  readonly group: string;
  readonly name: string;
  /** SI, `σ`, or empty. */
  readonly unit: string;
  readonly kind: MapKind;
  readonly colours: ColourMapName;
  /** Ends of the colours; those that show the values best where they are left out. */
  readonly limits?: Limits;
  readonly shape: Shape;
  /** One per pixel or sample; NaN where there is none. Of a stack: those of the frame at which it was made. */
  readonly values: Float64Array;
  /** One standard deviation each. */
  readonly errors?: Float64Array;
  /** Another map of the same quantity on the same grid, shown on the other side of a boundary. */
  readonly against?: {
    readonly values: Float64Array;
    readonly errors?: Float64Array;
    readonly names: readonly [string, string];
  };
  /** The current that is drawn over it. */
  readonly vectors?: Vectors;
  /** Maps of a stack, one per frame, with their errors. */
  readonly frames?: readonly { readonly values: Float64Array; readonly errors?: Float64Array }[];
  /** Set where each frame has colours of its own, up to its largest value: frames that differ by powers of ten. */
  readonly ownLimits?: boolean;
  /** Outline and tabs of this map's own cell, in place of the document's. */
  readonly cells?: readonly CellDrawing[];
}

export type Shape =
  | { readonly type: 'grid'; readonly grid: Grid }
  | { readonly type: 'points'; readonly x: Float64Array; readonly y: Float64Array; readonly pitch: number };

/** A map of the sheet current, A/m, with its stream function, A. */
export interface Vectors {
  readonly name: string;
  readonly grid: Grid;
  readonly kx: Float64Array;
  readonly ky: Float64Array;
  readonly psi?: Float64Array;
  readonly kxErrors?: Float64Array;
  readonly kyErrors?: Float64Array;
  /** Full width at half maximum of the point spread, m: over this the errors go together. */
  readonly resolution?: number;
  /** Set where the numbers are not amperes per metre. */
  readonly relative?: boolean;
  /** Whether the stream function's contours make a picture that can be read. */
  readonly smooth: boolean;
}

/** A place on the map, m. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** Where the readings were taken, m. */
export interface Samples {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** 1 where the sample was rejected as an outlier. */
  readonly rejected?: Uint8Array;
}

/** What the live inversion starts from. */
export interface LiveField {
  readonly map: FieldMap;
  /** As the result says, where it is one. */
  readonly lambda?: number;
  readonly order?: number;
  readonly exterior?: 'closed' | number;
  readonly background?: boolean;
  /** z of the sheet, m. */
  readonly sheetZ: number;
  /** What the bounded method needs besides, where a result of it can be made again from this field. */
  readonly bounded?: LiveCell;
}

export interface LiveCell {
  /** With the current that flowed. */
  readonly cell: Cell;
  readonly pitch: number;
  readonly gainError: number;
  readonly positionError: number;
  readonly place: 'given' | 'fit';
  /** Only where it was given. */
  readonly lambda?: number;
}

export interface Frames {
  /** 'State of charge'. */
  readonly name: string;
  readonly unit: string;
  readonly at: Float64Array;
  readonly labels: readonly string[];
  /** The frame that is shown first. */
  readonly first: number;
  /** Places that are remarkable in one frame each. */
  readonly spots?: readonly (readonly Spot[])[];
}

/** The values of a layer at a frame. */
export function valuesAt(layer: Layer, frame: number): { values: Float64Array; errors?: Float64Array } {
  const found = layer.frames?.[frame];
  if (found !== undefined) return found;
  return layer.errors === undefined ? { values: layer.values } : { values: layer.values, errors: layer.errors };
}

/** The rectangle that a shape covers, with half a pitch around it, m. */
export function extentOf(shape: Shape): { xMin: number; xMax: number; yMin: number; yMax: number } {
  if (shape.type === 'grid') {
    const { nx, ny, x0, y0, dx, dy } = shape.grid;
    return { xMin: x0 - dx / 2, xMax: x0 + (nx - 0.5) * dx, yMin: y0 - dy / 2, yMax: y0 + (ny - 0.5) * dy };
  }
  const out = { xMin: Infinity, xMax: -Infinity, yMin: Infinity, yMax: -Infinity };
  for (let i = 0; i < shape.x.length; i++) {
    out.xMin = Math.min(out.xMin, shape.x[i]);
    out.xMax = Math.max(out.xMax, shape.x[i]);
    out.yMin = Math.min(out.yMin, shape.y[i]);
    out.yMax = Math.max(out.yMax, shape.y[i]);
  }
  const half = shape.pitch / 2;
  return { xMin: out.xMin - half, xMax: out.xMax + half, yMin: out.yMin - half, yMax: out.yMax + half };
}
