/// <reference lib="webworker" />
import { type LiveInversion, liveInversion } from '../../inversion/fourier/liveInversion.js';
import type { LambdaChoice } from '../../inversion/regularisation/chooseLambda.js';
import { SavartError } from '../../src/errors.js';
import { buffersOf } from '../files/transfer.js';
import type { LiveAnswer, LiveChoice, LiveRequest } from './messages.js';

/** The engine beside the page: one inversion, then a map per request. */

let inversion: LiveInversion | undefined;

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
    const { map, sheetZ, lambda, order, exterior, background } = request.field;
    inversion = liveInversion(map, {
      sheetZ,
      ...(lambda === undefined ? {} : { lambda }),
      ...(order === undefined ? {} : { order }),
      ...(exterior === undefined ? {} : { exterior }),
      ...(background === undefined ? {} : { background }),
    });
    const { height } = inversion;
    return {
      type: 'ready',
      lambda: inversion.lambda,
      height,
      order: inversion.order,
      choice: told(inversion.choiceAt(height)),
    };
  }
  if (inversion === undefined) throw new Error('nothing was inverted yet');
  if (request.type === 'choice') return { type: 'choice', choice: told(inversion.choiceAt(request.height)) };
  const { kx, ky, psi } = inversion.at(request.lambda, request.height);
  const size = new Float64Array(kx.length);
  const { factor } = request;
  for (let i = 0; i < size.length; i++) {
    kx[i] *= factor;
    ky[i] *= factor;
    psi[i] *= factor;
    size[i] = Math.sqrt(kx[i] * kx[i] + ky[i] * ky[i]);
  }
  return { type: 'map', kx, ky, psi, size };
}

/** Copies, for what is sent is handed over and the inversion keeps its own. */
function told({ lambda, by, curve }: LambdaChoice): LiveChoice {
  const order = [...curve.lambda.keys()].sort((a, b) => curve.lambda[a] - curve.lambda[b]);
  const sorted = (values: Float64Array) => Float64Array.from(order, i => values[i]);
  return {
    lambda,
    by,
    lambdas: sorted(curve.lambda),
    gcv: sorted(curve.gcv),
    residualNorm: sorted(curve.residualNorm),
    solutionNorm: sorted(curve.solutionNorm),
  };
}
