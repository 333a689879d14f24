import fc from 'fast-check';
import { analogueSettings } from '../../../sensors/codecs/analogue.js';
import { GRBL_REALTIME, GRBL_STATES, type GrblMessage, type GrblRealtime } from '../../../sensors/codecs/grbl.js';
import type { MagElementMessage } from '../../../sensors/codecs/magelement.js';
import type { MarlinMessage } from '../../../sensors/codecs/marlin.js';
import type { QtfmGen1Message, QtfmGen2Message } from '../../../sensors/codecs/qtfm.js';
import { QZFM_COMMANDS, QZFM_LEDS, type QzfmCommand } from '../../../sensors/codecs/qzfm.js';
import type { ScpiMessage } from '../../../sensors/codecs/scpi.js';
import { textLineSettings } from '../../../sensors/codecs/textLineSettings.js';
import type { TwinleafPacket } from '../../../sensors/codecs/twinleaf/packet.js';

/* Arbitrary messages and commands of every codec, for fast-check. */

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0);
const thousandths = fc.integer({ min: -1e7, max: 1e7 }).map(value => value / 1000 + 0);
const small = fc.nat({ max: 9999 });
export const byte = fc.nat({ max: 255 });
export const word = fc.nat({ max: 0xffff });
export const long = fc.nat({ max: 0xffffffff });
/** Letters and digits, as names have them. */
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,9}$/);
/** Words that no protocol takes for anything else. */
export const phrase = fc.stringMatching(/^w[ a-z0-9]{0,20}z$/);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** A record without the entries that are undefined. */
export const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc
    .record(model)
    .map(value => Object.fromEntries(Object.entries(value as object).filter(e => e[1] !== undefined)) as T);
export const kind = <K extends string>(value: K) => fc.constant(value);
export const numbers = (least: number, most: number, of: fc.Arbitrary<number> = thousandths) =>
  fc.array(of, { minLength: least, maxLength: most });
export const line = record({ kind: kind('line'), text: phrase });

export const grblMessage = fc.oneof(
  record({ kind: kind('ok') }),
  record({ kind: kind('error'), code: small }),
  record({ kind: kind('alarm'), code: small }),
  record({ kind: kind('banner'), text: phrase.map(text => `${text.replace(/ /g, '')} 1.1h ['$' for help]`) }),
  record({ kind: kind('setting'), number: small, value: finite }),
  record({ kind: kind('feedback'), tag: name.filter(tag => tag.length > 1), text: phrase }),
  record({ kind: kind('startup'), text: phrase }),
  record({ kind: kind('text'), text: phrase }),
  record({
    kind: kind('status'),
    state: fc.constantFrom(...GRBL_STATES),
    sub: maybe(fc.nat({ max: 3 })),
    mpos: maybe(numbers(2, 6)),
    wpos: maybe(numbers(2, 6)),
    free: maybe(fc.tuple(small, small)),
    line: maybe(small),
    feed: small,
    spindle: maybe(small),
    pins: maybe(fc.constantFrom('X', 'XYZ', 'PDHRS')),
    wco: maybe(numbers(2, 6)),
    overrides: maybe(numbers(3, 3, small)),
    accessories: maybe(fc.constantFrom('S', 'SFM')),
    other: maybe(fc.array(fc.constantFrom('H:1', 'TLR:0'), { minLength: 1, maxLength: 2 })),
  }),
) as fc.Arbitrary<GrblMessage>;
export const grblCommand = fc.oneof(
  line,
  record({ kind: kind('realtime'), name: fc.constantFrom(...(Object.keys(GRBL_REALTIME) as GrblRealtime[])) }),
);

export const marlinMessage = fc.oneof(
  record({ kind: kind('ok') }),
  record({ kind: kind('ok'), line: maybe(small), planner: small, buffer: small }),
  record({ kind: kind('ok'), text: phrase }),
  record({ kind: kind('error'), text: phrase }),
  record({ kind: kind('resend'), line: small }),
  record({ kind: kind('busy'), reason: phrase }),
  record({ kind: fc.constantFrom('wait' as const, 'start' as const) }),
  record({
    kind: kind('position'),
    position: fc.tuple(thousandths, thousandths, thousandths),
    extruder: maybe(thousandths),
    counts: maybe(numbers(3, 3, small)),
  }),
  record({ kind: kind('firmware'), text: phrase }),
  record({ kind: kind('capability'), name: fc.constantFrom('EMERGENCY_PARSER', 'AUTOREPORT_POS'), on: fc.boolean() }),
  record({ kind: fc.constantFrom('echo' as const, 'action' as const, 'text' as const), text: phrase }),
) as fc.Arbitrary<MarlinMessage>;
export const marlinCommand = fc.oneof(
  line,
  record({ kind: kind('numbered'), line: small, text: phrase }),
  record({ kind: kind('corrupt'), line: small, text: phrase, checksum: fc.constantFrom(null, 256) }),
);

export const count = fc.integer({ min: -30_000, max: 30_000 });
export const sample = record({ kind: kind('sample'), counts: fc.tuple(count, count, count) });
export const reply = record({
  kind: kind('reply'),
  text: fc.constantFrom('OK', 'ASCII ON', 'BINARY ON', 'Re-enter', 'SER# 12'),
});
export const hmrCommand = fc.oneof(
  record({
    kind: kind('command'),
    device: fc.nat({ max: 99 }),
    text: fc.constantFrom('WE', 'A', 'B', 'R=154', 'P', '#'),
  }),
  record({ kind: kind('stop') }),
);

const error = record({ code: fc.integer({ min: -999, max: 999 }).map(value => value + 0), text: phrase });
export const errors = fc.array(error, { minLength: 1, maxLength: 3 });
export const scpiMessage = fc.oneof(
  record({ kind: kind('numbers'), values: numbers(1, 4, finite), errors: maybe(errors) }),
  record({ kind: kind('errors'), errors }),
  record({ kind: kind('text'), text: phrase, errors: maybe(errors) }),
) as fc.Arbitrary<ScpiMessage>;

const data = (most: number) => fc.uint8Array({ maxLength: most });
export const path = fc.array(byte, { maxLength: 8 });
const metadata = fc.oneof(
  record({ record: kind('device'), streams: byte, session: long, name, serial: name, firmware: name }),
  record({
    record: kind('stream'),
    stream: byte,
    columns: byte,
    segments: byte,
    sampleSize: word,
    bufferedSamples: word,
    name,
  }),
  record({
    record: kind('segment'),
    stream: byte,
    segment: byte,
    state: byte,
    epoch: byte,
    session: long,
    startTime: long,
    rate: long,
    decimation: long,
    cutoff: fc.float({ noNaN: true }),
    filter: byte,
    serial: name,
  }),
  record({
    record: kind('column'),
    stream: byte,
    column: byte,
    type: byte,
    name,
    units: fc.constantFrom('nT', 'µT'),
    description: phrase,
  }),
);
export const packet = fc.oneof(
  record({ kind: kind('log'), path, data: long, level: byte, text: phrase }),
  record({ kind: kind('request'), path, id: word, method: fc.oneof(name, fc.nat({ max: 0x7fff })), args: data(200) }),
  record({ kind: kind('reply'), path, id: word, payload: data(400) }),
  record({ kind: kind('refusal'), path, id: word, code: word, detail: data(20) }),
  record({ kind: kind('heartbeat'), path, session: maybe(long) }),
  record({ kind: kind('metadata'), path, flags: byte, metadata }),
  record({ kind: kind('setting'), path, flags: byte, name, value: data(40) }),
  record({ kind: kind('proxy'), path, status: byte }),
  record({
    kind: kind('samples'),
    path,
    stream: fc.integer({ min: 1, max: 127 }),
    first: fc.nat({ max: 0xffffff }),
    segment: byte,
    payload: data(490),
  }),
  record({ kind: kind('raw'), path, type: fc.constantFrom(6, 7, 8, 65, 128), payload: data(100) }),
) as unknown as fc.Arbitrary<TwinleafPacket>;

const shorts = numbers(4, 4, word);
export const frame = record({
  frameId: word,
  systemStatus: word,
  mag1: long,
  mag1Status: word,
  mag2Status: word,
  mag2: long,
  aux: shorts,
  adc: shorts,
});
const floats = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 });
export const magMessage = fc.oneof(
  record({
    kind: kind('block'),
    index: fc.maxSafeNat(),
    frames: fc.tuple(frame, frame).map(([a, b]) => Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? a : b))),
  }),
  record({
    kind: kind('decimated'),
    index: fc.maxSafeNat(),
    field: finite,
    strength: fc.float({ noNaN: true, noDefaultInfinity: true }),
    valid: long,
    compass: floats,
    acceleration: floats,
    gyro: floats,
    temperature: fc.float({ noNaN: true, noDefaultInfinity: true }),
  }),
  record({ kind: kind('heartbeat'), payload: fc.uint8Array({ minLength: 100, maxLength: 100 }) }),
) as fc.Arbitrary<MagElementMessage>;

export const gen1 = fc.oneof(
  record({ kind: kind('data'), mag: fc.integer({ min: -1e9, max: 1e9 }), strength: small, counter: maybe(small) }),
  record({ kind: fc.constantFrom('state' as const, 'text' as const, 'other' as const), text: phrase }),
) as fc.Arbitrary<QtfmGen1Message>;
const nanotesla = fc.integer({ min: -1e8, max: 1e8 }).map(value => value / 1000 + 0);
export const gen2 = fc.oneof(
  record({
    kind: kind('data'),
    scalar: nanotesla,
    scalarValid: maybe(fc.boolean()),
    vector: maybe(
      record({
        axis: fc.constantFrom('X' as const, 'Y' as const, 'Z' as const),
        value: nanotesla,
        valid: maybe(fc.boolean()),
      }),
    ),
    counter: maybe(small),
    time: maybe(fc.nat({ max: 1e9 })),
    scalarSensitivity: maybe(small),
    vectorSensitivity: maybe(small),
  }),
  record({ kind: fc.constantFrom('text' as const, 'other' as const), text: phrase }),
) as fc.Arbitrary<QtfmGen2Message>;
export const character = record({
  kind: kind('character'),
  character: fc.integer({ min: 1, max: 127 }).map(c => String.fromCharCode(c)),
});
export const qzfmMessage = fc.oneof(
  record({ kind: fc.constantFrom('text' as const, 'other' as const), text: phrase }),
  record({ kind: kind('led'), led: fc.constantFrom(...QZFM_LEDS), on: fc.boolean() }),
  record({
    kind: kind('parameter'),
    number: fc.nat({ max: 99 }),
    value: fc.nat({ max: 1e7 }).map(value => value / 100),
  }),
  record({ kind: kind('data'), value: fc.nat({ max: 9_999_999 }) }),
);
export const qzfmCommand = fc
  .constantFrom(...(Object.keys(QZFM_COMMANDS) as QzfmCommand['kind'][]))
  .map(kind => ({ kind }));

export const f71Command = fc.oneof(
  record({ kind: fc.constantFrom('identify' as const, 'temperature' as const, 'tare' as const, 'probe' as const) }),
  record({ kind: kind('fetch'), all: fc.boolean() }),
  record({ kind: kind('mode'), mode: fc.constantFrom('DC' as const, 'AC' as const, 'HIFR' as const) }),
  record({ kind: kind('autoRange'), on: fc.boolean() }),
  record({ kind: kind('range'), value: finite }),
  record({ kind: kind('average'), count: small }),
  record({ kind: kind('unit'), unit: fc.constantFrom('TESLA' as const, 'GAUSS' as const) }),
  record({ kind: kind('raw'), text: phrase }),
);
export const m425Command = fc.oneof(
  record({ kind: fc.constantFrom('identify' as const, 'field' as const, 'askUnit' as const) }),
  record({ kind: kind('unit'), unit: fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const) }),
  record({ kind: kind('range'), range: fc.nat({ max: 9 }) }),
  record({ kind: kind('autoRange'), on: fc.boolean() }),
  record({ kind: kind('raw'), text: phrase }),
);

const named = (column: string, axis: number) => ({ column, axis });
export const TEXT_FORMS = {
  csv: textLineSettings.parse({ time: { column: 0 } }),
  'csv with names': textLineSettings.parse({
    columns: [named('bx', 0), named('by', 1), named('bz', 2)],
    header: ['t', 'bx', 'by', 'bz', 'n'],
    time: { column: 't' },
    sequence: { column: 'n' },
    checksum: 'xor',
    separator: ';',
  }),
  json: textLineSettings.parse({
    format: 'json',
    columns: [named('bx', 0), named('mag.y', 1), named('bz', 2)],
    element_column: 'id',
    checksum: 'nmea',
  }),
  words: textLineSettings.parse({ format: 'words', columns: [named('X', 0), named('Y', 1), named('Z', 2)] }),
  teleplot: textLineSettings.parse({
    format: 'teleplot',
    columns: [named('bx', 0), named('by', 1), named('bz', 2)],
    time: { column: 'ts' },
  }),
} as const;
export const textMessage = (settings: (typeof TEXT_FORMS)[keyof typeof TEXT_FORMS]) =>
  record({
    kind: kind('sample'),
    values: numbers(3, 3, finite),
    element: settings.element_column === undefined ? fc.constant(undefined) : maybe(name).map(text => text ?? 'a'),
    time: settings.time === undefined ? fc.constant(undefined) : small,
    sequence: settings.sequence === undefined ? fc.constant(undefined) : small,
  });

export const VOLTS = analogueSettings.parse({
  over: 'scpi',
  channels: [0, 2].map((column, axis) => ({ column, axis, volts_per_tesla: 143_000 })),
});
export const volts = record({ kind: kind('volts'), volts: numbers(2, 2, finite) });
