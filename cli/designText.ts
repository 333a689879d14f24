import { formatNumber, formatQuantity, type ReportRow } from '../src/figures/index.js';
import type { Cell } from '../src/model/cell.js';
import type { FiguresOfMerit } from '../src/simulation/cell/index.js';

/** What the text of a comparison needs of a design. */
interface Compared {
  readonly cell: Cell;
  readonly merit: FiguresOfMerit;
}

/** Standard deviations nearer to each other than this part count as alike. */
const ALIKE = 0.02;

/** Electrode pairs in parallel. */
export function pairsOf(cell: Cell): number {
  return cell.electrical?.pairs ?? 1;
}

/** Resistance of the cell, ohm: that of one pair over the number of pairs. */
export function wholeResistance(merit: FiguresOfMerit, cell: Cell): number {
  return merit.resistance / pairsOf(cell);
}

/** A resistance as batteries have it. */
export function milliohms(ohms: number): string {
  return `${formatNumber(1e3 * ohms, 4)} mΩ`;
}

/** Which design spreads the current best, by how much, and what it costs. */
export function designVerdict(designs: readonly Compared[]): string[] {
  const ranked = [...designs].sort((a, b) => a.merit.reaction.stdOverMean - b.merit.reaction.stdOverMean);
  const [best, second] = ranked;
  const percent = ({ merit }: Compared) => `${formatNumber(100 * merit.reaction.stdOverMean, 2)} %`;
  const peak = ({ merit }: Compared) => `${formatNumber(100 * (merit.reaction.maxOverMean - 1), 2)} %`;
  const range = `the current density through the electrodes has a standard deviation of ${percent(best)} and its maximum ${peak(best)} above the mean`;
  if (second === undefined) return [`In ${best.cell.name} ${range}.`, resistanceLine(designs)];
  const ratio = second.merit.reaction.stdOverMean / best.merit.reaction.stdOverMean;
  const lead =
    ratio < 1 + ALIKE
      ? `${best.cell.name} and ${second.cell.name} spread the current alike: ${range}.`
      : `${best.cell.name} spreads the current best: ${range}; next is ${second.cell.name} with ${percent(second)} and ${peak(second)}.`;
  return [lead, resistanceLine(designs)];
}

function resistanceLine(designs: readonly Compared[]): string {
  const [least] = [...designs].sort((a, b) => wholeResistance(a.merit, a.cell) - wholeResistance(b.merit, b.cell));
  const total = milliohms(wholeResistance(least.merit, least.cell));
  const part = formatNumber((100 * least.merit.constriction) / least.merit.resistance, 2);
  const subject = designs.length === 1 ? 'Its resistance is' : `${least.cell.name} has the lowest resistance,`;
  return `${subject} ${total}, of which the foils and the crowding of the current make ${part} %.`;
}

/** The table of the report: all figures of all designs. */
export function designRows(designs: readonly Compared[]): ReportRow[] {
  return designs.flatMap(({ cell, merit }): ReportRow[] => {
    const pairs = pairsOf(cell);
    const { reaction, losses, constriction, hottest, sheet } = merit;
    const of = (label: string) => `${cell.name}: ${label}`;
    return [
      { label: of('largest current density over mean'), value: reaction.maxOverMean, digits: 4 },
      { label: of('smallest current density over mean'), value: reaction.minOverMean, digits: 4 },
      { label: of('standard deviation over mean'), value: reaction.stdOverMean, note: 'of the same' },
      {
        label: of('resistance'),
        value: milliohms(wholeResistance(merit, cell)),
        note: pairs === 1 ? 'of the electrode pair' : `of the ${pairs} pairs in parallel`,
      },
      {
        label: of('constriction resistance'),
        value: milliohms(constriction / pairs),
        note: 'what is left of it without the electrodes at uniform current',
      },
      { label: of('loss in the positive foils'), value: losses.positiveFoil * pairs, unit: 'W', note: 'with tabs' },
      { label: of('loss in the negative foils'), value: losses.negativeFoil * pairs, unit: 'W', note: 'with tabs' },
      { label: of('loss in the electrodes'), value: losses.electrodes * pairs, unit: 'W' },
      {
        label: of('largest net sheet current over mean'),
        value: sheet.net.maxOverMean,
        note: 'where tabs end it grows slowly as pixels shrink',
      },
      {
        label: of('hottest place'),
        value: `(${formatNumber(hottest.x * 1e3)}, ${formatNumber(hottest.y * 1e3)}) mm`,
        note: `${formatQuantity(hottest.dissipation, 'W/m²')} in one pair`,
      },
    ];
  });
}
