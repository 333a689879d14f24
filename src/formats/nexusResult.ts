import { amplitudeAndPhase } from '../alternatingCurrent.js';
import { type CurrentMap, magnitude } from '../currentMap.js';
import { InputError } from '../errors.js';
import type { InversionResult } from '../result.js';
import { RELATIVE_UNIT_NAME } from './columns.js';
import { type Hdf5Reader, readHdf5 } from './hdf5.js';
import { writeHdf5 } from './hdf5Write.js';
import { readConductance, writeConductance } from './nexusConductance.js';
import {
  bad,
  type MapLayer,
  numbers,
  ROOT_ATTRIBUTES,
  readLayer,
  readMapAxes,
  stackSheets,
  textAttribute,
  unstackSheets,
  writeMapGroup,
} from './nexusData.js';
import { readField, writeField } from './nexusFieldMap.js';
import { readProcess, writeProcess } from './nexusProcess.js';
import { writeRelaxation } from './nexusRelaxation.js';
import { readResidual, writeResidual } from './nexusResidual.js';

/**
 * Results as NeXus/HDF5. `/entry/current_density` (the default plot: the magnitude of K), `/entry/stream_function`,
 * `/entry/resolution`, `/entry/healthy_current_density` (where a cell was given), `/entry/current_density_quadrature` and
 * `/entry/current_phase` (`amplitude`, `phase` in rad; of an alternating current, whose part in phase is `current_density`), `/entry/conductance` (where it was asked for), `/entry/residual`, `/entry/relaxation` (written, not read), `/entry/field`,
 * `/entry/fitted` and `/entry/process`; doubles on pixel centres, y ascending, `NaN` where the map says nothing, every group with its own axes in metres.
 */

/** The maps of a sheet with the group and the data set in which they stand, all sheets one behind the other. */
const CURRENT = '/entry/current_density';
const QUADRATURE = '/entry/current_density_quadrature';
const PHASE = '/entry/current_phase';
const PSI = '/entry/stream_function';
const HEALTHY = '/entry/healthy_current_density';
const RESOLUTION = '/entry/resolution';

/**
 * Writes a result.
 * @throws {InputError} when there is no sheet, or the sheets stand on different grids.
 */
export async function formatResult(result: InversionResult): Promise<Uint8Array> {
  const { sheets, healthy, quadrature } = result;
  checkSheets([...sheets, ...(healthy ?? []), ...(quadrature ?? [])]);
  const [{ grid, relativeUnit }] = sheets;
  const z = sheets.map(sheet => sheet.z);
  const relative = { [RELATIVE_UNIT_NAME]: relativeUnit };
  // A reading of r units instead of tesla makes every current r/T too large.
  const per = relativeUnit === undefined ? '' : ` (${relativeUnit})/T`;
  const layer = (
    name: string,
    units: string,
    pick: (sheet: CurrentMap) => Float64Array | undefined,
    of: readonly CurrentMap[] = sheets,
  ): MapLayer[] =>
    of.some(sheet => pick(sheet) !== undefined) ? [{ name, units, values: stackSheets(of.map(pick), grid) }] : [];

  return writeHdf5(ROOT_ATTRIBUTES, file => {
    file.group('/entry', { NX_class: 'NXentry', default: 'current_density' });
    const current = [
      ...layer('magnitude', `A/m${per}`, magnitude),
      ...layer('Kx', `A/m${per}`, sheet => sheet.kx),
      ...layer('Ky', `A/m${per}`, sheet => sheet.ky),
      ...layer('Kx_errors', `A/m${per}`, sheet => sheet.kxErrors),
      ...layer('Ky_errors', `A/m${per}`, sheet => sheet.kyErrors),
    ];
    writeMapGroup(file, CURRENT, grid, z, current, { auxiliary_signals: ['Kx', 'Ky'], ...relative });
    if (result.share !== undefined) {
      file.dataset(`${CURRENT}/share`, Float64Array.from(result.share), {
        units: '',
        long_name: 'part of the current in each sheet',
      });
    }
    writeMapGroup(
      file,
      PSI,
      grid,
      z,
      layer('psi', `A${per}`, sheet => sheet.psi),
      relative,
    );
    const resolution = layer('resolution', 'm', sheet => sheet.resolution);
    if (resolution.length > 0) writeMapGroup(file, RESOLUTION, grid, z, resolution);
    if (quadrature !== undefined) {
      const maps = sheets.map((sheet, k) => amplitudeAndPhase(sheet, quadrature[k], result.phase ?? 0));
      const out = [
        ...layer('magnitude', `A/m${per}`, magnitude, quadrature),
        ...layer('Kx', `A/m${per}`, sheet => sheet.kx, quadrature),
        ...layer('Ky', `A/m${per}`, sheet => sheet.ky, quadrature),
        ...layer('psi', `A${per}`, sheet => sheet.psi, quadrature),
      ];
      writeMapGroup(file, QUADRATURE, grid, z, out, { auxiliary_signals: ['Kx', 'Ky'], ...relative });
      const polar: MapLayer[] = [
        {
          name: 'amplitude',
          units: `A/m${per}`,
          values: stackSheets(
            maps.map(map => map.amplitude),
            grid,
          ),
        },
        {
          name: 'phase',
          units: 'rad',
          values: stackSheets(
            maps.map(map => map.phase),
            grid,
          ),
        },
      ];
      writeMapGroup(file, PHASE, grid, z, polar, { phase_of_all: result.phase, ...relative });
    }
    if (healthy !== undefined) {
      const prediction = [
        ...layer('magnitude', `A/m${per}`, magnitude, healthy),
        ...layer('Kx', `A/m${per}`, sheet => sheet.kx, healthy),
        ...layer('Ky', `A/m${per}`, sheet => sheet.ky, healthy),
        ...layer('psi', `A${per}`, sheet => sheet.psi, healthy),
      ];
      writeMapGroup(file, HEALTHY, grid, z, prediction, { auxiliary_signals: ['Kx', 'Ky'], ...relative });
    }
    if (result.conductance !== undefined) writeConductance(file, result.conductance);
    if (result.residual !== undefined) writeResidual(file, result.residual);
    if (result.relaxation !== undefined) writeRelaxation(file, result.relaxation);
    if (result.field !== undefined) writeField(file, '/entry/field', result.field);
    if (result.fitted !== undefined) writeField(file, '/entry/fitted', result.fitted);
    writeProcess(file, '/entry/process', result.process);
  });
}

/**
 * Reads a result.
 * @throws {InputError} when the bytes are no result file, naming the group or data set at fault.
 */
export async function parseResult(
  bytes: Uint8Array,
  options: { readonly file?: string } = {},
): Promise<InversionResult> {
  try {
    return await readHdf5(bytes, readResult);
  } catch (error) {
    throw error instanceof InputError && options.file !== undefined ? error.at({ file: options.file }) : error;
  }
}

/**
 * Whether HDF5 bytes hold a result rather than a scan.
 * @throws {InputError} when they are damaged
 */
export async function isResult(bytes: Uint8Array, file?: string): Promise<boolean> {
  try {
    return await readHdf5(bytes, reader => reader.kind(CURRENT) === 'group' && reader.kind('/entry/scan') !== 'group');
  } catch (error) {
    throw error instanceof InputError && file !== undefined ? error.at({ file }) : error;
  }
}

function readResult(file: Hdf5Reader): InversionResult {
  if (file.kind(CURRENT) !== 'group') {
    throw new InputError('holds no current map', { column: CURRENT, advice: 'give a result of savart invert' });
  }
  const { grid, z } = readMapAxes(file, CURRENT);
  const relativeUnit = textAttribute(file, CURRENT, RELATIVE_UNIT_NAME);
  const sheetsOf = (path: string) => unstackSheets(readLayer(file, path, grid, z.length), grid, z.length);
  const required = (path: string) => {
    const maps = sheetsOf(path);
    if (maps === undefined) throw bad(path, 'the data set is missing');
    return maps;
  };
  const [kx, ky, psi] = [required(`${CURRENT}/Kx`), required(`${CURRENT}/Ky`), required(`${PSI}/psi`)];
  const [kxErrors, kyErrors] = [sheetsOf(`${CURRENT}/Kx_errors`), sheetsOf(`${CURRENT}/Ky_errors`)];
  const resolution = sheetsOf(`${RESOLUTION}/resolution`);
  const sheets = Array.from(z, (height, k): CurrentMap => {
    const given = <K extends string>(key: K, maps: Float64Array[] | undefined) => {
      // One sheet may lack what another has: its place is filled with NaN.
      const absent = maps === undefined || (z.length > 1 && maps[k].every(Number.isNaN));
      return (absent ? {} : { [key]: maps[k] }) as { [P in K]?: Float64Array };
    };
    return {
      grid,
      z: height,
      psi: psi[k],
      kx: kx[k],
      ky: ky[k],
      ...given('kxErrors', kxErrors),
      ...given('kyErrors', kyErrors),
      ...given('resolution', resolution),
      ...(relativeUnit === undefined ? {} : { relativeUnit }),
    };
  });
  const healthy = readMaps(file, HEALTHY, relativeUnit);
  const quadrature = readMaps(file, QUADRATURE, relativeUnit);
  const phase = quadrature === undefined ? undefined : file.attribute(PHASE, 'phase_of_all');
  const share = numbers(file, `${CURRENT}/share`);
  if (share !== undefined && share.length !== z.length) {
    throw bad(`${CURRENT}/share`, `has ${share.length} values for ${z.length} sheets`);
  }
  const conductance = readConductance(file);
  const residual = readResidual(file);
  const field = readField(file, '/entry/field');
  const fitted = readField(file, '/entry/fitted');
  return {
    sheets,
    ...(healthy === undefined ? {} : { healthy }),
    ...(quadrature === undefined ? {} : { quadrature }),
    ...(typeof phase === 'number' ? { phase } : {}),
    ...(share === undefined ? {} : { share: [...share] }),
    ...(conductance === undefined ? {} : { conductance }),
    ...(residual === undefined ? {} : { residual }),
    ...(field === undefined ? {} : { field }),
    ...(fitted === undefined ? {} : { fitted }),
    process: readProcess(file, '/entry/process'),
  };
}

/** The maps of a group without errors, such as the healthy cell's. */
function readMaps(file: Hdf5Reader, group: string, relativeUnit: string | undefined): CurrentMap[] | undefined {
  if (file.kind(group) !== 'group') return undefined;
  const { grid, z } = readMapAxes(file, group);
  const maps = (name: string) => {
    const values = unstackSheets(readLayer(file, `${group}/${name}`, grid, z.length), grid, z.length);
    if (values === undefined) throw bad(`${group}/${name}`, 'the data set is missing');
    return values;
  };
  const [kx, ky, psi] = [maps('Kx'), maps('Ky'), maps('psi')];
  const relative = relativeUnit === undefined ? {} : { relativeUnit };
  return Array.from(z, (height, k) => ({ grid, z: height, psi: psi[k], kx: kx[k], ky: ky[k], ...relative }));
}

function checkSheets(sheets: readonly CurrentMap[]): void {
  if (sheets.length === 0) throw new InputError('the result holds no map', { advice: 'invert a scan first' });
  const [{ grid }] = sheets;
  const keys = ['nx', 'ny', 'x0', 'y0', 'dx', 'dy'] as const;
  if (sheets.some(sheet => keys.some(key => sheet.grid[key] !== grid[key]))) {
    throw new InputError('the sheets stand on different grids', { advice: 'write them as separate results' });
  }
}
