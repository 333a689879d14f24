import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import type { InversionResult } from '../../src/result.js';
import { resultDocument } from '../files/fromResult.js';
import { pack, unpack } from '../files/pack.js';
import type { ViewerDocument } from '../state/document.js';

/** What a report of a current or conductance carries: the result, and what was read of the cell. */
export interface ReportContent {
  readonly name: string;
  readonly result: InversionResult;
  readonly cells: readonly CellDrawing[];
  readonly totalCurrent?: number;
}

/** The content as bytes. The modelled field is left out: it is the measured one less the residual. */
export function packReport(content: ReportContent): Uint8Array {
  const { fitted, relaxation, ...result } = content.result;
  const grids = [result.sheets[0]?.grid, result.field?.grid, result.conductance?.[0]?.grid];
  const widths = [...new Set(grids.flatMap(grid => (grid === undefined ? [] : [grid.nx])))];
  // Residuals are in standard deviations.
  const coarse = new Set<unknown>(Object.values(result.residual?.components ?? {}));
  return pack({ ...content, result }, widths, coarse);
}

/** What the page shows of the bytes that {@link packReport} made. */
export function reportDocument(bytes: Uint8Array): ViewerDocument {
  const { name, result, cells, totalCurrent } = unpack(bytes) as ReportContent;
  return resultDocument('report', name, result, cells, totalCurrent);
}
