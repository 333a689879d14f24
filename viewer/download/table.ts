import { writeNpy } from '../../src/formats/npyWrite.js';
import { type Layer, valuesAt } from '../state/document.js';

/** A layer as CSV: x_mm, y_mm, the value in SI and, where it is known, its standard deviation. Doubles keep all digits. */
export function layerCsv(layer: Layer, frame: number): string {
  const { values, errors } = valuesAt(layer, frame);
  const { shape } = layer;
  const unit = layer.unit === '' ? '' : `_${layer.unit.replaceAll('/', '_per_')}`;
  const name = layer.id.replace(/\W+/g, '_');
  const lines = [`x_mm,y_mm,${name}${unit}${errors === undefined ? '' : `,${name}_errors${unit}`}`];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const [x, y] =
      shape.type === 'grid'
        ? [
            shape.grid.x0 + (i % shape.grid.nx) * shape.grid.dx,
            shape.grid.y0 + Math.floor(i / shape.grid.nx) * shape.grid.dy,
          ]
        : [shape.x[i], shape.y[i]];
    const mm = (metres: number) => Number((1e3 * metres).toPrecision(12));
    lines.push(`${mm(x)},${mm(y)},${values[i]}${errors === undefined ? '' : `,${errors[i]}`}`);
  }
  return `${lines.join('\n')}\n`;
}

/** A layer as NPY: `[iy][ix]` in SI of a map, one value per sample else. */
export function layerNpy(layer: Layer, frame: number): Uint8Array {
  const { values } = valuesAt(layer, frame);
  const shape = layer.shape.type === 'grid' ? [layer.shape.grid.ny, layer.shape.grid.nx] : [values.length];
  return writeNpy({ shape, data: values });
}
