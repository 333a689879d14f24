import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScanMonitor } from '../../sensors/scan/monitor.js';
import { plannedScan } from '../../sensors/scan/scanResult.js';
import { MOST_NEWS, parseScanNews, parseScanOrder, type ScanNews } from '../../src/liveScan.js';
import type { Vector3 } from '../../src/model/rig.js';
import { random } from '../../src/random.js';
import { limitsOf } from '../../viewer/map/draw.js';
import { FillingMap } from '../../viewer/scan/fillingMap.js';
import { durationText } from '../../viewer/scan/panel.js';
import { beginNote, rigText } from '../sensors/engine/support.js';

const through = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function news(): ScanNews {
  const monitor = new ScanMonitor(plannedScan(beginNote(rigText())).plan);
  monitor.take({ kind: 'note', text: '<b>homing</b>' });
  monitor.take({
    kind: 'progress',
    done: 1,
    total: 12,
    remaining: 20,
    points: [
      { element: 0, plane: 0, at: [0, 0, 5e-3], values: vector(1e-6, 2e-6, 3e-6), sigma: vector(1e-8, 1e-8, NaN) },
    ],
  });
  return { type: 'scan', name: 'scan.h5', scan: monitor.snapshot() };
}
const vector = (...values: number[]) => Float64Array.from(values);

describe('what a program that scans says to its page', () => {
  it('arrives as it was said; what is not a number stays none', () => {
    expect(parseScanNews(through(news()))).toEqual(news());
    expect(news().scan.points[0].sigma[2]).toBeNaN();
  });

  it('is nothing without any one of its parts, or with one too many', () => {
    const { type, name, scan } = through(news()) as ScanNews;
    const spoilt: unknown[] = [
      { type, name },
      { type, scan },
      { name, scan },
      { type: 'file', name, scan },
    ];
    spoilt.push({ type, name, scan, more: 1 }, { type, name, scan: { ...scan, more: 1 } });
    for (const key of Object.keys(scan)) spoilt.push({ type, name, scan: { ...scan, [key]: undefined } });
    for (const key of Object.keys(scan.plan)) {
      spoilt.push({ type, name, scan: { ...scan, plan: { ...scan.plan, [key]: undefined } } });
    }
    for (const one of spoilt) expect(parseScanNews(through(one))).toBeUndefined();
  });

  it('is nothing where a point belongs to no element, no height or too few channels, or where there are too many', () => {
    const said = through(news()) as ScanNews;
    const [point] = said.scan.points;
    const given = (points: readonly unknown[]) => parseScanNews({ ...said, scan: { ...said.scan, points } });
    expect(given([point])).toBeDefined();
    for (const wrong of [
      { element: 1 },
      { element: -1 },
      { element: 0.5 },
      { plane: 1 },
      { values: [1, 2] },
      { sigma: [] },
      { at: [0, 0] },
      { at: [0, null, 0] },
    ]) {
      expect(given([{ ...point, ...wrong }]), JSON.stringify(wrong)).toBeUndefined();
    }
    expect(given(Array.from({ length: MOST_NEWS + 1 }, () => point))).toBeUndefined();
    const long = { ...said.scan.plan, columns: Array.from({ length: 1e4 }, (_, i) => i), rows: Array(1e3).fill(0) };
    expect(parseScanNews({ ...said, scan: { ...said.scan, plan: long } })).toBeUndefined();
  });

  it('whatever comes, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.jsonValue(), json => {
        expect(parseScanNews(json)).toBeUndefined();
        expect(parseScanNews({ ...news(), scan: json })).toBeUndefined();
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe('what a page orders', () => {
  it('is to pause, to go on or to stop, and nothing else', () => {
    for (const to of ['pause', 'resume', 'stop'] as const) {
      expect(parseScanOrder(JSON.stringify({ type: 'steer', to }))).toEqual({ type: 'steer', to });
    }
    for (const other of [
      '',
      'stop',
      '{"type":"steer"',
      '{"type":"steer","to":"end"}',
      '{"type":"steer","to":"constructor"}',
      '{"type":"steer","to":["stop"]}',
      '{"type":"steer","to":"stop","at":1}',
      '[]',
      'null',
    ]) {
      expect(parseScanOrder(other), other).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), text => {
        expect(parseScanOrder(text)).toBeUndefined();
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});

describe('the map of a scan that is going on', () => {
  const columns = [0, 2e-3, 4e-3];
  const rows = [0, 3e-3];
  const plan = (axes: readonly (readonly Vector3[])[], heights = [5e-3]) => ({
    columns,
    rows,
    pitch: 2e-3,
    heights,
    elements: axes.map((own, i) => ({ name: `e${i}`, axes: own })),
    steps: 6,
  });
  const field: Vector3 = [1e-6, -2e-6, 3e-6];
  const along = (axis: Vector3, b = field) => axis[0] * b[0] + axis[1] * b[1] + axis[2] * b[2];
  const layerOf = (map: FillingMap, id: string) =>
    map.document('scan', news(), []).layers.find(layer => layer.id === id);

  it('shows the components in the cell’s axes, however the element is turned', () => {
    const rng = random(4);
    for (let trial = 0; trial < 20; trial++) {
      const axes = Array.from({ length: 3 }, (): Vector3 => {
        const [x, y, z] = [rng.normal(), rng.normal(), rng.normal()];
        const size = Math.hypot(x, y, z);
        return [x / size, y / size, z / size];
      });
      const map = new FillingMap(plan([axes]));
      map.add([
        { element: 0, plane: 0, at: [2e-3, 3e-3, 5e-3], values: axes.map(axis => along(axis)), sigma: [0, 0, 0] },
      ]);
      for (const [k, key] of ['bx', 'by', 'bz'].entries()) {
        const { values } = layerOf(map, `scan.0.${key}`)!;
        expect(values[4]).toBeCloseTo(field[k], 12);
        expect([...values].filter(Number.isFinite)).toHaveLength(1);
      }
    }
  });

  it('errors go with the readings, and are smaller by the root of their number where several fall on one place', () => {
    const [x, y, z]: Vector3[] = [
      [0, -1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ];
    const map = new FillingMap(plan([[x, y, z], [[0, 0, -1]]]));
    const at: Vector3 = [0.1e-3, 0, 5e-3];
    map.add([{ element: 0, plane: 0, at, values: [1e-6, 2e-6, 3e-6], sigma: [1e-8, 2e-8, 3e-8] }]);
    expect(layerOf(map, 'scan.0.bx')!.values[0]).toBeCloseTo(2e-6, 15);
    expect(layerOf(map, 'scan.0.by')!.values[0]).toBeCloseTo(-1e-6, 15);
    expect(layerOf(map, 'scan.0.bx')!.errors![0]).toBeCloseTo(2e-8, 15);
    map.add([{ element: 1, plane: 0, at, values: [-5e-6], sigma: [3e-8] }]);
    expect(layerOf(map, 'scan.0.bz')!.values[0]).toBeCloseTo(4e-6, 15);
    expect(layerOf(map, 'scan.0.bz')!.errors![0]).toBeCloseTo(3e-8 / Math.SQRT2, 15);
    expect(layerOf(map, 'scan.0.bx')!.values[0]).toBeCloseTo(2e-6, 15);
  });

  it('an axis between those of the cell is a map of its own, every height too; what is beside the raster is left out', () => {
    const slanted: Vector3 = [Math.SQRT1_2, 0, Math.SQRT1_2];
    const map = new FillingMap(plan([[slanted]], [5e-3, 9e-3]));
    map.add([
      { element: 0, plane: 1, at: [0, 0, 9e-3], values: [1e-6], sigma: [1e-9] },
      { element: 0, plane: 1, at: [0.1, 0, 9e-3], values: [7e-6], sigma: [1e-9] },
      { element: 0, plane: 1, at: [2e-3, 0, 9e-3], values: [Number.NaN], sigma: [1e-9] },
    ]);
    const { layers } = map.document('scan', news(), []);
    const readings = layers.filter(({ id }) => !id.endsWith('.error'));
    expect(readings.map(({ name, group }) => [name, group])).toEqual([
      ['B along (0.71, 0, 0.71)', 'Readings, z = 5 mm'],
      ['B along (0.71, 0, 0.71)', 'Readings, z = 9 mm'],
    ]);
    expect([...readings[0].values].some(Number.isFinite)).toBe(false);
    expect([...readings[1].values].filter(Number.isFinite)).toEqual([1e-6]);
    expect(map.plane).toBe(1);
  });

  it('a field that is the same nearly everywhere is shown from least to most, another about zero', () => {
    const axes: Vector3[] = [[0, 0, 1]];
    const filled = (values: readonly number[]) => {
      const map = new FillingMap(plan([axes]));
      map.add(values.map((v, i) => ({ element: 0, plane: 0, at: [columns[i], 0, 5e-3], values: [v], sigma: [1e-9] })));
      return layerOf(map, 'scan.0.bz')!;
    };
    const room = filled([-44.2e-6, -44e-6, -46e-6]);
    expect(room.kind).toBe('magnitude');
    expect(limitsOf(room, { limits: {}, frame: 0 })).toEqual({ min: -46e-6, max: -44e-6 });
    const bipolar = filled([-2e-6, 1.9e-6]);
    expect(bipolar.kind).toBe('signed');
    expect(limitsOf(bipolar, { limits: {}, frame: 0 })).toEqual({ min: -2e-6, max: 2e-6 });
  });
});

it('times are told in words', () => {
  expect([0, 40.2, 89, 90, 720, 5400, 12_000].map(durationText)).toEqual([
    '0 s',
    '41 s',
    '89 s',
    '2 min',
    '12 min',
    '1 h 30 min',
    '3 h 20 min',
  ]);
});
