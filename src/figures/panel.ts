import type { Box } from './raster.js';

/** A finished picture that still has to be put into an `<svg>`: see `figure` in layout.ts. Sizes in px. */
export interface Panel {
  readonly width: number;
  readonly height: number;
  /** Where the data are drawn; panels of one figure are aligned by it. */
  readonly plot: Box;
  /** SVG elements with (0, 0) in the upper left corner. No ids, so that any number of panels fit on one page. */
  readonly body: string;
  /** What the picture shows, for those who cannot see it. */
  readonly label: string;
}

/** Colours of lines and markers (Okabe and Ito 2008): told apart in every colour blindness, on white and on black. */
export const LINE_COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;

/** Baseline of the title of every panel, px. */
export const TITLE_BASELINE = 19;
