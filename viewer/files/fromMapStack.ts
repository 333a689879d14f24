import type { CellDrawing } from '../../src/figures/cellDrawing.js';
import { formatQuantity } from '../../src/figures/format.js';
import { stateName } from '../../src/figures/seriesFigures.js';
import type { MapStack } from '../../src/series/mapStack.js';
import type { ViewerDocument } from '../state/document.js';
import { largestOf } from './layer.js';
import { recordOf } from './record.js';
import { framesOf, kindOf, stackLayer } from './stackLayers.js';

/** `Bz`, `Kx`, `Kx, sheet 2` as a component is called in the file: `bz`, `Kx`, `Kx_2`. */
function nameOf(name: string): string {
  const [component, sheet] = name.split('_');
  const shown = component.charAt(0).toUpperCase() + component.slice(1);
  return sheet === undefined ? shown : `${shown}, sheet ${sheet}`;
}

/** The page of a stack of measured or inverted maps: how they change, and the maps themselves, on one scale for all states. */
export function mapStackDocument(
  id: string,
  name: string,
  stack: MapStack,
  cells: readonly CellDrawing[],
): ViewerDocument {
  const { grid, at, names, reference, unit, layers, change, noise } = stack;
  const common = { unit, shape: { type: 'grid', grid } } as const;
  const changes = layers.map(({ name: own, change: maps, changeErrors }) =>
    stackLayer(
      { ...common, id: `change.${own}`, group: 'Change', name: `Change of ${nameOf(own)}`, kind: 'signed' },
      reference,
      maps,
      changeErrors,
    ),
  );
  const whole = layers.map(({ name: own, values }) =>
    stackLayer({ ...common, id: own, group: 'Maps', name: nameOf(own), kind: kindOf(values) }, reference, values),
  );
  const most = largestOf(change).index;
  const expected = noise[most] > 0 ? ` (noise alone: ${formatQuantity(noise[most], unit)})` : '';
  return {
    id,
    name,
    kind: 'series',
    headline:
      most < 0 || most === reference
        ? `${at.length} states; none differs from ${stateName(stack, reference)}.`
        : `From ${stateName(stack, reference)} to ${stateName(stack, most)} the maps change by ${formatQuantity(change[most], unit)} rms${expected}.`,
    notes: [],
    layers: [...changes, ...whole],
    shown: [changes.at(-1)!.id, whole.at(-1)!.id],
    currents: [],
    cells,
    facts: [
      { label: 'States', value: at.length },
      { label: 'Compared with', value: stateName(stack, reference) },
      ...names.map((state, k) => ({
        label: `Change of ${state}, rms`,
        value: change[k],
        unit,
        note: noise[k] > 0 ? `noise alone: ${formatQuantity(noise[k], unit)}` : '',
      })),
    ],
    record: recordOf(stack.process),
    frames: framesOf(stack),
  };
}
