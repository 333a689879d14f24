import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, resultOf, rigText, scanOnce } from './support.js';

it('smoke', async () => {
  const text = rigText();
  const t = performance.now();
  const outcome = await scanOnce({ text, path: join(emptyFolder(), 'a.journal') });
  console.log(
    outcome.error,
    performance.now() - t,
    outcome.clock.now(),
    outcome.events.slice(-3),
    outcome.events.filter(e => e.kind === 'note'),
  );
  const result = resultOf(text, outcome.state);
  console.log(result.quality, result.scan.count, result.scan.components.bz!.values.slice(0, 5), result.warnings);
  expect(outcome.error).toBeUndefined();
});
