import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DeviceRole } from '../../../sensors/devices/openRig.js';
import { FLAGS } from '../../../sensors/samples.js';
import { FaultyLine, type LineFaults } from '../../../sensors/virtual/faultyLine.js';
import type { VirtualDevice } from '../../../sensors/virtual/virtualDevice.js';
import { VirtualGrbl } from '../../../sensors/virtual/virtualGrbl.js';
import type { World } from '../../../sensors/virtual/world.js';
import { BUMP, emptyFolder, type Outcome, resultOf, rigText, SOURCE, scanOnce, type Trial } from './support.js';

/* Every fault on a simulated clock, with a simulated source, so that every test can see that the current goes off. */

const TEXT = rigText({ current: SOURCE });
/** Time of the clock at which some points are done and some are not, s. */
const MIDDLE = 15;
const folder = emptyFolder();
let number = 0;

const trial = (more: Partial<Trial>): Promise<Outcome> =>
  scanOnce({ text: TEXT, path: join(folder, `${number++}.journal`), ...more });

/** A cable with faults between the host and the device of one kind. */
function cable(kind: DeviceRole['kind'], faults: LineFaults = {}, use: (line: FaultyLine) => void = () => {}) {
  return {
    cable: (device: VirtualDevice, role: DeviceRole) => {
      if (role.kind !== kind) return device;
      const line = new FaultyLine(device, faults);
      use(line);
      return line;
    },
  };
}

const grblOf = ({ virtual }: Pick<Outcome, 'virtual'>) => virtual.stage as VirtualGrbl;

/** However a scan ends early: the stage stands, the current is off, and what was complete can be read. */
function expectAtRest({ virtual, clock, state }: Outcome, least: number, reachable = true): void {
  const now = clock.now();
  // It falls as that of a supply does.
  expect(Math.abs(virtual.bench.current(now + 1))).toBeLessThan(1e-6);
  // A stage that cannot be reached ends the move that it is at, and does nothing more.
  if (reachable) expect(virtual.bench.position(now + 10)).toEqual(virtual.bench.position(now));
  expect(state.done.size).toBeGreaterThanOrEqual(least);
  expect(state.ended).toBe(false);
}

/** A scan that went through in spite of faults has the map of one without. */
async function expectSameMap(outcome: Outcome): Promise<void> {
  expect(outcome.error).toBeUndefined();
  const plain = await trial({});
  const [now, before] = [outcome, plain].map(o => resultOf(TEXT, o.state).scan);
  expect(now.x).toEqual(before.x);
  for (const name of ['bx', 'by', 'bz'] as const) {
    now.components[name]!.values.forEach((value, i) => {
      expect(Math.abs(value - before.components[name]!.values[i])).toBeLessThan(60e-9);
    });
  }
}

const notes = ({ events }: Outcome) => events.flatMap(event => (event.kind === 'note' ? [event.text] : [])).join('\n');

describe('the stage', () => {
  it('a dropped ok is missed, and question and answer are brought together again', async () => {
    const outcome = await trial(cable('stage', {}, line => setDrop(line, 'drop')));
    await expectSameMap(outcome);
    expect(notes(outcome)).toMatch(/question and answer agree again/);
  });

  it('a doubled ok does not count twice', async () => {
    const outcome = await trial(cable('stage', {}, line => setDrop(line, 'double')));
    await expectSameMap(outcome);
  });

  it('an alarm in motion stops the scan', async () => {
    const outcome = await trial({
      arrange: (virtual, clock) => clock.after(MIDDLE, () => (virtual.stage as VirtualGrbl).hitLimit(clock.now())),
    });
    expect(String(outcome.error)).toMatch(/limit switch/);
    expectAtRest(outcome, 1);
  });

  it('a reset by itself stops the scan', async () => {
    const outcome = await trial({
      arrange: (virtual, clock) => clock.after(MIDDLE, () => (virtual.stage as VirtualGrbl).restart(clock.now())),
    });
    expect(String(outcome.error)).toMatch(/was reset by itself/);
    expectAtRest(outcome, 1);
  });

  it('a homing that fails is no homing, although it says ok', async () => {
    const outcome = await trial({ arrange: virtual => (virtual.stage as VirtualGrbl).failNextHoming(9) });
    expect(String(outcome.error)).toMatch(/homing/);
    expectAtRest(outcome, 0);
    expect(grblOf(outcome)).toBeInstanceOf(VirtualGrbl);
  });

  it('a stage that stands still under way is stalled', async () => {
    const outcome = await trial(cable('stage', {}, line => line.stall(MIDDLE, 100)));
    expect(String(outcome.error)).toMatch(/did not answer|does not get on/);
    expectAtRest(outcome, 1, false);
  });

  it('a stage that is held under way does not get on', async () => {
    const outcome = await trial({
      arrange: (virtual, clock) => {
        const hold = () => {
          const [before, now] = [virtual.bench.position(clock.now() - 0.05), virtual.bench.position(clock.now())];
          // In the middle of a move somebody presses feed hold at the controller.
          if (clock.now() > MIDDLE && Math.hypot(...now.map((v, k) => v - before[k])) > 1e-4) {
            virtual.stage!.receive(new TextEncoder().encode('!'), clock.now());
          } else clock.after(0.02, hold);
        };
        hold();
      },
    });
    expect(String(outcome.error)).toMatch(/does not get on \(Hold/);
    expectAtRest(outcome, 1);
  });

  it('targets beyond its own limits are refused before anything moves', async () => {
    const text = rigText({
      current: SOURCE,
      stage: `  driver: grbl
  connect: {virtual: true}
  travel_mm: {x: [-200, 0], y: [-200, 0], z: [-60, 0]}
  cell_at_mm: [-205, -150, -50]
  settle_s: 0.1`,
    });
    await expect(trial({ text })).rejects.toThrow(/travels from/);
  });
});

describe('the cable', () => {
  it.each(['sensor', 'stage', 'current'] as const)('pulled out of the %s: the rest comes to rest', async kind => {
    const lines: FaultyLine[] = [];
    const outcome = await trial({
      change: {},
      arrange: (virtual, clock) => {
        clock.after(MIDDLE, () => virtual.unplug(kind === 'sensor' ? { kind, index: 0 } : { kind }));
      },
      ...cable(kind, {}, line => lines.push(line)),
    });
    expect(String(outcome.error)).toMatch(/was lost/);
    if (kind === 'current') {
      expect(notes(outcome)).toMatch(/off by hand/);
      expect(outcome.state.done.size).toBeGreaterThan(0);
    } else expectAtRest(outcome, 1, kind !== 'stage');
  });

  it('garbage, half lines and flipped bits from the sensor cost samples, not the scan', async () => {
    const outcome = await trial(cable('sensor', { flip: 2e-4, cut: 0.02, garbage: 0.02, seed: 4 }));
    expect(outcome.error).toBeUndefined();
    const { flags } = collect(outcome);
    expect(flags & FLAGS.gap).toBe(FLAGS.gap);
    const { scan } = resultOf(TEXT, outcome.state);
    expect(scan.count).toBe(9);
    for (const value of scan.components.bz!.values) expect(Math.abs(value + 44e-6)).toBeLessThan(5e-6);
  });

  it('a sensor that falls silent is noticed', async () => {
    const outcome = await trial(cable('sensor', {}, line => line.stall(MIDDLE, 1000)));
    expect(String(outcome.error)).toMatch(/stopped sending/);
    expectAtRest(outcome, 1);
  });
});

describe('the sensor', () => {
  it('counter gaps and a clock that begins again are seen, and time goes on', async () => {
    const text = rigText({
      sensors: `  - name: probe
    driver: text_line
    connect: {virtual: true}
    options:
      columns: [{column: 2, axis: 0}, {column: 3, axis: 1}, {column: 4, axis: 2}]
      unit: nT
      time: {column: 0, unit: ms, wrap: 2000}
      sequence: {column: 1, wrap: 256}
    noise_nT: 20
    range_uT: 200
    rate_Hz: 100`,
    });
    const outcome = await trial({ text });
    expect(outcome.error).toBeUndefined();
    const { counters, times } = collect(outcome);
    for (let i = 1; i < counters.length; i++) {
      expect(counters[i]).toBeGreaterThan(counters[i - 1]);
      expect(times[i] - times[i - 1]).toBeCloseTo((counters[i] - counters[i - 1]) / 100, 2);
    }
  });

  it('CRC errors on a TIO stream cost whole packets and nothing else: no wrong value comes through', async () => {
    const text = rigText({
      sensors: `  - name: probe
    driver: twinleaf
    connect: {virtual: true}
    noise_nT: 20
    range_uT: 200
    rate_Hz: 100`,
    });
    const clean = await trial({ text });
    const faults = { flip: 0, seed: 2 };
    const outcome = await trial({
      text,
      ...cable('sensor', faults),
      // Every tenth packet or so is hit, as soon as the sensor has introduced itself.
      arrange: (_, clock) => clock.after(5, () => Object.assign(faults, { flip: 3e-3 })),
    });
    expect(clean.error).toBeUndefined();
    expect(outcome.error).toBeUndefined();
    const { flags, counters } = collect(outcome);
    expect(flags & FLAGS.gap).toBe(FLAGS.gap);
    expect(counters.some((counter, i) => i > 0 && counter - counters[i - 1] === 2)).toBe(true);
    for (const { field, channels } of blocksOf(outcome)) {
      for (let i = channels; i < field.length; i++)
        expect(Math.abs(field[i] - field[i - channels])).toBeLessThan(150e-9);
    }
    const [{ scan }, { scan: whole }] = [outcome, clean].map(({ state }) => resultOf(text, state));
    expect(scan.count).toBe(9);
    for (const name of ['bx', 'by', 'bz'] as const) {
      scan.components[name]!.values.forEach((value, i) => {
        expect(Math.abs(value - whole.components[name]!.values[i])).toBeLessThan(60e-9);
      });
    }
  });

  /** For three seconds something strong is near. */
  const DISTURBED: World = {
    field(points, current, time, out) {
      BUMP.field(points, current, time, out);
      if (time > MIDDLE && time < MIDDLE + 3) for (let i = 2; i < out.length; i += 3) out[i] -= 300e-6;
    },
  };

  it('saturation pauses the scan and tells; read again when it is over, the map is the undisturbed one', async () => {
    const asked: string[] = [];
    const decide = async (question: string) => {
      asked.push(question);
      return 'again' as const;
    };
    const outcome = await trial({ world: DISTURBED, change: { decide } });
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked).size).toBe(1);
    expect(asked[0]).toMatch(/beyond the range of probe at step \d+ of \d+/);
    await expectSameMap(outcome);
  });

  it('saturation that is accepted leaves its point out of the map and says so', async () => {
    const outcome = await trial({ world: DISTURBED, change: { decide: async () => 'go_on' } });
    expect(outcome.error).toBeUndefined();
    expect(collect(outcome).flags & FLAGS.overrange).toBe(FLAGS.overrange);
    const { scan, warnings } = resultOf(TEXT, outcome.state);
    expect(scan.count).toBeLessThan(9);
    expect(warnings.join()).toMatch(/missing from the map/);
    for (const value of scan.components.bz!.values) expect(Math.abs(value + 44e-6)).toBeLessThan(5e-6);
  });

  it('saturation that lasts: the scan can be stopped in order', async () => {
    const text = rigText({ current: SOURCE }).replace('range_uT: 200', 'range_uT: 44');
    const outcome = await trial({ text, change: { decide: async () => 'stop' } });
    expect(String(outcome.error)).toMatch(/beyond the range of probe/);
    expectAtRest(outcome, 0);
  });
});

describe('the user and the disk', () => {
  it('an interrupted scan stops in order and goes on', async () => {
    const path = join(folder, 'interrupted.journal');
    const outcome = await trial({ path, arrange: (_, clock, stop) => clock.after(MIDDLE, () => stop.abort()) });
    expect(String(outcome.error)).toMatch(/the scan was stopped/);
    expectAtRest(outcome, 1);
    await expectSameMap(await trial({ path, resume: true }));
  });

  it('a full disk stops the scan; when there is room it goes on', async () => {
    const path = join(folder, 'full.journal');
    let room = 9000;
    const outcome = await trial({
      path,
      store: file => ({
        ...file,
        write: async (bytes, at) => {
          const fits = bytes.subarray(0, Math.max(0, Math.min(bytes.length, room)));
          room -= bytes.length;
          await file.write(fits, at);
          if (fits.length < bytes.length) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        },
      }),
    });
    expect(String(outcome.error)).toMatch(/the disk is full/);
    expectAtRest(outcome, 1);
    await expectSameMap(await trial({ path, resume: true }));
  });
});

/** Drops or doubles some of the answers to moves. */
function setDrop(line: FaultyLine, how: 'drop' | 'double'): void {
  const receive = line.receive.bind(line);
  let moves = 0;
  line.receive = (bytes, time) => {
    if (new TextDecoder().decode(bytes).includes('G1') && ++moves % 4 === 2) line[how]('ok\r\n');
    receive(bytes, time);
  };
}

function blocksOf({ state }: Outcome) {
  return [...state.done.values()].flatMap(done => done.samples.flatMap(samples => samples.blocks));
}

/** All samples of the steps in their order. */
function collect(outcome: Outcome) {
  const blocks = blocksOf(outcome);
  return {
    flags: blocks.reduce((all, block) => block.flags.reduce((a, f) => a | f, all), 0),
    counters: blocks.flatMap(block => [...block.counter]),
    times: blocks.flatMap(block => [...block.deviceTime]),
  };
}
