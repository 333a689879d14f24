/// <reference lib="webworker" />
import type { Grid } from '../../src/grid.js';
import {
  type InformationFit,
  type Picture,
  type PlaneMap,
  registerByInformation,
} from '../../src/registration/index.js';

/** Mutual information beside the page: it takes a second. */

export interface RegistrationRequest {
  readonly grid: Grid;
  readonly values: Float64Array;
  readonly picture: Picture;
  readonly start: PlaneMap;
}

export type RegistrationAnswer = { readonly fit: InformationFit } | { readonly error: string };

self.onmessage = ({ data }: MessageEvent<RegistrationRequest>) => {
  try {
    const fit = registerByInformation(data.grid, data.values, data.picture, data.start);
    self.postMessage({ fit } satisfies RegistrationAnswer);
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? error.message : String(error) } satisfies RegistrationAnswer);
  }
};
