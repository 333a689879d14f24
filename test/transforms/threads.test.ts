import { describe, expect, it } from 'vitest';
import { realTransform2D, setTransformThreads, transformThreads } from '../../src/transforms/index.js';
import { normal } from './support.js';

describe('helper threads', () => {
  it('change no bit of the result, called again and again in alternating workspaces', async () => {
    const sizes = [
      [300, 256],
      [256, 320],
    ];
    const alone = sizes.map(([ny, nx]) => {
      setTransformThreads(1);
      const plan = realTransform2D(ny, nx);
      const spectrum = new Float64Array(plan.spectrumLength);
      plan.forward(normal(ny * nx, ny), spectrum);
      return spectrum;
    });
    setTransformThreads(3);
    expect(transformThreads()).toBe(3);
    const plans = sizes.map(([ny, nx]) => {
      const plan = realTransform2D(ny, nx);
      const real = plan.allocate(ny * nx);
      real.set(normal(ny * nx, ny));
      return { plan, real, spectrum: plan.allocate(plan.spectrumLength) };
    });
    for (let round = 0; round < 60; round++) {
      // Now and then the helpers go to sleep, and workspaces reach those that were not there yet.
      if (round % 10 === 9) await new Promise(resolve => setTimeout(resolve, 20));
      for (const [i, { plan, real, spectrum }] of plans.entries()) {
        spectrum.fill(Number.NaN);
        plan.forward(real, spectrum);
        expect(spectrum.every((v, j) => v === alone[i][j])).toBe(true);
      }
    }
  });
});
