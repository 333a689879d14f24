import { InputError } from '../../src/errors.js';
import type { Codec, Decoder } from './codec.js';
import { lineDecoder, messageLine } from './lines.js';

/** Commands of either generation: single characters, as its manual lists them. */
export interface QtfmCommand {
  readonly kind: 'character';
  readonly character: string;
}

export type QtfmGen1Message =
  /** `!mag@strength^counter`; field = mag / 6009.342147 nT. */
  | { readonly kind: 'data'; readonly mag: number; readonly strength?: number; readonly counter?: number }
  /** `*...` */
  | { readonly kind: 'state'; readonly text: string }
  /** `#...` */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'other'; readonly text: string };

export type QtfmGen2Message =
  | {
      readonly kind: 'data';
      /** Total field, nT. */
      readonly scalar: number;
      /** Absent: it did not say. */
      readonly scalarValid?: boolean;
      /** One component per sample, in turns, nT. */
      readonly vector?: { readonly axis: 'X' | 'Y' | 'Z'; readonly value: number; readonly valid?: boolean };
      readonly counter?: number;
      /** ms. */
      readonly time?: number;
      readonly scalarSensitivity?: number;
      readonly vectorSensitivity?: number;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'other'; readonly text: string };

const MOST = 256;

/** QuSpin QTFM, generation 1, where `@` is the strength; which generation it is, the operator must know. */
export const qtfmGen1: Codec<QtfmGen1Message, QtfmCommand> = {
  decoder: () => lineDecoder({ most: MOST }, (line, out) => out.push(parseGen1(line))),
  encode,
  commandDecoder,
  encodeMessage: message => messageLine(formatGen1(message)),
};

/** QuSpin QTFM, generation 2, where `@` is the counter. */
export const qtfmGen2: Codec<QtfmGen2Message, QtfmCommand> = {
  decoder: () => lineDecoder({ most: MOST }, (line, out) => out.push(parseGen2(line))),
  encode,
  commandDecoder,
  encodeMessage: message => messageLine(formatGen2(message)),
};

/** T of a generation-1 data value: mag / 6009.342147 nT. */
export function qtfmGen1Field(mag: number): number {
  return (mag / QTFM_GEN1_PER_NT) * 1e-9;
}
export const QTFM_GEN1_PER_NT = 6009.342147;

function encode(command: QtfmCommand): Uint8Array {
  const code = command.character.charCodeAt(0);
  if (command.character.length === 1 && code > 0 && code < 0x80) return Uint8Array.of(code);
  throw new InputError(`a QTFM takes single characters, not '${command.character.slice(0, 20)}'`);
}

function commandDecoder(): Decoder<QtfmCommand> {
  return {
    push(bytes, out) {
      for (const byte of bytes) {
        if (byte > 0 && byte < 0x80) out.push({ kind: 'character', character: String.fromCharCode(byte) });
      }
    },
    reset() {},
  };
}

const GEN1 = /^!(-?\d{1,12})(?:@(\d{1,9})(?:\^(\d{1,9}))?)?$/;

function parseGen1(line: string): QtfmGen1Message {
  const match = GEN1.exec(line);
  if (match !== null) {
    const [, mag, strength, counter] = match;
    return {
      kind: 'data',
      mag: Number(mag) + 0,
      ...(strength === undefined ? {} : { strength: Number(strength) }),
      ...(counter === undefined ? {} : { counter: Number(counter) }),
    };
  }
  if (line[0] === '*') return { kind: 'state', text: line.slice(1) };
  return line[0] === '#' ? { kind: 'text', text: line.slice(1) } : { kind: 'other', text: line };
}

function formatGen1(message: QtfmGen1Message): string {
  switch (message.kind) {
    case 'data': {
      const strength = message.strength === undefined ? '' : `@${message.strength}`;
      return `!${message.mag}${strength}${message.counter === undefined ? '' : `^${message.counter}`}`;
    }
    case 'state':
      return `*${message.text}`;
    case 'text':
      return `#${message.text}`;
    default:
      return message.text;
  }
}

const NUMBER = '-?\\d{1,9}(?:\\.\\d{1,12})?';
const GEN2 = new RegExp(
  `^!(${NUMBER})([_*]?)(?:([XYZ])(${NUMBER})([=?]?))?(?:@(\\d{1,9}))?(?:>(\\d{1,15}))?(?:s(\\d{1,9}))?(?:v(\\d{1,9}))?$`,
);

function parseGen2(line: string): QtfmGen2Message {
  const match = GEN2.exec(line);
  if (match !== null) {
    const [, scalar, valid, axis, component, vectorValid, counter, time, scalarSensitivity, vectorSensitivity] = match;
    return {
      kind: 'data',
      scalar: Number(scalar),
      ...(valid === '' ? {} : { scalarValid: valid === '_' }),
      ...(axis === undefined
        ? {}
        : {
            vector: {
              axis: axis as 'X' | 'Y' | 'Z',
              value: Number(component),
              ...(vectorValid === '' ? {} : { valid: vectorValid === '=' }),
            },
          }),
      ...(counter === undefined ? {} : { counter: Number(counter) }),
      ...(time === undefined ? {} : { time: Number(time) }),
      ...(scalarSensitivity === undefined ? {} : { scalarSensitivity: Number(scalarSensitivity) }),
      ...(vectorSensitivity === undefined ? {} : { vectorSensitivity: Number(vectorSensitivity) }),
    };
  }
  return line[0] === '#' ? { kind: 'text', text: line.slice(1) } : { kind: 'other', text: line };
}

function formatGen2(message: QtfmGen2Message): string {
  if (message.kind !== 'data') return message.kind === 'text' ? `#${message.text}` : message.text;
  const { vector } = message;
  const mark = (valid: boolean | undefined, yes: string, no: string) => (valid === undefined ? '' : valid ? yes : no);
  const item = (letter: string, value: number | undefined) => (value === undefined ? '' : `${letter}${value}`);
  return [
    `!${message.scalar}${mark(message.scalarValid, '_', '*')}`,
    vector === undefined ? '' : `${vector.axis}${vector.value}${mark(vector.valid, '=', '?')}`,
    item('@', message.counter),
    item('>', message.time),
    item('s', message.scalarSensitivity),
    item('v', message.vectorSensitivity),
  ].join('');
}
