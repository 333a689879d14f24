import { InputError } from '../../src/errors.js';
import type { Lattice } from '../../src/forward/index.js';
import { boundaryPsi, tabSpans } from '../../src/model/boundaryStreamFunction.js';
import type { Cell } from '../../src/model/cell.js';
import type { Box } from '../../src/model/outline.js';
import { type FineLattice, type FineLatticeOptions, fineLattice } from './fineLattice.js';
import { harmonicExtension } from './harmonicExtension.js';
import { foilBoundary, type Neck, neckProfiles, sineMode } from './neck.js';
import { likeTabs, shareMoved } from './tabShares.js';

/** One direction in which the stream function of the tabs may depart from {@link TabColumns.base}. */
export interface TabColumn {
  /** `neck`, `neck NAME` (of the tab), `mode NAME J` or `share NAME`. */
  readonly name: string;
  /** psi per unit of the coefficient on every node of the lattice, A. */
  readonly psi: Float64Array;
  /** Prior standard deviation of the coefficient, whose mean is 0: of 1 for necks, A for modes. */
  readonly sd: number;
  /** Index of the tab, -1 for all tabs. */
  readonly tab: number;
  /** For `share NAME`: by how much the share of every tab grows per unit of the coefficient. */
  readonly moved?: readonly number[];
}

/** The harmonic part of a cell's stream function: what its outline and tabs prescribe, and how surely. */
export interface TabColumns {
  readonly fine: FineLattice;
  /** `fine.lattice`. */
  readonly lattice: Lattice;
  /** `fine.pixels`: 1 where the pixel lies in the outline. */
  readonly inside: Uint8Array;
  /** The expected psi on every node, A. */
  readonly base: Float64Array;
  readonly columns: readonly TabColumn[];
}

/** Modes of a neck's profile, at most; fewer where the lattice has less than MODE_STEPS per half wave. */
const NECK_MODES = 16;
const MODE_STEPS = 3;
/** Modes per tab that are columns. */
const FREE_MODES = 5;
/** Where a tab's length is unknown, its neck is taken this many widths long ... */
const EXPECTED_LENGTH = 1;
/** ... and its effect this part of what that gives, between a uniform profile (0) and a neck (1). */
export const EXPECTED_NECK = 0.75;
const NECK_SD = 0.5;
const NECK_DEVIATION_SD = 0.1;
/** Standard deviation of the share of a tab that has others of its sign. */
const SHARE_SD = 0.1;
/** Standard deviation of mode 1 in parts of the tab's current, by whether its length is known; mode j has 1 / j of it. */
const MODE_SD = { unknown: 0.05, known: 0.02 };

/**
 * The expected psi and its free directions, on a lattice over `box`.
 *
 * psi grows along the anticlockwise outline by the current that leaves; it is harmonic inside, and outside equal to psi
 * at the nearest point of the outline, so that a tab's current runs straight out as a strip (sine modes fade out).
 * `base` is the solution for uniform profiles plus the correction of necks (see `neckProfiles`): all of it for tabs of
 * known length, {@link EXPECTED_NECK} of it for others. Columns: for the tabs of unknown length one common factor of the
 * neck's correction and each tab's own deviation; for every tab the first sine modes of its profile; where several tabs have one
 * sign, how their current divides.
 * @param box what the lattice has to cover, m
 * @throws {InputError} where the cell has tabs but no current.
 */
export function tabColumns(cell: Cell, box: Box, options: FineLatticeOptions = {}): TabColumns {
  const { tabs } = cell;
  if (tabs.length > 0 && cell.current === undefined) {
    throw new InputError('the current of the cell is not known', { advice: 'give current_A in the cell or the scan' });
  }
  const current = cell.current ?? 0;
  const fine = fineLattice(cell.outline, box, options);
  const extension = harmonicExtension(cell.outline, fine);
  const profile = boundaryPsi(cell);
  const base = extension.extend(arc => current * profile(arc));
  const necks = tabSpans(cell).map(
    ({ start, length }, i): Neck => ({
      start,
      width: length,
      length: tabs[i].length || EXPECTED_LENGTH * length,
      modes: Math.max(1, Math.min(NECK_MODES, Math.floor(length / (MODE_STEPS * fine.lattice.pitch)))),
    }),
  );
  const known = tabs.map(tab => (tab.length ?? 0) > 0);
  const coefficients = neckProfiles(
    extension,
    necks,
    tabs.map((_, i) => extension.extend(foilBoundary(cell, i), true)),
  );
  const common = new Float64Array(base.length);
  const columns: TabColumn[] = [];
  tabs.forEach((tab, i) => {
    const neck = necks[i];
    const strip = extension.strip(neck.start, neck.width);
    const psi = extension.extendStrip(
      strip,
      (along, distance) =>
        tab.share *
        current *
        coefficients[i].reduce((sum, c, j) => sum + c * sineMode(neck, j + 1, along, distance), 0),
    );
    add(base, known[i] ? 1 : EXPECTED_NECK, psi);
    if (!known[i]) {
      add(common, 1, psi);
      columns.push({ name: `neck ${tab.name}`, psi, sd: NECK_DEVIATION_SD, tab: i });
    }
    const sd = (known[i] ? MODE_SD.known : MODE_SD.unknown) * Math.abs(tab.share * current);
    for (let j = 1; j <= Math.min(FREE_MODES, neck.modes); j++) {
      const mode = extension.extendStrip(strip, (along, distance) => sineMode(neck, j, along, distance));
      columns.push({ name: `mode ${tab.name} ${j}`, psi: mode, sd: sd / j, tab: i });
    }
  });
  for (const group of likeTabs(cell)) {
    for (const i of group.slice(1)) {
      const moved = shareMoved(tabs.length, group, i);
      const shares = boundaryPsi({ ...cell, tabs: tabs.map((tab, k) => ({ ...tab, share: moved[k] })) });
      const psi = extension.extend(arc => current * shares(arc));
      columns.push({ name: `share ${tabs[i].name}`, psi, sd: SHARE_SD, tab: i, moved });
    }
  }
  if (known.includes(false)) columns.unshift({ name: 'neck', psi: common, sd: NECK_SD, tab: -1 });
  return { fine, lattice: fine.lattice, inside: fine.pixels, base, columns };
}

function add(to: Float64Array, factor: number, what: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * what[i];
}
