import { xAxis, yAxis } from '../grid.js';
import { joined } from '../linearAlgebra/vectors.js';
import type { MapStack } from '../series/mapStack.js';
import { writeHdf5 } from './hdf5Write.js';
import { ROOT_ATTRIBUTES } from './nexusData.js';
import { writeProcess } from './nexusProcess.js';
import { STACK_AXES } from './nexusStack.js';

/**
 * Writes a stack of measured or inverted maps as NeXus/HDF5: `/entry/series` (NXdata) with every layer (`bz`, `Kx`, ...) and its
 * `change_` to the reference with `_errors`, `[state][iy][ix]`, axes as in `formatStack`; `rms_change` and `rms_noise` per state.
 */
export function formatMapStack(stack: MapStack): Promise<Uint8Array> {
  const { grid, at, layers, unit: units } = stack;
  const [axis, axisUnits] = STACK_AXES[stack.by];
  const path = '/entry/series';
  return writeHdf5(ROOT_ATTRIBUTES, file => {
    file.group('/entry', { NX_class: 'NXentry', default: 'series' });
    file.group(path, { NX_class: 'NXdata', signal: `change_${layers.at(-1)!.name}`, axes: [axis, 'y', 'x'] });
    file.dataset(`${path}/x`, xAxis(grid), { units: 'm', start: grid.x0, pitch: grid.dx });
    file.dataset(`${path}/y`, yAxis(grid), { units: 'm', start: grid.y0, pitch: grid.dy });
    file.dataset(`${path}/${axis}`, at, { units: axisUnits });
    file.dataset(`${path}/names`, stack.names);
    file.dataset(`${path}/reference`, stack.reference);
    file.dataset(`${path}/rms_change`, stack.change, { units });
    file.dataset(`${path}/rms_noise`, stack.noise, { units });
    const write = (name: string, maps: readonly Float64Array[] | undefined) => {
      if (maps === undefined) return;
      const shape = [at.length, grid.ny, grid.nx];
      file.dataset(`${path}/${name}`, joined(maps), { units, interpretation: 'image' }, shape);
    };
    for (const { name, values, change, changeErrors } of layers) {
      write(name, values);
      write(`change_${name}`, change);
      write(`change_${name}_errors`, changeErrors);
    }
    writeProcess(file, '/entry/process', stack.process);
  });
}
