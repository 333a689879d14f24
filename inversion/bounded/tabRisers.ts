import { wireField, zeroField } from '../../src/biotSavart/index.js';
import type { Footprint, Readings } from '../../src/forward/index.js';
import { tabSpans } from '../../src/model/boundaryStreamFunction.js';
import type { Cell } from '../../src/model/cell.js';
import { arcLength, wrapArc } from '../../src/model/outline.js';
import { type FineLattice, RING } from './fineLattice.js';
import { readingPoints } from './readingPoints.js';

/** From one node of the outline to the next, anticlockwise. */
interface Step {
  readonly from: number;
  readonly to: number;
}

/** The steps between ring nodes that lie along the tabs, each once; a tab's ends may lie within its first and last. */
function tabSteps(cell: Cell, { lattice, nodes }: FineLattice): Step[] {
  const { nx, x0, y0, pitch } = lattice;
  const ring: { node: number; arc: number }[] = [];
  for (let node = 0; node < nodes.length; node++) {
    if (nodes[node] !== RING) continue;
    const ix = node % nx;
    const arc = arcLength(cell.outline, x0 + ix * pitch, y0 + ((node - ix) / nx) * pitch);
    ring.push({ node, arc });
  }
  const steps = new Map<string, Step>();
  for (const { start, length } of tabSpans(cell)) {
    const along = ring
      .map(({ node, arc }) => ({ node, offset: wrapArc(cell.outline, arc - start + pitch) }))
      .filter(({ offset }) => offset <= length + 2 * pitch)
      .sort((a, b) => a.offset - b.offset);
    for (let i = 1; i < along.length; i++) {
      const step = { from: along[i - 1].node, to: along[i].node };
      steps.set(`${step.from} ${step.to}`, step);
    }
  }
  return [...steps.values()];
}

/**
 * The readings (T) of the vertical currents that lead from the strips at one height to a sheet at another, one wire in
 * the middle of each step of the outline along the tabs. Into the cell flows minus the growth of psi.
 * @param columns stream functions on the lattice, A
 * @param from height of the strips, m; `to` that of the sheet
 * @returns one array of readings per column
 */
export function tabRisers(
  cell: Cell,
  fine: FineLattice,
  columns: readonly Float64Array[],
  from: number,
  to: number,
  readings: Readings,
  footprint?: Footprint,
): Float64Array[] {
  const out = columns.map(() => new Float64Array(readings.x.length));
  if (from === to) return out;
  const { nx, x0, y0, pitch } = fine.lattice;
  const at = (node: number) => ({ x: x0 + (node % nx) * pitch, y: y0 + Math.floor(node / nx) * pitch });
  const points = readingPoints(readings, footprint);
  for (const step of tabSteps(cell, fine)) {
    const [a, b] = [at(step.from), at(step.to)];
    const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
    const field = zeroField(points.positions.x.length);
    wireField(points.positions, [x, y, from], [x, y, to], 1, field);
    const unit = points.readings(field);
    columns.forEach((psi, c) => {
      const current = psi[step.from] - psi[step.to];
      if (current === 0) return;
      for (let r = 0; r < unit.length; r++) out[c][r] += current * unit[r];
    });
  }
  return out;
}
