import { describe, expect, it } from 'vitest';
import { type GrblMessage, type GrblStatus, grbl } from '../../sensors/codecs/grbl.js';
import { VirtualGrbl } from '../../sensors/virtual/virtualGrbl.js';
import { bytes } from './codecs/support.js';

const TRAVEL = { x: [-0.3, 0], y: [-0.2, 0], z: [-0.05, 0] } as const;

/** A controller with a clock and a decoder. */
function bench(options: Partial<ConstructorParameters<typeof VirtualGrbl>[0]> = {}) {
  const device = new VirtualGrbl({ travel: TRAVEL, ...options });
  const decoder = grbl.decoder();
  let time = 0;
  const hear = (seconds = 0): GrblMessage[] => {
    const out: GrblMessage[] = [];
    for (const end = time + seconds; ; time = Math.min(end, time + 0.01)) {
      decoder.push(device.poll(time), out);
      if (time >= end) return out;
    }
  };
  const tell = (text: string, seconds = 0) => {
    device.receive(bytes(text), time);
    return hear(seconds);
  };
  const kinds = (messages: GrblMessage[]) => messages.map(m => (m.kind === 'feedback' ? m.text : m.kind));
  const status = () => tell('?').find(m => m.kind === 'status') as GrblStatus;
  return { device, hear, tell, kinds, status, now: () => time };
}

/** Homed and at rest. */
function homed() {
  const rig = bench();
  rig.hear();
  rig.tell('$H\n', 60);
  return rig;
}

describe('a simulated GRBL', () => {
  it('is locked until it is homed', () => {
    const { tell, hear, kinds, status } = bench();
    expect(kinds(hear())).toEqual(['banner', "'$H'|'$X' to unlock"]);
    expect(tell('G0 X1\n')).toEqual([{ kind: 'error', code: 9 }]);
    expect(status().state).toBe('Alarm');
    expect(kinds(tell('$H\n', 60))).toEqual(['ok']);
    expect(status()).toMatchObject({ state: 'Idle', mpos: [-1, -1, -1] });
  });

  it('says nothing while homing', () => {
    const { tell, hear, kinds } = bench();
    hear();
    expect(tell('$H\n', 0.5)).toEqual([]);
    expect(tell('?', 0.5)).toEqual([]);
    expect(kinds(hear(60))).toEqual(['ok']);
  });

  it('ok means queued; the ok of a dwell means arrived', () => {
    const { tell, hear, status, device, now } = homed();
    expect(tell('G90 G21 G1 X-10 Y-20 F3000\n').map(m => m.kind)).toEqual(['ok']);
    expect(tell('G4 P0.01\n')).toEqual([]);
    expect(hear(0.05)).toEqual([]);
    expect(status().state).toBe('Run');
    expect(hear(5).map(m => m.kind)).toEqual(['ok']);
    expect(status()).toMatchObject({ state: 'Idle', mpos: [-10, -20, -1] });
    expect(device.position(now())).toEqual([-0.01, -0.02, -0.001].map(v => expect.closeTo(v, 9)));
  });

  it('a move takes the time of a trapezoid, and reaches no more than its feed and acceleration', () => {
    const { tell, device, now, hear } = homed();
    const start = now();
    tell('G1 X-101 F3000\n', 0);
    const x = (t: number) => device.position(t)[0];
    hear(4);
    // 100 mm at 50 mm/s and 500 mm/s^2: 2 s + 0.1 s.
    expect(x(start + 2.1)).toBeCloseTo(-0.101, 9);
    expect(x(start + 2.09)).toBeGreaterThan(-0.101);
    expect(x(start + 1.05)).toBeCloseTo(-0.051, 9);
    const h = 1e-3;
    for (let t = start + h; t < start + 2.1; t += 0.013) {
      expect(Math.abs(x(t + h) - x(t - h)) / (2 * h)).toBeLessThan(0.0500001);
      expect(Math.abs(x(t + h) - 2 * x(t) + x(t - h)) / h ** 2).toBeLessThan(0.5001);
    }
  });

  it('homing that fails says ok all the same (trap 1)', () => {
    const { device, tell, hear, kinds } = bench();
    hear();
    device.failNextHoming(9);
    const heard = tell('$H\n', 60);
    expect(heard[0]).toEqual({ kind: 'alarm', code: 9 });
    expect(kinds(heard)).toEqual(['alarm', 'ok', 'banner', "'$H'|'$X' to unlock"]);
  });

  it('a reset in motion: alarm, a stray ok, banner; the position is not what it says (trap 2)', () => {
    const { tell, kinds, status, device, now } = homed();
    tell('G1 X-100 F3000\nG1 X-1\n', 0.5);
    expect(kinds(tell('\x18', 1))).toEqual(['alarm', 'ok', 'banner', "'$H'|'$X' to unlock"]);
    expect(status().state).toBe('Alarm');
    expect(Math.abs(device.position(now())[0] * 1000 - status().mpos![0])).toBeGreaterThan(0.01);
  });

  it('hold, complete hold, reset: the position is kept', () => {
    const { tell, hear, kinds, status, device, now } = homed();
    tell('G1 X-100 F3000\n', 0.5);
    tell('!', 0);
    expect(status()).toMatchObject({ state: 'Hold', sub: 1 });
    hear(1);
    expect(status()).toMatchObject({ state: 'Hold', sub: 0 });
    expect(kinds(tell('\x18', 1))).toEqual(['banner']);
    expect(status().state).toBe('Idle');
    expect(device.position(now())[0] * 1000).toBeCloseTo(status().mpos![0], 3);
  });

  it('hold and resume end where the line said', () => {
    const { tell, hear, status } = homed();
    tell('G1 X-50 Y-10 F3000\nG1 X-60\n', 0.3);
    tell('!', 1);
    tell('~', 10);
    hear(1);
    expect(status()).toMatchObject({ state: 'Idle', mpos: [-60, -10, -1] });
  });

  it('a soft limit makes it deaf to everything but a reset', () => {
    const { tell, kinds, status } = homed();
    expect(kinds(tell('G1 X5 F100\n', 1))).toEqual(['alarm', 'Reset to continue']);
    expect(tell('$X\n?G0 X-1\n', 1)).toEqual([]);
    expect(kinds(tell('\x18', 1))).toEqual(['ok', 'banner', "'$H'|'$X' to unlock"]);
    expect(kinds(tell('$X\n'))).toEqual(['Caution: Unlocked', 'ok']);
    expect(status()).toMatchObject({ state: 'Idle', mpos: [-1, -1, -1] });
  });

  it('a jog beyond the travel is refused without an alarm; a limit switch is an alarm', () => {
    const { device, tell, kinds, now, hear } = homed();
    expect(tell('$J=G91 X5 F100\n')).toEqual([{ kind: 'error', code: 15 }]);
    tell('G1 X-100 F3000\n', 0.5);
    device.hitLimit(now());
    expect(kinds(hear(1))).toEqual(['alarm', 'Reset to continue']);
    expect(tell('?', 1)).toEqual([]);
  });

  it('switched off and on in motion, it is locked and counts from where it stands', () => {
    const { device, tell, hear, kinds, now, status } = homed();
    tell('G1 X-100 F3000\n', 0.5);
    device.restart(now());
    expect(kinds(hear(1))).toEqual(['banner', "'$H'|'$X' to unlock"]);
    expect(status()).toMatchObject({ state: 'Alarm', mpos: [0, 0, 0] });
    expect(tell('G0 X-1\n')).toEqual([{ kind: 'error', code: 9 }]);
  });

  it('settings, build information, errors', () => {
    const { tell } = homed();
    const settings = tell('$$\n').filter(m => m.kind === 'setting');
    const value = (n: number) => settings.find(m => m.number === n)?.value;
    expect([value(130), value(131), value(132), value(20), value(22)]).toEqual([300, 200, 50, 1, 1]);
    expect(tell('$I\n').map(m => m.kind)).toEqual(['feedback', 'feedback', 'ok']);
    for (const [line, code] of [
      ['G1 X1', 22],
      ['G0 Xa', 2],
      ['12', 1],
      ['$foo', 3],
      ['G0 X-1 X-2', 25],
      ['G2 X1', 20],
      [`G0 X-${'0'.repeat(90)}`, 11],
    ] as const) {
      expect([line, ...tell(`${line}\n`)]).toEqual([line, { kind: 'error', code }]);
    }
    expect(tell('\n').concat(tell('(a comment)\n'))).toEqual([{ kind: 'ok' }, { kind: 'ok' }]);
    // A carriage return ends a line too.
    expect(tell('G90\r\n')).toEqual([{ kind: 'ok' }, { kind: 'ok' }]);
  });

  it('takes no more than its planner and its input hold; the rest is lost without a word', () => {
    const { tell, hear } = homed();
    const heard = tell('G91 G1 X-1 F60\n'.repeat(60), 0).length;
    expect(heard).toBe(15);
    const rest = hear(200).filter(m => m.kind === 'ok').length;
    expect(heard + rest).toBeLessThan(60);
    expect(heard + rest).toBeGreaterThanOrEqual(15 + 128 / 15 - 1);
  });
});
