import type { Cell } from '../../src/model/cell.js';
import { parseCell } from '../../src/model/parseCell.js';
import { parseRig } from '../../src/model/parseRig.js';
import type { Rig } from '../../src/model/rig.js';
import type { ProcessRecord } from '../../src/result.js';
import type { Calibration } from '../calibration/calibration.js';
import { parseCalibration } from '../calibration/calibrationFile.js';
import { type ProcessedScan, processScan } from '../processing/processScan.js';
import type { LineRecord, PointRecord, ScanRecord } from '../processing/record.js';
import type { ScanPlan } from './plan.js';
import { planScan } from './planScan.js';
import { type BeginNote, type DoneStep, type JournalState, joinBlocks } from './scanJournal.js';

/** What a journal says of itself, read again: the scan as it was planned. */
export interface PlannedScan {
  readonly rig: Rig;
  readonly cell?: Cell;
  readonly plan: ScanPlan;
  readonly calibrations: Readonly<Record<string, Calibration>>;
}

/** The scan that the texts describe. @throws {InputError} with the file at fault */
export function plannedScan({ rig: rigText, cell: cellText, calibrations }: Omit<BeginNote, 'steps'>): PlannedScan {
  const rig = parseRig(rigText.text, rigText.name);
  const cell = cellText === undefined ? undefined : parseCell(cellText.text, cellText.name);
  return {
    rig,
    ...(cell === undefined ? {} : { cell }),
    plan: planScan(rig, cell),
    calibrations: Object.fromEntries(
      Object.entries(calibrations).map(([name, { text, name: file }]) => [name, parseCalibration(text, file)]),
    ),
  };
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
  const files = [begin.rig, ...(begin.cell === undefined ? [] : [begin.cell]), ...Object.values(begin.calibrations)];
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
        steps: planned.plan.steps.length,
        complete: state.done.size,
        sessions: sessions.map(({ date, version, devices }) => ({ date, version, devices })),
        quality: processed.quality,
        warnings: processed.warnings,
      },
    },
  };
}
