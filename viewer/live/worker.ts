/// <reference lib="webworker" />
import { SavartError } from '../../src/errors.js';
import { buffersOf } from '../files/transfer.js';
import { boundedEngine } from './boundedEngine.js';
import { fourierEngine } from './fourierEngine.js';
import type { LiveAnswer, LiveEngine, LiveRequest } from './messages.js';

/** The engine beside the page: one inversion, then a map per request. */

let engine: LiveEngine | undefined;

self.onmessage = ({ data }: MessageEvent<LiveRequest>) => {
  try {
    const answer = answerTo(data);
    self.postMessage(answer, buffersOf(answer));
  } catch (error) {
    const text =
      error instanceof SavartError ? error.sentence() : error instanceof Error ? error.message : String(error);
    self.postMessage({ type: 'error', text } satisfies LiveAnswer);
  }
};

function answerTo(request: LiveRequest): LiveAnswer {
  if (request.type === 'start') {
    const { field } = request;
    const progress = (part: number, next: string) =>
      self.postMessage({ type: 'progress', part, next } satisfies LiveAnswer);
    engine =
      request.method === 'bounded' && field.bounded !== undefined
        ? boundedEngine(field.map, field.bounded, progress)
        : fourierEngine(field);
    return engine.ready;
  }
  if (engine === undefined) throw new Error('nothing was inverted yet');
  if (request.type === 'choice') return { type: 'choice', choice: engine.choiceAt(request.height) };
  const { grid, kx, ky, psi, departure } = engine.at(request.lambda, request.height);
  const size = new Float64Array(kx.length);
  const { factor } = request;
  for (let i = 0; i < size.length; i++) {
    kx[i] *= factor;
    ky[i] *= factor;
    psi[i] *= factor;
    size[i] = Math.sqrt(kx[i] * kx[i] + ky[i] * ky[i]);
  }
  return {
    type: 'map',
    method: engine.ready.method,
    grid,
    kx,
    ky,
    psi,
    size,
    ...(departure === undefined ? {} : { departure }),
  };
}
