import type { FieldScan } from '../../src/fieldScan.js';
import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import type { InversionResult } from '../../src/result.js';
import type { SeriesStack } from '../../src/series/stack.js';
import type { SusceptibilityResult } from '../../src/susceptibilityMap.js';
import type { DiagnosisOutput } from '../files/diagnosisFile.js';
import { coarseOf, type DiagnosisMaps } from '../files/diagnosisMaps.js';
import { shownDiagnosis } from '../files/fromDiagnosis.js';
import { resultDocument } from '../files/fromResult.js';
import { scanDocument } from '../files/fromScan.js';
import { seriesDocument } from '../files/fromSeries.js';
import { susceptibilityDocument } from '../files/fromSusceptibility.js';
import { pack, unpack } from '../files/pack.js';
import type { ViewerDocument } from '../state/document.js';

/** What a report carries: what was found, and what was read of the cell. */
export type ReportContent = { readonly name: string; readonly cells: readonly CellDrawing[] } & (
  | { readonly kind: 'result'; readonly result: InversionResult; readonly totalCurrent?: number }
  | { readonly kind: 'susceptibility'; readonly result: SusceptibilityResult }
  | { readonly kind: 'series'; readonly stack: SeriesStack }
  | { readonly kind: 'scan'; readonly scan: FieldScan }
  | { readonly kind: 'diagnosis'; readonly output: DiagnosisOutput; readonly maps?: DiagnosisMaps }
);

/** The content as bytes. The modelled field is left out: it is the measured one less the residual. */
export function packReport(content: ReportContent): Uint8Array {
  switch (content.kind) {
    case 'result': {
      const { fitted, relaxation, ...result } = content.result;
      const grids = [result.sheets[0]?.grid, result.field?.grid, result.conductance?.[0]?.grid];
      const widths = [...new Set(grids.flatMap(grid => (grid === undefined ? [] : [grid.nx])))];
      // Residuals are in standard deviations.
      return pack({ ...content, result }, widths, new Set<unknown>(Object.values(result.residual?.components ?? {})));
    }
    case 'susceptibility': {
      const { residual, map } = content.result;
      return pack(content, [map.grid.nx], new Set<unknown>(Object.values(residual?.components ?? {})));
    }
    case 'series':
      return pack(content, [content.stack.grid.nx]);
    case 'diagnosis': {
      const { maps } = content;
      return maps === undefined ? pack(content) : pack(content, [maps.layout.grid.nx], coarseOf(maps));
    }
    case 'scan': {
      // What the page does not show of a scan stays out of its report.
      const { count, x, y, z, components, sigma, current, relativeUnit, direction } = content.scan;
      return pack({ ...content, scan: { count, x, y, z, components, sigma, current, relativeUnit, direction } });
    }
  }
}

/** What the page shows of the bytes that {@link packReport} made. */
export function reportDocument(bytes: Uint8Array): ViewerDocument {
  const content = unpack(bytes) as ReportContent;
  const { name, cells } = content;
  switch (content.kind) {
    case 'result':
      return resultDocument('report', name, content.result, cells, content.totalCurrent);
    case 'susceptibility':
      return susceptibilityDocument('report', name, content.result, cells);
    case 'series':
      return seriesDocument('report', name, content.stack, cells);
    case 'diagnosis':
      return shownDiagnosis('report', name, content.output, content.maps);
    case 'scan':
      return scanDocument('report', name, content.scan, cells);
  }
}
