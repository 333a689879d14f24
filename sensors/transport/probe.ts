import { SavartError } from '../../src/errors.js';
import { type Clock, wait } from '../clock.js';
import { openSerial } from './serialLink.js';

/** What a port says when it is asked who is there. */
export interface Answer {
  /** What it said, shortened, and the speed at which it made sense. */
  readonly answer?: string;
  readonly baud?: number;
  readonly fault?: string;
}

/** Speeds of the devices that Savart knows, the most frequent first. */
const SPEEDS = [115_200, 9600, 250_000, 57_600];
/** A microcontroller that is reset by the opening needs this long to greet, s. */
const GREETING_SECONDS = 2.2;
const ANSWER_SECONDS = 0.5;
/** Questions that no device takes for an order to move or to let current flow. */
const QUESTIONS = ['\n', '*IDN?\n', '$I\n', 'M115\n', '*99#\r'];
const MOST_BYTES = 4096;
/** Of what is heard, this part is text where the speed is right. */
const TEXT_PART = 0.9;

/** Opens a port at the usual speeds, listens, and asks who is there; sends nothing that moves or switches. */
export async function probePort(path: string, clock: Clock): Promise<Answer> {
  for (const baud of SPEEDS) {
    let heard = new Uint8Array(0);
    try {
      const link = await openSerial(path, { baud });
      link.onBytes(bytes => {
        if (heard.length < MOST_BYTES) heard = Buffer.concat([heard, bytes]);
      });
      await wait(clock, GREETING_SECONDS);
      for (const question of isText(heard) && linesOf(heard).some(tells) ? [] : QUESTIONS) {
        link.write(new TextEncoder().encode(question));
        await wait(clock, ANSWER_SECONDS);
        if (isText(heard) && linesOf(heard).some(tells)) break;
      }
      await link.close();
    } catch (error) {
      return { fault: error instanceof SavartError ? error.sentence() : String(error) };
    }
    if (heard.length > 0 && isText(heard)) return { answer: answerIn(heard), baud };
    if (binaryGuess(heard) !== undefined) return { answer: binaryGuess(heard)!, baud };
  }
  return { fault: 'nothing answers' };
}

function isText(bytes: Uint8Array): boolean {
  let text = 0;
  for (const byte of bytes)
    if ((byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09) text++;
  return text >= TEXT_PART * bytes.length;
}

function linesOf(bytes: Uint8Array): string[] {
  const lines = new TextDecoder('latin1').decode(bytes).split(/[\r\n]+/);
  return lines.map(text => text.trim()).filter(text => text !== '');
}

/** Whether a line says who is there: no mere reply, refusal or status. */
function tells(line: string): boolean {
  return !/^(?:ok|error:\d+|<.*>|echo:\s*unknown command.*|.*undefined header.*)$/i.test(line);
}

/** The first line that says who is there, else the first. */
function answerIn(bytes: Uint8Array): string {
  const lines = linesOf(bytes);
  return (lines.find(tells) ?? lines[0] ?? '').slice(0, 70);
}

/** SLIP frames mark a Twinleaf sensor. */
function binaryGuess(bytes: Uint8Array): string | undefined {
  let ends = 0;
  for (const byte of bytes) if (byte === 0xc0) ends++;
  return ends >= 4 ? 'binary in SLIP frames (a Twinleaf sensor?)' : undefined;
}
