import type { ColourMap, Limits } from '../../src/figures/colour.js';
import { LEVELS } from '../../src/figures/colour.js';
import { extentOf, type Shape } from '../state/document.js';
import type { Extent } from './viewport.js';

/** How many pixels of the picture a dot of a scattered sample is wide, and how many the picture may be wide. */
const DOT = 5;
const WIDEST = 2048;

/**
 * A map as a picture of its own pixels, which the canvas then scales and moves. Filled anew only when values, limits or
 * colours changed; the picture is kept between fillings.
 */
export class ColourRaster {
  readonly canvas = document.createElement('canvas');
  /** What the picture covers, m. */
  extent: Extent = { xMin: 0, xMax: 1, yMin: 0, yMax: 1 };
  private pixels: Uint32Array = new Uint32Array(0);
  private image: ImageData | undefined;
  private values: Float64Array | undefined;
  private shape: Shape | undefined;
  private limits: Limits | undefined;
  private map: ColourMap | undefined;
  private second: ColourRaster | undefined;
  private readonly lut = new Uint32Array(LEVELS + 1);

  /** One more of its kind, kept with it: for the map that a map is compared with. */
  other(): ColourRaster {
    this.second ??= new ColourRaster();
    return this.second;
  }

  /** Makes the picture of `values`; does nothing when it is that already. */
  show(shape: Shape, values: Float64Array, limits: Limits, map: ColourMap): void {
    const { min, max } = limits;
    if (
      this.values === values &&
      this.shape === shape &&
      this.map === map &&
      this.limits?.min === min &&
      this.limits.max === max
    )
      return;
    if (this.map !== map) this.fillLut(map);
    [this.values, this.shape, this.limits, this.map] = [values, shape, limits, map];
    if (shape.type === 'grid') this.fillGrid(shape.grid.nx, shape.grid.ny, values, min, max);
    else this.fillPoints(shape, values, min, max);
    this.extent = extentOf(shape);
    this.canvas.getContext('2d')!.putImageData(this.image!, 0, 0);
  }

  /** Entry 0, no value, stays transparent. */
  private fillLut({ lut }: ColourMap): void {
    for (let level = 1; level <= LEVELS; level++) {
      this.lut[level] = 0xff000000 | (lut[3 * level + 2] << 16) | (lut[3 * level + 1] << 8) | lut[3 * level];
    }
  }

  private resize(width: number, height: number): void {
    if (this.image?.width === width && this.image.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  // The same levels as `levelOf`, without a call per pixel. Row 0 of the map, the smallest y, is the lowest of the picture.
  private fillGrid(nx: number, ny: number, values: Float64Array, min: number, max: number): void {
    this.resize(nx, ny);
    const { pixels, lut } = this;
    const scale = (LEVELS - 1) / (max - min);
    for (let iy = 0; iy < ny; iy++) {
      const row = (ny - 1 - iy) * nx;
      for (let ix = 0, i = iy * nx; ix < nx; ix++, i++) {
        const t = (values[i] - min) * scale;
        // A comparison with NaN is false, so its level is 0.
        pixels[row + ix] = lut[t >= 0 ? (t < LEVELS - 1 ? 1 + ((t + 0.5) | 0) : LEVELS) : t < 0 ? 1 : 0];
      }
    }
  }

  private fillPoints(shape: Shape & { type: 'points' }, values: Float64Array, min: number, max: number): void {
    const { xMin, xMax, yMin, yMax } = extentOf(shape);
    const size = Math.max(shape.pitch / DOT, Math.max(xMax - xMin, yMax - yMin) / WIDEST);
    const width = Math.max(1, Math.round((xMax - xMin) / size));
    const height = Math.max(1, Math.round((yMax - yMin) / size));
    this.resize(width, height);
    const { pixels, lut } = this;
    pixels.fill(0);
    const scale = (LEVELS - 1) / (max - min);
    const dot = Math.max(1, Math.round((1.1 * shape.pitch) / size));
    for (let i = 0; i < values.length; i++) {
      const t = (values[i] - min) * scale;
      if (Number.isNaN(t)) continue;
      const colour = lut[1 + Math.round(Math.min(LEVELS - 1, Math.max(0, t)))];
      const left = Math.round((shape.x[i] - xMin) / size - dot / 2);
      const top = Math.round((yMax - shape.y[i]) / size - dot / 2);
      for (let y = Math.max(0, top); y < Math.min(height, top + dot); y++) {
        pixels.fill(colour, y * width + Math.max(0, left), y * width + Math.min(width, left + dot));
      }
    }
  }
}
