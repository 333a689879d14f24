import { InputError } from '../../src/errors.js';
import type { Codec, Decoder } from './codec.js';
import { formatGrblStatus, numberAfter, parseGrblStatus } from './grblStatus.js';
import { GRBL_REALTIME, type GrblCommand, type GrblMessage, type GrblRealtime } from './grblTypes.js';
import { commandLine, latin1, lineDecoder, messageLine } from './lines.js';
import { fixed, parseCount, parseNumber } from './numbers.js';

export * from './grblCodes.js';
export * from './grblTypes.js';

/** Longest line either way: twice what any family prints or takes. */
const MOST = 512;

/** GRBL 1.1 and its families (grblHAL and vendors' banners). Lines to it end with `\n` only: `\r` would end another. */
export const grbl: Codec<GrblMessage, GrblCommand> = {
  decoder: () => lineDecoder({ most: MOST }, (line, out) => out.push(parseMessage(line))),
  encode(command) {
    if (command.kind === 'realtime') return Uint8Array.of(GRBL_REALTIME[command.name]);
    if (/[?!~]/.test(command.text)) {
      throw new InputError(`'${command.text.slice(0, 60)}' holds a character that the controller acts on at once`, {
        advice: 'send ?, ! and ~ by themselves',
      });
    }
    return commandLine(command.text, '\n', MOST);
  },
  commandDecoder,
  encodeMessage(message) {
    const line = messageLine(format(message));
    return message.kind === 'banner' ? Uint8Array.of(0x0d, 0x0a, ...line) : line;
  },
};

const REALTIME_BY_BYTE = new Map<number, GrblRealtime>(
  Object.entries(GRBL_REALTIME).map(([name, byte]) => [byte, name as GrblRealtime] as const),
);

/** What the controller hears: realtime bytes wherever they stand, lines without them; a line too long is cut. */
function commandDecoder(): Decoder<GrblCommand> {
  const buffer = new Uint8Array(MOST);
  let length = 0;
  return {
    push(bytes, out) {
      for (const byte of bytes) {
        const name = REALTIME_BY_BYTE.get(byte);
        if (name !== undefined) {
          out.push({ kind: 'realtime', name });
          if (name === 'reset') length = 0;
        } else if (byte === 0x0a || byte === 0x0d) {
          out.push({ kind: 'line', text: latin1(buffer, 0, length) });
          length = 0;
        } else if (byte > 0 && byte < 0x80 && length < MOST) buffer[length++] = byte;
      }
    },
    reset() {
      length = 0;
    },
  };
}

function parseMessage(line: string): GrblMessage {
  const text = { kind: 'text', text: line } as const;
  switch (line[0]) {
    case 'o':
      return line === 'ok' ? { kind: 'ok' } : text;
    case 'e': {
      if (!line.startsWith('error:')) return text;
      // Older firmware says it in words.
      const code = parseCount(line.slice(6).trim());
      return { kind: 'error', code: Number.isNaN(code) ? 0 : code };
    }
    case 'A': {
      const code = numberAfter('ALARM:', line);
      return Number.isInteger(code) && code >= 0 ? { kind: 'alarm', code } : text;
    }
    case '<':
      return parseGrblStatus(line) ?? text;
    case '>':
      return { kind: 'startup', text: line.slice(1) };
    case '[': {
      const colon = line.indexOf(':');
      if (colon < 2 || !line.endsWith(']')) return text;
      return { kind: 'feedback', tag: line.slice(1, colon), text: line.slice(colon + 1, -1) };
    }
    case '$': {
      const equals = line.indexOf('=');
      const number = parseCount(line.slice(1, equals));
      const value = parseNumber(line.slice(equals + 1).trim());
      return equals < 0 || Number.isNaN(number) || Number.isNaN(value) ? text : { kind: 'setting', number, value };
    }
    default:
      return isBanner(line) ? { kind: 'banner', text: line } : text;
  }
}

/** Name, version, and the hint to the help in brackets: `Grbl 1.1h ['$' for help]`, also with a vendor's name. */
function isBanner(line: string): boolean {
  const head = /^\S{1,40} {1,4}v?\d{1,4}\.\d/.test(line);
  const help = line.lastIndexOf('help');
  return head && help > 0 && line.lastIndexOf('[', help) > 0 && line.indexOf(']', help) > 0;
}

/** Settings below 100 that are no whole numbers. */
const WITH_DECIMALS = new Set([11, 12, 24, 25, 27, 30, 31]);

function format(message: GrblMessage): string {
  switch (message.kind) {
    case 'ok':
      return 'ok';
    case 'error':
      return `error:${message.code}`;
    case 'alarm':
      return `ALARM:${message.code}`;
    case 'status':
      return formatGrblStatus(message);
    case 'startup':
      return `>${message.text}`;
    case 'feedback':
      return `[${message.tag}:${message.text}]`;
    case 'setting':
      return `$${message.number}=${fixed(message.value, message.number >= 100 || WITH_DECIMALS.has(message.number) ? 3 : 0)}`;
    default:
      return message.text;
  }
}
