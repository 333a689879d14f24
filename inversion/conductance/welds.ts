import type { Cell } from '../../src/model/cell.js';
import type { DepartureForm } from '../bounded/departureForm.js';
import type { FoilSolution } from './foilInversion.js';

/** A tab whose current comes through a part of its width. */
export interface WeldDefect {
  readonly kind: 'weld';
  readonly tab: string;
  /** The part of the tab's width that carries current, anticlockwise along the outline, 0 to 1. */
  readonly from: number;
  readonly to: number;
  /** Middle of the tab, m. */
  readonly centre: readonly [x: number, y: number];
  /** Largest part of the tab's current that flows elsewhere along the tab than in a healthy one, and its standard error. */
  readonly moved: number;
  readonly error: number;
  readonly confidence: number;
}

/** A profile is called a bad weld when this part of the current has moved, */
const LEAST = 0.12;
/** and so many standard errors of it. */
const SURE = 5;
const POINTS = 200;
/** What carries less than this part of the mean current is not welded. */
const BARE = 0.25;

/**
 * Tabs whose profile, as the readings tell it, no whole tab could have: modes that no strip makes (`tabColumns`). The welded part is
 * the shortest piece outside which hardly any current flows.
 */
export function weldDefects(cell: Cell, form: DepartureForm, solution: FoilSolution): WeldDefect[] {
  const kept = form.keptOf(solution.departures, solution.objective.also);
  const covariance = form.patternCovariance();
  const p = form.model.patterns.length;
  const out: WeldDefect[] = [];
  cell.tabs.forEach((tab, t) => {
    const current = Math.abs(tab.share * (cell.current ?? 0));
    /** Modes of this tab's profile in the first sheet: index of the pattern, number of the mode. */
    const modes = form.model.patterns.flatMap((pattern, k) => {
      const column = pattern.tab === undefined ? undefined : form.tabs.columns[pattern.tab.column];
      const number = column?.tab === t ? /^mode .* (\d+)$/.exec(column.name)?.[1] : undefined;
      return number === undefined || pattern.tab?.sheet !== 0 ? [] : [{ k, j: Number(number) }];
    });
    if (modes.length === 0 || current === 0) return;
    const sheets = form.model.departures.length;
    const deviation = (s: number) =>
      modes.reduce((sum, { k, j }) => sum + kept[form.n + k] * Math.sin(j * Math.PI * s), 0) * sheets;
    let [moved, error, at] = [0, 0, 0];
    for (let i = 1; i < POINTS; i++) {
      const value = Math.abs(deviation(i / POINTS));
      if (value > moved) [moved, at] = [value, i / POINTS];
    }
    for (const a of modes) {
      for (const b of modes) {
        error += covariance[a.k * p + b.k] * Math.sin(a.j * Math.PI * at) * Math.sin(b.j * Math.PI * at);
      }
    }
    error = Math.sqrt(error) * sheets;
    if (moved < LEAST * current || moved < SURE * error) return;
    const sign = Math.sign(tab.share) || 1;
    // psi falls along a tab that lets current in.
    const density = Float64Array.from({ length: POINTS }, (_, i) => {
      const slope = (deviation((i + 1) / POINTS) - deviation(i / POINTS)) * POINTS;
      return 1 - (sign * slope) / current;
    });
    const bare = density.map(v => (v < BARE ? 1 : 0));
    let [first, last] = [0, POINTS];
    while (first < POINTS && bare[first]) first++;
    while (last > first && bare[last - 1]) last--;
    out.push({
      kind: 'weld',
      tab: tab.name,
      from: first / POINTS,
      to: last / POINTS,
      centre: [(tab.start[0] + tab.end[0]) / 2, (tab.start[1] + tab.end[1]) / 2],
      moved: moved / current,
      error: error / current,
      confidence: 1 - Math.exp(-((moved / error) ** 2) / 2),
    });
  });
  return out;
}
