import { InputError } from '../errors.js';
import type { Cell } from './cell.js';
import { perimeter, wrapArc } from './outline.js';
import { type TabSpan, tabSpan } from './tabSpan.js';

/**
 * How a tab's current is spread along it: the part of the current between the tab's start and the fraction t of its
 * length, anticlockwise; p(0) = 0, p(1) = 1. It need not be monotonic: eddies at the ends of a tab are real.
 */
export type TabProfile = (t: number) => number;

/** One profile per tab, in the order of `cell.tabs`; undefined stands for {@link uniformProfile}. */
export type TabProfiles = readonly (TabProfile | undefined)[];

/** The current spread evenly along the tab. */
export const uniformProfile: TabProfile = t => t;

/** What the boundary values need of a cell. */
export type CellBoundary = Pick<Cell, 'outline' | 'tabs'>;

/**
 * The stream function on the outline per unit current: psi / current_A as a function of the arc, m (see `Outline`).
 *
 * Going round anticlockwise, psi grows by the current that leaves through the outline, for with K = curl(psi z) and the
 * outward normal n, K.n = d psi / ds. A tab of share f lets f *into* the plane, so across it
 *
 *     psi = (psi at its start) - f p(t),   t = (s - start) / length,
 *
 * and psi is constant between tabs. psi = 0 at arc 0, the first corner of the outline, wherever that lies, even within a
 * tab. The shares add up to zero, so psi closes after one turn; arcs beyond one turn go on round.
 *
 * The function that is returned takes an arc and, optionally, the profiles to use in place of uniform ones.
 * @throws {InputError} if a tab does not lie on one straight edge of the outline (never for a cell that was parsed).
 */
export function boundaryPsi(cell: CellBoundary): (arc: number, profiles?: TabProfiles) => number {
  const { outline, tabs } = cell;
  const spans = tabSpans(cell);
  const turn = perimeter(outline);
  return (arc, profiles = []) => {
    const s = wrapArc(outline, arc);
    let psi = 0;
    for (let k = 0; k < spans.length; k++) {
      psi -= tabs[k].share * passed(spans[k], turn, s, profiles[k] ?? uniformProfile);
    }
    return psi;
  };
}

/** Where each tab lies along the outline, in the order of `cell.tabs`. @throws {InputError} as {@link boundaryPsi}. */
export function tabSpans({ outline, tabs }: CellBoundary): TabSpan[] {
  return tabs.map(tab => {
    const span = tabSpan(outline, tab.start, tab.end);
    if (span !== undefined) return span;
    throw new InputError(`tab '${tab.name}' does not lie on one straight edge of the outline`, {
      advice: 'give two different ends on the same edge',
    });
  });
}

/**
 * Part of a tab's current that was passed between arc 0 and arc s in [0, turn). The second term is the piece of a tab
 * that reaches over arc 0, the third sets psi = 0 there; for all other tabs the two cancel.
 */
function passed({ start, length }: TabSpan, turn: number, s: number, profile: TabProfile): number {
  const upTo = (from: number) => profileAt(profile, (s - from) / length);
  return upTo(start) + upTo(start - turn) - profileAt(profile, (turn - start) / length);
}

/** The profile, with its ends kept exactly whatever the function gives there. */
function profileAt(profile: TabProfile, t: number): number {
  return t <= 0 ? 0 : t >= 1 ? 1 : profile(t);
}
