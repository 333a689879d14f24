import { UsageError } from '../errors.js';
import { realTransform2D } from './index.js';
import { transformLength } from './lengths.js';
import type { ConvolveOptions, Kernel } from './transforms.js';

/** Where the outputs of a convolution lie: output (iy, ix) at input position (iy + offsetY, ix + offsetX). */
export interface ConvolutionShape {
  readonly inputNy: number;
  readonly inputNx: number;
  readonly outputNy: number;
  readonly outputNx: number;
  /** Default 0. */
  readonly offsetY?: number;
  readonly offsetX?: number;
}

/** What a point at the origin makes at a point (dy, dx) steps away. */
export interface Response {
  value(dy: number, dx: number): number;
  /** Its symmetry under (dy, dx) -> (-dy, -dx); an even or odd one needs half the memory. Default none. */
  readonly parity?: 'even' | 'odd' | 'none';
}

/** A linear (not periodic) convolution and its transpose. */
export interface ConvolutionOperator extends ConvolutionShape {
  /** outputs[o](r) = sum over i and r' of responses[o][i](r - r') inputs[i](r'). */
  apply(inputs: readonly Float64Array[], outputs: readonly Float64Array[]): void;
  /** The transpose, from outputs to inputs. */
  applyAdjoint(outputs: readonly Float64Array[], inputs: readonly Float64Array[]): void;
}

/**
 * Convolution of real arrays on one grid by the Fourier transform, padded so that nothing wraps around. Between `inputs`
 * and `outputs`, at most four of each, stands a matrix of responses, [output][input].
 * @throws {InputError} if the padded arrays are longer than the longest transform.
 */
export function convolutionOperator(
  shape: ConvolutionShape,
  responses: readonly (readonly Response[])[],
): ConvolutionOperator {
  const { inputNy, inputNx, outputNy, outputNx, offsetY = 0, offsetX = 0 } = shape;
  const wide = responses.some(line => line.some(r => (r.parity ?? 'none') !== 'none'));
  const ny = period(inputNy, outputNy, offsetY, wide);
  const nx = period(inputNx, outputNx, offsetX, wide);
  const transform = realTransform2D(ny, nx);
  const padded = (count: number) => Array.from({ length: count }, () => transform.allocate(ny * nx));
  const inputCount = responses[0].length;
  const room = padded(Math.max(inputCount, responses.length));
  const results = padded(room.length);
  const highY = outputNy - 1 + offsetY;
  const highX = outputNx - 1 + offsetX;

  const kernelOf = ({ value, parity = 'none' }: Response): Kernel => {
    const real = results[0];
    for (let iy = 0; iy < ny; iy++) {
      const dy = displacement(iy, ny, highY, wide);
      for (let ix = 0; ix < nx; ix++) {
        const dx = displacement(ix, nx, highX, wide);
        // Half a period away in either sense: no pair of points is, and only zero is odd.
        const between = wide && (2 * iy === ny || 2 * ix === nx);
        real[iy * nx + ix] = between ? 0 : value(dy, dx);
      }
    }
    const spectrum = new Float64Array(transform.spectrumLength);
    transform.forward(real, spectrum);
    const kind = parity === 'none' ? 'complex' : parity === 'even' ? 'real' : 'imaginary';
    const values = transform.allocate(kind === 'complex' ? spectrum.length : spectrum.length / 2);
    if (kind === 'complex') values.set(spectrum);
    else for (let p = 0; p < values.length; p++) values[p] = spectrum[2 * p + (kind === 'real' ? 0 : 1)];
    return { kind, values };
  };
  const kernels = responses.map(line => line.map(kernelOf));
  const transposed = responses[0].map((_, i) => kernels.map(line => line[i]));
  const ins = room.slice(0, inputCount);
  const outs = results.slice(0, responses.length);
  const adjointIns = room.slice(0, responses.length);
  const adjointOuts = results.slice(0, inputCount);
  const forwards: ConvolveOptions = { rowsIn: inputNy, rowsOut: ny };
  const backwards: ConvolveOptions = { rowsIn: ny, rowsOut: inputNy, conjugate: true };

  return {
    ...shape,
    apply(inputs, outputs) {
      needCount(inputs, inputCount);
      needCount(outputs, responses.length);
      ins.forEach((target, i) => {
        target.fill(0, 0, inputNy * nx);
        copyRows(inputs[i], inputNy, inputNx, 0, 0, target, ny, nx, true);
      });
      transform.convolve(ins, kernels, outs, forwards);
      outs.forEach((source, o) => {
        copyRows(outputs[o], outputNy, outputNx, offsetY, offsetX, source, ny, nx, false);
      });
    },
    applyAdjoint(outputs, inputs) {
      needCount(inputs, inputCount);
      needCount(outputs, responses.length);
      adjointIns.forEach((target, o) => {
        target.fill(0);
        copyRows(outputs[o], outputNy, outputNx, offsetY, offsetX, target, ny, nx, true);
      });
      transform.convolve(adjointIns, transposed, adjointOuts, backwards);
      adjointOuts.forEach((source, i) => {
        copyRows(inputs[i], inputNy, inputNx, 0, 0, source, ny, nx, false);
      });
    },
  };
}

/** A period in which the displacements from -(input - 1 - offset) to output - 1 + offset are all different. */
function period(input: number, output: number, offset: number, symmetric: boolean): number {
  const low = Math.max(0, input - 1 - offset);
  const high = Math.max(0, output - 1 + offset);
  return transformLength(symmetric ? 2 * Math.max(low, high) + 1 : low + high + 1);
}

function displacement(index: number, n: number, high: number, symmetric: boolean): number {
  return index <= (symmetric ? n / 2 : Math.max(0, high)) ? index : index - n;
}

function needCount(arrays: readonly Float64Array[], count: number): void {
  if (arrays.length !== count) throw new UsageError(`${arrays.length} arrays where the convolution has ${count}`);
}

/** Between an array ny x nx and its place, shifted periodically, in a padded one; `into` the padded one or out of it. */
function copyRows(
  array: Float64Array,
  ny: number,
  nx: number,
  offsetY: number,
  offsetX: number,
  padded: Float64Array,
  paddedNy: number,
  paddedNx: number,
  into: boolean,
): void {
  const shift = ((offsetX % paddedNx) + paddedNx) % paddedNx;
  const first = Math.min(nx, paddedNx - shift);
  for (let iy = 0; iy < ny; iy++) {
    const row = ((((iy + offsetY) % paddedNy) + paddedNy) % paddedNy) * paddedNx;
    for (let part = 0; part < 2; part++) {
      const from = iy * nx + (part === 0 ? 0 : first);
      const to = iy * nx + (part === 0 ? first : nx);
      const at = row + (part === 0 ? shift : 0);
      if (into) padded.set(array.subarray(from, to), at);
      else array.set(padded.subarray(at, at + to - from), from);
    }
  }
}
