import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldScan } from '../../src/fieldScan.js';
import { formatScanCsv, parseScanCsv } from '../../src/formats/csvScan.js';
import { formatResult, parseResult } from '../../src/formats/nexusResult.js';
import { detectFormat, formatScan, parseScan, type ScanFormat } from '../../src/formats/scanFile.js';
import { anyResult, anyScan, fullScan, renumberSensors, SEED } from './arbitraries.js';

const FORMATS: ScanFormat[] = ['csv', 'npz', 'npy', 'mat', 'hdf5'];
/** Formats that name the sensor of each sample number the sensors anew. */
const expected = (scan: FieldScan, format: ScanFormat) =>
  format === 'csv' || format === 'npy' ? renumberSensors(scan) : scan;

describe('a scan comes back bit for bit', () => {
  for (const format of FORMATS) {
    it(`from ${format}`, async () => {
      await fc.assert(
        fc.asyncProperty(anyScan, async scan => {
          const bytes = await formatScan(scan, format);
          expect(detectFormat(bytes)).toBe(format);
          expect(await parseScan(bytes)).toEqual(expected(scan, format));
        }),
        { seed: SEED, numRuns: format === 'hdf5' ? 60 : 200 },
      );
    });
  }

  it('through all formats one after the other', async () => {
    let scan = fullScan;
    for (const format of FORMATS) scan = await parseScan(await formatScan(scan, format));
    expect(scan).toEqual(fullScan);
  });

  it('and writing it again gives the same text', () => {
    fc.assert(
      fc.property(anyScan, scan => {
        const bytes = formatScanCsv(scan);
        expect(formatScanCsv(parseScanCsv(bytes))).toEqual(bytes);
      }),
      { seed: SEED },
    );
  });
});

it('a result comes back bit for bit', async () => {
  await fc.assert(
    fc.asyncProperty(anyResult, async result => {
      expect(await parseResult(await formatResult(result))).toEqual(result);
    }),
    { seed: SEED, numRuns: 60 },
  );
});
