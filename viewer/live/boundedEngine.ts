import { liveBounded } from '../../inversion/bounded/liveBounded.js';
import { AXES, type FieldMap } from '../../src/fieldMap.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { gridSize } from '../../src/grid.js';
import type { LiveCell } from '../state/document.js';
import { choiceOf, type LiveEngine } from './messages.js';

/** The bounded method: some seconds of work, then every lambda at once. */
export function boundedEngine(
  map: FieldMap,
  { cell, pitch, gainError, positionError, place, lambda }: LiveCell,
  onProgress: (part: number, next: string) => void,
): LiveEngine {
  const live = liveBounded(scanOf(map), cell, {
    pitch,
    gainError,
    positionError,
    place,
    ...(lambda === undefined ? {} : { lambda }),
    onProgress,
  });
  const choice = () => choiceOf(live.lambda, live.lambdaBy, live.curve);
  return {
    ready: {
      type: 'ready',
      method: 'bounded',
      lambda: live.lambda,
      least: live.least,
      height: 1,
      note: 'Bounded method, as the result was made. While you slide, the weights of the readings, the place of the scan and the shape of the prior stay as they were found at the start.',
      choice: choice(),
    },
    choiceAt: choice,
    at: wanted => {
      const [{ map: found, healthy }] = live.at(wanted);
      const { grid, kx, ky, psi } = found;
      const departure = kx.map((v, i) => Math.sqrt((v - healthy.kx[i]) ** 2 + (ky[i] - healthy.ky[i]) ** 2));
      return { grid, kx, ky, psi, departure };
    },
  };
}

/** The readings that stand on the raster. */
function scanOf({ grid, z, sigma, components }: FieldMap): FieldScan {
  const measured = AXES.filter(axis => components[axis] !== undefined);
  const kept = Array.from({ length: gridSize(grid) }, (_, i) => i).filter(i =>
    measured.every(axis => Number.isFinite(components[axis]![i])),
  );
  const pick = (value: (i: number) => number) => Float64Array.from(kept, value);
  return {
    count: kept.length,
    x: pick(i => grid.x0 + (i % grid.nx) * grid.dx),
    y: pick(i => grid.y0 + Math.floor(i / grid.nx) * grid.dy),
    z: new Float64Array(kept.length).fill(z),
    ...(sigma === undefined ? {} : { sigma }),
    components: Object.fromEntries(measured.map(axis => [axis, { values: pick(i => components[axis]![i]) }])),
  };
}
