import { InputError } from '../errors.js';
import type { RemanenceMap, SusceptibilityMap, SusceptibilityResult } from '../susceptibilityMap.js';
import { type Hdf5Reader, readHdf5 } from './hdf5.js';
import { writeHdf5 } from './hdf5Write.js';
import { bad, numbers, ROOT_ATTRIBUTES, readLayer, readMapAxes, writeMapGroup } from './nexusData.js';
import { readProcess, writeProcess } from './nexusProcess.js';
import { readResidual, writeResidual } from './nexusResidual.js';

/**
 * Results of a susceptibility inversion as NeXus/HDF5: `/entry/susceptibility` (`chi`, the default plot, and `chi_errors`,
 * dimensionless; `faces`, the heights of the slab's faces, m), `/entry/remanent_magnetisation` (`magnetisation`,
 * `magnetisation_errors`, A/m, and its `direction`), `/entry/resolution`, `/entry/residual`, `/entry/process`; maps on pixel
 * centres, y ascending, `NaN` outside the outline.
 */
const GROUP = '/entry/susceptibility';
const REMANENT = '/entry/remanent_magnetisation';
const RESOLUTION = '/entry/resolution';

/** Writes a result. */
export function formatSusceptibility(result: SusceptibilityResult): Promise<Uint8Array> {
  const { map, remanence } = result;
  const z = [(map.bottom + map.top) / 2];
  const optional = (name: string, values: Float64Array | undefined, units: string) =>
    values === undefined ? [] : [{ name, values, units }];
  return writeHdf5(ROOT_ATTRIBUTES, file => {
    file.group('/entry', { NX_class: 'NXentry', default: 'susceptibility' });
    writeMapGroup(file, GROUP, map.grid, z, [
      { name: 'chi', values: map.chi, units: '' },
      ...optional('chi_errors', map.chiErrors, ''),
    ]);
    file.dataset(`${GROUP}/faces`, Float64Array.of(map.bottom, map.top), { units: 'm' });
    if (remanence !== undefined) {
      writeMapGroup(file, REMANENT, map.grid, z, [
        { name: 'magnetisation', values: remanence.magnetisation, units: 'A/m' },
        ...optional('magnetisation_errors', remanence.errors, 'A/m'),
      ]);
      file.dataset(`${REMANENT}/direction`, Float64Array.from(remanence.direction), { units: '' });
    }
    const resolution = optional('resolution', map.resolution, 'm');
    if (resolution.length > 0) writeMapGroup(file, RESOLUTION, map.grid, z, resolution);
    if (result.residual !== undefined) writeResidual(file, result.residual);
    writeProcess(file, '/entry/process', result.process);
  });
}

/** Whether HDF5 bytes hold a susceptibility. @throws {InputError} when they are damaged */
export async function isSusceptibility(bytes: Uint8Array, file?: string): Promise<boolean> {
  return located(file, () => readHdf5(bytes, reader => reader.kind(GROUP) === 'group'));
}

/**
 * Reads a result.
 * @throws {InputError} when the bytes are no such result, naming the group or data set at fault.
 */
export async function parseSusceptibility(
  bytes: Uint8Array,
  options: { readonly file?: string } = {},
): Promise<SusceptibilityResult> {
  return located(options.file, () => readHdf5(bytes, readResult));
}

async function located<T>(file: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof InputError && file !== undefined ? error.at({ file }) : error;
  }
}

function readResult(file: Hdf5Reader): SusceptibilityResult {
  if (file.kind(GROUP) !== 'group') {
    throw new InputError('holds no map of the susceptibility', {
      column: GROUP,
      advice: 'give a result of savart invert --target susceptibility',
    });
  }
  const { grid } = readMapAxes(file, GROUP);
  const layer = (path: string) => readLayer(file, path, grid, 1);
  const chi = layer(`${GROUP}/chi`);
  if (chi === undefined) throw bad(`${GROUP}/chi`, 'the data set is missing');
  const faces = numbers(file, `${GROUP}/faces`);
  if (faces?.length !== 2 || !(faces[0] < faces[1])) throw bad(`${GROUP}/faces`, 'is no pair of heights');
  const chiErrors = layer(`${GROUP}/chi_errors`);
  const resolution = layer(`${RESOLUTION}/resolution`);
  const map: SusceptibilityMap = {
    grid,
    bottom: faces[0],
    top: faces[1],
    chi,
    ...(chiErrors === undefined ? {} : { chiErrors }),
    ...(resolution === undefined ? {} : { resolution }),
  };
  const remanence = readRemanence(file, layer);
  const residual = readResidual(file);
  return {
    map,
    ...(remanence === undefined ? {} : { remanence }),
    ...(residual === undefined ? {} : { residual }),
    process: readProcess(file, '/entry/process'),
  };
}

function readRemanence(file: Hdf5Reader, layer: (path: string) => Float64Array | undefined): RemanenceMap | undefined {
  if (file.kind(REMANENT) !== 'group') return undefined;
  const magnetisation = layer(`${REMANENT}/magnetisation`);
  const direction = numbers(file, `${REMANENT}/direction`);
  if (magnetisation === undefined) throw bad(`${REMANENT}/magnetisation`, 'the data set is missing');
  if (direction?.length !== 3) throw bad(`${REMANENT}/direction`, 'is no direction');
  const errors = layer(`${REMANENT}/magnetisation_errors`);
  return {
    direction: [direction[0], direction[1], direction[2]],
    magnetisation,
    ...(errors === undefined ? {} : { errors }),
  };
}
