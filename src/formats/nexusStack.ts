import { xAxis, yAxis } from '../grid.js';
import { joined } from '../linearAlgebra/vectors.js';
import type { SeriesAxis, SeriesStack } from '../series/stack.js';
import { type Hdf5Writer, writeHdf5 } from './hdf5Write.js';
import { ROOT_ATTRIBUTES } from './nexusData.js';
import { writeProcess } from './nexusProcess.js';

/** Name of the leading axis and its unit. */
export const STACK_AXES: Readonly<Record<SeriesAxis, readonly [name: string, units: string]>> = {
  soc: ['soc', ''],
  t_s: ['time', 's'],
  temperature_C: ['temperature', 'degC'],
};

/**
 * Writes a series as NeXus/HDF5: `/entry/series` (NXdata) with `chi`, `chi_errors`, `change` (to the reference) and
 * `change_errors`, `[state][iy][ix]`, axes `soc`, `time` or `temperature` and `y`, `x` in m; `names` of the scans;
 * `/entry/regions` with `names`, `mean`, `mean_errors`, `change`, `change_errors` `[region][state]`; `/entry/hot_spots` with one
 * entry per spot; `/entry/process`.
 */
export function formatStack(stack: SeriesStack): Promise<Uint8Array> {
  const { grid, at } = stack;
  const [axis, units] = STACK_AXES[stack.by];
  return writeHdf5(ROOT_ATTRIBUTES, file => {
    file.group('/entry', { NX_class: 'NXentry', default: 'series' });
    file.group('/entry/series', {
      NX_class: 'NXdata',
      signal: 'change',
      axes: [axis, 'y', 'x'],
      auxiliary_signals: ['chi'],
    });
    file.dataset('/entry/series/x', xAxis(grid), { units: 'm', start: grid.x0, pitch: grid.dx });
    file.dataset('/entry/series/y', yAxis(grid), { units: 'm', start: grid.y0, pitch: grid.dy });
    file.dataset(`/entry/series/${axis}`, at, { units });
    file.dataset('/entry/series/names', stack.names);
    file.dataset('/entry/series/reference', stack.reference);
    const shape = [at.length, grid.ny, grid.nx];
    for (const [name, maps] of [
      ['chi', stack.chi],
      ['chi_errors', stack.chiErrors],
      ['change', stack.change],
      ['change_errors', stack.changeErrors],
    ] as const) {
      file.dataset(`/entry/series/${name}`, joined(maps), { units: '', interpretation: 'image' }, shape);
    }
    writeRegions(file, stack);
    writeHotSpots(file, stack);
    writeProcess(file, '/entry/process', stack.process);
  });
}

function writeRegions(file: Hdf5Writer, { regions, at }: SeriesStack): void {
  const path = '/entry/regions';
  file.group(path, { NX_class: 'NXcollection' });
  file.dataset(
    `${path}/names`,
    regions.map(region => region.name),
  );
  const shape = [regions.length, at.length];
  file.dataset(`${path}/mean`, joined(regions.map(r => r.mean)), { units: '' }, shape);
  file.dataset(`${path}/mean_errors`, joined(regions.map(r => r.error)), { units: '' }, shape);
  file.dataset(`${path}/change`, joined(regions.map(r => r.change)), { units: '' }, shape);
  file.dataset(`${path}/change_errors`, joined(regions.map(r => r.changeError)), { units: '' }, shape);
}

function writeHotSpots(file: Hdf5Writer, { hotSpots }: SeriesStack): void {
  if (hotSpots.length === 0) return;
  const path = '/entry/hot_spots';
  file.group(path, { NX_class: 'NXcollection' });
  const columns = { state: '', x: 'm', y: 'm', radius: 'm', excess: '', error: '', sigmas: '', relative: '' } as const;
  for (const [name, units] of Object.entries(columns)) {
    file.dataset(
      `${path}/${name}`,
      Float64Array.from(hotSpots, spot => spot[name as keyof typeof columns]),
      { units },
    );
  }
}
