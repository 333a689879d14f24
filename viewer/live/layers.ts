import { colourLimits } from '../../src/figures/limits.js';
import { makeLayer } from '../files/layer.js';
import type { Layer, LiveField, Vectors } from '../state/document.js';
import type { LiveAnswer } from './messages.js';

/** The layers of a live map. Limits are kept while a slider moves, so that brightness tells size. */
export function liveLayers(
  { map: { relativeUnit }, sheetZ }: LiveField,
  answer: LiveAnswer & { type: 'map' },
  kept: readonly Layer[],
): Layer[] {
  const { grid, kx, ky, psi, size, departure, method } = answer;
  const unit = relativeUnit === undefined ? 'A/m' : '';
  const vectors: Vectors = {
    name: 'live inversion',
    grid,
    kx,
    ky,
    psi,
    ...(relativeUnit === undefined ? {} : { relative: true }),
    smooth: false,
  };
  const shape = { type: 'grid', grid } as const;
  const group = `Live inversion (${method}), z = ${Number((1e3 * sheetZ).toFixed(2))} mm`;
  const layer = (id: string, name: string, kind: Layer['kind'], values: Float64Array, own = unit, over = true) =>
    makeLayer({
      id: `live.${id}`,
      group,
      name,
      unit: own,
      kind,
      shape,
      values,
      // The arrows are those of the current.
      vectors: over ? vectors : undefined,
      limits: kept.find(before => before.id === `live.${id}`)?.limits ?? colourLimits(values, kind),
    });
  return [
    layer('magnitude', '|K|, live', 'magnitude', size),
    ...(departure === undefined
      ? []
      : [
          {
            ...layer('departure', '|K − K healthy|, live', 'magnitude', departure, unit, false),
            colours: 'inferno' as const,
          },
        ]),
    layer('kx', 'Kx, live', 'signed', kx),
    layer('ky', 'Ky, live', 'signed', ky),
    layer('psi', 'ψ, live', 'signed', psi, unit === '' ? '' : 'A'),
  ];
}
