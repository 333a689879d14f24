import { describe, expect, it } from 'vitest';
import { SimulatedClock, wait } from '../../sensors/clock.js';
import type { Device, DeviceEvent } from '../../sensors/devices/interfaces.js';
import { rigDevices } from '../../sensors/devices/openRig.js';
import { joinBlocks } from '../../sensors/sampleBlocks.js';
import type { SampleBlock } from '../../sensors/samples.js';
import { virtualRig } from '../../sensors/virtual/virtualRig.js';
import type { World } from '../../sensors/virtual/world.js';
import { DeviceError } from '../../src/errors.js';
import { parseRig } from '../../src/model/parseRig.js';
import { CURRENT_DRIVERS, SENSOR_DRIVERS, STAGE_DRIVERS } from '../../src/model/rigSchema.js';

/* One suite that every device passes, whatever it speaks; what each measures lies in its own range. */

const UNIT = 1e-9;
const FIELD = [1.5 * UNIT, -2 * UNIT, 3 * UNIT];
/** A uniform field, as large as the sensor at hand wants it. */
const uniform = (scale: number): World => ({
  field: (points, _, __, out) => {
    for (let i = 0; i < points.length; i++) out[i] = scale * FIELD[i % 3];
  },
});

interface SensorCase {
  readonly options?: string;
  readonly axes?: string;
  readonly rate: number;
  readonly scale: number;
  /** It takes off the field that it is started in. */
  readonly zeroes?: boolean;
  /** One step of its output, T. */
  readonly step: number;
}

const Z = 'axes: [[0, 0, 1]]';
const SENSOR_CASES: Record<(typeof SENSOR_DRIVERS)[number], SensorCase> = {
  text_line: { options: '{unit: uT, sequence: {column: 0}}', rate: 100, scale: 1e4, step: 1e-12 },
  hmr2300: { rate: 20, scale: 1e4, step: 6.7e-9 },
  qzfm: { options: '{lock_s: 900}', axes: Z, rate: 200, scale: 0.2, step: 1e-14, zeroes: true },
  qtfm_gen1: { axes: Z, rate: 200, scale: 1.6e4, step: 1e-12 },
  qtfm_gen2: { axes: Z, rate: 250, scale: 1.6e4, step: 1e-11 },
  twinleaf: { rate: 1000, scale: 1e4, step: 1e-11 },
  lakeshore_f71: { options: '{leading: 0}', rate: 10, scale: 1e6, step: 1e-9 },
  lakeshore_425: { axes: Z, rate: 10, scale: 1e6, step: 1e-9 },
  magelement: { axes: Z, rate: 1000, scale: 1.6e4, step: 1e-13 },
  analogue: {
    options:
      '{channels: [{column: 0, axis: 0, volts_per_tesla: 1.4e5}, {column: 1, axis: 1, volts_per_tesla: 1.4e5}, {column: 2, axis: 2, volts_per_tesla: 1.4e5}]}',
    rate: 50,
    scale: 1e4,
    step: 1e-10,
  },
};

function bench(text: string, scale = 1) {
  const rig = parseRig(text, 'rig.yaml');
  const clock = new SimulatedClock();
  const asked: string[] = [];
  const prompt = async (question: string) => {
    asked.push(question);
    return '';
  };
  const virtual = virtualRig(rig, uniform(scale), clock);
  const devices = rigDevices(rig, { clock, prompt, virtual: virtual.link });
  return { rig, clock, virtual, devices, asked };
}

const sensorRig = (driver: string, { options = '{}', axes, rate }: SensorCase) => `name: one
sensors:
  - name: s
    driver: ${driver}
    connect: {virtual: true}
    options: ${options}
    noise_nT: 1.0e-9
    rate_Hz: ${rate}
${axes === undefined ? '' : `    elements: [{name: e, ${axes}}]`}
`;

/** What holds for every device. */
async function expectDevice(device: Device, unplug: () => void): Promise<void> {
  const events: DeviceEvent[] = [];
  device.onEvent(event => events.push(event));
  await device.open();
  expect(device.identity).not.toBe('');
  unplug();
  if (events.length > 0) expect(events.filter(({ kind }) => kind === 'lost')).toHaveLength(1);
  await device.close();
  await device.close();
}

describe.each(SENSOR_DRIVERS)('magnetometer %s', driver => {
  const given = SENSOR_CASES[driver];
  const text = sensorRig(driver, given);

  it('reads the field along its axes, in T, at its rate, and stops', async () => {
    const { clock, devices } = bench(text, given.scale);
    const [sensor] = devices.sensors;
    await sensor.open();
    const blocks: SampleBlock[] = [];
    await sensor.start((element, block) => {
      expect(element).toBe(0);
      blocks.push(block);
    });
    const start = clock.now();
    await wait(clock, 2);
    const seconds = clock.now() - start;
    await sensor.stop();
    const count = blocks.length;
    await wait(clock, 1);
    expect(blocks).toHaveLength(count);
    const [{ axes }] = sensor.elements;
    const all = joinBlocks(blocks, axes.length);
    expect(all.count / seconds / given.rate).toBeGreaterThan(0.8);
    expect(all.count / seconds / given.rate).toBeLessThan(1.25);
    expect(all.flags.every(flag => flag === 0)).toBe(true);
    for (let i = 0; i < all.count; i++) {
      expect(all.hostTime[i]).toBeGreaterThanOrEqual(all.hostTime[Math.max(0, i - 1)]);
      axes.forEach((axis, c) => {
        const truth = given.zeroes ? 0 : given.scale * (axis[0] * FIELD[0] + axis[1] * FIELD[1] + axis[2] * FIELD[2]);
        expect(Math.abs(all.field[i * axes.length + c] - truth)).toBeLessThan(2 * given.step + 1e-6 * Math.abs(truth));
        expect(Number.isFinite(all.raw[i * axes.length + c])).toBe(true);
      });
    }
    for (let i = 1; i < all.count; i++) {
      if (!Number.isNaN(all.counter[i])) expect(all.counter[i]).toBeGreaterThan(all.counter[i - 1]);
      if (!Number.isNaN(all.deviceTime[i])) expect(all.deviceTime[i]).toBeGreaterThan(all.deviceTime[i - 1]);
    }
    await sensor.close();
  });

  it('says once that it was lost, and closes twice', async () => {
    const { devices, virtual } = bench(text, given.scale);
    await expectDevice(devices.sensors[0], () => virtual.unplug({ kind: 'sensor', index: 0 }));
  });
});

const stageRig = (driver: string) => `name: one
${sensorRig('text_line', SENSOR_CASES.text_line).split('\n').slice(1).join('\n')}
stage:
  driver: ${driver}
  connect: {virtual: true}
  travel_mm: {x: [0, 200], y: [0, 150], z: [0, 50]}
  cell_at_mm: [0, 0, 0]
`;

describe.each(STAGE_DRIVERS)('stage %s', driver => {
  it('goes where it is sent, stands there, and says so', async () => {
    const { devices, virtual, clock } = bench(stageRig(driver));
    const stage = devices.stage!;
    await stage.open();
    await stage.home();
    let started = Number.NaN;
    for (const target of [
      [0.05, 0.04, 0.03],
      [0.051, 0.04, 0.03],
    ] as const) {
      const before = clock.now();
      await stage.moveTo(target, 0.05, undefined, time => {
        started = time;
      });
      expect(started).toBeGreaterThanOrEqual(before);
      expect(started).toBeLessThanOrEqual(clock.now());
      (await stage.position()).forEach((value, i) => {
        expect(Math.abs(value - target[i])).toBeLessThan(2e-5);
        if (virtual.stage !== undefined) expect(virtual.stage.position(clock.now())[i]).toBeCloseTo(target[i], 4);
      });
    }
    await stage.close();
  });

  it('refuses what lies beyond its travel, and does not move', async () => {
    const { devices, virtual, clock } = bench(stageRig(driver));
    const stage = devices.stage!;
    await stage.open();
    await stage.home();
    const before = virtual.stage?.position(clock.now());
    await expect(stage.moveTo([0.5, 0, 0], 0.05)).rejects.toThrow(DeviceError);
    expect(virtual.stage?.position(clock.now() + 5)).toEqual(before);
    await stage.close();
  });

  it('an aborted move is over at once, and halt stops it', async () => {
    const { devices, virtual, clock } = bench(stageRig(driver));
    const stage = devices.stage!;
    await stage.open();
    await stage.home();
    if (virtual.stage === undefined) return;
    const stop = new AbortController();
    clock.after(0.5, () => stop.abort(new Error('enough')));
    await expect(stage.moveTo([0.19, 0.1, 0.04], 0.02, stop.signal)).rejects.toThrow('enough');
    await stage.halt();
    const at = virtual.stage.position(clock.now());
    expect(virtual.stage.position(clock.now() + 20)).toEqual(at);
    expect(at[0]).toBeLessThan(0.15);
    await stage.close();
  });

  it('says once that it was lost, and closes twice', async () => {
    const { devices, virtual } = bench(stageRig(driver));
    await expectDevice(devices.stage!, () => virtual.unplug({ kind: 'stage' }));
  });
});

const currentRig = (driver: string) => `name: one
${sensorRig('text_line', SENSOR_CASES.text_line).split('\n').slice(1).join('\n')}
current:
  driver: ${driver}
  connect: {virtual: true}
  limit_A: 10
`;

describe.each(CURRENT_DRIVERS)('current source %s', driver => {
  const sign = driver === 'scpi_load' ? -1 : 1;

  it('drives what it is told, says so, and goes off', async () => {
    const { devices, virtual, clock, asked } = bench(currentRig(driver));
    const source = devices.current!;
    await source.open();
    await source.set(sign * 4);
    if (virtual.source === undefined) expect(asked).toHaveLength(1);
    else expect(virtual.source.current(clock.now() + 1)).toBeCloseTo(sign * 4, 6);
    expect(await source.measure()).toBeCloseTo(sign * 4, 1);
    await source.off();
    if (virtual.source !== undefined) expect(virtual.source.current(clock.now() + 1)).toBeCloseTo(0, 9);
    await source.off();
    await source.close();
  });

  it('refuses more than the limit of the rig, and changes nothing', async () => {
    const { devices, virtual, clock } = bench(currentRig(driver));
    const source = devices.current!;
    await source.open();
    await expect(source.set(sign * 11)).rejects.toThrow(/more than the 10 A/);
    expect(virtual.source?.current(clock.now() + 1) ?? 0).toBe(0);
    await source.close();
  });

  it('says once that it was lost; off and close never throw', async () => {
    const { devices, virtual } = bench(currentRig(driver));
    await expectDevice(devices.current!, () => virtual.unplug({ kind: 'current' }));
    await devices.current!.off();
  });
});
