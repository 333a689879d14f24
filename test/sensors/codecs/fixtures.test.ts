import { describe, expect, it } from 'vitest';
import { chipScale, packRegisters, unpackRegisters } from '../../../sensors/codecs/chipCounts.js';
import { grbl, grblAlarm, grblErrorText } from '../../../sensors/codecs/grbl.js';
import { HMR2300_T_PER_COUNT, hmr2300 } from '../../../sensors/codecs/hmr2300.js';
import { lakeshore425, lakeshoreF71 } from '../../../sensors/codecs/lakeshore.js';
import { MAGELEMENT_FRAME, MAGELEMENT_T_PER_COUNT, magelement } from '../../../sensors/codecs/magelement.js';
import { marlin, marlinChecksum } from '../../../sensors/codecs/marlin.js';
import { qtfmGen1, qtfmGen1Field, qtfmGen2 } from '../../../sensors/codecs/qtfm.js';
import { qzfm, qzfmField, qzfmParameter } from '../../../sensors/codecs/qzfm.js';
import { twinleafSerial, twinleafTcp } from '../../../sensors/codecs/twinleaf/codec.js';
import { TwinleafStreams } from '../../../sensors/codecs/twinleaf/streams.js';
import { bytes, concat, decoded, hex, text } from './support.js';

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

describe('HMR2300', () => {
  const FRAME = hex('75301d4ce2b40d');
  const SAMPLE = { kind: 'sample', counts: [30_000, 7500, -7500] } as const;

  it('binary: three good frames, then each at once', () => {
    expect(decoded(hmr2300('binary').decoder(), concat([FRAME, FRAME]))).toEqual([]);
    expect(decoded(hmr2300('binary').decoder(), concat([FRAME, FRAME, FRAME]))).toEqual([SAMPLE, SAMPLE, SAMPLE]);
    expect(SAMPLE.counts.map(count => +(count * HMR2300_T_PER_COUNT * 1e6).toFixed(9))).toEqual([200, 50, -50]);
  });

  it('binary: a carriage return in the data ends no frame, wherever the stream is entered', () => {
    const codec = hmr2300('binary');
    // x near 23 uT: its high byte is 0D in every frame; low bytes wander.
    const messages = Array.from({ length: 12 }, (_, i) => ({
      kind: 'sample' as const,
      counts: [0x0d40 + ((i * 5) % 13), 0x0d0d - i, -300 + ((i * 7) % 5)] as const,
    }));
    const stream = concat(messages.map(codec.encodeMessage));
    for (let from = 0; from < 7; from++) {
      const heard = decoded(codec.decoder(), stream.subarray(from), [3]);
      expect(heard).toEqual(messages.slice(from === 0 ? 0 : 1));
    }
  });

  it('binary: replies in words before the data', () => {
    expect(decoded(hmr2300('binary').decoder(), concat([hex('4f4b0d'), FRAME, FRAME, FRAME]))).toEqual([
      { kind: 'reply', text: 'OK' },
      SAMPLE,
      SAMPLE,
      SAMPLE,
    ]);
  });

  it('ASCII: 28 characters', () => {
    const line = ' 15,000  - 7,500    0,012  \r';
    const sample = { kind: 'sample', counts: [15_000, -7500, 12] } as const;
    expect(decoded(hmr2300('ascii').decoder(), line)).toEqual([sample]);
    expect(text(hmr2300('ascii').encodeMessage(sample))).toBe(line);
    // Leading digits and comma left blank.
    expect(decoded(hmr2300('ascii').decoder(), ' 15,000  - 7,500       12  \r')).toEqual([sample]);
    expect(decoded(hmr2300('ascii').decoder(), 'SER# 1234\rRe-enter\r')).toEqual([
      { kind: 'reply', text: 'SER# 1234' },
      { kind: 'reply', text: 'Re-enter' },
    ]);
  });

  it('commands', () => {
    const codec = hmr2300('ascii');
    expect(text(codec.encode({ kind: 'command', device: 99, text: 'R=20' }))).toBe('*99R=20\r');
    expect(codec.encode({ kind: 'stop' })).toEqual(Uint8Array.of(0x1b));
    expect(() => codec.encode({ kind: 'command', device: 100, text: 'WE' })).toThrow(/no number of a HMR2300/);
  });
});

describe('QuSpin', () => {
  it('QZFM: lamps, compensation, data', () => {
    expect(decoded(qzfm.decoder(), '|11\r\n|21\r\n|31\r\n|41\r\n').map(m => m.kind === 'led' && [m.led, m.on])).toEqual(
      [
        ['laser', true],
        ['cellTemperature', true],
        ['laserLock', true],
        ['fieldZeroed', true],
      ],
    );
    expect(decoded(qzfm.decoder(), '~0733582.50\r\n!8400953\r\n\0!8388608\r\n')).toEqual([
      { kind: 'parameter', number: 7, value: 33582.5 },
      { kind: 'data', value: 8_400_953 },
      { kind: 'data', value: 8_388_608 },
    ]);
    expect(qzfmParameter(7, 33582.5)).toBeCloseTo(814.5e-12, 20);
    expect(qzfmField(8_400_953)).toBeCloseTo(123.45e-12, 20);
    expect(qzfmField(8_388_608)).toBe(0);
    expect(decoded(qzfm.decoder(), '!84009\r\n')).toEqual([{ kind: 'other', text: '!84009' }]);
  });

  it('QTFM generation 1: @ is the strength', () => {
    expect(decoded(qtfmGen1.decoder(), '!300467107@120^17\r\n')).toEqual([
      { kind: 'data', mag: 300_467_107, strength: 120, counter: 17 },
    ]);
    expect(qtfmGen1Field(300_467_107) * 1e9).toBeCloseTo(49_999.99994, 4);
  });

  it('QTFM generation 2: @ is the counter', () => {
    expect(decoded(qtfmGen2.decoder(), '!52926.706_Y53998.412=@394>86341532s139v107\r\n')).toEqual([
      {
        kind: 'data',
        scalar: 52926.706,
        scalarValid: true,
        vector: { axis: 'Y', value: 53998.412, valid: true },
        counter: 394,
        time: 86_341_532,
        scalarSensitivity: 139,
        vectorSensitivity: 107,
      },
    ]);
  });
});

describe('Twinleaf TIO', () => {
  const says = (frame: string) => decoded(twinleafSerial.decoder(), hex(frame));
  const back = (frame: string) => {
    const [packet] = says(frame);
    if (packet.kind === 'text' || packet.kind === 'damaged') throw new Error(packet.kind);
    return twinleafSerial.encode(packet);
  };
  const FRAMES = {
    heartbeat: 'c0050000002e2f9a16c0',
    request: 'c002000c00679d08806465762e646573638647717ec0',
    reply: 'c003001100679d5477696e6c65616620564d522052359a72fddfc0',
    refusal: 'c004000400679d02001e15f51bc0',
    device: 'c00b001b000101090344332211070601564d52564d5230303031616263313233f55a300fc0',
    stream: 'c00b0011000201090103100c00000006766563746f7234cdd538c0',
    segment: 'c00b00240003011b01000303074433221100f15365e80300000a0000000000204201564d523030303184d2f4b4c0',
    x: 'c00b001300040107010042010207786e544669656c642058e5ab3c33c0',
    y: 'c00b001300040107010142010207796e544669656c642059a52b0212c0',
    z: 'c00b0013000405070102420102077a6e544669656c64205a637ce97ac0',
    samples: 'c081001c00050000000000c9420000a2c100803b470000cb420000aac100813b47b5c3bb53c0',
    routed: 'c081021c00050000000000c9420000a2c100803b470000cb420000aac100813b470200d7cbd585c0',
    log: 'c001000e00070000000274656d70207761726e05a8cbd4c0',
    all: 'c002001000af1e0c806465762e6d6574616461746134599b9cc0',
    some: 'c002001900af1e0c806465762e6d65746164617461040100040101030100e1868e60c0',
  };

  it.each(Object.entries(FRAMES))('%s: read and written again to the byte', (_name, frame) => {
    expect(back(frame)).toEqual(hex(frame));
  });

  it('says what stands in them', () => {
    expect(says(FRAMES.request)[0]).toEqual({
      kind: 'request',
      path: [],
      id: 0x9d67,
      method: 'dev.desc',
      args: new Uint8Array(0),
    });
    expect(says(FRAMES.reply)[0]).toMatchObject({ kind: 'reply', id: 0x9d67, payload: bytes('Twinleaf VMR R5') });
    expect(says(FRAMES.refusal)[0]).toMatchObject({ kind: 'refusal', code: 2 });
    expect(says(FRAMES.log)[0]).toMatchObject({ kind: 'log', data: 7, level: 2, text: 'temp warn' });
    expect(says(FRAMES.routed)[0]).toMatchObject({ kind: 'samples', path: [0, 2], stream: 1, first: 5, segment: 0 });
    expect(says(FRAMES.z)[0]).toMatchObject({
      flags: 5,
      metadata: { record: 'column', column: 2, type: 0x42, name: 'z', units: 'nT', description: 'Field Z' },
    });
    expect(says('c081000800dbdc0000dbdddbdcdbdd0102d1c86717c0')).toMatchObject([
      { kind: 'samples', first: 0xc0, segment: 0xdb, payload: Uint8Array.of(0xc0, 0xdb, 1, 2) },
    ]);
  });

  it('metadata and samples become numbers and times', () => {
    const streams = new TwinleafStreams();
    for (const frame of [FRAMES.device, FRAMES.stream, FRAMES.segment, FRAMES.x, FRAMES.y, FRAMES.z]) {
      const [packet] = says(frame);
      if (packet.kind === 'metadata') streams.metadata(packet);
    }
    expect(streams.layout(1)).toMatchObject({ name: 'vector', rate: 100, sampleSize: 12 });
    const [packet] = says(FRAMES.samples);
    const samples = packet.kind === 'samples' ? streams.samples(packet) : undefined;
    expect([...samples!.values]).toEqual([100.5, -20.25, 48_000, 101.5, -21.25, 48_001]);
    expect(samples!.time[0]).toBeCloseTo(1_700_000_000.05, 6);
    expect(samples!.time[1]).toBeCloseTo(1_700_000_000.06, 6);
    expect([...samples!.counter]).toEqual([5, 6]);
    expect(samples!.boundary).toBe(false);
  });

  it('over TCP the same packets stand bare', () => {
    const packets = Object.values(FRAMES).flatMap(says);
    const stream = concat(packets.map(twinleafTcp.encodeMessage));
    expect(text(stream).startsWith('\x05\0\0\0')).toBe(true);
    expect(decoded(twinleafTcp.decoder(), stream, [5])).toEqual(packets);
  });

  it('text mode, zeros of the USB converter and half a frame before the first good packet are no damage', () => {
    const opening = concat([hex('000000'), hex('c98467c0'), hex('54776e0d0a'), hex(FRAMES.heartbeat)]);
    expect(decoded(twinleafSerial.decoder(), opening, [2])).toEqual([
      { kind: 'text', text: 'Twn' },
      { kind: 'heartbeat', path: [] },
    ]);
    const bad = hex(FRAMES.log);
    bad[10] ^= 1;
    expect(decoded(twinleafSerial.decoder(), concat([hex(FRAMES.log), bad])).map(m => m.kind)).toEqual([
      'log',
      'damaged',
    ]);
  });
});

describe('Geometrics MagElement', () => {
  it('decimated record', () => {
    const record = hex(
      `2200010058000000393000000000000006f7039e6e7fe7400000803f01000000${'00'.repeat(12)}00000000000000000000803f${'00'.repeat(12)}0000c841${'00'.repeat(16)}`,
    );
    const [message] = decoded(magelement.decoder(), record, [7]);
    expect(message).toMatchObject({
      kind: 'decimated',
      index: 12_345,
      valid: 1,
      acceleration: [0, 0, 1],
      temperature: 25,
    });
    expect(message.kind === 'decimated' && message.field).toBeCloseTo(48_123.456789, 6);
    expect(magelement.encodeMessage(message)).toEqual(record);
  });

  it('block of 40', () => {
    const block = concat([
      hex('1f00010010050000e803000000000000'),
      hex('e8e30040007038390000000020be383900000000004000000000000000000000'),
      new Uint8Array(39 * 32),
    ]);
    const [message] = decoded(magelement.decoder(), concat([hex('1f000100ffff'), block]), [11]);
    if (message.kind !== 'block') throw new Error(message.kind);
    expect(message.index).toBe(1000);
    const [frame] = message.frames;
    expect(frame.mag1 * MAGELEMENT_T_PER_COUNT * 1e9).toBeCloseTo(48_000, 6);
    expect(frame.mag2 * MAGELEMENT_T_PER_COUNT * 1e9).toBeCloseTo(48_001, 6);
    expect(frame.frameId & MAGELEMENT_FRAME.mag1Valid).toBeTruthy();
    expect(magelement.encodeMessage(message)).toEqual(block);
  });
});

describe('chips', () => {
  it('MMC5983MA', () => {
    const registers = hex('80107FF08000D8');
    const counts = unpackRegisters('MMC5983MA', registers)!;
    expect(counts).toEqual([131_139, 131_009, 131_074]);
    expect(packRegisters('MMC5983MA', counts)).toEqual(registers);
    const { zero, scale } = chipScale('MMC5983MA');
    expect(counts.map((count, i) => +((count - zero) * scale[i] * 1e6).toFixed(4))).toEqual([0.4089, -0.3845, 0.0122]);
  });

  it('RM3100', () => {
    const counts = unpackRegisters('RM3100', hex('000ea1fffa26000000'))!;
    expect(counts).toEqual([3745, -1498, 0]);
    const { scale } = chipScale('RM3100');
    expect(counts.map((count, i) => +(count * scale[i] * 1e6).toFixed(2))).toEqual([49.99, -19.99, 0]);
    for (const [cycles, gain] of [
      ['50', 20],
      ['100', 38],
      ['200', 75],
      ['400', 148],
    ] as const) {
      expect(Math.round(1e-6 / chipScale('RM3100', cycles).scale[0])).toBe(gain);
    }
  });

  it('HMC5883L and QMC5883L', () => {
    expect(chipScale('HMC5883L').scale.map(scale => Math.round(1e-4 / scale))).toEqual([1100, 1100, 980]);
    expect(chipScale('HMC5883L', '8.1G').scale.map(scale => Math.round(1e-4 / scale))).toEqual([230, 230, 205]);
    expect(Math.round(1e-4 / chipScale('QMC5883L', '8G').scale[0])).toBe(3000);
    expect(unpackRegisters('HMC5883L', hex('000100020003'))).toEqual([1, 3, 2]);
    expect(unpackRegisters('QMC5883L', hex('0100feff0300'))).toEqual([1, -2, 3]);
    expect(() => chipScale('HMC5883L', 'toString')).toThrow(/no range 'toString'/);
  });
});

describe('Lake Shore', () => {
  it('F71: every question asks for errors too', () => {
    expect(text(lakeshoreF71.encode({ kind: 'fetch', all: true }))).toBe('FETCh:DC? ALL;:SYSTem:ERRor:ALL?\n');
    expect(decoded(lakeshoreF71.decoder(), '1.0000E-05,2.0E-06,-4.0E-05;0,"No error"\r\n')).toEqual([
      { kind: 'numbers', values: [1e-5, 2e-6, -4e-5], errors: [{ code: 0, text: 'No error' }] },
    ]);
    expect(decoded(lakeshoreF71.decoder(), '-113,"Undefined header",-222,"Data; out of range"\r\n')).toEqual([
      {
        kind: 'errors',
        errors: [
          { code: -113, text: 'Undefined header' },
          { code: -222, text: 'Data; out of range' },
        ],
      },
    ]);
  });

  it('425', () => {
    expect(text(lakeshore425.encode({ kind: 'unit', unit: 2 }))).toBe('UNIT 2\n');
    expect(decoded(lakeshore425.decoder(), '+1.2345E-03\r\nOL\r\n')).toEqual([
      { kind: 'numbers', values: [1.2345e-3] },
      { kind: 'numbers', values: [Number.NaN] },
    ]);
  });
});
