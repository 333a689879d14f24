import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ScanMonitor, type ScanState } from '../../../sensors/scan/monitor.js';
import { plannedScan } from '../../../sensors/scan/scanResult.js';
import { beginNote, emptyFolder, resultOf, rigText, SOURCE, scanOnce, type Trial } from './support.js';

const folder = emptyFolder();
let number = 0;

/** A scan that a monitor watches and steers. */
async function monitored(text: string, steer: (monitor: ScanMonitor) => void = () => {}, more: Partial<Trial> = {}) {
  const monitor = new ScanMonitor(plannedScan(beginNote(text)).plan);
  steer(monitor);
  const change = { control: monitor, signal: monitor.signal, onEvent: monitor.take.bind(monitor) };
  const outcome = await scanOnce({ text, path: join(folder, `${number++}.journal`), change, ...more });
  monitor.end(outcome.error);
  return { monitor, outcome };
}

const TEXT = rigText({ current: SOURCE });

describe('what a monitor shows', () => {
  it('is plain data: through JSON it stays what it is', async () => {
    const { monitor } = await monitored(TEXT);
    const snapshot = monitor.snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot).toMatchObject({ state: 'ended', doing: 'complete', remaining: 0 });
    expect(snapshot.done).toBe(snapshot.plan.steps);
    expect(snapshot.messages.join()).toMatch(/unlock/);
  });

  it('holds every place of the map once, with its reading and its noise', async () => {
    const { monitor, outcome } = await monitored(TEXT);
    const { points, sigma, plan } = monitor.snapshot();
    const { scan, quality } = resultOf(TEXT, outcome.state);
    expect(points.length).toBe(scan.count);
    expect(points.length).toBe(plan.columns.length * plan.rows.length);
    for (const { at, values } of points) {
      const i = scan.x.findIndex((x, k) => Math.hypot(x - at[0], scan.y[k] - at[1]) < 1e-6);
      // Drift is taken off later, when all points are known.
      expect(Math.abs(values[2] - scan.components.bz!.values[i])).toBeLessThan(30e-9);
    }
    expect(sigma! / quality.sigma).toBeGreaterThan(0.5);
    expect(sigma! / quality.sigma).toBeLessThan(2);
  });

  it('gives what is new only, where that is asked for, and the remaining time falls', async () => {
    let seen = 0;
    const remaining: number[] = [];
    const { monitor } = await monitored(TEXT, watched => {
      watched.onChange(() => {
        const snapshot = watched.snapshot(seen);
        expect(seen + snapshot.points.length).toBe(snapshot.read);
        seen = snapshot.read;
        remaining.push(snapshot.remaining);
      });
    });
    expect(seen).toBe(monitor.snapshot().points.length);
    expect(Math.max(...remaining)).toBeGreaterThan(5);
    expect(remaining.at(-1)).toBe(0);
  });

  it('fills up along moving lines, too', async () => {
    const text = rigText({ scan: '  mode: fly' });
    const counts: number[] = [];
    const { monitor } = await monitored(text, watched => {
      watched.onChange(() => counts.push(watched.snapshot().read));
    });
    const { points, plan } = monitor.snapshot();
    expect(new Set(counts).size).toBeGreaterThanOrEqual(plan.rows.length);
    expect(points.length).toBe(plan.columns.length * plan.rows.length);
    for (const { values } of points) expect(Math.abs(values[2] + 45e-6)).toBeLessThan(5e-6);
  });
});

describe('what a monitor asks for', () => {
  it('a pause begins when the point in progress is done and ends when it is told; the map is the same', async () => {
    const states: ScanState[] = [];
    const places: (readonly number[])[] = [];
    const { monitor, outcome } = await monitored(
      TEXT,
      watched => {
        watched.onChange(() => {
          const { state, done } = watched.snapshot();
          if (states.at(-1) !== state) states.push(state);
          if (state === 'scanning' && done === 3 && !states.includes('pausing')) watched.pause();
          if (state === 'paused') setTimeout(() => watched.resume(), 20);
        });
      },
      {
        arrange: (virtual, clock) => {
          const watch = () => {
            if (states.at(-1) === 'paused') places.push(virtual.bench.position(clock.now()));
            clock.after(1, watch);
          };
          watch();
        },
      },
    );
    expect(outcome.error).toBeUndefined();
    expect(states).toEqual(['preparing', 'scanning', 'pausing', 'paused', 'scanning', 'ended']);
    for (const place of places) expect(place).toEqual(places[0]);
    const plain = await monitored(TEXT);
    expect(resultOf(TEXT, outcome.state).scan.components.bz!.values).toEqual(
      resultOf(TEXT, plain.outcome.state).scan.components.bz!.values,
    );
    expect(monitor.snapshot().points).toEqual(plain.monitor.snapshot().points);
  });

  it('a stop ends the scan in order, also out of a pause, and what was read is there when it goes on', async () => {
    const path = join(folder, 'stopped.journal');
    const { outcome, monitor } = await monitored(
      TEXT,
      watched => {
        watched.onChange(() => {
          const { state, done } = watched.snapshot();
          if (state === 'scanning' && done === 4) watched.pause();
          if (state === 'paused') setImmediate(() => watched.stop());
        });
      },
      { path },
    );
    expect(String(outcome.error)).toMatch(/the scan was stopped/);
    expect(monitor.snapshot()).toMatchObject({ state: 'ended', done: 4 });
    expect(Math.abs(outcome.virtual.bench.current(outcome.clock.now() + 1))).toBeLessThan(1e-6);
    let first = 0;
    const rest = await monitored(
      TEXT,
      watched => {
        watched.onChange(() => {
          first ||= watched.snapshot().read;
        });
      },
      { path, resume: true },
    );
    expect(first).toBe(monitor.snapshot().read);
    expect(rest.monitor.snapshot().read).toBe(9);
  });
});
