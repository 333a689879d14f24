import type { ComparedLayer } from '../../src/comparison/comparison.js';
import type { VectorMap } from '../../src/comparison/vectorMap.js';
import { heightText } from '../../src/figures/inversionPanel.js';
import { compareDocuments } from '../compare/compareDocument.js';
import type { Layer, ViewerDocument } from '../state/document.js';
import { makeLayer } from './layer.js';

/** Two maps on common grids, as `savart compare` laid them over each other. */
export interface ShownComparison {
  readonly names: readonly [string, string];
  readonly unit: string;
  readonly layers: readonly ComparedLayer[];
}

/** The page of a comparison: A and B at a boundary that is moved, their difference, and that in standard errors. */
export function comparisonDocument(id: string, { names, unit, layers }: ShownComparison): ViewerDocument {
  const side = (which: 'a' | 'b', name: string): ViewerDocument => {
    const own = layers.flatMap((layer, k) =>
      layersOf(layer[which], unit, `${k}`, layers.length > 1 ? `, z = ${heightText(layer.z)}` : ''),
    );
    return {
      id: `${id}-${which}`,
      name,
      kind: 'map',
      headline: '',
      notes: [],
      layers: own,
      shown: [],
      currents: [],
      cells: [],
      facts: [],
      record: [],
    };
  };
  const { compares, ...document } = compareDocuments(side('a', names[0]), side('b', names[1]), [0, 0]);
  return { ...document, id };
}

/** |K| first, where the components are those of a current; Bz first, where they are those of a field. */
function layersOf({ grid, names, values, sigma }: VectorMap, unit: string, id: string, where: string): Layer[] {
  const shape = { type: 'grid', grid } as const;
  const components = names.map((name, c) =>
    makeLayer({
      id: `${id}.${name}`,
      group: `Components${where}`,
      name: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      unit,
      kind: 'signed',
      shape,
      values: values[c],
      errors: sigma?.[c],
    }),
  );
  if (names[0] !== 'Kx') return components.toSorted((a, b) => Number(b.name === 'Bz') - Number(a.name === 'Bz'));
  const [[kx, ky], [sx, sy]] = [values, sigma ?? []];
  const size = kx.map((v, i) => Math.hypot(v, ky[i]));
  const errors =
    sigma === undefined
      ? undefined
      : size.map((k, i) =>
          k > 0 ? Math.hypot(kx[i] * sx[i], ky[i] * sy[i]) / k : Math.hypot(sx[i], sy[i]) / Math.SQRT2,
        );
  const magnitude = makeLayer({
    id: `${id}.magnitude`,
    group: `Components${where}`,
    name: '|K|',
    unit,
    kind: 'magnitude',
    shape,
    values: size,
    errors,
  });
  return [magnitude, ...components];
}
