import { createInterface } from 'node:readline/promises';
import { DeviceError } from '../src/errors.js';

/** Asks the person at the terminal. @throws {DeviceError} when there is none. */
export async function askPerson(question: string, signal?: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new DeviceError(`nobody is there to answer: ${question}`, { advice: 'run it in a terminal' });
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await (signal === undefined ? lines.question(`${question} `) : lines.question(`${question} `, { signal }));
  } finally {
    lines.close();
  }
}
