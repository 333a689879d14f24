import type { RelaxationRecord } from '../result.js';
import { cellsOf, type InversionFigureOptions, type InversionPanel, SMALL } from './inversionPanel.js';
import { samplePanel } from './sampleFigure.js';

/** Time constants known worse than this part of themselves are not shown. */
const VAGUE = 0.25;

/** The time constants at the places of the records, and their errors; none where they are too uncertain. */
export function relaxationPanels(
  relaxation: RelaxationRecord | undefined,
  options: InversionFigureOptions,
): InversionPanel[] {
  if (relaxation === undefined) return [];
  const { x, y, tau, tauErrors } = relaxation;
  const names = ['Time constant of the relaxation', 'Time constant of the slower decay'];
  return names.flatMap((title, k) => {
    const known = Array.from(x, (_, i) => i).filter(i => tauErrors[k][i] < VAGUE * tau[k][i]);
    if (known.length === 0) return [];
    const pick = (all: Float64Array) => Float64Array.from(known, i => all[i]);
    const panel = (values: Float64Array, own: { title: string; subtitle: string }, least?: number) =>
      samplePanel({
        ...SMALL,
        ...cellsOf(options),
        x: pick(x),
        y: pick(y),
        values,
        unit: 's',
        kind: 'magnitude',
        limits: {
          min: least ?? values.reduce((a, b) => Math.min(a, b)),
          max: values.reduce((a, b) => Math.max(a, b)),
        },
        ...own,
      });
    const shown = `${known.length} of ${x.length} places`;
    return [
      {
        group: 'field' as const,
        panel: panel(pick(tau[k]), { title, subtitle: `${shown}, known to a quarter or better` }),
        caption: `${title}, fitted to the records of a place and, as far as they are alike, of its neighbours.`,
      },
      {
        group: 'field' as const,
        panel: panel(
          pick(tauErrors[k]),
          { title: `Error: ${title.toLowerCase()}`, subtitle: 'one standard deviation' },
          0,
        ),
        caption: 'Standard error of the time constant.',
      },
    ];
  });
}
