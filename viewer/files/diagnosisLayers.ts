import { contributionsOf } from '../../src/diagnosis/contributions.js';
import { whereLargest } from '../../src/diagnosis/where.js';
import { squaredUnit } from '../../src/figures/format.js';
import { gridSize } from '../../src/grid.js';
import type { Layer, Spot } from '../state/document.js';
import { type DiagnosisMaps, modelOf, type ScanMaps } from './diagnosisMaps.js';
import { makeLayer } from './layer.js';

/** What the page shows of the scans of a diagnosis: each scan's map, and what each place adds to its Q and T2. */
export interface DiagnosisLayers {
  readonly layers: readonly Layer[];
  readonly shown: readonly string[];
  /** Of each scan, where most of Q and of T2 comes from. */
  readonly most: readonly { readonly q?: Spot; readonly t2?: Spot }[];
}

interface Parts {
  readonly map: Float64Array;
  readonly q?: Float64Array;
  readonly t2?: Float64Array;
  readonly most: { readonly q?: Spot; readonly t2?: Spot };
}

/** `bz` is shown as Bz, `Kx of sheet 1` as it is. */
const shownName = (channel: string) => channel.charAt(0).toUpperCase() + channel.slice(1);

/** One frame per scan, of every layer; NaN where a scan has no map. @param first the scan that is shown first */
export function diagnosisLayers(maps: DiagnosisMaps, first: number): DiagnosisLayers {
  const { layout, reference, scans } = maps;
  const { grid, channels, unit } = layout;
  const size = gridSize(grid);
  const nothing = new Float64Array(size).fill(Number.NaN);
  const parts = partsOf(maps);
  const at = Math.max(0, parts[first] === undefined ? parts.findIndex(p => p !== undefined) : first);
  const shape = { type: 'grid', grid } as const;
  const layer = (own: Pick<Layer, 'id' | 'group' | 'name' | 'unit' | 'kind'>, of: (p: Parts) => Float64Array) => {
    const frames = parts.map(part => ({ values: part === undefined ? nothing : of(part) }));
    return makeLayer({ ...own, shape, values: frames[at].values, frames, ownLimits: true });
  };
  const channel = (values: Float64Array, c: number) => values.subarray(c * size, (c + 1) * size);
  const fields = channels.map((name, c) =>
    layer({ id: `map.${name}`, group: 'The scan', name: shownName(name), unit, kind: 'signed' }, p =>
      channel(p.map, c),
    ),
  );
  const square = squaredUnit(reference?.sigma === undefined ? unit : 'σ');
  const contributed = (['q', 't2'] as const).flatMap(key => {
    if (!parts.some(p => p?.[key] !== undefined)) return [];
    const [symbol, own] = key === 'q' ? ['Q', square] : ['T²', ''];
    const group = key === 'q' ? 'Contributions to Q, with the sign of the residual' : 'Contributions to T²';
    const one = (c: number) =>
      layer(
        { id: `${key}.${channels[c]}`, group, name: `${symbol}: ${shownName(channels[c])}`, unit: own, kind: 'signed' },
        p => channel(p[key]!, c),
      );
    if (channels.length === 1) return [one(0)];
    const all = layer(
      {
        id: `${key}.all`,
        group,
        name: `${symbol}: all components`,
        unit: own,
        kind: key === 'q' ? 'magnitude' : 'signed',
      },
      p => summed(p[key]!, size, key === 'q'),
    );
    return [all, ...channels.map((_, c) => one(c))];
  });
  const patterns = (reference?.loadings ?? []).flatMap((loading, j) =>
    channels.map((name, c) =>
      makeLayer({
        id: `loading${j + 1}.${name}`,
        group: 'Patterns of the reference (loadings)',
        name: `Pattern ${j + 1}: ${shownName(name)}`,
        unit: '',
        kind: 'signed',
        shape,
        values: channel(loading, c),
      }),
    ),
  );
  const idOf = (prefix: string) => contributed.find(({ id }) => id.startsWith(prefix))?.id;
  const main = fields.find(({ id }) => id === 'map.bz') ?? fields[0];
  return {
    layers: [...fields, ...contributed, ...patterns],
    shown: [main.id, idOf('q.'), idOf('t2.')].filter(id => id !== undefined),
    most: scans.map((_, k) => parts[k]?.most ?? {}),
  };
}

/** Over the channels: of squares with a sign their sizes, of T2 as they are. */
function summed(values: Float64Array, size: number, squares: boolean): Float64Array {
  const out = new Float64Array(size).fill(Number.NaN);
  for (let i = 0; i < values.length; i++) {
    const value = squares ? Math.abs(values[i]) : values[i];
    const p = i % size;
    if (!Number.isNaN(value)) out[p] = (Number.isNaN(out[p]) ? 0 : out[p]) + value;
  }
  return out;
}

function partsOf({ layout, reference, scans }: DiagnosisMaps): (Parts | undefined)[] {
  const model = reference && modelOf(reference, layout);
  const spot = (values: Float64Array, text: string): Spot | undefined => {
    const place = whereLargest(layout, values);
    return place && { ...place, text };
  };
  const placed = (residual: Float64Array, t2: Float64Array) => {
    // Where it adds most, not where the pattern is largest: the square roots, for the squares are summed.
    const [q, t] = [
      spot(residual, 'most of Q'),
      spot(
        t2.map(v => Math.sqrt(Math.max(0, v))),
        'most of T²',
      ),
    ];
    return { ...(q === undefined ? {} : { q }), ...(t === undefined ? {} : { t2: t }) };
  };
  return scans.map((scan: ScanMaps | null): Parts | undefined => {
    if (scan === null) return undefined;
    if (scan.by === 'none') return { map: scan.map, most: {} };
    const map = scan.departure.map((v, i) => v + reference!.mean[i]);
    if (scan.by === 'others') {
      const { residual, t2 } = scan;
      return { map, q: residual.map(r => r * Math.abs(r)), t2, most: placed(residual, t2) };
    }
    const { qContributions, t2Contributions, residual } = contributionsOf(model!, scan.variances, scan.departure);
    return { map, q: qContributions, t2: t2Contributions, most: placed(residual, t2Contributions) };
  });
}
