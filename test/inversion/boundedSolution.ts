import type { BoundedSolution } from '../../inversion/bounded/solution.js';
import { parseCell } from '../../src/model/parseCell.js';

/** A cell of 40 x 60 mm. */
export const cell = parseCell(
  `name: c
outline_mm: {width: 40, height: 60}
thickness_mm: 4
current_A: 4
tabs:
  - {name: positive, at_mm: [[10, 60], [30, 60]], share: 1}
  - {name: negative, at_mm: [[10, 0], [30, 0]], share: -1, length_mm: 10}
`,
  'c.yaml',
);
const grid = { nx: 40, ny: 60, x0: 0.5e-3, y0: 0.5e-3, dx: 1e-3, dy: 1e-3 };
const map = (f: (x: number, y: number) => number) =>
  Float64Array.from({ length: 2400 }, (_, i) => f((i % 40) + 0.5, Math.floor(i / 40) + 0.5));

/** K_y = -100 A/m everywhere, known to `error`, and `extra` in some places. */
export function solution(extra: (x: number, y: number) => number, error = 1, more: Partial<BoundedSolution> = {}) {
  const errors = error > 0 ? { kxErrors: map(() => error), kyErrors: map(() => error) } : {};
  const base = { grid, z: 0, psi: map(() => 0), kx: map(() => 0) };
  const curve = { lambda: Float64Array.of(1), gcv: Float64Array.of(1), degrees: Float64Array.of(1) };
  return {
    sheets: [{ ...base, ky: map((x, y) => -100 + extra(x, y)), ...errors }],
    healthy: [{ ...base, ky: map(() => -100) }],
    residual: { x: map(() => 0), y: map(() => 0), z: map(() => 0), components: {}, rejected: new Uint8Array(2400) },
    lambda: 1,
    lambdaBy: 'gcv',
    lambdaWhy: 'it predicts best',
    candidates: { gcv: 1 },
    curve: { ...curve, residualNorm: Float64Array.of(1), solutionNorm: Float64Array.of(1) },
    chi2: 1,
    sigma: 5e-8,
    sigmaStated: true,
    gainError: 0,
    positionError: 0,
    errorsFitted: false,
    tabShares: [],
    residualCorrelation: 0,
    degrees: 100,
    samples: 1000,
    rejected: 0,
    readingWeights: new Float64Array(1000).fill(2e7),
    background: {},
    nuisances: [],
    share: [1],
    shareError: 0,
    totalCurrent: 4,
    resolution: 5e-3,
    departure: 0.1,
    place: undefined,
    warnings: [],
    estimate: { unknowns: 1, megaBytes: 1, seconds: 1 },
    ...more,
  } satisfies BoundedSolution as BoundedSolution;
}
