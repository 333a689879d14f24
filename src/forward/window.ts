import { transformLength } from '../transforms/index.js';
import { SPLINE_SUPPORT } from './splineInterpolation.js';

/**
 * One axis of a linear convolution by periodic transforms: where psi and the field stand in an array of `length`, and
 * how far the kernel reaches. Nodes count in pitches of the field lattice, 0 is the first node of psi.
 */
export interface Window {
  /** Length of the transform. */
  readonly length: number;
  /** Index of psi's first node. */
  readonly psiOffset: number;
  /** Distance of psi's nodes. */
  readonly stride: number;
  /** One more than the index of psi's last node. */
  readonly psiEnd: number;
  /** One more than the index of the field's last node. */
  readonly fieldEnd: number;
  /** Largest distance between a node of psi and one of the field, either way. */
  readonly reach: number;
}

/** Both axes. */
export interface Windows {
  readonly x: Window;
  readonly y: Window;
}

/**
 * The window for n nodes of psi, every `stride` nodes of the field, and points whose interpolation begins at the nodes
 * `first`. The field's part of it is what the points need, inside or outside psi's. The kernel is held symmetrically
 * about zero, which makes its spectrum real, so the shortest transform without overlap has 2 reach + 1 nodes; where the
 * two parts have one centre this is the usual n + m - 1.
 */
export function convolutionWindow(n: number, stride: number, first: Int32Array): Window {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < first.length; i++) {
    if (first[i] < lowest) lowest = first[i];
    if (first[i] > highest) highest = first[i];
  }
  highest += SPLINE_SUPPORT - 1;
  const last = (n - 1) * stride;
  const reach = Math.max(Math.abs(lowest - last), Math.abs(highest), Math.abs(lowest), Math.abs(highest - last));
  const psiOffset = Math.max(0, -lowest);
  return {
    length: transformLength(2 * reach + 1),
    psiOffset,
    stride,
    psiEnd: psiOffset + last + 1,
    fieldEnd: psiOffset + highest + 1,
    reach,
  };
}
