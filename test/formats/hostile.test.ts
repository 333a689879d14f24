import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SavartError } from '../../src/errors.js';
import { writeMat } from '../../src/formats/matWrite.js';
import { formatResult, parseResult } from '../../src/formats/nexusResult.js';
import { readImage } from '../../src/formats/npzScan.js';
import { formatScan, parseScan, type ScanFormat } from '../../src/formats/scanFile.js';
import { fullScan, SEED } from './arbitraries.js';

/** Whatever the bytes are, a reader returns or throws one of our own errors with something to say. */
async function survives(read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof SavartError)) throw error;
    expect(error.message).not.toBe('');
  }
}

const MAGIC: Readonly<Record<ScanFormat, readonly number[]>> = {
  csv: [],
  npz: [0x50, 0x4b, 3, 4],
  npy: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0],
  mat: [...writeMat([])],
  hdf5: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0],
};

interface Damage {
  readonly flips: readonly (readonly [number, number])[];
  readonly cut: number;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  flips: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
  cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat() }),
});

function apply(bytes: Uint8Array, { flips, cut }: Damage): Uint8Array {
  const out = bytes.slice(0, bytes.length - (cut % bytes.length));
  for (const [at, value] of flips) out[at % out.length] = value;
  return out;
}

describe.each(Object.keys(MAGIC) as ScanFormat[])('%s', format => {
  const file = `scan.${format === 'hdf5' ? 'h5' : format}`;

  it('survives random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (tail, marked) => {
        const bytes = Uint8Array.of(...(marked ? MAGIC[format] : []), ...tail);
        await survives(() => parseScan(bytes, { file }));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('survives damaged files', async () => {
    const good = await formatScan(fullScan, format);
    await fc.assert(
      fc.asyncProperty(damage, async how => survives(() => parseScan(apply(good, how), { file }))),
      { seed: SEED, numRuns: format === 'hdf5' ? 200 : 500 },
    );
  });

  it('survives every truncation', async () => {
    const good = await formatScan(fullScan, format);
    const step = Math.max(1, Math.floor(good.length / (format === 'hdf5' ? 60 : 300)));
    for (let n = 0; n < good.length; n += step) await survives(() => parseScan(good.subarray(0, n), { file }));
  });
});

it('results survive damage', async () => {
  const grid = { nx: 3, ny: 2, x0: 0, y0: 0, dx: 1e-3, dy: 1e-3 };
  const values = Float64Array.of(1, 2, 3, 4, 5, 6);
  const good = await formatResult({
    sheets: [{ grid, z: 0, psi: values, kx: values, ky: values }],
    field: { grid, z: 5e-3, components: { bz: values } },
    process: { program: 'savart', version: '0', date: '', inputs: [], parameters: {} },
  });
  await fc.assert(
    fc.asyncProperty(damage, async how => survives(() => parseResult(apply(good, how)))),
    { seed: SEED, numRuns: 150 },
  );
});

it('images survive damage', async () => {
  const good = await formatScan(fullScan, 'npz');
  await fc.assert(
    fc.asyncProperty(damage, async how => survives(() => readImage(apply(good, how)))),
    { seed: SEED, numRuns: 200 },
  );
});
