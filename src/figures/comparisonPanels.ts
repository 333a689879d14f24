import type { ComparedLayer, Comparison } from '../comparison/comparison.js';
import { deviations } from '../comparison/deviations.js';
import { type PairedValues, pairMaps } from '../comparison/pairedValues.js';
import type { ComponentName } from '../fieldScan.js';
import type { Limits, MapKind } from './colour.js';
import { formatNumber, formatQuantity } from './format.js';
import { fieldSymbol, heightText } from './inversionPanel.js';
import { colourLimits } from './limits.js';
import { mapPanel } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import { type MeasuringPlane, pickSamples } from './measuringPlanes.js';
import type { Panel } from './panel.js';
import { samplePanel } from './sampleFigure.js';
import type { RichText } from './text.js';

export interface ComparisonFigureOptions {
  /** What A and B are called; `A` and `B` if left out. */
  readonly names?: readonly [string, string];
  readonly caption?: string;
}

/** A panel with the text that belongs below it. */
export interface ComparisonPanel {
  readonly group: 'maps' | 'current' | 'histograms';
  readonly panel: Panel;
  readonly caption: RichText;
}

/** Beyond so many standard errors colours no longer tell anything apart. */
const MOST_SIGMAS = 6;

/** |K| of A and B with arrows on one scale, and the difference. */
export function currentRow(
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
export interface Drawing {
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

/** A plane whose values stand on a grid; `several` planes are told apart by their heights. */
export function gridDrawing(layer: ComparedLayer, several: boolean): Drawing {
  return {
    where: several ? `, z = ${heightText(layer.z)}` : '',
    pairs: pairMaps([layer], false),
    draw: of => mapPanel({ ...of, grid: layer.grid }),
  };
}

/** A plane whose values stand at the samples. */
export function sampleDrawing(pairs: PairedValues, plane: MeasuringPlane): Drawing {
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
export function fieldRows(
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
