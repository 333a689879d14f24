import type { Comparison } from '../comparison/comparison.js';
import { comparisonHistograms } from '../comparison/deviations.js';
import type { ComparisonPanel } from './comparisonPanels.js';
import { formatNumber, formatQuantity } from './format.js';
import { histogramPanel } from './histogramFigure.js';
import { fieldSymbol } from './inversionPanel.js';
import type { PanelSize } from './mapFrame.js';
import { measuringPlanes, pickSamples } from './measuringPlanes.js';
import { samplePanel } from './sampleFigure.js';
import type { RichText } from './text.js';

/** Odd and even part in the current, and what is left between them, of the component normal to the cell if there is one. */
export function currentParts({ relation, unit }: Comparison, size: PanelSize): ComparisonPanel[] {
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

/** Of the values of both, and of their difference beside what chance makes. */
export function histogramPanels({ pairs, unit, agreement }: Comparison, size: PanelSize): ComparisonPanel[] {
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
