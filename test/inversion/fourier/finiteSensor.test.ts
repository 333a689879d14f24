import { describe, expect, it } from 'vitest';
import { buried, centredGrid, currentError, planePoints } from '../../../bench/analyticCases.js';
import { fourierInversion } from '../../../inversion/fourier/fourierInversion.js';
import type { Sensor } from '../../../inversion/fourier/sensorResponse.js';
import { dipoleField, zeroField } from '../../../src/biotSavart/index.js';
import type { FieldMap } from '../../../src/fieldMap.js';
import { gaussLegendre } from '../../biotSavart/support.js';
import { expectBelow, normals } from './support.js';

/** The buried dipoles seen by a square sensor: the closed form averaged over its area by quadrature, 0.1 % noise. */
const grid = centredGrid(128, 2e-3);
const truth = buried(4e-3, grid);
const side = 12e-3;

function averaged(): Float64Array {
  const { nodes, weights } = gaussLegendre(6);
  const centre = planePoints(grid, truth.z);
  const out = new Float64Array(centre.x.length);
  for (let i = 0; i < nodes.length; i++) {
    for (let j = 0; j < nodes.length; j++) {
      const moved = {
        x: centre.x.map(x => x + 0.5 * side * nodes[i]),
        y: centre.y.map(y => y + 0.5 * side * nodes[j]),
        z: centre.z,
      };
      const field = zeroField(out.length);
      dipoleField(moved, [-0.03, 0.02, -0.012], [0, 0, 1], field);
      dipoleField(moved, [0.035, -0.025, -0.008], [0, 0, -0.6], field);
      dipoleField(moved, [0.02, 0.04, -0.02], [0, 0, 1.5], field);
      for (let p = 0; p < out.length; p++) out[p] += 0.25 * weights[i] * weights[j] * field.bz[p];
    }
  }
  return out;
}

describe('a sensor of finite size', () => {
  const clean = averaged();
  const top = clean.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const noise = normals(clean.length, 1);
  const map: FieldMap = { grid, z: truth.z, components: { bz: clean.map((v, i) => v + 1e-3 * top * noise[i]) } };
  const error = (sensor?: Sensor) => {
    const { current } = fourierInversion(map, sensor === undefined ? {} : { sensor });
    return currentError(truth, current.kx, current.ky);
  };

  it('blurs the map where it is left out, and less so where it is known', () => {
    const [without, known] = [error(), error({ kind: 'square', side })];
    expect(without).toBeGreaterThan(0.2);
    expectBelow(known, 0.16);
    expectBelow(known / without, 0.5);
  });

  it('known by its measured sensitivity does as well', () => {
    const n = 61;
    const pitch = side / 48;
    const values = Float64Array.from({ length: n * n }, (_, i) => {
      const [x, y] = [(i % n) - (n - 1) / 2, Math.floor(i / n) - (n - 1) / 2];
      // Pixels on the edge count half.
      const part = (d: number) => (Math.abs(d) < 24 ? 1 : Math.abs(d) === 24 ? 0.5 : 0);
      return part(x) * part(y);
    });
    const image = { values, nx: n, ny: n, dx: pitch, dy: pitch };
    expectBelow(Math.abs(error({ kind: 'area', image }) / error({ kind: 'square', side }) - 1), 0.02);
  });
});
