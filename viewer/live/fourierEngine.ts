import { liveInversion } from '../../inversion/fourier/liveInversion.js';
import type { LiveField } from '../state/document.js';
import { choiceOf, type LiveEngine } from './messages.js';

/** The Fourier method: ready at once, for every lambda and height. */
export function fourierEngine({ map, sheetZ, lambda, order, exterior, background }: LiveField): LiveEngine {
  const inversion = liveInversion(map, {
    sheetZ,
    ...(lambda === undefined ? {} : { lambda }),
    ...(order === undefined ? {} : { order }),
    ...(exterior === undefined ? {} : { exterior }),
    ...(background === undefined ? {} : { background }),
  });
  const { height } = inversion;
  const choiceAt = (at: number) => {
    const choice = inversion.choiceAt(at);
    return choiceOf(choice.lambda, choice.by, choice.curve);
  };
  return {
    ready: {
      type: 'ready',
      method: 'Fourier',
      lambda: inversion.lambda,
      least: 0,
      height,
      note: `Fourier method, penalty of order ${inversion.order}. While you slide, what lies outside the scan stays as it was found at the start.`,
      choice: choiceAt(height),
    },
    choiceAt,
    at: (wanted, at) => ({ grid: map.grid, ...inversion.at(wanted, at) }),
  };
}
