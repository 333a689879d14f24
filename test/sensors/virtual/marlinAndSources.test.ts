import { describe, expect, it } from 'vitest';
import { marlin } from '../../../sensors/codecs/marlin.js';
import { scpi, scpiDialect } from '../../../sensors/codecs/scpi.js';
import { VirtualMarlin } from '../../../sensors/virtual/virtualMarlin.js';
import { VirtualScpiSource } from '../../../sensors/virtual/virtualScpiSource.js';

import { talk } from './support.js';

describe('simulated supplies and loads', () => {
  it('the current flows as told, charging or discharging; errors are queued', () => {
    for (const kind of ['supply', 'load'] as const) {
      const dialect = scpiDialect(kind, {});
      const source = new VirtualScpiSource(dialect, 5);
      const { tell, hear, now } = talk(source, scpi);
      const command = (text: string) => tell({ kind: 'command', text }, 0.2);
      for (const line of dialect.prepare) command(line);
      command('SOUR:CURR 2.5');
      expect(source.current(now())).toBe(0);
      command(dialect.on);
      expect(source.current(now())).toBeCloseTo(kind === 'supply' ? 2.5 : -2.5, 6);
      expect(tell({ kind: 'query', text: 'MEAS:CURR?' })).toEqual([
        { kind: 'numbers', values: [expect.closeTo(2.5, 6)] },
      ]);
      command('SOUR:CURR 50');
      command('NONSENSE');
      const errors = () => tell({ kind: 'query', text: 'SYST:ERR?' });
      expect(errors()).toMatchObject([{ errors: [{ code: -222 }] }]);
      expect(errors()).toMatchObject([{ errors: [{ code: -113 }] }]);
      expect(errors()).toMatchObject([{ errors: [{ code: 0 }] }]);
      const before = now();
      command(dialect.off);
      expect(Math.abs(source.current(before))).toBeCloseTo(2.5, 6);
      expect(source.current(now())).toBeCloseTo(0, 6);
      expect(hear(1)).toEqual([]);
    }
  });
});

describe('a simulated Marlin', () => {
  it('homes, moves, waits, says where it is; lines out of order are asked for again', () => {
    const device = new VirtualMarlin({ travel: { x: [0, 0.2], y: [0, 0.2] } });
    const { tell, hear, now } = talk(device, marlin);
    expect(hear(0)[0]).toEqual({ kind: 'start' });
    let line = 0;
    const say = (text: string, seconds = 0) => tell({ kind: 'numbered', line: line++, text }, seconds);
    expect(say('M110 N0')).toEqual([{ kind: 'ok' }]);
    expect(say('G28 X Y', 10).map(m => m.kind)).toEqual(['busy', 'busy', 'ok']);
    expect(Math.hypot(...device.position(now()).slice(0, 2))).toBeLessThan(1e-12);
    expect(say('G1 X10 Y20 F3000')).toEqual([{ kind: 'ok' }]);
    // Planned, not there yet.
    expect(say('M114')[0]).toEqual({ kind: 'position', position: [10, 20, 0], extruder: 0, counts: [800, 1600, 0] });
    expect(device.position(now())[0]).toBeLessThan(0.01);
    expect(say('M400')).toEqual([]);
    expect(hear(1)).toEqual([{ kind: 'ok' }]);
    expect(device.position(now())[0]).toBeCloseTo(0.01, 9);
    // Soft end-stops clip without a word.
    say('G1 X500');
    expect(say('M114')[0]).toMatchObject({ position: [200, 20, 0] });
    expect(tell({ kind: 'numbered', line: 40, text: 'M114' })).toEqual([
      { kind: 'error', text: `Line Number is not Last Line Number+1, Last Line: ${line - 1}` },
      { kind: 'resend', line },
      { kind: 'ok' },
    ]);
    expect(tell({ kind: 'corrupt', line, text: 'M114', checksum: 1 })[1]).toEqual({ kind: 'resend', line });
    say('G4 P500');
    expect(hear(10).map(m => m.kind)).toContain('ok');
    say('M112');
    expect(say('M114', 1)).toEqual([]);
  });
});
