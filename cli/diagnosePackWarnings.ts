import { careless } from '../inversion/bounded/errorModel.js';
import type { CellCurrents, ScanCurrents } from '../inversion/cellCurrents/cellCurrents.js';
import type { Imbalance } from '../src/diagnosis/imbalance.js';
import { median } from '../src/median.js';
import type { PackWiring } from '../src/model/packWiring.js';
import { type NamedScan, type PackInput, TOTAL_ERROR } from './diagnosePackInput.js';

/** Squared residual per degree of freedom above which the model does not explain a scan. */
const MISFIT = 1.2;
/** Five standard deviations of the place that is expected of a cell, m and rad: see `packModel.ts`. */
const FAR = 1.5e-3;
const TURNED = 25e-3;
/** The same of a tab's profile, in standard deviations. */
const STRAIN = 5;
/** Names that are told in full. */
const LISTED = 3;
/** Errors by which cells in series may differ before it is told, and what their descriptions may be wrong by, a part of the current. */
const SERIES_LIMIT = 4;
const SERIES_ERROR = 5e-3;

/** What a reader of the currents must know: where the model does not explain the field, and what could not be judged. */
export function packWarnings(
  { cells, kinds, pack }: PackInput,
  scans: readonly NamedScan[],
  currents: CellCurrents,
  totals: readonly (number | undefined)[],
  result: Imbalance,
  { sets, passes }: PackWiring,
): string[] {
  const out: string[] = [];
  const series = sets.length === 0;
  if (series) out.push('The cells are in series and carry one current: nothing about resistances follows from shares.');
  if (sets.some(({ branches }) => branches.some(members => members.length > 1))) {
    out.push('Cells of a string carry one current: a string is judged as a whole, whichever of its cells differs.');
  }
  if (passes === undefined && totals.some(v => v !== undefined)) {
    out.push('Strings of different length: current_A of the scans was not used.');
  }
  const described = [
    ...(pack.leads ? ['the pack'] : []),
    ...cells.filter(c => c.cell.leads.length > 0).map(c => c.name),
  ];
  if (described.length > 0) {
    out.push(
      `The leads that are described for ${listed(described)} were not used: all wires outside the cells are fitted as unknown currents.`,
    );
  }
  const poor = scans.filter((_, s) => unexplained(currents.scans[s]));
  if (poor.length > 0) {
    out.push(
      `The model does not explain ${listed(poor.map(s => s.name))} (chi2 per degree of freedom above ${MISFIT}): ` +
        'check outline, tabs and places of the cells, and wires close to the sensors. Errors were widened by that, but where wires are the cause the currents may be much farther off.',
    );
  }
  const scattered = scans.filter((_, s) => careless(currents.scans[s]));
  if (scattered.length > 0) {
    const { gainError, positionError } = currents.scans[scans.indexOf(scattered[0])];
    out.push(
      `${listed(scattered.map(s => s.name))}: the field departs from the model as if readings were wrong by ${(100 * gainError).toFixed(1)} % ` +
        `and ${(1000 * positionError).toFixed(1)} mm, more than sensors are. Wires that run close below or above the cells do that: ` +
        'the currents may be far from true, whatever their stated errors.',
    );
  }
  const under = scans.filter((_, s) => currents.scans[s].below !== undefined);
  if (under.length > 0) {
    const depth = currents.scans[scans.indexOf(under[0])].below!;
    out.push(
      `${listed(under.map(s => s.name))}: the field asks for currents below the cells, such as leads that run back under them; an unknown ` +
        `sheet ${(1000 * depth).toFixed(0)} mm below was fitted for them, which makes the currents less sure.`,
    );
  }
  const bent = scans.filter((_, s) => strained(currents.scans[s]));
  if (bent.length > 0) {
    const most = Math.max(...currents.scans.slice(0, scans.length).map(({ strain }) => strain));
    out.push(
      `${listed(bent.map(s => s.name))}: the current of the tabs would have to be spread otherwise than is likely, by ${most.toFixed(0)} standard ` +
        'deviations. Bars or wires within the view, or tabs other than described, do that: the currents may be far from true, even with ' +
        'errors that were widened by it; several scans are compared with each other only.',
    );
  }
  out.push(...displaced(cells, currents.scans.slice(0, scans.length)));
  totals.forEach((total, s) => {
    if (passes === undefined || total === undefined || s >= scans.length) return;
    const found = currents.scans[s].current.reduce((sum, v) => sum + v, 0) / passes;
    if (Math.abs(found - total) < 4 * TOTAL_ERROR * Math.abs(total)) return;
    out.push(`${scans[s].name}: the field says ${found.toFixed(3)} A, current_A says ${total.toFixed(3)} A.`);
  });
  if (series) out.push(...unequal(cells, scans, currents));
  cells.forEach(({ name }, k) => {
    if (result.persistent[k] === 0) return;
    out.push(
      `${name} differs from cells like it in all scans by more than the threshold and the errors: it is judged by its like.`,
    );
  });
  if (!result.spreadFound && !series) {
    out.push(
      `Fewer than five scans do not tell how much cells differ by nature: ${(100 * result.spread).toFixed(2)} % was assumed.`,
    );
  }
  if (scans.length < 5 && new Set(kinds).size > 1 && !series) {
    out.push('The cells are not alike, and few scans do not tell what each of them usually carries.');
  }
  return out;
}

/** Whether the residual is larger than noise and errors of the readings make it. */
function unexplained({ chi2 }: ScanCurrents): boolean {
  return chi2 > MISFIT;
}

/** Whether the profiles of tabs had to depart from what is likely by more than is credible. */
function strained({ strain }: ScanCurrents): boolean {
  return strain > STRAIN;
}

/**
 * Cells whose currents may be wrong by far more than is stated, in the same way in all scans: nothing about them follows from a
 * comparison with others. 1 for those.
 */
export function doubtful(scans: CellCurrents['scans'], cells: number): Uint8Array {
  const strange = scans.filter(
    scan => unexplained(scan) || careless(scan) || strained(scan) || scan.below !== undefined,
  );
  if (2 * strange.length > scans.length) return new Uint8Array(cells).fill(1);
  return Uint8Array.from({ length: cells }, (_, k) => {
    const { shift, turn } = offPlace(scans, k);
    return shift > FAR || turn > TURNED ? 1 : 0;
  });
}

/** How far a cell seems to stand off the pack's description, m and rad: medians over the scans. */
function offPlace(scans: CellCurrents['scans'], cell: number): { shift: number; turn: number } {
  const places = scans.flatMap(({ places }) => places?.[cell] ?? []);
  if (places.length === 0) return { shift: 0, turn: 0 };
  return {
    shift: median(places.map(place => Math.hypot(...place.shift))),
    turn: median(places.map(place => Math.abs(place.turn))),
  };
}

/** Cells that do not seem to stand where the pack says, by more than the first order of the fit is good for. */
function displaced(cells: PackInput['cells'], scans: CellCurrents['scans']): string[] {
  return cells.flatMap(({ name }, k) => {
    const { shift, turn } = offPlace(scans, k);
    if (shift <= FAR && turn <= TURNED) return [];
    return (
      `${name} seems to stand ${(1000 * shift).toFixed(1)} mm and ${((180 / Math.PI) * turn).toFixed(1)} degrees off what the pack says, which its ` +
      'current is only roughly corrected for: check its place and outline, and wires close to it. Its current may be far from true; several scans are compared with each other only.'
    );
  });
}

/** Some names, the first of many. */
function listed(names: readonly string[]): string {
  return names.length <= LISTED + 1
    ? names.join(', ')
    : `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;
}

/** Cells in series whose currents differ by more than their errors: the description is wrong, or a current goes past one of them. */
function unequal(cells: PackInput['cells'], scans: readonly NamedScan[], currents: CellCurrents): string[] {
  return scans.flatMap(({ name }, s) => {
    const { current, error } = currents.scans[s];
    const mean = current.reduce((sum, v) => sum + v, 0) / current.length;
    const away = current.map((v, k) => Math.abs(v - mean) / Math.hypot(error[k], SERIES_ERROR * mean));
    const worst = away.indexOf(Math.max(...away));
    if (!(away[worst] > SERIES_LIMIT)) return [];
    return `${name}: ${cells[worst].name} carries ${current[worst].toFixed(3)} A, the cells on average ${mean.toFixed(3)} A, which should be one current: check its place and outline, or a current goes past it.`;
  });
}
