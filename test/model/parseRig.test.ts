import { describe, expect, it } from 'vitest';
import { parseRig } from '../../src/model/parseRig.js';

const RIG = `name: bench
sensors:
  - name: top
    driver: text_line
    connect: {port: /dev/ttyACM0}
    preset: MMC5983MA
    rate_Hz: 100
    elements:
      - {name: a, offset_mm: [-5, 0, 1.5], axes: [[0, 2e-0, 0]]}
stage:
  driver: grbl
  connect: {port: /dev/ttyUSB0, baud: 115200}
  travel_mm: {x: [0, 300], y: [0, 200]}
  cell_at_mm: [40, 30, 0]
  flip: [y]
scan: {heights_mm: [5, 8], scheme: lock_in, frequency_Hz: 7}
`.replace('2e-0', '0.8');

const fault = (from: string, to: string) => () => parseRig(RIG.replace(from, to), 'rig.yaml');

describe('rig.yaml', () => {
  it('is read in SI, with the noise of the preset, unit directions and the defaults filled in', () => {
    const rig = parseRig(RIG, 'rig.yaml');
    const [sensor] = rig.sensors;
    expect(sensor).toMatchObject({ noise: 40e-9, range: 800e-6, rate: 100, role: 'scan' });
    expect(sensor.elements[0]).toEqual({ name: 'a', offset: [-0.005, 0, 0.0015], axes: [[0, 1, 0]], delay: 0 });
    expect(rig.stage).toMatchObject({
      travel: { x: [0, 0.3], y: [0, 0.2] },
      cellAt: [0.04, 0.03, 0],
      sign: [1, -1, 1],
    });
    expect(rig.scan).toMatchObject({ heights: [0.005, 0.008], pitch: 0.0025, margin: 0.02, mains: 50, frequency: 7 });
    expect(rig).toMatchObject({ gainError: 0.005, positionError: 1e-4 });
  });

  it('a sensor without elements is one vector sensor at the point of the stage', () => {
    const text =
      'name: r\nsensors:\n  - {name: s, driver: qzfm, connect: {virtual: true}, noise_nT: 1e-4, rate_Hz: 200}\n';
    expect(parseRig(text, 'rig.yaml').sensors[0].elements).toEqual([
      {
        name: 's',
        offset: [0, 0, 0],
        axes: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
        delay: 0,
      },
    ]);
  });

  it.each([
    ['preset: MMC5983MA', 'preset: nobody', /no sensor preset 'nobody'/],
    ['preset: MMC5983MA', 'role: scan', /does not say how noisy/],
    ['rate_Hz: 100', 'rate_Hz: 100\n    role: reference', /no sensor moves over the cell/],
    ['[0, 0.8, 0]', '[0, 0, 0]', /is no direction/],
    ['x: [0, 300]', 'x: [300, 0]', /runs from 300 to 0/],
    [', frequency_Hz: 7', '', /lock_in needs a frequency/],
    ['connect: {port: /dev/ttyUSB0, baud: 115200}', 'settle_s: 1', /does not say where the stage is/],
    ['flip: [y]', 'flop: [y]', /flop/],
    ['{port: /dev/ttyACM0}', '{tcp: nowhere}', /nowhere.* no host and port/],
  ])('%s -> %s is refused by name', (from, to, message) => {
    expect(fault(from, to)).toThrow(message);
  });
});
