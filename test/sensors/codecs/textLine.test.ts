import { describe, expect, it } from 'vitest';
import { analogueField, analogueSettings, analogueVolts } from '../../../sensors/codecs/analogue.js';
import { LinearRegex } from '../../../sensors/codecs/linearRegex.js';
import { scpiDialect, scpiLine } from '../../../sensors/codecs/scpi.js';
import { textLine, textLineChannels, textLineElement } from '../../../sensors/codecs/textLine.js';
import { textLineSettings } from '../../../sensors/codecs/textLineSettings.js';
import { ClockUnwrapper, CounterUnwrapper } from '../../../sensors/codecs/unwrap.js';
import { decoded } from './support.js';

const XYZ = ['x', 'y', 'z'].map((column, axis) => ({ column, axis }));
const hears = (options: object, lines: string) =>
  decoded(textLine(textLineSettings.parse(options)).decoder(), lines, [7]);
const values = (options: object, lines: string) =>
  hears(options, lines).map(m => (m.kind === 'sample' ? m.values : m.kind));

describe('lines of text as they occur', () => {
  it('CSV: header and comments skipped, names found, broken lines not believed', () => {
    const columns = ['bx', 'by', 'bz'].map((column, axis) => ({ column, axis }));
    const lines = '# v1\r\nt_ms,bx,by,bz\r\n10,1.5,-2,3e1\r\n20,1.5,-2\r\n30,1.5,-2,Infinity\r\n40,1,,nan\r\n';
    expect(hears({ columns, time: { column: 't_ms' } }, lines)).toEqual([
      { kind: 'text', text: '# v1' },
      { kind: 'text', text: 't_ms,bx,by,bz' },
      { kind: 'sample', values: [1.5, -2, 30], time: 10 },
      { kind: 'text', text: '20,1.5,-2' },
      { kind: 'text', text: '30,1.5,-2,Infinity' },
      { kind: 'sample', values: [1, Number.NaN, Number.NaN], time: 40 },
    ]);
    // Two halves of lines make too many columns.
    expect(values({ count: 4 }, '10,1,2,3\n20,1,230,4,5,6\n')).toEqual([[1, 2, 3], 'text']);
  });

  it('JSON, with quoted keys or without, nested, as an array', () => {
    expect(values({ format: 'json', columns: XYZ }, '{"x":1,"y":-2.5,"z":3}\n{"x":1,"y"\n')).toEqual([
      [1, -2.5, 3],
      'text',
    ]);
    const bare = '{ ts:"03 May 2020 23:56:55",  lt:"24.62", x:"14", y:"-15" , z:"16", rx:"1109", Tm: "52" }\n';
    expect(values({ format: 'json', columns: XYZ }, bare)).toEqual([[14, -15, 16]]);
    const nested = XYZ.map(entry => ({ ...entry, column: `mag.${entry.column}` }));
    expect(values({ format: 'json', columns: nested }, 'mag {"mag":{"x":1,"y":2,"z":3}}\n')).toEqual([[1, 2, 3]]);
    expect(values({ format: 'json' }, '[0,1,2,3]\n')).toEqual([[1, 2, 3]]);
    expect(values({ format: 'json', columns: XYZ }, '{"x":1e999,"y":1,"z":1}\n{"__proto__":{"x":1}}\n')).toEqual([
      'text',
      'text',
    ]);
  });

  it('words', () => {
    const columns = ['X', 'Y', 'Z'].map((column, axis) => ({ column, axis }));
    expect(values({ format: 'words', columns }, 'X: 12.3\tY: -4uT\tZ=7\n')).toEqual([[12.3, -4, 7]]);
    const numbers = [0, 1, 2].map(column => ({ column, axis: column }));
    expect(values({ format: 'words', columns: numbers, end: 'a' }, '12/-34/56a1/2/3a')).toEqual([
      [12, -34, 56],
      [1, 2, 3],
    ]);
  });

  it('Teleplot: a reading is whole when its last value has come', () => {
    const lines = '>z:9\nboot\n>x:1\n>y:2§uT|g\n>other:5\n>z:3\n>x:1627551892437:4\n>y:1:5;2:6\n>z:7\n';
    const latin = lines.replace('§', '\u00c2\u00a7');
    expect(values({ format: 'teleplot', columns: XYZ }, latin)).toEqual(['text', [1, 2, 3], [4, 6, 7]]);
    expect(hears({ format: 'teleplot', columns: XYZ, time: { column: 'ts' } }, latin).at(-1)).toMatchObject({
      time: 1_627_551_892_437,
    });
  });

  it('checksums', () => {
    expect(hears({ checksum: 'nmea' }, '$10,1,2,3*1D\n$10,1,2,4*1D\n10,1,2,3\n').map(m => m.kind)).toEqual([
      'sample',
      'damaged',
      'damaged',
    ]);
  });

  it('registers of a chip', () => {
    const numbers = [0, 1, 2].map(column => ({ column, axis: column }));
    const options = { format: 'registers', preset: 'MMC5983MA', columns: numbers };
    expect(values(options, '80107FF08000D8\n80 10 7F F0 80 00 D8\n80107F\n')).toEqual([
      [131_139, 131_009, 131_074],
      [131_139, 131_009, 131_074],
      'text',
    ]);
    const channels = textLineChannels(textLineSettings.parse(options), ['a']);
    expect(channels.map(({ scale, offset }) => (131_139 - offset) * scale * 1e6)[0]).toBeCloseTo(0.4089, 4);
  });

  it('scales, elements and units', () => {
    const one = (options: object) => textLineChannels(textLineSettings.parse(options), ['left', 'right'])[0];
    expect(one({})).toEqual({ element: 0, axis: 0, scale: 1e-6, offset: 0 });
    expect(one({ unit: 'mG', scale: 2, offset: 5 })).toMatchObject({ scale: 2e-7, offset: 5 });
    expect(one({ columns: [{ column: 'a', element: 'right', axis: 2 }] })).toMatchObject({ element: 1, axis: 2 });
    expect(one({ preset: 'RM3100' }).scale).toBeCloseTo(1e-6 / 74.92, 12);
    expect(() => one({ columns: [{ column: 'a', element: 'up', axis: 2 }] })).toThrow(/no element 'up'/);
    expect(() => one({ unit: 'counts' })).toThrow(/no scale/);
    expect([
      textLineElement('1', ['a', 'b']),
      textLineElement('b', ['a', 'b']),
      textLineElement('2', ['a', 'b']),
    ]).toEqual([1, 1, -1]);
  });
});

describe('regular expressions of a settings file', () => {
  it('match as JavaScript does', () => {
    for (const [pattern, text] of [
      ['X: *([-\\d.]+) Y: *([-\\d.]+)', 'log X: 1.5 Y:-2'],
      ['^(a|ab)(c|bcd)(d*)$', 'abcd'],
      ['(\\w+)@(\\w+)', 'a b@cc d'],
      ['(a*?)(a*)b', 'xaaab'],
      ['(?:(\\d{2,3})-)+', '12-345-6'],
      ['[^,]+,[^,]*,([A-F\\x30-\\x39]+)', 'q,,0FA'],
      ['(x)?y', 'zy'],
      ['a.c|\\(\\s*\\)', 'b (  )'],
      ['z{3}', 'zz'],
    ] as const) {
      const expected = new RegExp(pattern).exec(text);
      expect([pattern, ...(new LinearRegex(pattern, 100).exec(text) ?? [])]).toEqual([pattern, ...(expected ?? [])]);
    }
  });

  it('no line makes one hang, however it is nested', () => {
    for (const pattern of ['(a+)+$', '^(a|a)*$', '(a*)*b', '(.*)(.*)(.*)(.*)(.*)x', '(a?){50}a{50}$']) {
      expect(new LinearRegex(pattern, 2000).exec('a'.repeat(1500) + '!')).toBeUndefined();
    }
  });

  it('what it does not know is refused, with the place', () => {
    for (const pattern of [
      '(?=a)',
      '(a)\\1',
      'a**',
      '(a',
      'a)',
      '[z-a]',
      '[a',
      '*a',
      'a{5,2}',
      '(a{200}){200}',
      '^*',
    ]) {
      expect(() => new LinearRegex(pattern, 100), pattern).toThrow(/regular expression/);
    }
  });

  it('as a form of lines: groups by name', () => {
    const options = {
      format: 'regex',
      pattern: 'B=\\((?<x>[-\\d.]+);(?<y>[-\\d.]+);(?<z>[-\\d.]+)\\)',
      columns: XYZ,
    };
    expect(values(options, 'B=(1;-2;3.5) ok\nB=(1;--2;3)\nnothing\n')).toEqual([[1, -2, 3.5], 'text', 'text']);
    expect(() => textLine(textLineSettings.parse({ ...options, columns: [{ column: 'q', axis: 0 }] }))).toThrow(
      /group 'q'/,
    );
  });
});

describe('counters and clocks that begin again', () => {
  it('a counter goes on over its wrap, and counts what is missing', () => {
    const counter = new CounterUnwrapper(500, 2);
    expect([494, 496, 498, 0, 2, 8].map(value => [counter.push(value), counter.missing])).toEqual([
      [494, 0],
      [496, 0],
      [498, 0],
      [500, 0],
      [502, 0],
      [508, 2],
    ]);
    counter.push(4);
    expect(counter.restarted).toBe(true);
    expect(counter.push(Number.NaN)).toBeNaN();
  });

  it('a clock of 32 bits in microseconds goes on, over silences longer than its wrap too', () => {
    const clock = new ClockUnwrapper(1e-6, 2 ** 32);
    const start = 2 ** 32 - 1e6;
    expect(clock.push(start, 100)).toBeCloseTo(start * 1e-6, 9);
    expect(clock.push(1e6, 102)).toBeCloseTo(start * 1e-6 + 2, 9);
    // 3 h of silence: two wraps and more.
    const after = (1e6 + 10_800e6) % 2 ** 32;
    expect(clock.push(after, 102 + 10_800)).toBeCloseTo(start * 1e-6 + 2 + 10_800, 3);
    expect(clock.jumped).toBe(false);
  });

  it('a device that begins anew is noticed; its time goes on by the clock of the host', () => {
    const clock = new ClockUnwrapper(1e-3, 2 ** 32);
    clock.push(50_000, 10);
    expect(clock.push(100, 13)).toBeCloseTo(53, 9);
    expect(clock.jumped).toBe(true);
    expect(clock.push(1100, 14)).toBeCloseTo(54, 9);
    expect(clock.jumped).toBe(false);
  });
});

describe('scales of volts and dialects of supplies', () => {
  it('volts to tesla and back', () => {
    const { channels } = analogueSettings.parse({
      channels: [{ column: 0, axis: 0, volts_per_tesla: 143_000, offset_V: 0.1, polarity: -1 }],
    });
    expect(analogueField(channels[0], 0.1 - 1.43)).toBeCloseTo(10e-6, 15);
    expect(analogueVolts(channels[0], 10e-6)).toBeCloseTo(0.1 - 1.43, 12);
  });

  it('the common dialect, and what is put over it', () => {
    expect(scpiDialect('supply', {})).toMatchObject({ on: 'OUTP ON', measureScale: 1, prepare: [] });
    expect(scpiDialect('load', { set: 'CURR {A}A' })).toMatchObject({
      on: 'INP ON',
      set: 'CURR {A}A',
      measureScale: -1,
    });
    expect(scpiLine('CURR {A}', -2.5)).toBe('CURR 2.500000');
  });
});
