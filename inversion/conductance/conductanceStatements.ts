import type { FieldScan } from '../../src/fieldScan.js';
import { formatNumber, formatQuantity } from '../../src/figures/format.js';
import type { Cell } from '../../src/model/cell.js';
import { boundedStatements } from '../bounded/boundedStatements.js';
import type { BoundedSolution } from '../bounded/solution.js';
import type { ScanSight } from '../planner/scanSight.js';
import type { Statements } from '../statements.js';
import type { ConductanceSolution } from './conductanceInversion.js';
import type { ConductanceDefect } from './defects.js';
import { sheetSeparation } from './sheetSeparation.js';

/** Beyond this the conductance of one foil does not explain what a free current does. */
const UNEXPLAINED = 1.3;
const MOST_TOLD = 4;

/** The bounded solution with the maps of the conductance in place of its own. */
export function withConductance({ bounded, sheets, healthy, chi2 }: ConductanceSolution): BoundedSolution {
  return { ...bounded, sheets, healthy, chi2 };
}

/** What a conductance inversion says in words. @param sight as of `boundedStatements` */
export function conductanceStatements(
  solution: ConductanceSolution,
  scan: FieldScan,
  cell: Cell,
  sight?: ScanSight,
): Statements {
  const { defects, bounded, chi2, warnings } = solution;
  const current = boundedStatements(bounded, scan, cell, sight);
  const first =
    defects.length === 0
      ? 'No defect of a foil or a tab is significant.'
      : defects.length === 1
        ? `One defect: ${describeDefect(defects[0], solution)}.`
        : `${defects.length} defects: ${defects
            .slice(0, MOST_TOLD)
            .map(defect => describeDefect(defect, solution))
            .join('; ')}${defects.length > MOST_TOLD ? '; and others' : ''}.`;
  const told = new Set(warnings);
  return {
    verdict: [first, foilOf(solution), ...current.verdict.slice(-2)],
    warnings: [
      ...warnings,
      ...current.warnings.filter(text => !told.has(text)),
      ...(chi2 > UNEXPLAINED * bounded.chi2
        ? [
            `Damage to one foil leaves chi2 = ${chi2.toFixed(2)} where a free current leaves ${bounded.chi2.toFixed(2)}: ` +
              'the conductance explains the readings in part only. See the current map of --target current, too.',
          ]
        : []),
    ],
    canSee: [
      ...separationOf(scan, cell),
      'Only ratios of the conductance of one foil can be seen: a foil that is thinner everywhere looks whole.',
      ...current.canSee,
    ],
  };
}

/** Wavelengths of which the separation of two sheets is told, m. */
const WAVELENGTHS = [10e-3, 20e-3, 40e-3, 80e-3];

/** What a scan from both sides tells of the two outermost sheets, and one from a single side does not. */
function separationOf(scan: FieldScan, cell: Cell): string[] {
  if (cell.sheets.length < 2) return [];
  const sorted = Array.from(cell.sheets).sort((a, b) => a - b);
  const sheets = [sorted[sorted.length - 1], sorted[0]] as const;
  const above = scan.z.filter(z => z > sheets[0]);
  const below = scan.z.filter(z => z < sheets[1]);
  if (above.length === 0 || below.length === 0) {
    return ['Seen from one side only, the sheets cannot be told apart: scan a plane above and one below.'];
  }
  const planes = [above.reduce((a, b) => Math.min(a, b)), below.reduce((a, b) => Math.max(a, b))] as const;
  const told = sheetSeparation(sheets, planes, WAVELENGTHS)
    .map(({ wavelength, condition }) => `${formatNumber(1e3 * wavelength)}\u00a0mm: ${condition.toPrecision(2)}`)
    .join(', ');
  return [
    'Two sheets are told apart by what differs between the planes above and below; its noise exceeds that of the sum by the ' +
      `condition number, per wavelength ${told}.`,
  ];
}

/** One defect in words. */
export function describeDefect(
  defect: ConductanceDefect,
  { conductance }: Pick<ConductanceSolution, 'conductance'>,
): string {
  if (defect.kind === 'weld') {
    return (
      `tab '${defect.tab}' carries its current between ${percent(defect.from)} and ${percent(defect.to)} of its width ` +
      `(${percent(defect.moved)} of it has moved)`
    );
  }
  const mm = (v: number) => formatNumber(Number((1e3 * v).toFixed(1)));
  const sheet = conductance.length > 1 ? ` in the sheet at z = ${mm(defect.z)}\u00a0mm` : '';
  const foil = defect.foil === undefined ? 'a foil' : `the ${defect.foil} foil`;
  return (
    `${foil} conducts ${percent(defect.conductance)} of its usual over ${formatNumber(Math.round(1e6 * defect.area))}\u00a0mm² ` +
    `around x = ${mm(defect.centre[0])}\u00a0mm, y = ${mm(defect.centre[1])}\u00a0mm${sheet}`
  );
}

function foilOf({ foil, shown, hypotheses, defects }: ConductanceSolution): string {
  if (shown === undefined) return 'The cell is taken as a single conductor: it says nothing of its foils (electrical).';
  const chi2 = hypotheses.map(h => `${h.foil} ${h.chi2.toFixed(3)}`).join(', ');
  if (!defects.some(defect => defect.kind === 'foil')) return `chi2 if one foil were damaged: ${chi2}.`;
  return foil === undefined
    ? `The readings do not tell which foil it is (chi2: ${chi2}); the map shows the ${shown} one.`
    : `It is the ${foil} foil: chi2 per degree of freedom is ${chi2}.`;
}

function percent(part: number): string {
  return `${formatQuantity(Number((100 * part).toPrecision(2)), '')}\u00a0%`.replace(/\s+\u00a0/, '\u00a0');
}
