import { describe, expect, it } from 'vitest';
import { formatStack } from '../../src/formats/nexusStack.js';
import { parseStack } from '../../src/formats/nexusStackRead.js';
import { formatScan } from '../../src/formats/scanFile.js';
import { scan, stack } from '../viewer/fixtures.js';

describe('a stack', () => {
  it.each(['soc', 't_s', 'temperature_C'] as const)('over %s comes back as it was written', async by => {
    const written = { ...stack(), by };
    expect(await parseStack(await formatStack(written))).toEqual(written);
  });

  it('without hot spots and regions comes back, too', async () => {
    const written = { ...stack(2), hotSpots: [], regions: stack(2).regions };
    expect(await parseStack(await formatStack(written))).toEqual(written);
  });

  it('is told from other files, with the name of the file', async () => {
    const other = await formatScan(scan(), 'hdf5');
    await expect(parseStack(other, { file: 'x.h5' })).rejects.toMatchObject({
      file: 'x.h5',
      message: 'holds no series',
    });
    const cut = (await formatStack(stack())).slice(0, 4000);
    await expect(parseStack(cut)).rejects.toMatchObject({ code: 'input' });
  });
});
