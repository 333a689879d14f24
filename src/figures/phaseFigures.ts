import { tellablePhase } from '../alternatingCurrent.js';
import type { CurrentMap } from '../currentMap.js';
import { currentUnit, sheetName } from './currentFigures.js';
import { formatNumber } from './format.js';
import { cellsOf, type InversionFigureOptions, type InversionPanel, SMALL } from './inversionPanel.js';
import { mapPanel } from './mapFigure.js';

const DEGREES = 180 / Math.PI;

/** Amplitude and phase of an alternating current, with the error of the phase; no phase where there is too little current. */
export function phasePanels(
  inPhase: CurrentMap,
  quadrature: CurrentMap,
  about: number,
  several: boolean,
  options: InversionFigureOptions,
): InversionPanel[] {
  const where = sheetName(inPhase, several);
  const { amplitude, phase, error, middle } = tellablePhase(inPhase, quadrature, about);
  const common = { ...SMALL, ...cellsOf(options), grid: inPhase.grid, kind: 'magnitude' } as const;
  // A few pixels where the current turns round must not take all the colours.
  const [min, max] = middle.map(v => DEGREES * v);
  const room = Math.max(0.25 * (max - min), 0.1);
  return [
    {
      group: 'current',
      panel: mapPanel({ ...common, values: amplitude, unit: currentUnit(inPhase), title: `Amplitude${where}` }),
      caption: 'Amplitude of the alternating sheet current density, both components and both phases together.',
    },
    {
      group: 'current',
      panel: mapPanel({
        ...common,
        values: phase.map(v => DEGREES * v),
        unit: '°',
        colours: 'cividis',
        limits: { min: min - room, max: max + room },
        title: `Phase${where}`,
        subtitle: `of all: ${formatNumber(DEGREES * about)}°`,
      }),
      caption:
        'Phase of the sheet current density against the reference of the lock-in. Hatched: too little current to tell (below a tenth of the strongest, or known worse than 10°).',
    },
    ...(error === undefined
      ? []
      : [
          {
            group: 'current' as const,
            panel: mapPanel({
              ...common,
              values: error.map(v => DEGREES * v),
              unit: '°',
              colours: 'magma',
              title: `Error of the phase${where}`,
              subtitle: 'one standard deviation',
            }),
            caption: 'Standard deviation of the phase: the error of the current density over its amplitude.',
          },
        ]),
  ];
}
