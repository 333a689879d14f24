import { expect, it } from 'vitest';
import type { LinearModel } from '../../../inversion/bounded/linearModel.js';
import { scanReadings } from '../../../inversion/bounded/scanReadings.js';
import { packSystem } from '../../../inversion/cellCurrents/packSystem.js';
import { ALONE } from '../../../inversion/cellCurrents/splitScans.js';
import { denseWorkspace } from '../../../src/linearAlgebra/index.js';
import { random } from '../../../src/random.js';

it('the evidence counts a known sum of the currents as the reading that it is', () => {
  const rng = random(3);
  const count = 40;
  const normal = (scale: number) => Float64Array.from({ length: count }, () => scale * rng.normal());
  const [x, y, values] = [normal(1e-2), normal(1e-2), normal(1e-7)];
  const z = new Float64Array(count).fill(5e-3);
  const readings = scanReadings({ count, x, y, z, components: { bz: { values } }, sigma: 1e-7 });
  const model: LinearModel = {
    departures: [],
    patterns: [2, 3, 1].map((sd, p) => ({ name: `pattern ${p}`, field: normal(2e-8), sd })),
    outside: [],
    base: new Float64Array(count),
    standoff: 5e-3,
    kept: 3,
    unknowns: 3,
  };
  const system = packSystem(model, readings, new Float64Array(count).fill(1e7), denseWorkspace(1e7));

  // What the readings alone say of the sum of the first two unknowns: its mean and its variance.
  const alone = system.factorise(ALONE);
  const [free] = alone.solve([values]);
  const rows = alone.covariance([0, 1]);
  const mean = free[0] + free[1];
  const variance = rows[0][0] + rows[0][1] + rows[1][0] + rows[1][1];

  const sigma = 0.5;
  const known = system.factorise(ALONE, { count: 2, sigma });
  const evidence = (sum: number) => known.evidence([values], known.solve([values], [sum]), 1, [sum])[0];
  const density = (sum: number) => (-0.5 * (sum - mean) ** 2) / (variance + sigma ** 2);
  for (const sum of [-3, 0, 1.5, 8]) {
    expect(evidence(sum) - evidence(0)).toBeCloseTo(density(sum) - density(0), 9);
  }
});
