import type { Cell } from '../../src/model/cell.js';
import { isPack } from '../../src/model/isPack.js';
import { type Box, boundingBox, type Outline, polygonOutline } from '../../src/model/outline.js';
import { parseCell } from '../../src/model/parseCell.js';
import { type Pack, parsePack } from '../../src/model/parsePack.js';
import { parseRig } from '../../src/model/parseRig.js';
import { placeCell } from '../../src/model/placeCell.js';
import type { Rig } from '../../src/model/rig.js';
import type { ProcessRecord } from '../../src/result.js';
import type { Calibration } from '../calibration/calibration.js';
import { parseCalibration } from '../calibration/calibrationFile.js';
import { type ProcessedScan, processScan } from '../processing/processScan.js';
import type { LineRecord, PointRecord, ScanRecord } from '../processing/record.js';
import { joinBlocks } from '../sampleBlocks.js';
import type { ScanPlan } from './plan.js';
import { planScan } from './planScan.js';
import type { BeginNote, DoneStep, JournalState } from './scanJournal.js';

/** A pack with the cells that it names, in its order. */
export interface ScannedPack {
  readonly pack: Pack;
  readonly cells: readonly Cell[];
}

/** What a journal says of itself, read again: the scan as it was planned. */
export interface PlannedScan {
  readonly rig: Rig;
  readonly cell?: Cell;
  readonly pack?: ScannedPack;
  readonly plan: ScanPlan;
  readonly calibrations: Readonly<Record<string, Calibration>>;
}

/** The scan that the texts describe. @throws {InputError} with the file at fault */
export function plannedScan({ rig: text, calibrations, ...over }: Omit<BeginNote, 'steps'>): PlannedScan {
  const rig = parseRig(text.text, text.name);
  const { cell, pack } = scanned(over);
  return {
    rig,
    ...(cell === undefined ? {} : { cell }),
    ...(pack === undefined ? {} : { pack }),
    plan: planScan(rig, cell ?? (pack === undefined ? undefined : { outline: around(pack) })),
    calibrations: Object.fromEntries(
      Object.entries(calibrations).map(([name, { text, name: file }]) => [name, parseCalibration(text, file)]),
    ),
  };
}

function scanned({ cell, packed = {} }: Pick<BeginNote, 'cell' | 'packed'>): Pick<PlannedScan, 'cell' | 'pack'> {
  if (cell === undefined) return {};
  if (!isPack(cell.text)) return { cell: parseCell(cell.text, cell.name) };
  const pack = parsePack(cell.text, cell.name);
  return {
    pack: { pack, cells: pack.cells.map(({ cellFile }) => parseCell(packed[cellFile].text, packed[cellFile].name)) },
  };
}

/** The rectangle around all cells of a pack. */
function around({ pack, cells }: ScannedPack): Outline {
  const boxes = cells.map((cell, k) => boundingBox(placeCell(cell, pack.cells[k]).outline));
  const least = (of: (box: Box) => number) => Math.min(...boxes.map(of));
  const most = (of: (box: Box) => number) => Math.max(...boxes.map(of));
  const [x0, x1] = [least(box => box.x0), most(box => box.x1)];
  const [y0, y1] = [least(box => box.y0), most(box => box.y1)];
  return polygonOutline([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]); // biome-ignore format: a rectangle
}

/** A journal as the processing takes it: complete steps only. */
export function recordOf(state: JournalState, { rig, plan, calibrations }: PlannedScan): ScanRecord {
  const points: PointRecord[] = [];
  const lines: LineRecord[] = [];
  const steps = [...state.done.values()].sort((a, b) => a.step - b.step);
  for (const done of steps) {
    const kind = plan.steps[done.step]?.kind;
    for (const { sensor, element, axes } of plan.elements) {
      const blockOf = (phase: number) => {
        const found = done.samples.find(s => s.sensor === sensor && s.element === element && s.phase === phase);
        return joinBlocks(found?.blocks ?? [], axes.length);
      };
      if (kind === 'line') {
        const [{ current }] = done.phases;
        lines.push({ step: done.step, sensor, element, start: done.start!, current, block: blockOf(0) });
      } else if (kind === 'point') {
        const phases = done.phases.map((phase, k) => ({ ...phaseOf(phase), block: blockOf(k) }));
        points.push({ step: done.step, sensor, element, phases });
      }
    }
  }
  const references = state.references.map(({ sensor, element, blocks }) => ({
    sensor,
    element,
    block: joinBlocks(blocks, rig.sensors[sensor].elements[element].axes.length),
  }));
  return { rig, plan, points, lines, references, calibrations };
}

function phaseOf({ current, phase, trace }: DoneStep['phases'][number]) {
  return {
    current,
    ...(phase === undefined ? {} : { phase }),
    ...(trace === undefined
      ? {}
      : { trace: { time: Float64Array.from(trace.time), current: Float64Array.from(trace.current) } }),
  };
}

/** A finished scan, and how it came about. */
export interface ScanResult extends ProcessedScan {
  readonly process: ProcessRecord;
}

/**
 * The scan that a journal holds, processed.
 * @throws {InputError} where nothing valid was recorded
 */
export function scanResult(state: JournalState, planned: PlannedScan): ScanResult {
  const { begin, sessions } = state;
  const processed = processScan(recordOf(state, planned));
  const { packed = {} } = begin;
  const over = [...(begin.cell === undefined ? [] : [begin.cell]), ...Object.values(packed)];
  const files = [begin.rig, ...over, ...Object.values(begin.calibrations)];
  const calibrations = Object.entries(begin.calibrations).map(([name, { text }]) => [name, text]);
  return {
    ...processed,
    process: {
      program: begin.program,
      version: begin.version,
      date: begin.date,
      inputs: files.map(({ name, sha256 }) => ({ name, sha256 })),
      ...(begin.cell === undefined ? {} : { cell: begin.cell.text }),
      rig: begin.rig.text,
      ...(calibrations.length === 0 ? {} : { calibrations: Object.fromEntries(calibrations) }),
      parameters: {
        method: 'scan',
        ...(begin.packed === undefined
          ? {}
          : { packed: Object.fromEntries(Object.entries(packed).map(([name, { text }]) => [name, text])) }),
        steps: planned.plan.steps.length,
        complete: state.done.size,
        sessions: sessions.map(({ date, version, devices }) => ({ date, version, devices })),
        quality: processed.quality,
        warnings: processed.warnings,
      },
    },
  };
}
