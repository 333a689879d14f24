import { describe, expect, it } from 'vitest';
import { grbl, grblAlarm, grblErrorText } from '../../../sensors/codecs/grbl.js';
import { marlin, marlinChecksum } from '../../../sensors/codecs/marlin.js';
import { decoded, text } from './support.js';

/** The dialogues and frames of public documents, drivers and captures, byte by byte. */

describe('GRBL', () => {
  const hears = (line: string) => decoded(grbl.decoder(), line);
  const BANNER = { kind: 'banner', text: "Grbl 1.1h ['$' for help]" };
  const UNLOCK = { kind: 'feedback', tag: 'MSG', text: "'$H'|'$X' to unlock" };
  const BOOT = "\r\nGrbl 1.1h ['$' for help]\r\n[MSG:'$H'|'$X' to unlock]\r\n";

  it('boot, locked, homing that fails, limit, reset in motion', () => {
    expect(hears(BOOT)).toEqual([BANNER, UNLOCK]);
    expect(hears('error:9\r\n')).toEqual([{ kind: 'error', code: 9 }]);
    expect(hears(`ALARM:9\r\nok\r\n${BOOT}`)).toEqual([{ kind: 'alarm', code: 9 }, { kind: 'ok' }, BANNER, UNLOCK]);
    expect(hears('ALARM:1\r\n[MSG:Reset to continue]\r\n')).toEqual([
      { kind: 'alarm', code: 1 },
      { kind: 'feedback', tag: 'MSG', text: 'Reset to continue' },
    ]);
  });

  it('status reports', () => {
    expect(hears('<Idle|MPos:-1.000,-1.000,-1.000|FS:0,0|WCO:0.000,0.000,0.000>\r\n')).toEqual([
      { kind: 'status', state: 'Idle', mpos: [-1, -1, -1], feed: 0, spindle: 0, wco: [0, 0, 0] },
    ]);
    expect(hears('<Hold:1|WPos:1.5,2,3|Bf:15,128|Ln:7|F:500|Pn:XZ|Ov:100,50,25|A:SM|H:1>\n')).toEqual([
      {
        kind: 'status',
        state: 'Hold',
        sub: 1,
        wpos: [1.5, 2, 3],
        free: [15, 128],
        line: 7,
        feed: 500,
        pins: 'XZ',
        overrides: [100, 50, 25],
        accessories: 'SM',
        other: ['H:1'],
      },
    ]);
  });

  it.each([
    "Grbl 1.1h ['$' for help]",
    "GrblHAL 1.1f ['$' or '$HELP' for help]",
    "Grbl 1.1h: LongMill build ['$' for help]",
    "gCarvin 2.0.0 ['$' for help]",
  ])('the banner %s', line => {
    expect(hears(`${line}\r\n`)).toEqual([{ kind: 'banner', text: line }]);
  });

  it('settings, build information; a start-up line is no ok', () => {
    expect(hears('[VER:1.1h.20190825:]\r\n[OPT:V,15,128]\r\nok\r\n')).toEqual([
      { kind: 'feedback', tag: 'VER', text: '1.1h.20190825:' },
      { kind: 'feedback', tag: 'OPT', text: 'V,15,128' },
      { kind: 'ok' },
    ]);
    expect(hears('>G54G20:ok\r\n$130=200.000\r\n')).toEqual([
      { kind: 'startup', text: 'G54G20:ok' },
      { kind: 'setting', number: 130, value: 200 },
    ]);
  });

  it('commands end in a line feed only; realtime bytes stand alone', () => {
    expect(text(grbl.encode({ kind: 'line', text: 'G90 G21 G1 X-10 Y-20 F3000' }))).toBe(
      'G90 G21 G1 X-10 Y-20 F3000\n',
    );
    expect(grbl.encode({ kind: 'realtime', name: 'jogCancel' })).toEqual(Uint8Array.of(0x85));
    expect(() => grbl.encode({ kind: 'line', text: 'G0 X1\nM5' })).toThrow(/cannot be told/);
    expect(() => grbl.encode({ kind: 'line', text: '(what?)' })).toThrow(/at once/);
    expect(decoded(grbl.commandDecoder(), 'G0?X1!\n')).toEqual([
      { kind: 'realtime', name: 'status' },
      { kind: 'realtime', name: 'hold' },
      { kind: 'line', text: 'G0X1' },
    ]);
  });

  it('half a number is no number', () => {
    for (const line of ['<Idle|MPos:1.0,,3>', '<Idle|MPos:1,2,Infinity>', '<Idl|MPos:1,2,3>', 'ALARM:x', 'okok']) {
      expect(hears(`${line}\n`)).toEqual([{ kind: 'text', text: line }]);
    }
  });

  it('knows its alarms and errors', () => {
    expect(grblAlarm(2).positionLost).toBe(false);
    for (const code of [1, 3, 8, 9, 77]) expect(grblAlarm(code).positionLost).toBe(true);
    expect(grblErrorText(9)).toMatch(/locked/);
  });
});

describe('Marlin', () => {
  it('checksums', () => {
    for (const [line, checksum] of [
      ['N0 M110 N0', 125],
      ['N1 M115', 39],
      ['N2 G28 X Y', 16],
      ['N3 G1 X10 Y20 F3000', 76],
      ['N4 M400', 35],
      ['N5 M114', 34],
    ] as const) {
      expect(marlinChecksum(line)).toBe(checksum);
    }
    expect(text(marlin.encode({ kind: 'numbered', line: 4, text: 'M400' }))).toBe('N4 M400*35\n');
  });

  it('the dialogue of a position', () => {
    expect(
      decoded(
        marlin.decoder(),
        'echo:busy: processing\nok\nX:10.00 Y:20.00 Z:0.00 E:0.00 Count X:800 Y:1600 Z:0\nok\n',
      ),
    ).toEqual([
      { kind: 'busy', reason: 'processing' },
      { kind: 'ok' },
      { kind: 'position', position: [10, 20, 0], extruder: 0, counts: [800, 1600, 0] },
      { kind: 'ok' },
    ]);
    expect(decoded(marlin.decoder(), 'X:0.00 Y:127.00 Z:145.00 E:0.00 Count X: 0 Y:10160 Z:116000\n')).toEqual([
      { kind: 'position', position: [0, 127, 145], extruder: 0, counts: [0, 10160, 116000] },
    ]);
  });

  it('faults, resend, advanced ok', () => {
    expect(
      decoded(marlin.decoder(), 'Error:checksum mismatch, Last Line: 50\nResend: 51\nok\nok N10 P15 B3\n'),
    ).toEqual([
      { kind: 'error', text: 'checksum mismatch, Last Line: 50' },
      { kind: 'resend', line: 51 },
      { kind: 'ok' },
      { kind: 'ok', line: 10, planner: 15, buffer: 3 },
    ]);
  });
});
