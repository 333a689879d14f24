import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMat } from '../../src/formats/mat.js';
import { parseScanMat } from '../../src/formats/matScan.js';
import { formatResult } from '../../src/formats/nexusResult.js';
import { parseScanHdf5 } from '../../src/formats/nexusScan.js';
import { parseScanNpy, parseScanNpz, readImage } from '../../src/formats/npzScan.js';
import { formatScan, parseScan } from '../../src/formats/scanFile.js';
import type { InversionResult } from '../../src/result.js';
import { fullScan } from './arbitraries.js';
import { pythonHas, runPython } from './python.js';

/** What other programs read from our files, and we from theirs. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'savart-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const grid = { nx: 3, ny: 2, x0: 0.01, y0: 0.02, dx: 1e-3, dy: 0.01 };
const values = (factor: number) => Float64Array.from([1, 2, 3, 4, 5, 6], value => value * factor);
const sheet = (z: number) => ({
  grid,
  z,
  psi: values(1),
  kx: values(3),
  ky: Float64Array.from([4, 8, 12, 16, 20, Number.NaN]),
  kxErrors: values(0.1),
  kyErrors: values(0.2),
  resolution: values(1e-3),
});
const result = (...heights: number[]): InversionResult => ({
  sheets: heights.map(sheet),
  residual: {
    x: Float64Array.of(0, 1),
    y: Float64Array.of(0, 1),
    z: Float64Array.of(5, 5),
    components: { bz: Float64Array.of(0.5, -9) },
    rejected: Uint8Array.of(0, 1),
  },
  field: { grid, z: 5e-3, components: { bz: values(1e-6) }, sigma: 5e-8 },
  fitted: { grid, z: 5e-3, components: { bz: values(1e-6) } },
  process: {
    program: 'savart',
    version: '0.1.0',
    date: '2024-06-07T08:09:10Z',
    inputs: [{ name: 'scan.csv', sha256: 'ab'.repeat(32) }],
    cell: 'name: µ-cell\n',
    parameters: { lambda: 1e-3 },
  },
});

describe.skipIf(!pythonHas('h5py', 'numpy'))('h5py', () => {
  it('finds the default signal of a result and every group of the layout', async () => {
    writeFileSync(at('one.h5'), await formatResult(result(0)));
    writeFileSync(at('two.h5'), await formatResult(result(2e-3, -2e-3)));
    const seen = runPython(
      `
import h5py, json, sys
import numpy as np
out = []
for path in sys.argv[1:]:
    with h5py.File(path) as f:
        group = f
        while 'default' in group.attrs:
            group = group[group.attrs['default']]
        signal = group[group.attrs['signal']]
        axes = list(group.attrs['axes'])
        e = f['entry']
        lengths = [len(group[a]) for a in axes]
        maps = {n: e[n].attrs['signal'] for n in e if e[n].attrs['NX_class'] == 'NXdata'}
        text = lambda n: e['process'][n][()].decode()
        out.append(dict(version=int(f.attrs['savart_file_version']), root=f.attrs['NX_class'], entry=e.attrs['NX_class'],
            path=group.name, signal=signal.name, shape=signal.shape, dtype=str(signal.dtype), axes=axes, lengths=lengths,
            units=[signal.attrs['units'], group['x'].attrs['units']], auxiliary=list(group.attrs['auxiliary_signals']),
            datasets=sorted(group), magnitude=np.nan_to_num(signal[()], nan=-1).ravel()[:6].tolist(),
            consistent=bool(np.allclose(signal[()]**2, group['Kx'][()]**2 + group['Ky'][()]**2, equal_nan=True)),
            x=group['x'][()].tolist(), y=group['y'][()].tolist(), z=group['z'][()].tolist(), maps=maps,
            ownAxes=all('x' in e[n] and 'y' in e[n] for n in maps), rejected=e['residual/rejected'][()].tolist(),
            program=text('program'), version_=text('version'), date=text('date'), cell=text('cell'),
            parameters=json.loads(text('parameters')), inputs=[n.decode() for n in e['process/input_names'][()]]))
print(json.dumps(out))`,
      at('one.h5'),
      at('two.h5'),
    ) as Record<string, unknown>[];
    const shared = {
      version: 1,
      root: 'NXroot',
      entry: 'NXentry',
      path: '/entry/current_density',
      signal: '/entry/current_density/magnitude',
      dtype: 'float64',
      units: ['A/m', 'm'],
      auxiliary: ['Kx', 'Ky'],
      datasets: ['Kx', 'Kx_errors', 'Ky', 'Ky_errors', 'magnitude', 'x', 'y', 'z'],
      magnitude: [5, 10, 15, 20, 25, -1],
      consistent: true,
      y: [0.02, 0.03],
      maps: {
        current_density: 'magnitude',
        stream_function: 'psi',
        resolution: 'resolution',
        residual: 'bz',
        field: 'bz',
        fitted: 'bz',
      },
      ownAxes: true,
      rejected: [0, 1],
      program: 'savart',
      version_: '0.1.0',
      date: '2024-06-07T08:09:10Z',
      cell: 'name: µ-cell\n',
      parameters: { lambda: 1e-3 },
      inputs: ['scan.csv'],
    };
    expect(seen[0]).toMatchObject({ ...shared, shape: [2, 3], axes: ['y', 'x'], lengths: [2, 3], z: 0 });
    expect(seen[1]).toMatchObject({
      ...shared,
      shape: [2, 2, 3],
      axes: ['z', 'y', 'x'],
      lengths: [2, 2, 3],
      z: [2e-3, -2e-3],
    });
  });

  it('reads a scan: scattered samples, and a map as a picture', async () => {
    const map = await parseScan(new TextEncoder().encode('x_mm,y_mm,z_mm,bz_V\n1,0,5,2\n0,0,5,1\n1,2,5,4\n0,2,5,3\n'));
    writeFileSync(at('scan.h5'), await formatScan(fullScan, 'hdf5'));
    writeFileSync(at('map.h5'), await formatScan(map, 'hdf5'));
    const seen = runPython(
      `
import h5py, json, sys
out = []
for path in sys.argv[1:]:
    with h5py.File(path) as f:
        group = f
        while 'default' in group.attrs:
            group = group[group.attrs['default']]
        s = f['entry/scan']
        out.append(dict(version=int(f.attrs['savart_file_version']), default=group.name, axes=list(group.attrs['axes']),
            signal=group[group.attrs['signal']][()].tolist(), x=s['x'][()].tolist(), nx_class=s.attrs['NX_class'],
            relative=s.attrs.get('relative_unit'), units={n: s[n].attrs['units'] for n in s if 'units' in s[n].attrs}))
print(json.dumps(out))`,
      at('scan.h5'),
      at('map.h5'),
    );
    expect(seen).toMatchObject([
      {
        version: 1,
        default: '/entry/scan',
        axes: ['x', 'y'],
        signal: [1e-6, -5.626637e-6, 3e-7],
        x: [0, 0.0025, -0.01787229],
        nx_class: 'NXdata',
        relative: null,
        units: {
          x: 'm',
          bz: 'T',
          bx_q: 'T',
          sigma_z: 'T',
          t: 's',
          current: 'A',
          temperature: 'degC',
          soc: '',
          nx: '',
          sigma: 'T',
        },
      },
      {
        default: '/entry/map',
        axes: ['y', 'x'],
        signal: [
          [1, 2],
          [3, 4],
        ],
        x: [1e-3, 0, 1e-3, 0],
        relative: 'V',
        units: { x: 'm', bz: 'V' },
      },
    ]);
  });

  it('writes scans that we read: byte orders, compression, text, a grid, MATLAB 7.3', async () => {
    runPython(
      `
import h5py, json, sys
import numpy as np
folder = sys.argv[1]
with h5py.File(folder + '/a.h5', 'w') as f:
    g = f.create_group('entry/scan')
    def put(name, data, units=None, **options):
        d = g.create_dataset(name, data=data, **options)
        if units is not None: d.attrs['units'] = units
    put('x', np.array([1, 2, 3], '>f8'), 'mm')
    put('y', np.array([1, 2, 3], '<i2'), 'mm', chunks=(2,), compression='gzip', shuffle=True, fletcher32=True)
    put('z', np.float32(5), np.bytes_('mm'))
    put('bz_uT', np.array([1, 2, 3], '>f4'))
    put('sensor', np.array(['a', 'b', 'a'], h5py.string_dtype()))
    g['title'] = 'by hand'
with h5py.File(folder + '/b.h5', 'w') as f:
    f.attrs['default'] = 'picture'
    g = f.create_group('picture')
    for name, data, units in [('bz', [[1, 2], [3, np.nan]], 'nT'), ('x', [0, 1], 'mm'), ('y', [0, 2], 'mm'), ('z', 5, 'mm')]:
        g[name] = np.array(data, float)
        g[name].attrs['units'] = units
with h5py.File(folder + '/c.mat', 'w', userblock_size=512) as f:
    def put(name, data, kind='double'):
        f[name] = data
        f[name].attrs['MATLAB_class'] = np.bytes_(kind)
    put('x_mm', np.array([[0.], [1.], [2.]]))
    put('y_mm', np.array([[0., 2.]]))
    put('z_mm', np.array([[5.]]))
    put('bz', np.array([[1., 4.], [2., 5.], [3., 6.]]))
    put('relative_unit', np.array([[ord(c)] for c in 'counts'], 'u2'), 'char')
print('null')`,
      folder,
    );
    const a = await parseScanHdf5(readFileSync(at('a.h5')));
    expect([[...a.x], [...a.y], [...a.z]]).toEqual([
      [1e-3, 2e-3, 3e-3],
      [1e-3, 2e-3, 3e-3],
      [5e-3, 5e-3, 5e-3],
    ]);
    expect([...a.components.bz!.values]).toEqual([1e-6, 2e-6, 3e-6]);
    expect([a.sensorNames, [...a.sensor!]]).toEqual([
      ['a', 'b'],
      [0, 1, 0],
    ]);
    const b = await parseScanHdf5(readFileSync(at('b.h5')));
    expect([[...b.x], [...b.y]]).toEqual([
      [0, 1e-3, 0],
      [0, 0, 2e-3],
    ]);
    const c = await parseScan(readFileSync(at('c.mat')));
    expect(c).toMatchObject({ count: 6, relativeUnit: 'counts' });
    expect([...c.components.bz!.values]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...c.y]).toEqual([0, 0, 0, 2e-3, 2e-3, 2e-3]);
  });
});

describe.skipIf(!pythonHas('numpy'))('numpy', () => {
  it('reads our NPZ and NPY', async () => {
    writeFileSync(at('scan.npz'), await formatScan(fullScan, 'npz'));
    writeFileSync(at('scan.npy'), await formatScan(fullScan, 'npy'));
    const seen = runPython(
      `
import json, sys
import numpy as np
z, t = np.load(sys.argv[1]), np.load(sys.argv[2])
print(json.dumps([sorted(z.files), z['bz_T'].tolist(), z['sigma_T'].shape, z['sensor_names'].tolist(), t.dtype.names[:4],
  t['bz_T'].tolist(), t['sensor'].tolist()]))`,
      at('scan.npz'),
      at('scan.npy'),
    ) as unknown[];
    expect(seen[0]).toEqual(
      expect.arrayContaining(['x_m', 'bz_T', 'sigma_T', 't_s', 'temperature_C', 'savart_file_version']),
    );
    expect(seen.slice(1)).toEqual([
      [1.25e-5, 0, -1e-12],
      [],
      ['amr1', 'amr 2'],
      ['x_m', 'y_m', 'z_m', 'bx_T'],
      [1.25e-5, 0, -1e-12],
      ['amr1', 'amr 2', 'amr1'],
    ]);
  });

  it('writes files that we read', () => {
    runPython(
      `
import sys
import numpy as np
folder = sys.argv[1]
x, y = np.arange(3.), np.array([0., 2.])
X, Y = np.meshgrid(x, y)
b = np.arange(6, dtype='>f4').reshape(2, 3)
np.savez(folder + '/grid.npz', x_mm=x, y_mm=y, z_mm=5, bz_nT=np.asfortranarray(b))
np.savez_compressed(folder + '/mesh.npz', x_mm=X, y_mm=Y.astype('f4'), z_mm=np.int16(5), bz_nT=b, note='hello')
np.savez(folder + '/squid.npz', data=b, xs=x, ys=y, standoff=1.0, length_units='um', units='Phi_0 / A', current='1 uA')
table = np.zeros(2, dtype=[('x_mm', '<f8'), ('y_mm', '>f4'), ('z_mm', 'i4'), ('bz_nT', '<f8'), ('sensor', 'U5')])
table['bz_nT'], table['sensor'] = [1, 2], ['left', 'right']
np.save(folder + '/table.npy', table)
print('null')`,
      folder,
    );
    const gridScan = parseScanNpz(readFileSync(at('grid.npz')));
    expect([...gridScan.components.bz!.values]).toEqual([0, 1e-9, 2e-9, 3e-9, 4e-9, 5e-9]);
    expect([...gridScan.y]).toEqual([0, 0, 0, 2e-3, 2e-3, 2e-3]);
    expect(parseScanNpz(readFileSync(at('mesh.npz')))).toEqual(gridScan);
    expect(parseScanNpz(readFileSync(at('squid.npz')))).toMatchObject({ count: 6, relativeUnit: 'Phi0/A' });
    expect(readImage(readFileSync(at('squid.npz')))).toMatchObject({ nx: 3, ny: 2, dx: 1e-6, dy: 2e-6 });
    expect(parseScanNpy(readFileSync(at('table.npy')))).toMatchObject({
      sensorNames: ['left', 'right'],
      components: { bz: { values: Float64Array.of(1e-9, 2e-9) } },
    });
  });
});

describe.skipIf(!pythonHas('h5py', 'numpy'))('MATLAB 7.3', () => {
  it('holds structures as groups, and says where a column is a cell array', async () => {
    runPython(
      `
import sys
import h5py
import numpy as np
def matrix(group, name, values, kind='double'):
    group.create_dataset(name, data=np.array(values, dtype=float).reshape(-1, 1).T).attrs['MATLAB_class'] = np.bytes_(kind)
for name in ('struct', 'cell'):
    with h5py.File(f'{sys.argv[1]}/{name}73.mat', 'w', userblock_size=512) as f:
        run = f.create_group('run')
        run.attrs['MATLAB_class'] = np.bytes_('struct')
        place = run.create_group('place')
        matrix(place, 'x_mm', [0, 1, 2])
        matrix(place, 'y_mm', [0, 0, 0])
        matrix(place, 'z_mm', [5])
        if name == 'struct':
            matrix(run, 'bz_nT', [1, 2, 3])
        else:
            run.create_dataset('bz_nT', data=np.array([[f['run'].ref] * 3], dtype=h5py.ref_dtype)).attrs['MATLAB_class'] = np.bytes_('cell')
print(1)`,
      folder,
    );
    const scan = await parseScan(readFileSync(at('struct73.mat')));
    expect([...scan.components.bz!.values]).toEqual([1e-9, 2e-9, 3e-9]);
    expect([...scan.z]).toEqual([5e-3, 5e-3, 5e-3]);
    await expect(parseScan(readFileSync(at('cell73.mat')))).rejects.toThrow(/is a cell array/);
  });
});

describe.skipIf(!pythonHas('scipy.io', 'numpy'))('scipy', () => {
  it('reads our MATLAB file and writes one that we read', async () => {
    writeFileSync(at('scan.mat'), await formatScan(fullScan, 'mat'));
    const seen = runPython(
      `
import json, sys
import numpy as np
import scipy.io as sio
m = sio.loadmat(sys.argv[1])
a = np.arange(6).reshape(2, 3)
everything = dict(bz_nT=a.astype('f4'), x_mm=np.arange(3, dtype='i1'), y_mm=np.array([[0.], [2.]]), z_mm=5, ok=np.array([True]),
  name='µ cell', s=dict(a=1), c=np.array([1, 'x'], dtype=object), wave=a * 1j, cube=np.arange(24.).reshape(2, 3, 4), empty=np.zeros((0, 0)))
sio.savemat(sys.argv[2] + '/packed.mat', everything, do_compression=True)
sio.savemat(sys.argv[2] + '/plain.mat', everything)
print(json.dumps([m['bz_T'].ravel().tolist(), m['x_m'].shape, [n.strip() for n in m['sensor_names'].tolist()]]))`,
      at('scan.mat'),
      folder,
    );
    expect(seen).toEqual([
      [1.25e-5, 0, -1e-12],
      [3, 1],
      ['amr1', 'amr 2'],
    ]);
    for (const name of ['packed.mat', 'plain.mat']) {
      const { variables, skipped } = readMat(readFileSync(at(name)));
      const cube = variables.find(variable => variable.name === 'cube');
      expect(cube).toEqual({ name: 'cube', shape: [2, 3, 4], data: Float64Array.from({ length: 24 }, (_, i) => i) });
      expect(variables.find(variable => variable.name === 'name')?.data).toEqual(['µ cell']);
      expect(skipped.map(({ className }) => className)).toEqual(['complex array']);
      expect(variables.find(variable => variable.name === 's.a')?.data).toEqual(Float64Array.of(1));
      expect(variables.find(variable => variable.name === 'c{2}')?.data).toEqual(['x']);
      const scan = parseScanMat(readFileSync(at(name)));
      expect([...scan.components.bz!.values]).toEqual([0, 1e-9, 2e-9, 3e-9, 4e-9, 5e-9]);
    }
  });

  it('writes structures, arrays of structures and cell arrays that we read, and says where there are several scans', () => {
    runPython(
      `
import sys
import numpy as np
import scipy.io as sio
place = dict(x_mm=np.arange(4.), y_mm=np.zeros(4), z_mm=5.)
scan = dict(place=place, field=dict(bz_nT=np.arange(4.)), sensor=np.array(['a', 'b', 'a', 'b'], dtype=object), note='cell 7')
row = np.zeros((1, 3), dtype=[('x_mm', object), ('y_mm', object), ('bz_nT', object)])
for k in range(3):
    row[0, k] = (float(k), 2., 10. * k)
for name, packed in (('packed', True), ('plain', False)):
    sio.savemat(f'{sys.argv[1]}/nested_{name}.mat', dict(run=scan, version=3), do_compression=packed)
    sio.savemat(f'{sys.argv[1]}/rows_{name}.mat', dict(rows=row, z_mm=4.), do_compression=packed)
    sio.savemat(f'{sys.argv[1]}/two_{name}.mat', dict(upper=scan, lower=scan), do_compression=packed)
print(1)`,
      folder,
    );
    for (const kind of ['packed', 'plain']) {
      const nested = parseScanMat(readFileSync(at(`nested_${kind}.mat`)));
      expect([...nested.components.bz!.values]).toEqual([0, 1e-9, 2e-9, 3e-9]);
      expect([...nested.z]).toEqual([5e-3, 5e-3, 5e-3, 5e-3]);
      expect([...nested.sensor!].map(i => nested.sensorNames![i])).toEqual(['a', 'b', 'a', 'b']);
      const rows = parseScanMat(readFileSync(at(`rows_${kind}.mat`)));
      expect([...rows.x]).toEqual([0, 1e-3, 2e-3]);
      expect([...rows.components.bz!.values]).toEqual([0, 1e-8, 2e-8]);
      expect(() => parseScanMat(readFileSync(at(`two_${kind}.mat`)))).toThrow(/holds 2 scans: 'upper', 'lower'/);
    }
  });
});
