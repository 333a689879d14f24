import { styleText } from 'node:util';
import { SavartError } from '../src/errors.js';

/**
 * Exit statuses that scripts rely on. Ctrl-C ends the process at once, which a shell reports as 130; a scan ends in order
 * and says so itself.
 */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export interface CommonOptions {
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Names of files may hold anything; what would move the cursor or colour a terminal stands as a question mark. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

/** Text for people: to stdout, or to stderr where stdout belongs to JSON. */
export function say(options: CommonOptions, text: string): void {
  (options.json ? process.stderr : process.stdout).write(`${text}\n`);
}

/** The one JSON object of `--json`, on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(jsonText(value));
}

/** One line of JSON; what is not a number becomes null. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, (_, v) => (typeof v === 'number' && !Number.isFinite(v) ? null : v))}\n`;
}

/** A heading in bold, on a terminal. */
export function bold(options: CommonOptions, text: string): string {
  return styleText('bold', text, { stream: options.json ? process.stderr : process.stdout });
}

/**
 * Tells of an error: one sentence on stderr, with `--json` the fields on stdout, the stack with `--debug` only.
 * @returns the exit status
 */
export function reportError(error: unknown, options: CommonOptions): number {
  const known = error instanceof SavartError;
  const sentence = known
    ? error.sentence()
    : `unexpected failure: ${messageOf(error)}; please report it (--debug shows where).`;
  process.stderr.write(`${styleText('red', 'savart:', { stream: process.stderr })} ${printable(sentence)}\n`);
  if (options.debug && error instanceof Error) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      process.stderr.write(`${cause.stack}\n`);
  }
  if (options.json) {
    const { file, line, advice, column } = known ? error : ({} as Partial<SavartError>);
    const code = known ? error.code : 'internal';
    printJson({ error: { code, message: messageOf(error), file, line, column, advice } });
  }
  return known && error.code === 'usage' ? EXIT.usage : EXIT.failed;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
