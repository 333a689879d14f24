import type { ComparedLayer, Comparison } from '../comparison/comparison.js';
import { comparisonHistograms, deviations } from '../comparison/deviations.js';
import { type PairedValues, pairMaps } from '../comparison/pairedValues.js';
import type { ComponentName } from '../fieldScan.js';
import type { Limits, MapKind } from './colour.js';
import { formatNumber, formatQuantity } from './format.js';
import { histogramPanel } from './histogramFigure.js';
import { fieldSymbol, heightText, SMALL } from './inversionPanel.js';
import { figure } from './layout.js';
import { colourLimits } from './limits.js';
import { mapPanel } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import { measuringPlanes, pickSamples } from './measuringPlanes.js';
import type { Panel } from './panel.js';
import type { ReportFigure } from './report.js';
import { samplePanel } from './sampleFigure.js';
import type { RichText } from './text.js';

export interface ComparisonFigureOptions {
  /** What A and B are called; `A` and `B` if left out. */
  readonly names?: readonly [string, string];
  readonly caption?: string;
}

interface ComparisonPanel {
  readonly group: 'maps' | 'current' | 'histograms';
  readonly panel: Panel;
  readonly caption: RichText;
}

/** Beyond so many standard errors colours no longer tell anything apart. */
const MOST_SIGMAS = 6;

/** A and B on one scale and their difference, each sheet or component in a row; then the histograms: one SVG document. */
export function comparisonFigure(comparison: Comparison, options: ComparisonFigureOptions = {}): string {
  const panels = comparisonPanels(comparison, options, { maxWidth: 230, maxHeight: 220 }).map(({ panel }) => panel);
  return figure(panels, {
    columns: 3,
    letters: true,
    ...(options.caption === undefined ? {} : { caption: options.caption }),
  });
}

/** The same as figures of a report, one per panel. */
export function comparisonFigures(comparison: Comparison, options: ComparisonFigureOptions = {}): ReportFigure[] {
  const headings = {
    maps: 'A, B and their difference',
    current: 'What reverses with the current',
    histograms: 'Histograms',
  };
  return comparisonPanels(comparison, options, SMALL).map(({ group, panel, caption }) => ({
    svg: figure([panel], { columns: 1, background: 'none' }),
    caption,
    group: headings[group],
  }));
}

function comparisonPanels(
  comparison: Comparison,
  options: ComparisonFigureOptions,
  size: PanelSize,
): ComparisonPanel[] {
  const { layers, pairs, kind, by } = comparison;
  const maps =
    kind === 'results'
      ? layers.flatMap(layer => currentRow(layer, layers.length > 1, comparison, options, size))
      : by === 'grid'
        ? layers.flatMap(layer => fieldRows(gridDrawing(layer, layers.length > 1), comparison, options, size))
        : measuringPlanes(pairs.z).flatMap(plane => fieldRows(sampleDrawing(pairs, plane), comparison, options, size));
  const parts = comparison.relation?.reversed ? currentParts(comparison, size) : [];
  return [...maps, ...parts, ...histogramPanels(comparison, options, size)];
}

/** |K| of A and B with arrows on one scale, and the difference. */
function currentRow(
  layer: ComparedLayer,
  several: boolean,
  { unit, registered }: Comparison,
  { names = ['A', 'B'] }: ComparisonFigureOptions,
  size: PanelSize,
): ComparisonPanel[] {
  const where = several ? `, z = ${heightText(layer.z)}` : '';
  const { grid } = layer;
  const pairs = pairMaps([layer], true);
  const sides = [layer.a.values, layer.b.values];
  const lengths = sides.map(([kx, ky]) => kx.map((v, p) => Math.hypot(v, ky[p])));
  const limits = colourLimits(Float64Array.from(lengths.flatMap(v => [...v])), 'magnitude');
  const panels = lengths.map(
    (values, i): ComparisonPanel => ({
      group: 'maps',
      panel: mapPanel({
        ...size,
        grid,
        values,
        unit,
        kind: 'magnitude',
        limits,
        arrows: { kx: sides[i][0], ky: sides[i][1], spacing: 19 },
        title: `${'AB'[i]}: |K|${where}`,
        subtitle: short(names[i]),
      }),
      caption: `Magnitude of the sheet current density of ${'AB'[i]}${where}${i === 1 && registered ? ', registered to A' : ''}.`,
    }),
  );
  const kx = pairs.a[0].map((v, p) => v - pairs.b[0][p]);
  const ky = pairs.a[1].map((v, p) => v - pairs.b[1][p]);
  const { inSigma, values } = deviations(pairs);
  panels.push({
    group: 'maps',
    panel: mapPanel({
      ...size,
      grid,
      values: inSigma ? values[0] : kx.map((v, p) => Math.hypot(v, ky[p])),
      unit: inSigma ? 'σ' : unit,
      kind: 'magnitude',
      colours: 'inferno',
      arrows: { kx, ky, spacing: 19 },
      title: `|A − B|${where}`,
      subtitle: inSigma ? 'in standard errors' : 'no errors are known',
    }),
    caption: `Difference A − B${where}${inSigma ? ' over its own standard error, root mean square of both components (1 by chance alone)' : ''}; arrows point along it.`,
  });
  return panels;
}

/** How the values of one plane are put on paper. */
interface Drawing {
  readonly where: string;
  readonly pairs: PairedValues;
  readonly draw: (of: {
    readonly values: Float64Array;
    readonly unit: string;
    readonly title: RichText;
    readonly subtitle: RichText;
    readonly kind: MapKind;
    readonly limits: Limits;
    readonly maxWidth?: number;
    readonly maxHeight?: number;
  }) => Panel;
}

function gridDrawing(layer: ComparedLayer, several: boolean): Drawing {
  return {
    where: several ? `, z = ${heightText(layer.z)}` : '',
    pairs: pairMaps([layer], false),
    draw: of => mapPanel({ ...of, grid: layer.grid }),
  };
}

function sampleDrawing(
  pairs: PairedValues,
  plane: { readonly name: string; readonly samples: readonly number[] },
): Drawing {
  const pick = (values: Float64Array) => pickSamples(values, plane.samples);
  const [x, y] = [pick(pairs.x), pick(pairs.y)];
  return {
    where: plane.name,
    pairs: {
      ...pairs,
      a: pairs.a.map(pick),
      b: pairs.b.map(pick),
      ...(pairs.sigma === undefined ? {} : { sigma: pairs.sigma.map(pick) }),
      x,
      y,
      z: pick(pairs.z),
    },
    draw: of => samplePanel({ ...of, x, y }),
  };
}

/** Each component: A and B on one scale, and the difference in standard errors. */
function fieldRows(
  { where, pairs, draw }: Drawing,
  { unit, registered }: Comparison,
  { names = ['A', 'B'] }: ComparisonFigureOptions,
  size: PanelSize,
): ComparisonPanel[] {
  const { inSigma, values } = deviations(pairs);
  return pairs.names.flatMap((name, c): ComparisonPanel[] => {
    const symbol = fieldSymbol(name as ComponentName);
    const limits = colourLimits(Float64Array.from([...pairs.a[c], ...pairs.b[c]]), 'signed');
    const side = (i: 0 | 1): ComparisonPanel => ({
      group: 'maps',
      panel: draw({
        ...size,
        values: (i === 0 ? pairs.a : pairs.b)[c],
        unit,
        title: [`${'AB'[i]}: `, ...symbol, where],
        subtitle: short(names[i]),
        kind: 'signed',
        limits,
      }),
      caption: [`${'AB'[i]}, component `, ...symbol, `${where}${i === 1 && registered ? ', registered to A' : ''}.`],
    });
    const own = colourLimits(values[c], 'signed');
    const beyond = inSigma && own.max > MOST_SIGMAS && rms(values[c]) < MOST_SIGMAS / 3;
    const difference: ComparisonPanel = {
      group: 'maps',
      panel: draw({
        ...size,
        values: values[c],
        unit: inSigma ? 'σ' : unit,
        title: ['A − B, ', ...symbol, where],
        subtitle: `root mean square ${inSigma ? `${formatNumber(rms(values[c]))} σ` : formatQuantity(rms(values[c]), unit)}`,
        kind: 'signed',
        limits: beyond ? sigmaLimits(values[c]) : own,
      }),
      caption: [
        'Difference A − B of ',
        ...symbol,
        inSigma ? `${where} over its own standard error: without pattern where the two agree.` : `${where}.`,
      ],
    };
    return [side(0), side(1), difference];
  });
}

/** Odd and even part in the current, and what is left between them, of the component normal to the cell if there is one. */
function currentParts({ relation, unit }: Comparison, size: PanelSize): ComparisonPanel[] {
  if (relation?.oddEven === undefined) return [];
  const { odd, even, antisymmetry, antisymmetryOf } = relation.oddEven;
  const name = (['bz', 'by', 'bx', 'b'] as const).find(n => odd.components[n] !== undefined)!;
  const symbol = fieldSymbol(name);
  return measuringPlanes(odd.z).flatMap(({ name: plane, samples }): ComparisonPanel[] => {
    const [x, y] = [pickSamples(odd.x, samples), pickSamples(odd.y, samples)];
    const panel = (values: Float64Array, title: RichText, subtitle: string) =>
      samplePanel({ ...size, x, y, values, unit, title, subtitle, kind: 'signed' });
    const still = pickSamples(even.components[name]!.values, samples);
    const mean = still.reduce((sum, v) => sum + v, 0) / still.length;
    return [
      {
        group: 'current',
        panel: panel(
          pickSamples(odd.components[name]!.values, samples),
          ['Odd part, ', ...symbol, plane],
          'reverses with the current',
        ),
        caption: ['(A − B)/2 of ', ...symbol, `${plane}: the field of the current.`],
      },
      {
        group: 'current',
        panel: panel(
          still.map(v => v - mean),
          ['Even part, ', ...symbol, plane],
          `without its mean, ${formatQuantity(mean, unit)}`,
        ),
        caption: [
          '(A + B)/2 of ',
          ...symbol,
          `${plane}: magnets, the earth’s field and the offsets of the sensors; what varies of it is shown.`,
        ],
      },
      {
        group: 'current',
        panel: samplePanel({
          ...size,
          x,
          y,
          values: pickSamples(antisymmetryOf[name]!, samples),
          unit: '',
          title: ['Antisymmetry, ', ...symbol, plane],
          subtitle: `|A + B| / (|A| + |B|); overall ${formatNumber(antisymmetry)}`,
          kind: 'magnitude',
          limits: { min: 0, max: 1 },
        }),
        caption:
          '0 where the whole reading reverses with the current, 1 where nothing does; noise where the field is small.',
      },
    ];
  });
}

function histogramPanels(
  { pairs, unit, agreement }: Comparison,
  _: ComparisonFigureOptions,
  size: PanelSize,
): ComparisonPanel[] {
  const { values, difference } = comparisonHistograms(pairs);
  const inSigma = pairs.sigma !== undefined;
  const plot: PanelSize = { maxWidth: size.maxWidth ?? 240, maxHeight: 170 };
  return [
    {
      group: 'histograms',
      panel: histogramPanel({
        ...plot,
        histogram: values,
        names: ['A', 'B'],
        title: pairs.vector ? 'Values of |K|' : 'Readings',
        label: pairs.vector ? ['|', { italic: 'K' }, '|'] : [{ italic: 'B' }],
        unit,
      }),
      caption: 'How often each value occurs in A and in B, where both have one.',
    },
    {
      group: 'histograms',
      panel: histogramPanel({
        ...plot,
        histogram: difference,
        names: ['A − B'],
        title: 'Differences',
        ...(agreement.chi2 === undefined
          ? {}
          : { subtitle: `chi-squared per reading ${formatNumber(agreement.chi2)}` }),
        label: pairs.vector ? ['components of A − B'] : ['A − B'],
        unit: inSigma ? 'σ' : unit,
        normal: inSigma,
      }),
      caption: inSigma
        ? 'Differences over their own standard errors; dashed: the distribution that errors as stated make by chance.'
        : 'Differences of the components.',
    },
  ];
}

function sigmaLimits(values: Float64Array): Limits {
  return {
    min: -MOST_SIGMAS,
    max: MOST_SIGMAS,
    ...(values.some(v => v < -MOST_SIGMAS) ? { clippedLow: true } : {}),
    ...(values.some(v => v > MOST_SIGMAS) ? { clippedHigh: true } : {}),
  };
}

function rms(values: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const v of values) {
    if (Number.isNaN(v)) continue;
    sum += v * v;
    count++;
  }
  return Math.sqrt(sum / count);
}

const LONGEST_NAME = 34;
function short(name: string): string {
  return name.length > LONGEST_NAME ? `…${name.slice(1 - LONGEST_NAME)}` : name;
}
