import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { killedScans } from '../../../bench/killedScans.js';
import { emptyFolder } from './support.js';

const CHILD = fileURLToPath(new URL('../../../dist/bench/scanChild.js', import.meta.url));

/* `npm run validate` does the same 100 times; docs/rig.md has the table. */
it('killed with SIGKILL at random moments, scans go on: nothing recorded is lost, and the map is that of an undisturbed one', async () => {
  const scans = await killedScans(6, { seed: 2, child: CHILD, folder: emptyFolder(), together: 2 });
  // All over the run.
  expect(new Set(scans.map(({ done }) => done)).size).toBeGreaterThan(3);
  for (const { kept, difference } of scans) {
    expect(kept).toBe(true);
    expect(difference).toBeLessThan(1e-15);
  }
}, 180_000);
