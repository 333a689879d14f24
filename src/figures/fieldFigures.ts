import { AXES, type FieldMap } from '../fieldMap.js';
import { COMPONENTS, type ComponentName, type FieldScan, measuredComponents } from '../fieldScan.js';
import type { Residual } from '../result.js';
import type { Limits } from './colour.js';
import { formatNumber } from './format.js';
import {
  cellsOf,
  fieldSymbol,
  heightText,
  type InversionFigureOptions,
  type InversionPanel,
} from './inversionPanel.js';
import { colourLimits } from './limits.js';
import { mapPanel } from './mapFigure.js';
import type { PanelSize } from './mapFrame.js';
import { measuringPlanes, pickSamples } from './measuringPlanes.js';
import { samplePanel } from './sampleFigure.js';

/** Within four standard deviations nothing is unusual. */
const RESIDUAL_RANGE = 4;

/** The measured components, signed, on one scale where that serves all of them. */
export function fieldPanels(field: FieldMap, options: InversionFigureOptions, size: PanelSize): InversionPanel[] {
  const names = AXES.filter(name => field.components[name] !== undefined);
  const unit = field.relativeUnit ?? 'T';
  const limits = sharedLimits(names.map(name => [name, field.components[name]!]));
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
      limits: limits[name]!,
      ...cellsOf(options),
    }),
    caption: ['Measured field, component ', ...fieldSymbol(name), ` at z = ${heightText(field.z)}.`],
  }));
}

/** The same at the samples' own positions, each measuring plane by itself. */
export function fieldSamplePanels(scan: FieldScan, options: InversionFigureOptions, size: PanelSize): InversionPanel[] {
  const unit = scan.relativeUnit ?? 'T';
  const names = measuredComponents(scan);
  return measuringPlanes(scan.z).flatMap(({ name: plane, samples }) => {
    const values = new Map(names.map(name => [name, pickSamples(scan.components[name]!.values, samples)]));
    const limits = sharedLimits([...values]);
    return names.map(name => ({
      group: 'field' as const,
      panel: samplePanel({
        ...size,
        x: pickSamples(scan.x, samples),
        y: pickSamples(scan.y, samples),
        values: values.get(name)!,
        unit,
        title: [...fieldSymbol(name), `, measured${plane}`],
        kind: 'signed',
        limits: limits[name]!,
        ...cellsOf(options),
      }),
      caption: ['Measured field, component ', ...fieldSymbol(name), `${plane}, at the samples\u2019 own positions.`],
    }));
  });
}

/** One scale for all components that it suits; a component much weaker than the others keeps its own. */
function sharedLimits(
  components: readonly (readonly [ComponentName, Float64Array])[],
): Partial<Record<ComponentName, Limits>> {
  const own = components.map(([name, values]) => [name, values, colourLimits(values, 'signed')] as const);
  const widest = Math.max(...own.map(([, , l]) => l.max));
  return Object.fromEntries(
    own.map(([name, values, l]) => {
      if (3 * l.max < widest) return [name, l];
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
  );
}

/** The residual of each component at the samples' own positions, each plane by itself, all on one scale. */
export function residualPanels(residual: Residual, options: InversionFigureOptions, size: PanelSize): InversionPanel[] {
  const names = COMPONENTS.filter(name => residual.components[name] !== undefined);
  return measuringPlanes(residual.z).flatMap(({ name: plane, samples }) => {
    const rejected = Uint8Array.from(samples, i => residual.rejected[i]);
    const rejections = rejected.reduce((sum, r) => sum + r, 0);
    const crosses = rejections > 0 ? ` Crosses: rejected samples (${rejections}).` : '';
    return names.map(name => {
      const values = pickSamples(residual.components[name]!, samples);
      const limits: Limits = {
        min: -RESIDUAL_RANGE,
        max: RESIDUAL_RANGE,
        ...(values.some(v => v < -RESIDUAL_RANGE) ? { clippedLow: true } : {}),
        ...(values.some(v => v > RESIDUAL_RANGE) ? { clippedHigh: true } : {}),
      };
      return {
        group: 'residual' as const,
        panel: samplePanel({
          ...size,
          x: pickSamples(residual.x, samples),
          y: pickSamples(residual.y, samples),
          values,
          rejected,
          unit: 'σ',
          title: ['Residual of ', ...fieldSymbol(name), plane],
          subtitle: `root mean square ${formatNumber(rms(values, rejected))} σ`,
          kind: 'signed',
          limits,
          ...cellsOf(options),
        }),
        caption: [
          'Measured minus modelled ',
          ...fieldSymbol(name),
          `${plane} in standard deviations: without pattern where the model fits.${crosses}`,
        ],
      };
    });
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
