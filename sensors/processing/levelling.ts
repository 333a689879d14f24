/** Where a scan line and a tie line cross, or come within half a pitch: both readings of one channel. */
export interface Crossing {
  /** Number of the scan line, 0, 1, ... */
  readonly line: number;
  /** Number of the tie line, 0, 1, ... */
  readonly tie: number;
  /** Place along the scan line, -1 ... 1. */
  readonly along: number;
  /** Reading of the line less that of the tie line, T. */
  readonly misfit: number;
  /** T. */
  readonly sigma: number;
}

/** What is taken off a line: level + slope * along. */
export interface Levels {
  readonly level: Float64Array;
  readonly slope: Float64Array;
  /** Of the tie lines. */
  readonly tieLevel: Float64Array;
  /** Root mean square of the misfits before and after, T. */
  readonly before: number;
  readonly after: number;
}

const PASSES = 100;

/**
 * Levels lines by the lines that cross them: misfit = level_line + slope_line * along - level_tie, by least squares with
 * the levels held near zero by their own variance (which the misfits show), so that lines without crossings stay where
 * they are. The mean of all levels is that of the data. Slopes are fitted to lines with three crossings or more.
 * Gauss-Seidel over lines and ties.
 */
export function levelLines(crossings: readonly Crossing[], lines: number, ties: number): Levels {
  const level = new Float64Array(lines);
  const slope = new Float64Array(lines);
  const tieLevel = new Float64Array(ties);
  const counts = new Int32Array(lines);
  for (const { line } of crossings) counts[line]++;
  const rms = (of: (crossing: Crossing) => number) =>
    Math.sqrt(crossings.reduce((sum, crossing) => sum + of(crossing) ** 2, 0) / Math.max(1, crossings.length));
  const before = rms(crossing => crossing.misfit);
  const noise = rms(crossing => crossing.sigma);
  const variance = before ** 2 - noise ** 2;
  const residual = ({ line, tie, along, misfit }: Crossing) =>
    misfit - level[line] - slope[line] * along + tieLevel[tie];
  if (!(variance > noise ** 2 * Math.sqrt(8 / Math.max(1, crossings.length)))) {
    return { level, slope, tieLevel, before, after: before };
  }
  for (let pass = 0; pass < PASSES; pass++) {
    const [up, prior] = [new Float64Array(lines), new Float64Array(lines).fill(1 / variance)];
    const [turn, stiff] = [new Float64Array(lines), new Float64Array(lines).fill(1 / variance)];
    const [lift, held] = [new Float64Array(ties), new Float64Array(ties).fill(1 / variance)];
    for (const crossing of crossings) {
      const weight = 1 / crossing.sigma ** 2;
      up[crossing.line] += weight * (residual(crossing) + level[crossing.line]);
      prior[crossing.line] += weight;
    }
    for (let l = 0; l < lines; l++) level[l] = up[l] / prior[l];
    for (const crossing of crossings) {
      if (counts[crossing.line] < 3) continue;
      const weight = 1 / crossing.sigma ** 2;
      turn[crossing.line] += weight * crossing.along * (residual(crossing) + slope[crossing.line] * crossing.along);
      stiff[crossing.line] += weight * crossing.along ** 2;
    }
    for (let l = 0; l < lines; l++) slope[l] = turn[l] / stiff[l];
    for (const crossing of crossings) {
      const weight = 1 / crossing.sigma ** 2;
      lift[crossing.tie] -= weight * (residual(crossing) - tieLevel[crossing.tie]);
      held[crossing.tie] += weight;
    }
    let change = 0;
    for (let t = 0; t < ties; t++) {
      const next = lift[t] / held[t];
      change = Math.max(change, Math.abs(next - tieLevel[t]));
      tieLevel[t] = next;
    }
    if (change < 1e-3 * noise) break;
  }
  return { level, slope, tieLevel, before, after: rms(residual) };
}
