import type { Codec } from './codec.js';
import { bytesOf, commandLine, lineDecoder, messageLine } from './lines.js';
import type { MarlinCommand, MarlinMessage } from './marlinTypes.js';
import { fixed, parseCount, parseNumber } from './numbers.js';

export * from './marlinTypes.js';

const MOST = 512;

/** Marlin and its relatives. */
export const marlin: Codec<MarlinMessage, MarlinCommand> = {
  decoder: () => lineDecoder({ most: MOST }, (line, out) => out.push(parseMessage(line))),
  encode(command) {
    if (command.kind === 'line') return commandLine(command.text, '\n', MOST);
    const head = `N${command.line} ${command.text}`;
    const checksum = command.kind === 'numbered' ? marlinChecksum(head) : command.checksum;
    return commandLine(checksum === null ? head : `${head}*${checksum}`, '\n', MOST);
  },
  commandDecoder: () => lineDecoder({ most: MOST }, (line, out) => out.push(parseCommand(line))),
  encodeMessage: message => messageLine(format(message), '\n'),
};

/** XOR of the bytes before the `*`. */
export function marlinChecksum(text: string): number {
  let checksum = 0;
  for (const byte of bytesOf(text)) checksum ^= byte;
  return checksum;
}

function parseCommand(line: string): MarlinCommand {
  const head = /^N(\d{1,10}) ?/.exec(line);
  if (head === null) return { kind: 'line', text: line };
  const number = Number(head[1]);
  const star = line.lastIndexOf('*');
  if (star < 0) return { kind: 'corrupt', line: number, text: line.slice(head[0].length), checksum: null };
  const text = line.slice(head[0].length, star);
  const checksum = parseCount(line.slice(star + 1).trim());
  return checksum === marlinChecksum(line.slice(0, star))
    ? { kind: 'numbered', line: number, text }
    : { kind: 'corrupt', line: number, text, checksum: Number.isNaN(checksum) ? null : checksum };
}

function parseMessage(whole: string): MarlinMessage {
  const line = whole.trim();
  if (line === 'ok' || line.startsWith('ok ')) return parseOk(line.slice(3).trim());
  if (line.startsWith('Error:')) return { kind: 'error', text: line.slice(6) };
  // Older firmware says `rs`.
  const resend = /^(?:Resend|rs)[: ] ?N?(\d{1,10})$/.exec(line);
  if (resend !== null) return { kind: 'resend', line: Number(resend[1]) };
  if (line.startsWith('echo:busy:')) return { kind: 'busy', reason: line.slice(10).trim() };
  if (line.startsWith('busy:')) return { kind: 'busy', reason: line.slice(5).trim() };
  if (line === 'wait') return { kind: 'wait' };
  if (line === 'start') return { kind: 'start' };
  if (line.startsWith('FIRMWARE_NAME:')) return { kind: 'firmware', text: line.slice(14) };
  const capability = /^Cap:([A-Z0-9_]{1,60}):([01])$/.exec(line);
  if (capability !== null) return { kind: 'capability', name: capability[1], on: capability[2] === '1' };
  if (line.startsWith('echo:')) return { kind: 'echo', text: line.slice(5) };
  if (line.startsWith('//action:')) return { kind: 'action', text: line.slice(9) };
  return parsePosition(line) ?? { kind: 'text', text: line };
}

function parseOk(rest: string): MarlinMessage {
  if (rest === '') return { kind: 'ok' };
  const advanced = /^(?:N(\d{1,10}) )?P(\d{1,5}) B(\d{1,5})$/.exec(rest);
  if (advanced === null) return { kind: 'ok', text: rest };
  const [, line, planner, buffer] = advanced;
  return {
    kind: 'ok',
    ...(line === undefined ? {} : { line: Number(line) }),
    planner: Number(planner),
    buffer: Number(buffer),
  };
}

/** `X:0.00 Y:127.00 Z:145.00 E:0.00 Count X: 0 Y:10160 Z:116000`, spaces after the colons or not. */
function parsePosition(line: string): MarlinMessage | undefined {
  if (!line.startsWith('X:')) return undefined;
  const [place, counts] = line.replace(/: +/g, ':').split(/ Count ?/, 2);
  const words = (text: string) =>
    new Map(text.split(' ').map(word => [word.slice(0, 2), parseNumber(word.slice(2))] as const));
  const named = words(place);
  const [x, y, z, e] = ['X:', 'Y:', 'Z:', 'E:'].map(name => named.get(name) ?? Number.NaN);
  if (Number.isNaN(x) || Number.isNaN(y) || Number.isNaN(z)) return undefined;
  const steps = counts === undefined ? undefined : [...words(counts).values()];
  return {
    kind: 'position',
    position: [x, y, z],
    ...(Number.isNaN(e) ? {} : { extruder: e }),
    ...(steps === undefined || steps.some(Number.isNaN) ? {} : { counts: steps }),
  };
}

function format(message: MarlinMessage): string {
  switch (message.kind) {
    case 'ok': {
      const line = message.line === undefined ? '' : ` N${message.line}`;
      const free = message.planner === undefined ? '' : ` P${message.planner} B${message.buffer ?? 0}`;
      return `ok${line}${free}${message.text === undefined ? '' : ` ${message.text}`}`;
    }
    case 'error':
      return `Error:${message.text}`;
    case 'resend':
      return `Resend: ${message.line}`;
    case 'busy':
      return `echo:busy: ${message.reason}`;
    case 'wait':
    case 'start':
      return message.kind;
    case 'position': {
      const [x, y, z] = message.position.map(value => fixed(value, 2));
      const extruder = message.extruder === undefined ? '' : ` E:${fixed(message.extruder, 2)}`;
      const names = ['X', 'Y', 'Z', 'E', 'I', 'J'];
      const counts = message.counts?.map((steps, i) => `${names[i]}:${steps}`).join(' ');
      return `X:${x} Y:${y} Z:${z}${extruder}${counts === undefined ? '' : ` Count ${counts}`}`;
    }
    case 'firmware':
      return `FIRMWARE_NAME:${message.text}`;
    case 'capability':
      return `Cap:${message.name}:${message.on ? 1 : 0}`;
    case 'echo':
      return `echo:${message.text}`;
    case 'action':
      return `//action:${message.text}`;
    default:
      return message.text;
  }
}
