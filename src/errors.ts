/**
 * The family of errors that Savart throws on purpose. Each says what went wrong, where, and what to do; the command
 * line prints `message`, place and `advice` as one sentence and the fields as JSON. Anything else that escapes is a bug.
 */

/** Machine-readable kind of a {@link SavartError}. */
export type ErrorCode = 'input' | 'usage' | 'output' | 'numerical' | 'device';

/** Where in the input the trouble is. Lines and columns count from 1. */
export interface ErrorPlace {
  /** Path or name of the file. */
  readonly file?: string;
  /** Line in a text file. */
  readonly line?: number;
  /** Name of the column, key or data set. */
  readonly column?: string;
}

export interface ErrorOptions extends ErrorPlace {
  /** What the user can do about it, as an imperative clause without a full stop. */
  readonly advice?: string;
  readonly cause?: unknown;
}

export abstract class SavartError extends Error {
  abstract readonly code: ErrorCode;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: string | undefined;
  readonly advice: string | undefined;

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.file = options.file;
    this.line = options.line;
    this.column = options.column;
    this.advice = options.advice;
  }

  /** One sentence: place, message, advice; what a person reads on stderr. */
  sentence(): string {
    const place = [
      this.file,
      this.line === undefined ? undefined : `line ${this.line}`,
      this.column === undefined ? undefined : `'${this.column}'`,
    ].filter(part => part !== undefined);
    const where = place.length > 0 ? `${place.join(', ')}: ` : '';
    const todo = this.advice === undefined ? '' : `; ${this.advice}`;
    return `${where}${this.message}${todo}.`;
  }
}

/** A file, option value or array that was given is not usable. Exit status 1. */
export class InputError extends SavartError {
  override readonly code = 'input';

  /** The same error with the places that the thrower did not know. */
  at(place: ErrorPlace): InputError {
    return new InputError(this.message, placed(this, place));
  }
}

/** The options of an error with the places that its thrower did not know. */
function placed(error: SavartError, place: ErrorPlace): ErrorOptions {
  const file = error.file ?? place.file;
  const line = error.line ?? place.line;
  const column = error.column ?? place.column;
  return {
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(error.advice === undefined ? {} : { advice: error.advice }),
    cause: error.cause ?? error,
  };
}

/** The command line was called wrongly. Exit status 2. */
export class UsageError extends SavartError {
  override readonly code = 'usage';
}

/** A result could not be written (full disk, missing folder, no permission). Exit status 1. */
export class OutputError extends SavartError {
  override readonly code = 'output';
}

/** The data are readable but the computation cannot give a meaningful answer. Exit status 1. */
export class NumericalError extends SavartError {
  override readonly code = 'numerical';

  /** See {@link InputError.at}. */
  at(place: ErrorPlace): NumericalError {
    return new NumericalError(this.message, placed(this, place));
  }
}

/** A device of the rig does not answer, refuses, or was lost. Exit status 1. */
export class DeviceError extends SavartError {
  override readonly code = 'device';
}
