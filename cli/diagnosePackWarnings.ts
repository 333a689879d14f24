import { careless } from '../inversion/bounded/errorModel.js';
import type { CellCurrents } from '../inversion/cellCurrents/cellCurrents.js';
import type { Imbalance } from '../src/diagnosis/imbalance.js';
import type { PackWiring } from '../src/model/packWiring.js';
import { type NamedScan, type PackInput, TOTAL_ERROR } from './diagnosePackInput.js';

const MISFIT = 1.2;
/** Errors by which cells in series may differ before it is told, and what their descriptions may be wrong by, a part of the current. */
const SERIES_LIMIT = 4;
const SERIES_ERROR = 5e-3;

/** What a reader of the currents must know: where the model does not explain the field, and what could not be judged. */
export function packWarnings(
  { cells, kinds }: PackInput,
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
  const poor = scans.filter((_, s) => currents.scans[s].chi2 > MISFIT);
  if (poor.length > 0) {
    out.push(
      `The model does not explain ${poor.map(s => s.name).join(', ')} (chi2 per degree of freedom above ${MISFIT}): ` +
        'check outline, tabs and places of the cells, and wires close to the sensors. Errors were widened accordingly.',
    );
  }
  const strained = scans.filter((_, s) => careless(currents.scans[s]));
  if (strained.length > 0) {
    const { gainError, positionError } = currents.scans[scans.indexOf(strained[0])];
    out.push(
      `${strained.map(s => s.name).join(', ')}: the field departs from the model as if readings were wrong by ${(100 * gainError).toFixed(1)} % ` +
        `and ${(1000 * positionError).toFixed(1)} mm, more than sensors are. Wires that run close below or above the cells do that: ` +
        'the currents may be far from true, whatever their stated errors.',
    );
  }
  const under = scans.filter((_, s) => currents.scans[s].below !== undefined);
  if (under.length > 0) {
    const depth = currents.scans[scans.indexOf(under[0])].below!;
    out.push(
      `${under.map(s => s.name).join(', ')}: the field asks for currents below the cells, such as leads that run back under them; an unknown ` +
        `sheet ${(1000 * depth).toFixed(0)} mm below was fitted for them, which makes the currents less sure.`,
    );
  }
  totals.forEach((total, s) => {
    if (passes === undefined || total === undefined || s >= scans.length) return;
    const found = currents.scans[s].current.reduce((sum, v) => sum + v, 0) / passes;
    if (Math.abs(found - total) < 4 * TOTAL_ERROR * Math.abs(total)) return;
    out.push(`${scans[s].name}: the field says ${found.toFixed(3)} A, current_A says ${total.toFixed(3)} A.`);
  });
  if (series) out.push(...unequal(cells, scans, currents));
  cells.forEach(({ name }, k) => {
    if (result.persistent[k] === 0) return;
    out.push(`${name} differs from cells like it in all scans by more than the threshold: it is judged by its like.`);
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
