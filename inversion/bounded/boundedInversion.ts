import { NumericalError } from '../../src/errors.js';
import type { FieldScan } from '../../src/fieldScan.js';
import { type DenseWorkspace, denseWorkspace, withWorkspace } from '../../src/linearAlgebra/index.js';
import type { Cell } from '../../src/model/cell.js';
import { boundingBox, contains } from '../../src/model/outline.js';
import { attempt } from './attempt.js';
import { depthsBelow } from './belowSheets.js';
import { coverage } from './coverage.js';
import { knownFields } from './knownFields.js';
import { Memo } from './memo.js';
import { modelBox, standoff } from './model.js';
import { onward } from './onward.js';
import { middleOf, moved, STILL, together } from './placement.js';
import { type ScanReadings, scanReadings } from './scanReadings.js';
import type { SharedGeometry } from './sharedGeometry.js';
import type { BoundedOptions, BoundedSolution } from './solution.js';
import { tabColumns } from './tabColumns.js';
import { doubted, type Settled, told, wiresBelow } from './wiresBelow.js';

const LEAST_READINGS = 50;
/** Room for the matrices: all that one memory can have. Pages that are not used cost nothing. */
const WORKSPACE = 3e9;
/** How often the samples may be moved. */
const MOST_MOVES = 3;

/**
 * Inverts a scan of a cell whose outline, tabs and current are known. psi inside is the harmonic solution of the outline and
 * the tabs' profiles plus a departure that vanishes on the outline; outside it is a sheet that nobody prescribes. The order
 * of work stands in `docs/bounded.md`.
 *
 * @param shared keeps what scans of one geometry have in common, for calls with the same cell and options; the solution is the same
 * @throws {NumericalError} for data that cannot carry an inversion, and for a cell without current or tabs.
 */
export function boundedInversion(
  scan: FieldScan,
  cell: Cell,
  chosen: BoundedOptions = {},
  shared?: SharedGeometry,
): BoundedSolution {
  const options = { ...chosen, onProgress: onward(chosen.onProgress ?? (() => {})) };
  const current = cell.current;
  if (current === undefined || current === 0 || cell.tabs.length === 0) {
    throw new NumericalError('the cell has no current or no tabs', {
      advice: 'give current_A and tabs in the cell file, or use --method fourier',
    });
  }
  const measured = scanReadings(scan, wantedSamples(scan, cell), options.footprint);
  // Before the geometry: a scan that cannot be inverted must not take the place of the one that is kept.
  checkReadings(measured, cell);
  options.onProgress(0, 'outline and tabs');
  const nothing = new Memo(0);
  const common = shared?.of(measured, current) ?? nothing;
  const tabs = common.once('tabs', () => tabColumns(cell, modelBox(cell, measured)));

  const middle = middleOf(cell);
  // Most of what tells the place of a scan, and how the wires run, is the field near the tabs: without it nothing is moved.
  const seesTabs = common.once('sees the tabs', () => coverage(scan, cell).missedTabs.length === 0);
  /** The inversion under one hypothesis; the samples may move under the ordinary one only. */
  const settled = (dense: DenseWorkspace, below: number | undefined): Settled => {
    let applied = STILL;
    for (let moves = 0; ; moves++) {
      const mayMove = below === undefined && moves < MOST_MOVES && seesTabs;
      const placed = moved(measured, applied, middle);
      const geometry = below === undefined && moves === 0 ? common : nothing;
      const known = geometry.once('known fields', () => knownFields(cell, placed, tabs, placed.footprint));
      const readings = { ...placed, value: measured.value.map((v, r) => v - known[r]) };
      const task = {
        scan,
        cell,
        current,
        readings,
        tabs,
        dense,
        options,
        geometry,
        below,
        applied,
        seesTabs,
        first: below === undefined && moves === 0,
        mayMove,
      };
      const outcome = dense.temporarily(() => attempt(task));
      if ('move' in outcome) {
        applied = together(applied, outcome.move);
        continue;
      }
      return { ...outcome, applied, below };
    }
  };
  const inverted = (dense: DenseWorkspace) => {
    const plain = settled(dense, undefined);
    if (!doubted(plain.solution)) return plain;
    const depths = depthsBelow(cell, measured, standoff(cell, measured));
    return wiresBelow(plain, depths, below => settled(dense, below));
  };
  // What is kept for further scans, or for other lambda, stays in a workspace of its own.
  const kept = common.keeps || options.keepForm;
  const found = kept ? inverted(common.once('workspace', () => denseWorkspace(WORKSPACE))) : withWorkspace(inverted);
  options.onProgress(1, 'done');
  return told(found, cell);
}

/** 1 for samples outside the masked parts of the view. */
export function wantedSamples(scan: FieldScan, cell: Cell): Uint8Array {
  return Uint8Array.from({ length: scan.count }, (_, s) =>
    cell.masked.some(part => contains(part, scan.x[s], scan.y[s], 0)) ? 0 : 1,
  );
}

function checkReadings(readings: ScanReadings, cell: Cell): void {
  if (readings.count < LEAST_READINGS) {
    throw new NumericalError(`${readings.count} readings are too few for a map`, {
      advice: `scan at least ${LEAST_READINGS} readings over the cell`,
    });
  }
  const h = standoff(cell, readings);
  if (!(h > 0)) {
    throw new NumericalError('the samples lie in the plane of the current', {
      advice: 'give the height of the sensors above the sheet, in the z column or by --standoff-mm',
    });
  }
  const { x0, y0, x1, y1 } = boundingBox(cell.outline);
  let over = 0;
  for (let r = 0; r < readings.count; r++) {
    const [x, y] = [readings.x[r], readings.y[r]];
    if (x > x0 - h && x < x1 + h && y > y0 - h && y < y1 + h) over++;
  }
  if (over < LEAST_READINGS) {
    throw new NumericalError('the samples see nothing of the cell', {
      advice:
        'check that scan and cell file use the same origin (lower left corner of the outline) and the same unit of length',
    });
  }
}
