import { uniformVariance } from '../../../inversion/bounded/departurePrior.js';
import { type BoundedModel, boundedModel, modelBox } from '../../../inversion/bounded/model.js';
import { type ScanReadings, scanReadings } from '../../../inversion/bounded/scanReadings.js';
import { sheetCurrentField } from '../../../inversion/bounded/sheetCurrentField.js';
import { type TabColumns, tabColumns } from '../../../inversion/bounded/tabColumns.js';
import { tabFields } from '../../../inversion/bounded/tabFields.js';
import type { AxisName } from '../../../src/fieldMap.js';
import type { FieldScan } from '../../../src/fieldScan.js';
import { type DenseWorkspace, denseWorkspace } from '../../../src/linearAlgebra/index.js';
import type { Cell } from '../../../src/model/cell.js';
import { rectangleOutline } from '../../../src/model/outline.js';
import { cellOf } from './support.js';

const MM = 1e-3;

/** A cell of width x height mm with a tab in the middle of the upper and the lower edge. */
export function smallCell(width: number, height: number, more: Partial<Cell> = {}): Cell {
  const [left, right] = [0.3 * width * MM, 0.7 * width * MM];
  return cellOf(
    rectangleOutline(width * MM, height * MM),
    [
      [[right, height * MM], [left, height * MM], 1],
      [[left, 0], [right, 0], -1],
    ],
    more,
  );
}

/** A scan without values, `pitch` mm apart, at height z, that reaches `margin` mm past a cell of width x height mm. */
export function emptyScan(
  width: number,
  height: number,
  { pitch = 4, margin = 16, z = [6], sigma = 1e-7, axes = ['bx', 'by', 'bz'] as readonly AxisName[] } = {},
): FieldScan {
  const steps = (size: number) => Math.floor((size + 2 * margin) / pitch + 1e-9) + 1;
  const [nx, ny] = [steps(width), steps(height)];
  const count = nx * ny * z.length;
  const of = (f: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => f(i));
  return {
    count,
    x: of(i => (pitch * (i % nx) - margin) * MM),
    y: of(i => (pitch * (Math.floor(i / nx) % ny) - margin) * MM),
    z: of(i => z[Math.floor(i / (nx * ny))] * MM),
    components: Object.fromEntries(axes.map(axis => [axis, { values: new Float64Array(count) }])),
    sigma,
  };
}

export interface SmallProblem {
  readonly cell: Cell;
  readonly readings: ScanReadings;
  readonly weights: Float64Array;
  readonly tabs: TabColumns;
  readonly model: BoundedModel;
  readonly dense: DenseWorkspace;
  /** Prior variance of the Laplacian, per sheet. */
  readonly variance: Float64Array[];
}

/** The model of a scan by the functions that the inversion uses. @param density of laplacian psi, A^2/m^2 */
export function smallProblem(cell: Cell, scan: FieldScan, density: number): SmallProblem {
  const readings = scanReadings(scan);
  const tabs = tabColumns(cell, modelBox(cell, readings));
  const dense = denseWorkspace(1e9);
  const model = boundedModel(cell, readings, tabs, tabFields(tabs, cell, readings), cell.current!, dense);
  const variance = uniformVariance(model, density);
  return { cell, readings, weights: readings.sigma.map(s => 1 / s), tabs, model, dense, variance };
}

/** Field of the current inside the outline alone, which begins and ends at the tabs. */
export function fieldInside({ tabs, readings }: SmallProblem): (psi: Float64Array) => Float64Array {
  const { lattice, pixels } = tabs.fine;
  const { nx, ny, x0, y0, pitch } = lattice;
  const centres = { x0: x0 + pitch / 2, y0: y0 + pitch / 2, pitch, nx: nx - 1, ny: ny - 1 };
  const field = sheetCurrentField(centres, pitch, 0, readings);
  return psi => {
    const kx = new Float64Array(pixels.length);
    const ky = new Float64Array(pixels.length);
    for (let p = 0; p < pixels.length; p++) {
      if (pixels[p] === 0) continue;
      const i = Math.floor(p / (nx - 1)) * nx + (p % (nx - 1));
      kx[p] = (psi[i + nx] + psi[i + nx + 1] - psi[i] - psi[i + 1]) / (2 * pitch);
      ky[p] = -(psi[i + 1] + psi[i + nx + 1] - psi[i] - psi[i + nx]) / (2 * pitch);
    }
    return field(kx, ky);
  };
}
