import type { FieldScan } from '../../src/fieldScan.js';
import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import type { PlannedHoles } from '../../src/figures/planFigures.js';
import type { Cell } from '../../src/model/cell.js';
import type { InversionResult } from '../../src/result.js';
import type { SeriesStack } from '../../src/series/stack.js';
import type { SusceptibilityResult } from '../../src/susceptibilityMap.js';
import type { DiagnosisOutput } from '../files/diagnosisFile.js';
import { coarseOf, type DiagnosisMaps } from '../files/diagnosisMaps.js';
import { comparisonDocument, type ShownComparison } from '../files/fromComparison.js';
import { designsDocument, type ShownDesigns } from '../files/fromDesigns.js';
import { shownDiagnosis } from '../files/fromDiagnosis.js';
import { planDocument } from '../files/fromPlan.js';
import { resultDocument } from '../files/fromResult.js';
import { scanDocument } from '../files/fromScan.js';
import { seriesDocument } from '../files/fromSeries.js';
import { susceptibilityDocument } from '../files/fromSusceptibility.js';
import { pack, unpack } from '../files/pack.js';
import type { ViewerDocument } from '../state/document.js';

/** What a report carries: what was found, and what was read of the cell. */
export type ReportContent = { readonly name: string; readonly cells: readonly CellDrawing[] } & (
  | {
      readonly kind: 'result';
      readonly result: InversionResult;
      readonly totalCurrent?: number;
      /** Of {@link cellText}. */
      readonly cell?: string;
    }
  | { readonly kind: 'susceptibility'; readonly result: SusceptibilityResult }
  | { readonly kind: 'series'; readonly stack: SeriesStack }
  | { readonly kind: 'scan'; readonly scan: FieldScan }
  | { readonly kind: 'simulation'; readonly scan: FieldScan; readonly truth?: InversionResult }
  | { readonly kind: 'comparison'; readonly compared: ShownComparison }
  | { readonly kind: 'designs'; readonly shown: ShownDesigns }
  | { readonly kind: 'plan'; readonly holes: readonly PlannedHoles[] }
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
    case 'scan':
      return pack({ ...content, scan: shownOf(content.scan) });
    case 'simulation': {
      const { scan, truth } = content;
      return pack({ ...content, scan: shownOf(scan) }, truth === undefined ? [] : [truth.sheets[0].grid.nx]);
    }
    case 'comparison':
      return pack(content, [...new Set(content.compared.layers.map(({ grid }) => grid.nx))]);
    case 'designs':
      return pack(content, [...new Set(content.shown.designs.map(({ grid }) => grid.nx))]);
    case 'plan':
      return pack(content, [...new Set(content.holes.map(({ grid }) => grid.nx))]);
  }
}

/** What the page does not show of a scan stays out of its report. */
function shownOf({ count, x, y, z, components, sigma, current, relativeUnit, direction }: FieldScan) {
  return { count, x, y, z, components, sigma, current, relativeUnit, direction };
}

/** What the page shows of the bytes that {@link packReport} made, the most telling document first. */
export function reportDocuments(bytes: Uint8Array): ViewerDocument[] {
  const content = unpack(bytes) as ReportContent;
  const { name, cells } = content;
  switch (content.kind) {
    case 'result':
      return [resultDocument('report', name, content.result, cells, content.totalCurrent, cellOfText(content.cell))];
    case 'susceptibility':
      return [susceptibilityDocument('report', name, content.result, cells)];
    case 'series':
      return [seriesDocument('report', name, content.stack, cells)];
    case 'diagnosis':
      return [shownDiagnosis('report', name, content.output, content.maps)];
    case 'scan':
      return [scanDocument('report', name, content.scan, cells)];
    case 'simulation': {
      const { scan, truth } = content;
      const measured = scanDocument('report', truth === undefined ? name : 'Scan', scan, cells);
      return truth === undefined
        ? [measured]
        : [measured, resultDocument('truth', 'True current', truth, cells, undefined)];
    }
    case 'comparison':
      return [{ ...comparisonDocument('report', content.compared), cells }];
    case 'designs':
      return [designsDocument('report', name, content.shown)];
    case 'plan':
      return [planDocument('report', name, content.holes, cells)];
  }
}

/** A cell with all its digits: arrays of a report are rounded. */
export function cellText(cell: Cell): string {
  return JSON.stringify(cell, (_, value) => (value instanceof Float64Array ? { $floats: [...value] } : value));
}

function cellOfText(text: string | undefined): Cell | undefined {
  if (text === undefined) return undefined;
  const floats = (value: unknown): value is { $floats: number[] } =>
    typeof value === 'object' && value !== null && '$floats' in value;
  return JSON.parse(text, (_, value: unknown) => (floats(value) ? Float64Array.from(value.$floats) : value)) as Cell;
}
