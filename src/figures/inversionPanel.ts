import type { ComponentName, FieldScan } from '../fieldScan.js';
import type { CellDrawing } from './cellDrawing.js';
import { formatNumber, formatQuantity } from './format.js';
import type { LambdaCurve } from './lambdaFigures.js';
import type { Path } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';
import type { RichText, Run } from './text.js';

export interface InversionFigureOptions {
  /** What lambda was chosen from; without it there are no charts of the choice. */
  readonly curve?: LambdaCurve;
  /** Outlines of the cells, m. */
  readonly outlines?: readonly Path[];
  /** Cells with their tabs. */
  readonly cells?: readonly CellDrawing[];
  /** The readings, for a result that does not hold the field as a map: drawn where they were taken. */
  readonly scan?: FieldScan;
  /** How the direction of the current is shown; streamlines where they can be read, else arrows, if left out. */
  readonly direction?: 'streamlines' | 'arrows';
}

/** A panel of an inversion with the text that belongs below it. */
export interface InversionPanel {
  readonly group: 'conductance' | 'current' | 'departure' | 'field' | 'residual' | 'regularisation';
  readonly panel: Panel;
  readonly caption: RichText;
  /** Set on the picture that answers the question, which is larger than the others: the same at their size. */
  readonly narrow?: Panel;
}

/** How large the data of a panel are drawn: beside others, and as the main picture. */
export const SMALL: PanelSize = { maxWidth: 240, maxHeight: 210 };
export const LARGE: PanelSize = { maxWidth: 540, maxHeight: 380 };

/** The cells and outlines of the options, for a panel. */
export function cellsOf({
  outlines,
  cells,
}: InversionFigureOptions): Pick<InversionFigureOptions, 'outlines' | 'cells'> {
  return { ...(outlines === undefined ? {} : { outlines }), ...(cells === undefined ? {} : { cells }) };
}

/** B_x, B_y, B_z; B for a reading along a direction of its own. */
export function fieldSymbol(name: ComponentName): Run[] {
  return name === 'b' ? [{ italic: 'B' }] : [{ italic: 'B' }, { sub: name.slice(1) }];
}

/** A height in mm, as it is spoken of at a bench; in um below 1 mm. */
export function heightText(metres: number): string {
  const size = Math.abs(metres);
  return size > 0 && size < 1e-3 ? formatQuantity(metres, 'm') : `${formatNumber(metres * 1e3)}\u00a0mm`;
}
