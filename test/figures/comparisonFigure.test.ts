import { describe, expect, it } from 'vitest';
import { compareScans, histogram } from '../../src/comparison/index.js';
import { comparisonFigure, comparisonFigures, figure, histogramPanel } from '../../src/figures/index.js';
import { fieldScan } from '../comparison/support.js';
import { checkMarkup, HOSTILE } from './helpers.js';

const noise = 5e-8;

describe('figures of a comparison', () => {
  const comparison = compareScans(
    fieldScan({ noise, seed: 1, pitch: 6e-3 }),
    fieldScan({ noise, seed: 2, pitch: 6e-3 }),
  );

  it('show A, B and the difference of each component, and two histograms', () => {
    const svg = comparisonFigure(comparison);
    checkMarkup(svg, false);
    expect(svg.match(/<g transform=/g)).toHaveLength(3 * 3 + 2);
    expect(comparisonFigures(comparison)).toHaveLength(3 * 3 + 2);
  });

  it('show odd and even part and antisymmetry where the currents are opposite', () => {
    const scan = fieldScan({ noise, seed: 1, pitch: 6e-3, current: -1 });
    const reversed = compareScans(fieldScan({ noise, seed: 2, pitch: 6e-3 }), scan);
    expect(comparisonFigures(reversed)).toHaveLength(3 * 3 + 3 + 2);
  });

  it('names of files cannot break out', () => {
    for (const name of HOSTILE)
      checkMarkup(comparisonFigure(comparison, { names: [name, name], caption: name }), false);
  });
});

describe('histogram', () => {
  it('draws a step per bin, as high as its count', () => {
    const counted = histogram([[0, 0.1, 0.2, 0.9, 1]]);
    const panel = histogramPanel({ histogram: counted, names: ['A'], title: 'T', label: 'x', unit: '', normal: true });
    checkMarkup(figure([panel]), false);
    expect(panel.label).toContain('T');
    expect(panel.body).toContain('chance alone');
  });
});
