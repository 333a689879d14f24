import type { WindowData } from '../../../inversion/fourier/missingData.js';
import type { Sensor } from '../../../inversion/fourier/sensorResponse.js';
import { type Domain, type SheetModel, sheetModel } from '../../../inversion/fourier/sheetModel.js';
import { AXES, type AxisName } from '../../../src/fieldMap.js';
import { normals } from './support.js';

const lopsided: Sensor = {
  kind: 'area',
  image: { values: Float64Array.of(1, 2, 0, 0, 3, 1, 0, 0, 0.5), nx: 3, ny: 3, dx: 0.9e-3, dy: 0.8e-3 },
};

/** Readings over a window, every `gap`-th pixel missing (0: none), plus a corner where there are any. */
export function readings(
  domain: Domain,
  components: number,
  gap: number,
  background: boolean,
  seed: number,
): WindowData {
  const n = domain.nx * domain.ny;
  const measured = new Uint8Array(n).fill(1);
  if (gap > 0) for (let i = 0; i < n; i += gap) measured[i] = 0;
  if (gap > 0) for (let i = 0; i < 3; i++) measured[i] = 0;
  const values = Array.from({ length: components }, (_, c) =>
    normals(n, seed + c).map((v, i) => (measured[i] === 1 ? v : 0)),
  );
  return { values, measured, count: measured.reduce((sum, v) => sum + v, 0), background };
}

export const window: Domain = { nx: 13, ny: 10, dx: 1e-3, dy: 1.2e-3, padX: 32, padY: 16 };
export const variants: readonly {
  name: string;
  components: readonly AxisName[];
  gap: number;
  background: boolean;
  sensor?: Sensor;
}[] = [
  { name: 'Bz, no gaps', components: ['bz'], gap: 0, background: false },
  { name: 'Bz, gaps and background', components: ['bz'], gap: 5, background: true },
  { name: 'all components, gaps and background', components: AXES, gap: 4, background: true },
  {
    name: 'Bx and By with a lopsided sensor and gaps',
    components: ['bx', 'by'],
    gap: 6,
    background: false,
    sensor: lopsided,
  },
];

export function modelOf(
  domain: Domain,
  { components, sensor }: (typeof variants)[number],
  height = 1.5e-3,
): SheetModel {
  return sheetModel(domain, components, height, sensor);
}
