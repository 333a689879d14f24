import { describe, expect, it } from 'vitest';
import { cellCurrents } from '../../../inversion/cellCurrents/cellCurrents.js';
import { imbalance } from '../../../src/diagnosis/imbalance.js';
import { healthyCurrents, packedCell, simulatePack, withResistances } from './simulatedPack.js';

const MM = 1e-3;
const cell = packedCell(60, 90, ['top', 10, 25], ['top', 35, 50]);

describe('three cells turned by a quarter, busbars nobody describes, Bz only', () => {
  const cells = [0, 66, 132].map((y, i) => ({
    name: 'ABC'[i],
    cell,
    placement: { at: [0, y * MM] as const, rotate_deg: 90 },
  }));
  const currents = healthyCurrents(8, 3, 0.004, 5);
  currents[3] = withResistances(20, Float64Array.of(1, 1.06, 1));
  const scans = simulatePack({
    cells,
    currents,
    components: ['bz'],
    pitch: 5 * MM,
    height: 6 * MM,
    noise: 6e-8,
    seed: 3,
    wires: 'busbars',
  });
  const found = cellCurrents(scans, cells);

  it('currents within 1 %, scans of one geometry factorised once', () => {
    expect(found.geometries).toBe(1);
    found.scans.forEach(({ current }, s) => {
      current.forEach((v, k) => {
        expect(Math.abs(v / currents[s][k] - 1)).toBeLessThan(0.01);
      });
    });
  });

  it('a cell with 6 % more resistance is flagged, and no other', () => {
    const { scans: judged } = imbalance(
      found.scans.map(({ current, ownCovariance }) => ({ current, covariance: ownCovariance })),
    );
    const flags = judged.flatMap((own, s) => own.flatMap((c, k) => (c.flagged ? [`${s} ${cells[k].name}`] : [])));
    expect(flags).toEqual(['3 B']);
  });
}, 120_000);

it('known leads of a cell change nothing: around the cells all wires are unknown', () => {
  const path = [
    [17, 95, 0],
    [17, 300, 40],
  ].map(point => point.map(v => v * MM) as [number, number, number]);
  const lead = { name: 'cable', path, share: 1 };
  const cells = (leads: readonly (typeof lead)[]) =>
    [0, 66].map((x, i) => ({
      name: 'AB'[i],
      cell: { ...cell, leads } as typeof cell,
      placement: { at: [x * MM, 0] as const, rotate_deg: 0 },
    }));
  const scans = simulatePack({
    cells: cells([]),
    currents: healthyCurrents(1, 2, 0.004, 5),
    components: ['bz'],
    pitch: 7 * MM,
    height: 6 * MM,
    noise: 6e-8,
    seed: 3,
    wires: 'busbars',
  });
  const [with_, without] = [[lead], []].map(leads => cellCurrents(scans, cells(leads)).scans[0]);
  expect(with_.current).toEqual(without.current);
  expect(with_.covariance).toEqual(without.covariance);
}, 120_000);
