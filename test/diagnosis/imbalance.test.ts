import { describe, expect, it } from 'vitest';
import { imbalance } from '../../src/diagnosis/imbalance.js';
import type { PackCurrents } from '../../src/diagnosis/imbalanceModel.js';
import { empiricalP, normalP } from '../../src/diagnosis/significance.js';
import { type Random, random } from '../../src/random.js';

/** Scans of a parallel pack whose resistances have a natural spread, measured with errors that neighbours share in part. */
function run(scans: number, cells: number, spread: number, error: number, rng: Random): PackCurrents[] {
  return Array.from({ length: scans }, () => {
    const conductance = Float64Array.from({ length: cells }, () => 1 / (1 + spread * rng.normal()));
    return measured(conductance, 20, error, rng);
  });
}

function measured(conductance: Float64Array, total: number, error: number, rng: Random): PackCurrents {
  const n = conductance.length;
  const sum = conductance.reduce((a, b) => a + b, 0);
  const size = (error * total) / n;
  const common = 0.5 * size * rng.normal();
  const current = conductance.map(g => (total * g) / sum + common + size * rng.normal());
  const covariance = new Float64Array(n * n).fill(0.25 * size * size);
  for (let i = 0; i < n; i++) covariance[i * n + i] += size * size;
  return { current, covariance };
}

const exact = (current: readonly number[]): PackCurrents => ({
  current: Float64Array.from(current),
  covariance: new Float64Array(current.length ** 2),
});

describe('resistance deviations', () => {
  it.each([
    [4, 0.1],
    [5, 0.3],
    [7, 0.06],
  ])('of %i cells, one with its resistance raised by %f: its own is found, neighbours stay at 0', (n, raised) => {
    const current = Array.from({ length: n }, (_, k) => (k === 2 ? 1 / (1 + raised) : 1));
    const [cells] = imbalance([exact(current)]).scans;
    cells.forEach((cell, k) => {
      expect(cell.resistanceDeviation).toBeCloseTo(k === 2 ? raised : 0, 12);
      expect(cell.flagged).toBe(k === 2);
    });
  });

  it('of two cells the one that carries less is out of line', () => {
    const [[a, b]] = imbalance([exact([5.45, 4.55])]).scans;
    expect(a.resistanceDeviation).toBe(0);
    expect(b.resistanceDeviation).toBeCloseTo(5.45 / 4.55 - 1, 12);
    expect(b.flagged).toBe(true);
  });

  it('do not depend on the unit or the direction of the current', () => {
    const scans = run(12, 4, 0.004, 0.001, random(3));
    const one = imbalance(scans);
    const turned = imbalance(
      scans.map(({ current, covariance }) => ({
        current: current.map(v => -1e3 * v),
        covariance: covariance.map(v => 1e6 * v),
      })),
    );
    one.scans.forEach((scan, s) => {
      scan.forEach((cell, k) => {
        expect(turned.scans[s][k].resistanceDeviation).toBeCloseTo(cell.resistanceDeviation, 10);
        expect(turned.scans[s][k].share).toBeCloseTo(cell.share, 12);
      });
    });
  });

  it('a cell that carries nothing is open, and flagged', () => {
    const [cells] = imbalance([exact([5, 5, 0, 5])]).scans;
    expect(cells[2].resistanceDeviation).toBe(Number.POSITIVE_INFINITY);
    expect(cells.map(c => c.flagged)).toEqual([false, false, true, false]);
  });
});

describe('over many scans', () => {
  it('finds 6 % among scans with 0.4 % of natural spread, and the spread', () => {
    const rng = random(7);
    for (let pack = 0; pack < 5; pack++) {
      const scans = run(30, 4, 0.004, 0.001, rng);
      scans[11] = measured(Float64Array.of(1, 1, 1 / 1.06, 1), 20, 0.001, rng);
      const found = imbalance(scans);
      const flags = found.scans.flatMap((scan, s) => scan.flatMap((cell, k) => (cell.flagged ? [`${s} ${k}`] : [])));
      expect(flags).toEqual(['11 2']);
      expect(found.spread).toBeGreaterThan(0.003);
      expect(found.spread).toBeLessThan(0.0052);
    }
  });

  it('takes the habits of cells from a reference, and tells cells that differ in all scans', () => {
    const rng = random(8);
    const habit = Float64Array.of(1.05, 1, 1, 0.92);
    const scans = Array.from({ length: 8 }, () =>
      measured(
        habit.map(g => g * (1 + 0.003 * rng.normal())),
        20,
        1e-3,
        rng,
      ),
    );
    const alone = imbalance(scans);
    expect([...alone.persistent]).toEqual([1, 0, 0, 1]);
    const compared = imbalance(scans, { reference: scans });
    expect(compared.scans.flat().some(cell => cell.flagged)).toBe(false);
  });

  it('takes no difference for one that errors which all scans share explain: they hide no fault, and make none', () => {
    const rng = random(12);
    // A cell reads 8 % too much in all scans; another one has a fault in three.
    const scans = Array.from({ length: 20 }, (_, s) => {
      const truth = Float64Array.from(
        { length: 4 },
        (_, k) => (1 + 0.004 * rng.normal()) / (k === 2 && s < 3 ? 1.06 : 1),
      );
      const { current, covariance } = measured(truth, 20, 1e-3, rng);
      current[1] *= 1.08;
      return { current, covariance };
    });
    const withCommon = (error: number) => {
      const covariance = new Float64Array(16);
      for (let k = 0; k < 4; k++) covariance[5 * k] = (5 * error) ** 2;
      return imbalance(scans, { common: { current: new Float64Array(4).fill(5), covariance } });
    };
    const flags = ({ scans: told }: ReturnType<typeof imbalance>) =>
      told.flatMap((cells, s) => cells.flatMap(({ flagged }, k) => (flagged ? [`${s} ${k}`] : [])));
    const unsure = withCommon(0.06);
    expect([...unsure.persistent]).toEqual([0, 0, 0, 0]);
    expect(flags(unsure)).toEqual(['0 2', '1 2', '2 2']);
    expect(Math.abs(unsure.spread - 0.004)).toBeLessThan(0.0015);
    // Small errors leave it a difference.
    expect([...withCommon(1e-3).persistent]).toEqual([0, 1, 0, 0]);
    // What all cells share cancels.
    const shared = imbalance(scans, {
      common: { current: new Float64Array(4).fill(5), covariance: new Float64Array(16).fill(0.3 ** 2) },
    });
    expect([...shared.persistent]).toEqual([0, 1, 0, 0]);
  });

  it('finds a resistance that rises from scan to scan', () => {
    const rng = random(9);
    const scans = Array.from({ length: 24 }, (_, s) =>
      measured(
        Float64Array.from({ length: 4 }, (_, k) => (1 + 0.004 * rng.normal()) / (k === 1 ? 1 + 0.001 * s : 1)),
        20,
        1e-3,
        rng,
      ),
    );
    const { trends } = imbalance(scans);
    expect(trends.map(t => t.significant)).toEqual([false, true, false, false]);
    expect(Math.abs(trends[1].slope - 1e-3)).toBeLessThan(3 * trends[1].error);
  });
});

describe('without a fault', () => {
  // The rate that a report states is itself simulated: both are compared over independent draws.
  it.each([
    [2, 6, 60],
    [3, 6, 30],
    [4, 6, 20],
  ])(
    '%i cells in %i scans: healthy packs stand out as often as is stated, within the binomial error; none is flagged',
    (cells, scans, packs) => {
      const rng = random(21);
      let [significant, stated, flagged] = [0, 0, 0];
      for (let pack = 0; pack < packs; pack++) {
        const found = imbalance(run(scans, cells, 0.004, 0.002, rng));
        stated += found.falseFlags.bySignificance / packs;
        if (found.scans.flat().some(cell => cell.adjustedP < found.level)) significant++;
        if (found.scans.flat().some(cell => cell.flagged)) flagged++;
      }
      const error = Math.sqrt((stated * (1 - stated)) / packs);
      expect(stated).toBeGreaterThan(0.02);
      expect(stated).toBeLessThan(0.06);
      expect(Math.abs(significant / packs - stated)).toBeLessThan(3 * error);
      expect(flagged).toBe(0);
    },
  );

  // What makes the rate hold for every spread: six scans do not tell how much of what they show is error of measurement.
  it.each([2, 3])(
    '%i cells: chances depend neither on the part that errors of measurement have nor on the habits',
    cells => {
      const rng = random(22);
      const noise = Array.from({ length: 6 }, () => Array.from({ length: cells }, () => 0.005 * rng.normal()));
      const [habits, none] = [
        Array.from({ length: cells }, () => 1 + 0.028 * (rng.uniform() - 0.5)),
        Array(cells).fill(1),
      ];
      const chances = (error: number, usual: readonly number[]) => {
        const scans = noise.map(own => {
          const covariance = new Float64Array(cells * cells);
          for (let k = 0; k < cells; k++) covariance[k * (cells + 1)] = (error * usual[k]) ** 2;
          return { current: Float64Array.from(own, (v, k) => usual[k] * (1 + v)), covariance };
        });
        return imbalance(scans).scans.flatMap(scan => scan.map(({ p }) => p));
      };
      const plain = chances(1e-4, none);
      for (const other of [chances(3e-3, none), chances(6e-3, none)]) {
        other.forEach((p, i) => {
          expect(p / plain[i]).toBeGreaterThan(0.94);
          expect(p / plain[i]).toBeLessThan(1.06);
        });
      }
      // Other currents, other draws.
      chances(1e-4, habits).forEach((p, i) => {
        expect(Math.abs(p - plain[i])).toBeLessThan(0.02);
      });
    },
  );
});

it('empirical p values count the sample and never reach 0', () => {
  const sample = Float64Array.of(1, 2, 3, 4);
  expect([0, 1, 2.5, 4, 5].map(v => empiricalP(sample, v))).toEqual([1, 1, 0.6, 0.4, 0.2]);
});

it('normal tails, against tables', () => {
  expect(normalP(1)).toBeCloseTo(0.3173105078629141, 12);
  expect(normalP(-1.959963984540054)).toBeCloseTo(0.05, 12);
  expect(normalP(5) / 5.733031437583892e-7).toBeCloseTo(1, 9);
});
