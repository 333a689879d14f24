import { describe, expect, it } from 'vitest';
import { stops } from '../../../sensors/scan/coverage.js';
import { elementPosition, type LineStep, type PointStep, type ScanPlan } from '../../../sensors/scan/plan.js';
import { planScan } from '../../../sensors/scan/planScan.js';
import { runUp, trajectory, wayAt } from '../../../sensors/scan/trajectory.js';
import { cellOf, stageOf } from '../../../sensors/scan/travel.js';
import { rectangleOutline } from '../../../src/model/outline.js';
import { parseRig } from '../../../src/model/parseRig.js';

interface Given {
  readonly elements?: string;
  readonly scan?: string;
  readonly stage?: string;
}

const rig = ({ elements = '', scan = '', stage = '' }: Given = {}) =>
  parseRig(
    `name: r
sensors:
  - {name: s, driver: hmr2300, connect: {virtual: true}, noise_nT: 7, rate_Hz: 100${elements}}
stage:
  driver: grbl
  connect: {virtual: true}
  travel_mm: {x: [-300, 300], y: [-300, 300], z: [-100, 100]}
  cell_at_mm: [10, 20, 30]
  ${stage}
scan: {area_mm: {x: [0, 30], y: [0, 20]}, pitch_mm: 5${scan}}
`,
    'rig.yaml',
  );

const points = (plan: ScanPlan) => plan.steps.filter((step): step is PointStep => step.kind === 'point');
const lines = (plan: ScanPlan) => plan.steps.filter((step): step is LineStep => step.kind === 'line');
/** Where elements stand at the points that are no repetitions, as text in mm. */
const places = (plan: ScanPlan) =>
  points(plan)
    .filter(step => step.repeatOf === undefined)
    .flatMap(({ at }) =>
      plan.elements.map(e =>
        elementPosition(at, e)
          .map(v => Math.round(1e4 * v) / 10)
          .join(' '),
      ),
    );

describe('plan of a scan', () => {
  it('visits every place of the raster once, each next to the one before', () => {
    const plan = planScan(rig({ scan: ', repeat_every: 0' }));
    expect(new Set(places(plan)).size).toBe(7 * 5);
    expect(places(plan).length).toBe(7 * 5);
    const at = points(plan).map(step => step.at);
    for (let k = 1; k < at.length; k++) {
      expect(Math.hypot(at[k][0] - at[k - 1][0], at[k][1] - at[k - 1][1])).toBeCloseTo(5e-3, 9);
    }
  });

  it('takes the outline and the margin where no area is given', () => {
    const given = rig({ scan: ', margin_mm: 10, repeat_every: 0' });
    const { area: _, ...scan } = given.scan;
    const plan = planScan({ ...given, scan }, { outline: rectangleOutline(0.05, 0.03) });
    expect([plan.columns[0], plan.columns.at(-1), plan.rows[0], plan.rows.at(-1)]).toEqual([-0.01, 0.06, -0.01, 0.04]);
    expect(() => planScan({ ...given, scan })).toThrow(/area of the scan is not known/);
  });

  it('an array shares the raster: every place once, no needless stop', () => {
    const elements =
      ', elements: [{name: a}, {name: b, offset_mm: [0, 5, 0]}, {name: c, offset_mm: [0, 10, 0]}, {name: d, offset_mm: [0, 15, 0]}]';
    const plan = planScan(rig({ elements, scan: ', repeat_every: 0' }));
    // Five rows by four elements: two rows of the stage.
    expect(points(plan).length).toBe(2 * 7);
    const raster = places(planScan(rig({ scan: ', repeat_every: 0' })));
    for (const place of raster) expect(places(plan)).toContain(place);
  });

  it('elements side by side and staggered ones leave no gap wider than one and a half pitches', () => {
    for (const offsets of ['[7.3, 0, 0]', '[12, 5, 0]', '[-4, 11.7, 0]']) {
      const elements = `, elements: [{name: a}, {name: b, offset_mm: ${offsets}}]`;
      const plan = planScan(rig({ elements, scan: ', repeat_every: 0' }));
      const found = places(plan).map(place => place.split(' ').map(Number));
      for (let x = 0; x <= 30; x += 1) {
        for (let y = 0; y <= 20; y += 1) {
          const near = found.some(([px, py]) => Math.abs(px - x) <= 3.76 && Math.abs(py - y) <= 3.76);
          expect(near, `${offsets}: ${x}, ${y}`).toBe(true);
        }
      }
    }
  });

  it('stops of a row of four at three pitches: rows in between are filled before the array moves on', () => {
    const rows = Float64Array.from({ length: 12 }, (_, i) => i);
    expect([...stops(rows, 1, [[0, 3, 6, 9]])]).toEqual([0, 1, 2]);
  });

  it('planes: those above first, then after asking those below; the element nearest to the cell stands at the height', () => {
    const elements = ', elements: [{name: a, offset_mm: [0, 0, -2]}, {name: b, offset_mm: [5, 0, 1]}]';
    const plan = planScan(rig({ elements, scan: ', heights_mm: [-6, 8, 5], repeat_every: 0' }));
    expect(plan.heights).toEqual([0.005, 0.008, -0.006]);
    const nearest = [0, 1, 2].map(plane => {
      const step = points(plan).find(p => p.plane === plane)!;
      return plan.elements.map(e => elementPosition(step.at, e)[2]);
    });
    expect(Math.min(...nearest[0])).toBeCloseTo(0.005, 12);
    expect(Math.max(...nearest[2])).toBeCloseTo(-0.006, 12);
    expect(plan.steps.filter(step => step.kind === 'ask').length).toBe(1);
  });

  it('stage = cell_at + sign * cell, and back', () => {
    const { stage } = rig({ stage: 'flip: [x, z]' });
    expect(stageOf(stage!, [0.01, 0.02, 0.03])).toEqual([0.01 - 0.01, 0.02 + 0.02, 0.03 - 0.03]);
    cellOf(stage!, stageOf(stage!, [0.011, -0.02, 0.003])).forEach((v, k) => {
      expect(v).toBeCloseTo([0.011, -0.02, 0.003][k], 12);
    });
  });

  it('what leads out of the travel is refused before anything moves: axis, interval and advice', () => {
    const given = { elements: ', elements: [{name: a, offset_mm: [0, 335, 0]}]' };
    expect(() => planScan(rig(given))).toThrow(/needs y from -315 to -295 mm/);
    expect(() => planScan(rig({ scan: ', heights_mm: [90]' }))).toThrow(/needs z from 120 to 120 mm/);
  });

  it('the first point of a plane is read again every so often, and at its end', () => {
    const plan = planScan(rig({ scan: ', repeat_every: 10' }));
    const repeated = plan.steps.flatMap((step, k) => (step.kind === 'point' && step.repeatOf === 0 ? [k] : []));
    expect(repeated).toEqual([10, 21, 32, 38]);
    expect(plan.readings).toBe(39);
  });

  it('on the fly: speed of a pitch per average, run-up before the first reading, three rows there and back, three ties', () => {
    const plan = planScan(rig({ scan: ', mode: fly, average_s: 0.1', stage: 'acceleration_mm_per_s2: 500' }));
    const rows = lines(plan).filter(line => !line.tie);
    expect(rows.filter(line => line.repeatOf !== undefined).length).toBe(3);
    expect(lines(plan).filter(line => line.tie).length).toBe(3);
    for (const line of lines(plan)) {
      expect(line.feed).toBeCloseTo(0.05, 12);
      expect(line.counts[0]).toBeGreaterThanOrEqual(runUp(line.feed, 0.5) - 1e-12);
    }
    const back = rows.find(line => line.repeatOf !== undefined)!;
    const there = plan.steps[back.repeatOf!] as LineStep;
    expect([back.from, back.to]).toEqual([there.to, there.from]);
  });

  it('a trapezoid of speed arrives when it says, is continuous, and its speed is the feed in the middle', () => {
    const path = trajectory(0.1, 0.05, 0.5);
    expect(path.duration).toBeCloseTo(0.1 / 0.05 + 0.05 / 0.5, 12);
    expect(wayAt(path, path.duration)).toBe(0.1);
    expect(wayAt(path, path.duration / 2)).toBeCloseTo(0.05, 12);
    expect((wayAt(path, 1.001) - wayAt(path, 1)) / 0.001).toBeCloseTo(0.05, 9);
    for (const t of [0.1, path.duration - 0.1])
      expect(wayAt(path, t + 1e-9) - wayAt(path, t - 1e-9)).toBeLessThan(2e-10);
    const short = trajectory(1e-3, 0.05, 0.5);
    expect(short.speed).toBeLessThan(0.05);
    expect(wayAt(short, short.duration / 2)).toBeCloseTo(0.5e-3, 12);
  });

  it('warns of hum that looks like a constant field', () => {
    const at = (rate: number, average: number) =>
      planScan({
        ...rig(),
        sensors: rig().sensors.map(sensor => ({ ...sensor, rate })),
        scan: { ...rig().scan, average },
      }).warnings.join(' ');
    expect(at(100, 0.2)).toBe('');
    expect(at(50, 0.2)).toMatch(/looks like a field that does not change/);
    expect(at(154, 0.03)).toMatch(/never hold a whole number of mains periods/);
  });
});
