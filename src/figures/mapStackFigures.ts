import { median } from '../median.js';
import type { MapStack } from '../series/mapStack.js';
import type { CellDrawing } from './cellDrawing.js';
import { curvePanel } from './curveFigure.js';
import { formatQuantity } from './format.js';
import { SMALL } from './inversionPanel.js';
import { figure } from './layout.js';
import { mapPanel } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';
import type { ReportFigure } from './report.js';
import { SERIES_AXIS, stateName } from './seriesFigures.js';

/** The figures of a report on a stack of measured or inverted maps: size of the change over the series, then every change. */
export function mapStackFigures(stack: MapStack, cells: readonly CellDrawing[] = []): ReportFigure[] {
  const inline = (panel: Panel) => figure([panel], { columns: 1, background: 'none' });
  return [
    {
      svg: inline(changePanel(stack)),
      group: 'Over the series',
      caption: 'Root mean square of the change against the reference; dashed: what noise alone would make of it.',
    },
    ...changeMaps(stack, cells, SMALL).map(panel => ({
      svg: inline(panel),
      group: 'Change against the reference',
      caption: 'Magnitude of the change, all components together; of a field less its median, which may be an offset.',
    })),
  ];
}

/** The same in one figure. */
export function mapStackFigure(stack: MapStack, cells: readonly CellDrawing[] = []): string {
  const size: PanelSize = { maxWidth: 250, maxHeight: 220 };
  return figure([changePanel(stack, size), ...changeMaps(stack, cells, size)], { columns: 3, letters: true });
}

function changePanel({ by, at, change, noise, unit }: MapStack, size: PanelSize = {}): Panel {
  const known = noise.some(v => v > 0);
  return curvePanel({
    ...size,
    title: 'Change against the reference',
    x: SERIES_AXIS[by],
    y: { label: 'rms change', unit, scale: 'linear' },
    curves: [
      { x: at, y: change, name: 'change' },
      ...(known ? [{ x: at, y: noise, name: 'noise', dashed: true }] : []),
    ],
  });
}

function changeMaps(stack: MapStack, cells: readonly CellDrawing[], size: PanelSize): Panel[] {
  return stack.names.flatMap((_, state) => {
    if (state === stack.reference) return [];
    // Offsets of sensors differ from scan to scan and would hide everything else.
    const field = stack.layers.every(({ name }) => name.startsWith('b'));
    const parts = stack.layers.map(({ change }) => {
      const middle = field ? median(change[state]) : 0;
      return change[state].map(v => v - middle);
    });
    const values = parts[0].map((_, i) => Math.hypot(...parts.map(part => part[i])));
    return [
      mapPanel({
        ...size,
        grid: stack.grid,
        values,
        unit: stack.unit,
        kind: 'magnitude',
        title: `Change at ${stateName(stack, state)}`,
        subtitle: `rms ${formatQuantity(stack.change[state], stack.unit)}${field ? '; shown without a constant per component' : ''}`,
        ...(cells.length === 0 ? {} : { cells }),
      }),
    ];
  });
}
