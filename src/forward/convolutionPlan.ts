import { InputError } from '../errors.js';
import type { Component } from './kernelSpectra.js';
import { checkLattice, type Lattice } from './lattice.js';
import { defaultNodeKernel, type NodeKernel } from './nodeKernel.js';
import { checkReadings, type Footprint, POINT_SENSOR, type Readings } from './readings.js';
import { heightRange, type SamplePoints, samplePoints } from './samplePoints.js';
import { convolutionWindow, type Windows } from './window.js';

/** The sheet whose field is wanted. */
export interface Sheet {
  readonly lattice: Lattice;
  /** Height of the sheet, m. */
  readonly z0: number;
}

export interface ForwardOptions {
  /** What a node stands for; default `dipole` where every reading is 2 pitches away from the sheet, else `tile`. */
  readonly kernel?: NodeKernel;
  /** Where each sensor averages; default a point. */
  readonly footprint?: Footprint;
  /**
   * How many nodes of the field per node of psi, along each axis. Default: the fewest with which every reading is 5
   * field pitches away from the sheet: 1 for a standoff of 5 pitches, 2 for 2.5. The error for each is stated at
   * `convolutionOperator`; 1 is enough for a smooth psi at 3 pitches, and four times as fast there as 2.
   */
  readonly refine?: number;
}

/** Standoff in pitches of the field lattice that the default lattice has at least. */
export const INTERPOLATION_STANDOFF = 5;
const MOST_REFINED = 20;

/** Everything about a convolution operator but its spectra: what it will cost can be read off it. */
export interface ConvolutionPlan {
  readonly kernel: NodeKernel;
  readonly refine: number;
  readonly fieldPitch: number;
  readonly points: SamplePoints;
  readonly windows: Windows;
  /** Components that a reading asks for. */
  readonly components: readonly Component[];
}

/** Components of B with a direction that is not zero everywhere. */
export function wantedComponents({ nx, ny, nz }: Readings): Component[] {
  const used = [nx, ny, nz].map(n => n.some(value => value !== 0));
  return ([0, 1, 2] as const).filter(c => used[c]);
}

/** The kernel that is asked for or, without that, the default for the closest reading. */
export function resolveKernel(sheet: Sheet, readings: Readings, options: ForwardOptions): NodeKernel {
  if (options.kernel !== undefined) return options.kernel;
  const [standoff] = heightRange(readings, options.footprint ?? POINT_SENSOR, sheet.z0);
  return defaultNodeKernel(standoff, sheet.lattice.pitch);
}

/** @throws {InputError} for readings in the sheet or closer to it than a quarter of the pitch. */
export function convolutionPlan(sheet: Sheet, readings: Readings, options: ForwardOptions = {}): ConvolutionPlan {
  const { lattice, z0 } = sheet;
  checkLattice(lattice);
  checkReadings(readings);
  const { footprint = POINT_SENSOR } = options;
  const [standoff] = heightRange(readings, footprint, z0);
  const kernel = resolveKernel(sheet, readings, options);
  // A standoff of 5 pitches that lost its last digit is one.
  const needed = Math.ceil((INTERPOLATION_STANDOFF * lattice.pitch) / standoff - 1e-6);
  const refine = options.refine ?? Math.max(1, needed);
  if (!(Number.isInteger(refine) && refine >= 1 && refine <= MOST_REFINED)) {
    throw new InputError(
      `readings ${(standoff * 1e3).toPrecision(3)} mm from the sheet are too close for a pitch of ${(lattice.pitch * 1e3).toPrecision(3)} mm`,
      { advice: 'take a finer lattice' },
    );
  }
  const fieldPitch = lattice.pitch / refine;
  const points = samplePoints(lattice, z0, fieldPitch, readings, footprint);
  return {
    kernel,
    refine,
    fieldPitch,
    points,
    windows: {
      x: convolutionWindow(lattice.nx, refine, points.firstX),
      y: convolutionWindow(lattice.ny, refine, points.firstY),
    },
    components: wantedComponents(readings),
  };
}
