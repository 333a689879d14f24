import type { Cell } from '../../src/model/cell.js';
import { boundingBox } from '../../src/model/outline.js';
import type { Rig } from '../../src/model/rig.js';
import type { Defect } from '../../src/simulation/defects/defect.js';
import { type PlanOptions, planScan } from './planScan.js';
import { type SimulatedCell, simulatedCell } from './simulatedCell.js';

/** What may be turned to see a defect better, the others as they are. */
export type Setting = 'pitch' | 'height' | 'average' | 'current';

/** One setting that reaches a wanted d', or what it reaches at most. */
export interface Reached {
  readonly setting: Setting;
  /** m, s or A; of several heights the one nearest to the cell. */
  readonly value: number;
  readonly detectability: number;
  /** Whether that is what was wanted; if not, the value is as far as it can be turned. */
  readonly reached: boolean;
  /** Of the scan with it, s. */
  readonly seconds: number;
}

/** A combination of pitch and averaging. */
export interface Combination {
  readonly pitch: number;
  readonly average: number;
  readonly detectability: number;
  readonly seconds: number;
}

export interface WantedPlan {
  readonly wanted: number;
  /** With the rig as it is. */
  readonly detectability: number;
  readonly seconds: number;
  readonly settings: readonly Reached[];
  /** The quickest of those that were tried; absent where none reaches it. */
  readonly quickest?: Combination;
}

/** Coarser than a plan, and set right by the plan of the rig as it is: here ratios matter. */
const COARSE = { maps: false, mostOutside: 500 } satisfies PlanOptions;
const PIXELS = 64;
/** How far the settings can be turned; pitches in heights. */
const PITCH = { least: 0.2, most: 3 };
const HEIGHT = { gap: 2e-3, most: 60e-3 };
const AVERAGE = { most: 60 };
const CURRENT = { least: 0.01, most: 100 };
const STEP = 1.8;
const ROUNDS = 3;
/** Pitches that are combined with averaging, in those of the rig; and the longer average that tells what averaging is worth. */
const PITCHES = [0.5, 0.7, 1, 1.5, 2.2];
const LONGER = 10;
/** Kept in hand, for the law of averaging is not exact. */
const RESERVE = 1.03;

/**
 * The planner the other way round: how far each setting must be turned to see a defect with a wanted d', or may be turned back
 * where it is seen better than that; and the quickest combination of pitch and averaging. d' grows with each setting in one
 * direction, so each is found by bisection of its logarithm.
 * @param stated d' of the defect with the rig as it is, from the whole plan
 */
export function wantedPlan(
  cell: Cell,
  rig: Rig,
  defect: { readonly text: string; readonly defect: Defect },
  wanted: number,
  stated: number,
  onProgress: (part: number, next: string) => void = () => {},
): WantedPlan {
  const cells = new Map<number, SimulatedCell>();
  const simulate: PlanOptions['simulate'] = driven => {
    const known = cells.get(driven.current) ?? simulatedCell(driven, PIXELS);
    cells.set(driven.current, known);
    return known;
  };
  const coarse = (changed: Rig) => {
    const plan = planScan(cell, changed, [defect], { ...COARSE, simulate });
    return { detectability: plan.defects[0].detectability, seconds: plan.course.time.total };
  };
  onProgress(0, 'the rig as it is');
  const scale = stated / coarse(rig).detectability;
  const of = (changed: Rig) => {
    const { detectability, seconds } = coarse(changed);
    return { detectability: scale * detectability, seconds };
  };
  const start = of(rig);
  const settings = (['pitch', 'height', 'average', 'current'] as const).map((setting, k): Reached => {
    const { now, better, worse } = rangeOf(setting, cell, rig);
    const enough = start.detectability >= wanted;
    onProgress(0.05 + 0.17 * k, setting);
    const bound = enough ? worse : better;
    // Step by step towards the bound, for its own plan may be very large, until what is wanted lies in between.
    let last = { value: now, ...start };
    for (;;) {
      if (last.value === bound) return { setting, ...last, reached: enough };
      const value = bound < last.value ? Math.max(bound, last.value / STEP) : Math.min(bound, last.value * STEP);
      const next = { value, ...of(changed(rig, setting, value)) };
      if (next.detectability >= wanted !== enough) {
        return { setting, ...between(last, next, v => of(changed(rig, setting, v)), wanted), reached: true };
      }
      last = next;
    }
  });
  onProgress(0.75, 'combinations');
  const quickest = quickestOf(rig, of, wanted);
  return { wanted, ...start, settings, ...(quickest === undefined ? {} : { quickest }) };
}

type Tried = { readonly value: number; readonly detectability: number; readonly seconds: number };

/** Bisection of the logarithm between two settings, of which one does; the last that does. */
function between(
  a: Tried,
  b: Tried,
  of: (value: number) => { detectability: number; seconds: number },
  wanted: number,
): Tried {
  let [good, bad] = a.detectability >= wanted ? [a, b] : [b, a];
  for (let round = 0; round < ROUNDS; round++) {
    const value = Math.sqrt(good.value * bad.value);
    const found = { value, ...of(value) };
    if (found.detectability >= wanted) good = found;
    else bad = found;
  }
  return good;
}

function rangeOf(setting: Setting, cell: Cell, rig: Rig): { now: number; better: number; worse: number } {
  const { scan } = rig;
  const height = Math.min(...scan.heights.map(Math.abs));
  switch (setting) {
    case 'pitch': {
      const { x0, y0, x1, y1 } = boundingBox(cell.outline);
      const worse = Math.min(Math.max(PITCH.most * height, scan.pitch), Math.min(x1 - x0, y1 - y0) / 3);
      return {
        now: scan.pitch,
        better: Math.min(scan.pitch, PITCH.least * height),
        worse: Math.max(worse, scan.pitch),
      };
    }
    case 'height': {
      const better = Math.min(height, cell.thickness / 2 + HEIGHT.gap);
      return { now: height, better, worse: Math.max(height, HEIGHT.most) };
    }
    case 'average': {
      const rate = Math.max(...rig.sensors.map(sensor => sensor.rate));
      return {
        now: scan.average,
        better: Math.max(scan.average, AVERAGE.most),
        worse: Math.min(scan.average, 1 / rate),
      };
    }
    case 'current': {
      const now = Math.abs(scan.current ?? cell.current ?? 1);
      const better = Math.max(now, rig.current?.limit ?? CURRENT.most);
      return { now, better, worse: Math.min(now, CURRENT.least) };
    }
  }
}

/** The rig with one setting changed; all heights by the same distance, away from the cell or towards it. */
function changed(rig: Rig, setting: Setting, value: number): Rig {
  const { scan } = rig;
  if (setting === 'height') {
    const by = value - Math.min(...scan.heights.map(Math.abs));
    return { ...rig, scan: { ...scan, heights: scan.heights.map(z => z + Math.sign(z) * by) } };
  }
  if (setting === 'average') {
    const { targetSigma: _done, ...rest } = scan;
    return { ...rig, scan: { ...rest, average: value } };
  }
  return { ...rig, scan: { ...scan, [setting]: value } };
}

/**
 * At every pitch two averages give a and b of 1 / d'^2 = a / average + b, and those the average that is needed; the quickest
 * is computed exactly.
 */
function quickestOf(
  rig: Rig,
  of: (rig: Rig) => { detectability: number; seconds: number },
  wanted: number,
): Combination | undefined {
  const least = 1 / Math.max(...rig.sensors.map(sensor => sensor.rate));
  let best: { pitch: number; average: number; seconds: number } | undefined;
  for (const factor of PITCHES) {
    const at = changed(rig, 'pitch', factor * rig.scan.pitch);
    const { average } = rig.scan;
    const [short, long] = [average, LONGER * average].map(value => of(changed(at, 'average', value)));
    const [u, v] = [short, long].map(({ detectability }) => 1 / detectability ** 2);
    const a = Math.max(0, ((u - v) * average) / (1 - 1 / LONGER));
    const left = 1 / (RESERVE * wanted) ** 2 - Math.max(0, u - a / average);
    if (!(left > 0)) continue;
    const needed = Math.max(least, a / left);
    if (needed > AVERAGE.most) continue;
    // Time is linear in the average: per point and repeat.
    const slope = (long.seconds - short.seconds) / ((LONGER - 1) * average);
    const seconds = short.seconds + slope * (needed - average);
    if (best === undefined || seconds < best.seconds)
      best = { pitch: factor * rig.scan.pitch, average: needed, seconds };
  }
  if (best === undefined) return undefined;
  const exact = of(changed(changed(rig, 'pitch', best.pitch), 'average', best.average));
  return { pitch: best.pitch, average: best.average, ...exact };
}
