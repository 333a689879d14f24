import type { SeriesAxis, SeriesStack } from '../series/stack.js';
import type { CellDrawing } from './cellDrawing.js';
import type { Limits } from './colour.js';
import { type CurveAxis, curvePanel } from './curveFigure.js';
import { formatNumber } from './format.js';
import { SMALL } from './inversionPanel.js';
import { figure } from './layout.js';
import { colourLimits } from './limits.js';
import { mapPanel, type Path } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';
import type { ReportFigure } from './report.js';

const PPM = 1e6;

/** Charge and temperature on a linear axis with their unit. */
export const SERIES_AXIS: Readonly<Record<SeriesAxis, CurveAxis>> = {
  soc: { label: 'state of charge', scale: 'linear' },
  t_s: { label: 'time', unit: 's', scale: 'linear' },
  temperature_C: { label: 'temperature', unit: '°C', scale: 'linear' },
};

/** The figures of a report: chi against state with the regions, then every change with its hot spots. */
export function seriesFigures(stack: SeriesStack, cells: readonly CellDrawing[] = []): ReportFigure[] {
  const inline = (panel: Panel) => figure([panel], { columns: 1, background: 'none' });
  return [
    {
      svg: inline(regionPanel(stack)),
      group: 'Over the series',
      caption:
        'Change of the mean susceptibility of each region against the reference, with one standard error; the slope is of how ' +
        'much the electrode’s ions change.',
    },
    ...changePanels(stack, cells, SMALL).map(({ panel, spots }) => ({
      svg: inline(panel),
      group: 'Change against the reference',
      caption:
        spots === 0 ? 'Change of the susceptibility.' : 'Change of the susceptibility. Circles: significant hot spots.',
    })),
  ];
}

/** The same in one figure, two panels wide. */
export function seriesFigure(stack: SeriesStack, cells: readonly CellDrawing[] = []): string {
  const size: PanelSize = { maxWidth: 250, maxHeight: 220 };
  return figure([regionPanel(stack, size), ...changePanels(stack, cells, size).map(({ panel }) => panel)], {
    columns: 3,
    letters: true,
  });
}

function regionPanel({ by, at, regions }: SeriesStack, size: PanelSize = {}): Panel {
  const whole = regions[0].kinks;
  return curvePanel({
    ...size,
    title: 'Change of the mean susceptibility',
    ...(whole.length === 0
      ? {}
      : { subtitle: `kink at ${whole.map(k => `${formatNumber(k.at)} ± ${formatNumber(k.error, 1)}`).join(', ')}` }),
    x: SERIES_AXIS[by],
    y: { label: ['Δ', { italic: 'χ' }, ' (ppm)'], scale: 'linear' },
    curves: regions.map(({ name, change, changeError }, k) => ({
      x: at,
      y: change.map(v => PPM * v),
      band: changeError.map(v => PPM * v),
      name,
      dashed: k > 0,
    })),
  });
}

function changePanels(
  stack: SeriesStack,
  cells: readonly CellDrawing[],
  size: PanelSize,
): { panel: Panel; spots: number }[] {
  const shown = stack.change.map((map, state) => ({ state, values: map.map(v => PPM * v) }));
  return shown
    .filter(({ state }) => state !== stack.reference)
    .map(({ state, values }) => {
      const spots = stack.hotSpots.filter(spot => spot.state === state);
      const known = values.filter(v => !Number.isNaN(v));
      const [low, high] = [
        known.reduce((a, b) => Math.min(a, b), Infinity),
        known.reduce((a, b) => Math.max(a, b), -Infinity),
      ];
      const signed = low < 0 && high > 0;
      // Changes are wide of zero where all of the cell changed: then the unevenness is what is looked for.
      const limits: Limits = signed ? colourLimits(values, 'signed') : { min: low, max: high };
      const panel = mapPanel({
        ...size,
        grid: stack.grid,
        values,
        unit: 'ppm',
        kind: signed ? 'signed' : 'magnitude',
        limits,
        title: ['Δ', { italic: 'χ' }, ` at ${stateName(stack, state)}`],
        subtitle: spots.length === 0 ? 'no significant hot spot' : spots.map(spotText).join('; '),
        ...(cells.length === 0 ? {} : { cells }),
        outlines: spots.map(({ x, y, radius }) => circle(x, y, radius)),
      });
      return { panel, spots: spots.length };
    });
}

/** 'SOC 0.8', '120 s', '25 °C'. */
export function stateName({ by, at }: Pick<SeriesStack, 'by' | 'at'>, state: number): string {
  const value = formatNumber(at[state], 4);
  return by === 'soc' ? `SOC ${value}` : by === 't_s' ? `${value} s` : `${value} °C`;
}

function spotText({ excess, error }: SeriesStack['hotSpots'][number]): string {
  return `spot ${formatNumber(PPM * excess)} ± ${formatNumber(PPM * error, 1)} ppm`;
}

function circle(x: number, y: number, radius: number): Path {
  return Array.from({ length: 48 }, (_, k) => {
    const angle = (2 * Math.PI * k) / 48;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)] as const;
  });
}
