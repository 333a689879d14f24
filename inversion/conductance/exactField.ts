import type { AlsoField, DepartureForm } from '../bounded/departureForm.js';
import { streamFields } from '../bounded/tabFields.js';
import type { ConductanceLattice } from './conductanceLattice.js';

/**
 * What the departures on the pixels' nodes add to the field beyond what their image on the form's lattice does: the waves that
 * are too short for that lattice, and what lies between its last nodes and the outline. The departure, bilinear between nodes, is
 * laid on the tabs' fine lattice and its field computed as theirs.
 * @param fine departures at the nodes, per sheet @param coarse the same handed over to the form's lattice
 * @param raised how far above the sheets they really flow, m
 */
export function fieldBeyond(
  form: DepartureForm,
  lattice: ConductanceLattice,
  fine: readonly Float64Array[],
  coarse: Float64Array,
  raised = 0,
): AlsoField {
  const { readings, tabs, model } = form;
  const field = form.fieldOf(coarse).map(v => -v);
  model.departures.forEach(({ z }, s) => {
    const psi = onFineLattice(form, lattice, fine[s]);
    const [own] = streamFields(tabs.fine, z + raised, [psi], readings, readings.footprint);
    for (let r = 0; r < field.length; r++) field[r] += own[r];
  });
  return form.also(field);
}

function onFineLattice(
  { tabs }: DepartureForm,
  { grid, nodes }: ConductanceLattice,
  departure: Float64Array,
): Float64Array {
  const { x0, y0, pitch, nx, ny } = tabs.lattice;
  const out = new Float64Array(nx * ny);
  const at = (ix: number, iy: number) => {
    const node = ix < 0 || iy < 0 || ix > grid.nx || iy > grid.ny ? -1 : nodes.of[iy * (grid.nx + 1) + ix];
    return node < 0 ? 0 : departure[node];
  };
  for (let iy = 0, i = 0; iy < ny; iy++) {
    const v = (y0 + iy * pitch - grid.y0) / grid.dy + 0.5;
    const b = Math.floor(v);
    for (let ix = 0; ix < nx; ix++, i++) {
      const u = (x0 + ix * pitch - grid.x0) / grid.dx + 0.5;
      const a = Math.floor(u);
      if (a < -1 || b < -1 || a > grid.nx || b > grid.ny) continue;
      const [s, t] = [u - a, v - b];
      out[i] = (1 - t) * ((1 - s) * at(a, b) + s * at(a + 1, b)) + t * ((1 - s) * at(a, b + 1) + s * at(a + 1, b + 1));
    }
  }
  return out;
}
