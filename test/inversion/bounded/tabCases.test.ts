import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pixelCurrent } from '../../../inversion/bounded/pixelCurrent.js';
import { tabColumns } from '../../../inversion/bounded/tabColumns.js';
import { readNpy } from '../../../src/formats/npy.js';
import { boundingBox } from '../../../src/model/outline.js';
import { parseCell } from '../../../src/model/parseCell.js';
import { relativeError } from './support.js';

const CASES = new URL('../../../../shared/cases/', import.meta.url);

/** The healthy cell's K of a case, per component and point. */
function truth(name: string) {
  const numbers = (file: string) => {
    const content = readNpy(readFileSync(new URL(`${name}/truth/${file}.npy`, CASES)));
    return (content as { data: Float64Array }).data;
  };
  return { x: numbers('x_m'), y: numbers('y_m'), k: numbers('K_healthy_A_per_m'), mask: numbers('mask') };
}

describe.skipIf(!existsSync(CASES))(
  'the harmonic part against the potential pair of the cases (../shared/cases)',
  () => {
    // Expected, and with the columns fitted.
    it.each([
      ['same-side-tabs', 0.035, 0.009],
      ['counter-tabs', 0.009, 0.009],
      ['notched-outline', 0.022, 0.008],
      ['steep-leads', 0.032, 0.009],
      ['two-sheets', 0.065, 1e-6],
    ])('%s', (name, expected, fitted) => {
      const cell = parseCell(readFileSync(new URL(`${name}/cell.yaml`, CASES), 'utf8'), 'cell.yaml');
      const { x, y, k, mask } = truth(name);
      const tabs = tabColumns(cell, boundingBox(cell.outline));
      const current = pixelCurrent(tabs.fine, x, y);
      const inMask = (values: Float64Array) => values.map((value, i) => (mask[i % mask.length] > 0 ? value : 0));
      const patterns = [tabs.base, ...tabs.columns.map(column => column.psi)].map(psi => {
        const { kx, ky } = current(psi);
        return inMask(Float64Array.of(...kx, ...ky));
      });
      const wanted = inMask(k);
      expect(relativeError(patterns[0], wanted)).toBeLessThan(expected);

      // Least squares, one column after the other until nothing changes.
      const sum = patterns[0].slice();
      const norms = patterns.map(p => p.reduce((total, value) => total + value * value, 0));
      for (let sweep = 0; sweep < 100; sweep++) {
        for (let c = 1; c < patterns.length; c++) {
          let overlap = 0;
          for (let i = 0; i < sum.length; i++) overlap += patterns[c][i] * (wanted[i] - sum[i]);
          for (let i = 0; i < sum.length; i++) sum[i] += (overlap / norms[c]) * patterns[c][i];
        }
      }
      expect(relativeError(sum, wanted)).toBeLessThan(fitted);
    });
  },
);
