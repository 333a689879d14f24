import { AXES, type AxisName, type FieldMap } from '../fieldMap.js';
import { COMPONENTS } from '../fieldScan.js';
import type { Residual } from '../result.js';
import type { Limits } from './colour.js';
import { formatNumber } from './format.js';
import { fieldSymbol, heightText, type InversionFigureOptions, type InversionPanel } from './inversionPanel.js';
import { colourLimits } from './limits.js';
import { mapPanel } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import { samplePanel } from './sampleFigure.js';

/** Within four standard deviations nothing is unusual. */
const RESIDUAL_RANGE = 4;

/** The measured components, signed, on one scale where that serves all of them. */
export function fieldPanels(field: FieldMap, { outlines }: InversionFigureOptions, size: PanelSize): InversionPanel[] {
  const names = AXES.filter(name => field.components[name] !== undefined);
  const unit = field.relativeUnit ?? 'T';
  const limits = sharedLimits(field, names);
  return names.map(name => ({
    group: 'field',
    panel: mapPanel({
      ...size,
      grid: field.grid,
      values: field.components[name]!,
      unit,
      title: [...fieldSymbol(name), ', measured'],
      subtitle: `z = ${heightText(field.z)}`,
      kind: 'signed',
      limits: limits[name],
      ...(outlines === undefined ? {} : { outlines }),
    }),
    caption: ['Measured field, component ', ...fieldSymbol(name), ` at z = ${heightText(field.z)}.`],
  }));
}

/** One scale for all components that it suits; a component much weaker than the others keeps its own. */
function sharedLimits(field: FieldMap, names: readonly AxisName[]): Record<AxisName, Limits> {
  const own = names.map(name => [name, colourLimits(field.components[name]!, 'signed')] as const);
  const widest = Math.max(...own.map(([, l]) => l.max));
  return Object.fromEntries(
    own.map(([name, l]) => {
      if (3 * l.max < widest) return [name, l];
      const values = field.components[name]!;
      return [
        name,
        {
          min: -widest,
          max: widest,
          ...(values.some(v => v < -widest) ? { clippedLow: true } : {}),
          ...(values.some(v => v > widest) ? { clippedHigh: true } : {}),
        },
      ];
    }),
  ) as Record<AxisName, Limits>;
}

/** The residual of each component at the samples' own positions, all on one scale. */
export function residualPanels(
  residual: Residual,
  { outlines }: InversionFigureOptions,
  size: PanelSize,
): InversionPanel[] {
  const { x, y, rejected } = residual;
  const rejections = rejected.reduce((sum, r) => sum + r, 0);
  const crosses = rejections > 0 ? ` Crosses: rejected samples (${rejections}).` : '';
  return COMPONENTS.filter(name => residual.components[name] !== undefined).map(name => {
    const values = residual.components[name]!;
    const limits: Limits = {
      min: -RESIDUAL_RANGE,
      max: RESIDUAL_RANGE,
      ...(values.some(v => v < -RESIDUAL_RANGE) ? { clippedLow: true } : {}),
      ...(values.some(v => v > RESIDUAL_RANGE) ? { clippedHigh: true } : {}),
    };
    return {
      group: 'residual',
      panel: samplePanel({
        ...size,
        x,
        y,
        values,
        rejected,
        unit: 'σ',
        title: ['Residual of ', ...fieldSymbol(name)],
        subtitle: `root mean square ${formatNumber(rms(values, rejected))} σ`,
        kind: 'signed',
        limits,
        ...(outlines === undefined ? {} : { outlines }),
      }),
      caption: [
        'Measured minus modelled ',
        ...fieldSymbol(name),
        ` in standard deviations: without pattern where the model fits.${crosses}`,
      ],
    };
  });
}

function rms(values: Float64Array, rejected: Uint8Array): number {
  let sum = 0;
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    if (rejected[i] !== 0 || Number.isNaN(values[i])) continue;
    sum += values[i] ** 2;
    n++;
  }
  return Math.sqrt(sum / n);
}
