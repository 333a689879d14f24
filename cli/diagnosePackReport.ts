import {
  curvePanel,
  figure,
  inversionReport,
  type PointCloud,
  packPanel,
  type ReportFigure,
  type ReportRow,
} from '../src/figures/index.js';
import { embedFonts, fontFaceCss, renderPng } from '../src/figures/node.js';
import { placeCell } from '../src/model/placeCell.js';
import type { DiagnosisMaps } from '../viewer/files/diagnosisMaps.js';
import type { PackDiagnosis, PackScan } from './diagnosePack.js';
import { packJson, packVerdict, percentOf, placesOf, significanceStatement } from './diagnosePackText.js';
import { withMaps } from './viewReport.js';

/** Scans that are drawn: those with flags, the most telling first; else the one that departs most. */
const MOST_DRAWN = 8;
const OUT_OF_LINE = '#b42318';

function panelOf({ input, scans }: PackDiagnosis, scan: PackScan) {
  const limit = Math.max(...scans.flatMap(s => s.cells.map(c => Math.abs(c.share / c.expectedShare - 1))));
  return packPanel(
    scan.cells.map((cell, k) => ({
      name: cell.name,
      cell: placeCell(input.cells[k].cell, input.cells[k].placement),
      share: cell.share,
      expected: cell.expectedShare,
      flagged: cell.flagged,
    })),
    {
      title: `Shares in ${scan.name}`,
      subtitle: 'colour: against the expected share',
      limit,
      maxWidth: 330,
      maxHeight: 220,
    },
  );
}

function drawn({ scans }: PackDiagnosis): PackScan[] {
  const worst = (scan: PackScan) => Math.max(...scan.cells.map(c => Math.abs(c.share / c.expectedShare - 1)));
  const sorted = scans.toSorted((a, b) => Number(b.flagged) - Number(a.flagged) || worst(b) - worst(a));
  const flagged = sorted.filter(scan => scan.flagged);
  return flagged.length > 0 ? flagged.slice(0, MOST_DRAWN) : sorted.slice(0, 1);
}

/** Cells that are out of line, with their names. */
function outOfLine(flagged: readonly { readonly x: number; readonly y: number; readonly name: string }[]): PointCloud {
  return {
    x: Float64Array.from(flagged, f => f.x),
    y: Float64Array.from(flagged, f => f.y),
    name: 'out of line',
    shape: 'diamond',
    colour: OUT_OF_LINE,
    filled: true,
    labels: flagged.map(f => f.name),
  };
}

/** Resistance deviations of every cell over the scans. */
function coursePanel({ scans, result }: PackDiagnosis) {
  const x = Float64Array.from(scans, (_, s) => s + 1);
  const finite = (v: number) => (Number.isFinite(v) ? 100 * v : Number.NaN);
  const curves = scans[0].cells.map(({ name }, k) => ({
    x,
    y: Float64Array.from(scans, scan => finite(scan.cells[k].resistanceDeviation)),
    name,
  }));
  const t = 100 * result.threshold;
  const threshold = {
    // Upper and lower as one line with a gap.
    x: Float64Array.of(1, scans.length, Number.NaN, 1, scans.length),
    y: Float64Array.of(t, t, Number.NaN, -t, -t),
    dashed: true,
    name: 'threshold',
  };
  const flagged = scans.flatMap(({ cells }, s) =>
    cells
      .filter(cell => cell.flagged)
      .map(cell => ({ x: s + 1, y: finite(cell.resistanceDeviation), name: cell.name })),
  );
  return curvePanel({
    title: 'Resistance against the expected',
    x: { label: 'scan', scale: 'linear' },
    y: { label: 'deviation', unit: '%', scale: 'linear' },
    curves: [...curves, threshold],
    ...(flagged.length === 0 ? {} : { points: [outOfLine(flagged)] }),
    maxWidth: 480,
    maxHeight: 260,
  });
}

function statisticsPanel({ scans, pca }: PackDiagnosis) {
  if (pca === undefined) return [];
  const x = Float64Array.from(scans, (_, s) => s + 1);
  const ends = Float64Array.of(1, scans.length);
  return (['t2', 'q'] as const).map(key => {
    const limit = key === 't2' ? pca.t2Limit : pca.qLimit;
    return curvePanel({
      title: key === 't2' ? 'T² of the shares' : 'Q of the shares',
      x: { label: 'scan', scale: 'linear' },
      y: { label: key === 't2' ? 'T²' : 'Q', scale: 'log' },
      curves: [
        { x, y: Float64Array.from(scans, scan => scan[key]), name: 'scans' },
        { x: ends, y: Float64Array.of(limit, limit), dashed: true, name: '99 % limit' },
      ],
    });
  });
}

/** The pack, coloured by share, in the scans that matter, as PNG or SVG. */
export function packFigureBytes(name: string, diagnosis: PackDiagnosis): Uint8Array {
  const panels = drawn(diagnosis).map(scan => panelOf(diagnosis, scan));
  const course = diagnosis.scans.length > 1 && !diagnosis.series ? [coursePanel(diagnosis)] : [];
  const svg = figure([...panels, ...course], { columns: panels.length > 2 ? 2 : 1 });
  return name.toLowerCase().endsWith('.png') ? renderPng(svg) : new TextEncoder().encode(embedFonts(svg));
}

/** The report as one HTML file. */
export function packReport(diagnosis: PackDiagnosis, maps: DiagnosisMaps | undefined): string {
  const { scans, result, warnings, process, input, currents } = diagnosis;
  const inline = (panel: ReturnType<typeof packPanel>) => figure([panel], { columns: 1, background: 'none' });
  const figures: ReportFigure[] = drawn(diagnosis).map(scan => ({
    svg: inline(panelOf(diagnosis, scan)),
    caption: `Each cell in the colour of its share of the current in ${scan.name}, against the expected one.`,
    group: 'The pack',
  }));
  if (scans.length > 1 && !diagnosis.series) {
    figures.push({
      svg: inline(coursePanel(diagnosis)),
      caption: 'Deviation of each resistance, relative to the typical cell of the pack, that explains the currents.',
      group: 'Over the scans',
      wide: true,
      keep: true,
    });
    for (const panel of statisticsPanel(diagnosis)) {
      figures.push({
        svg: inline(panel),
        caption: 'Each scan against the patterns of the others.',
        group: 'Over the scans',
      });
    }
  }
  return inversionReport({
    title: `Currents in the pack ${input.pack.name}`,
    verdict: diagnosis.series ? [packVerdict(diagnosis)] : [packVerdict(diagnosis), significanceStatement(diagnosis)],
    warnings,
    figures,
    table: rowsOf(diagnosis),
    canSee: diagnosis.series
      ? [
          'Cells in series carry one current, whatever their resistances: a fault of a cell cannot be seen from its current.',
        ]
      : [
          `A cell whose resistance departs by less than ${(100 * result.threshold).toFixed(1)} % is not flagged, and one whose departure is not significant neither.`,
          'A cell that only takes over what a neighbour does not carry is not flagged: resistances are compared with the typical cell.',
          currents.varying > 0
            ? 'Places of the cells seem to differ between the geometries of the scans.'
            : 'Cells and wires were taken to stand where they are in all scans.',
          'A fault that all cells share leaves the shares as they are and cannot be seen.',
        ],
    sightHeading: 'What these scans could and could not have seen',
    process,
    fontCss: fontFaceCss(),
    ...withMaps({
      kind: 'diagnosis',
      name: input.pack.name,
      cells: [],
      output: packJson(diagnosis),
      ...(maps === undefined ? {} : { maps }),
    }),
  });
}

function rowsOf(diagnosis: PackDiagnosis): ReportRow[] {
  const { scans, result } = diagnosis;
  const out: ReportRow[] = [];
  const shown = scans.length <= 40 ? scans : drawn(diagnosis);
  const all = shown.flatMap(scan => scan.cells.map(cell => ({ scan, cell })));
  // What is out of line first.
  for (const { scan, cell } of all.toSorted((a, b) => Number(b.cell.flagged) - Number(a.cell.flagged))) {
    const judged = Number.isNaN(cell.resistanceDeviation) ? '' : `, resistance ${percentOf(cell.resistanceDeviation)}`;
    const note = diagnosis.series
      ? `${(100 * cell.share).toFixed(2)} % of the mean`
      : `${(100 * cell.share).toFixed(3)} %${judged}`;
    out.push({
      label: `${scan.name}, ${cell.name}`,
      value: `${cell.current.toFixed(4)} ± ${cell.sigma.toFixed(4)} A`,
      note: `${note}${cell.flagged ? ', out of line' : ''}`,
    });
  }
  if (!diagnosis.series)
    out.push({ label: 'Natural spread of a cell', value: `${(100 * result.spread).toFixed(2)} %` });
  for (const { name, shift_mm, sigma_mm, turn_deg, sigma_deg } of placesOf(diagnosis)) {
    out.push({
      label: `Place of ${name} against the pack's file`,
      value: `${shift_mm.map((v, i) => `${v.toFixed(2)} ± ${sigma_mm[i].toFixed(2)}`).join(', ')} mm`,
      note: `turned by ${turn_deg.toFixed(2)} ± ${sigma_deg.toFixed(2)} degrees`,
    });
  }
  return out;
}
