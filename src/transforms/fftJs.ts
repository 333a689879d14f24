import FFT from 'fft.js';
import { convolveInParts } from './convolveInParts.js';
import { checkedLength, unitRoot } from './lengths.js';
import { sampleInParts, spreadInParts } from './pointsInParts.js';
import { projectInParts, shrinkInParts } from './splitInParts.js';
import {
  type ComplexTransform2D,
  type RealTransform2D,
  type Trigonometric,
  type TrigonometricTransform2D,
  trigonometricPeriod,
} from './transforms.js';

/** What we use of fft.js, whose own typings say `any`. Interleaved complex arrays; input and output must differ. */
interface Fft {
  transform(out: Float64Array, data: Float64Array): void;
}

/** Forward transform of one complex line, in place. */
type Line = (data: Float64Array) => void;

/**
 * One line of any length by fft.js, which knows powers of two only: other lengths through Bluestein's identity
 * jk = (j^2 + k^2 - (k - j)^2) / 2, which makes the transform a convolution with a chirp.
 */
function lineTransform(n: number): Line {
  if (n === 1) return () => {};
  const power = (n & (n - 1)) === 0;
  let m = 2;
  while (m < (power ? n : 2 * n - 1)) m *= 2;
  const fft: Fft = new FFT(m);
  const a = new Float64Array(2 * m);
  const b = new Float64Array(2 * m);
  if (power) {
    return data => {
      fft.transform(a, data);
      data.set(a);
    };
  }
  const chirp = new Float64Array(2 * n);
  const wave = new Float64Array(2 * m);
  for (let j = 0; j < n; j++) {
    const { cos, sin } = unitRoot(j * j, 2 * n);
    chirp.set([cos, -sin], 2 * j);
    wave.set([cos, sin], 2 * j);
    if (j > 0) wave.set([cos, sin], 2 * (m - j));
  }
  const response = new Float64Array(2 * m);
  fft.transform(response, wave);
  return data => {
    a.fill(0);
    for (let j = 0; j < 2 * n; j += 2) {
      a[j] = data[j] * chirp[j] - data[j + 1] * chirp[j + 1];
      a[j + 1] = data[j] * chirp[j + 1] + data[j + 1] * chirp[j];
    }
    fft.transform(b, a);
    // The conjugate of the product: transformed forwards and conjugated again, that is the inverse transform.
    for (let j = 0; j < 2 * m; j += 2) {
      a[j] = b[j] * response[j] - b[j + 1] * response[j + 1];
      a[j + 1] = -(b[j] * response[j + 1] + b[j + 1] * response[j]);
    }
    fft.transform(b, a);
    for (let j = 0; j < 2 * n; j += 2) {
      data[j] = (b[j] * chirp[j] + b[j + 1] * chirp[j + 1]) / m;
      data[j + 1] = (b[j] * chirp[j + 1] - b[j + 1] * chirp[j]) / m;
    }
  };
}

/** Transforms lines of n complex numbers of `data` in place; the first number of line l stands at start(l). */
function overLines(
  data: Float64Array,
  n: number,
  stride: number,
  lines: number,
  start: (line: number) => number,
  inverse: boolean,
): void {
  const transform = lineTransform(n);
  const line = new Float64Array(2 * n);
  const sign = inverse ? -1 : 1;
  const scale = inverse ? 1 / n : 1;
  for (let l = 0; l < lines; l++) {
    const at = start(l);
    for (let i = 0, p = 2 * at; i < n; i++, p += 2 * stride) {
      line[2 * i] = data[p];
      line[2 * i + 1] = sign * data[p + 1];
    }
    transform(line);
    for (let i = 0, p = 2 * at; i < n; i++, p += 2 * stride) {
      data[p] = scale * line[2 * i];
      data[p + 1] = sign * scale * line[2 * i + 1];
    }
  }
}

/** Complex transforms by fft.js: the reference, and what is left where WebAssembly is missing. */
export function fftJsComplexTransform(ny: number, nx: number, batch: number): ComplexTransform2D {
  checkedLength(ny);
  checkedLength(nx);
  const transform = (data: Float64Array, out: Float64Array, inverse: boolean) => {
    if (out !== data) out.set(data);
    overLines(out, nx, 1, ny * batch, l => l * nx, inverse);
    overLines(out, ny, nx, nx * batch, l => Math.floor(l / nx) * nx * ny + (l % nx), inverse);
  };
  return {
    ny,
    nx,
    batch,
    allocate: length => new Float64Array(length),
    free: () => {},
    forward: (data, out = data) => transform(data, out, false),
    inverse: (data, out = data) => transform(data, out, true),
  };
}

/** Real transforms by fft.js, through the complex ones. */
export function fftJsRealTransform(ny: number, nx: number, batch: number): RealTransform2D {
  const { forward, inverse } = fftJsComplexTransform(ny, nx, batch);
  const columns = Math.floor(nx / 2) + 1;
  const whole = new Float64Array(2 * ny * nx * batch);
  const transform: RealTransform2D = {
    ny,
    nx,
    batch,
    columns,
    spectrumLength: 2 * ny * columns * batch,
    allocate: length => new Float64Array(length),
    free: () => {},
    forward(real, spectrum, rows = ny) {
      for (let i = 0; i < ny * nx * batch; i++) {
        whole[2 * i] = Math.floor(i / nx) % ny < rows ? real[i] : 0;
        whole[2 * i + 1] = 0;
      }
      forward(whole);
      for (let r = 0; r < ny * batch; r++) {
        spectrum.set(whole.subarray(2 * r * nx, 2 * (r * nx + columns)), 2 * r * columns);
      }
    },
    inverse(spectrum, real, rows = ny) {
      for (let r = 0; r < ny * batch; r++) {
        whole.set(spectrum.subarray(2 * r * columns, 2 * (r + 1) * columns), 2 * r * nx);
        const mirror = r - (r % ny) + ((ny - (r % ny)) % ny);
        for (let j = columns; j < nx; j++) {
          whole[2 * (r * nx + j)] = spectrum[2 * (mirror * columns + nx - j)];
          whole[2 * (r * nx + j) + 1] = -spectrum[2 * (mirror * columns + nx - j) + 1];
        }
      }
      inverse(whole);
      for (let i = 0; i < ny * nx * batch; i++) if (Math.floor(i / nx) % ny < rows) real[i] = whole[2 * i];
    },
    convolve: (inputs, kernels, outputs, options = {}) => convolveInParts(transform, inputs, kernels, outputs, options),
    project: (spectra, responses, inverse, psi) => projectInParts(transform, spectra, responses, inverse, psi),
    shrink: (given, dual, count, threshold) => shrinkInParts(ny * nx, given, dual, count, threshold),
    sample: (real, points, values) => sampleInParts(nx, real, points, values),
    spread: (values, points, real) => spreadInParts(nx, values, points, real),
  };
  return transform;
}

/** The line that a sine or cosine transform continues its n elements to, and how its elements are read off. */
function trigonometricLine(kind: Trigonometric, n: number): Line {
  const sine = kind.startsWith('sine');
  const typeTwo = kind.endsWith('2');
  // Type II in the same manner as type I: samples at half steps stand on the odd places of a period twice as fine.
  const period = typeTwo ? 4 * n : trigonometricPeriod(kind, n);
  const transform = lineTransform(period);
  const line = new Float64Array(2 * period);
  return data => {
    line.fill(0);
    for (let i = 0; i < n; i++) {
      const at = typeTwo ? 2 * i + 1 : sine ? i + 1 : i;
      line[2 * at] = data[i];
      if (at > 0) line[2 * (period - at)] = sine ? -data[i] : data[i];
    }
    transform(line);
    for (let k = 0; k < n; k++) data[k] = sine ? -line[2 * (k + 1) + 1] : line[2 * k];
  };
}

/** Sine and cosine transforms by fft.js. The inverse of type II is its transpose, with half the weight on the first. */
export function fftJsTrigonometricTransform(
  ny: number,
  nx: number,
  alongY: Trigonometric,
  alongX: Trigonometric,
  batch: number,
): TrigonometricTransform2D {
  const direction = (data: Float64Array, kind: Trigonometric, n: number, stride: number, inverse: boolean) => {
    const line = new Float64Array(n);
    const forward = inverse && kind.endsWith('2') ? transposeOfTypeTwo(kind, n) : trigonometricLine(kind, n);
    const scale = inverse ? 1 / trigonometricPeriod(kind, n) : 1;
    for (let start = 0; start < data.length; start++) {
      if (Math.floor(start / stride) % n !== 0) continue;
      for (let i = 0; i < n; i++) line[i] = data[start + i * stride];
      forward(line);
      for (let i = 0; i < n; i++) data[start + i * stride] = scale * line[i];
    }
  };
  const transform = (data: Float64Array, inverse: boolean) => {
    direction(data, alongX, nx, 1, inverse);
    direction(data, alongY, ny, nx, inverse);
  };
  return {
    ny,
    nx,
    batch,
    alongY,
    alongX,
    allocate: length => new Float64Array(length),
    free: () => {},
    forward: data => transform(data, false),
    inverse: data => transform(data, true),
  };
}

/** Type III: x(j) = y(0) + 2 sum_{k>0} y(k) cos(pi k (2j+1) / 2n), and for the sine with y(n-1) in the place of y(0). */
function transposeOfTypeTwo(kind: Trigonometric, n: number): Line {
  const sine = kind === 'sine2';
  const transform = lineTransform(4 * n);
  const line = new Float64Array(8 * n);
  return data => {
    line.fill(0);
    // The sum is the real (or, for the sine, the imaginary) part of a transform at odd places.
    for (let k = 0; k < n; k++) {
      const frequency = sine ? k + 1 : k;
      line[2 * frequency] = (frequency === 0 || frequency === n ? 1 : 2) * data[k];
    }
    transform(line);
    for (let j = 0; j < n; j++) data[j] = sine ? -line[2 * (2 * j + 1) + 1] : line[2 * (2 * j + 1)];
  };
}
