import type { Vector3 } from '../../biotSavart/index.js';
import type { Polarity } from '../../model/cell.js';
import type { Point } from '../../model/outline.js';

/** Which electrode pair a defect sits in: a number from 1, the lowest, or a word. */
export type WhichPair = number | 'top' | 'bottom' | 'all';

interface InPair {
  readonly pair: WhichPair;
}

interface Round {
  /** Middle, m. */
  readonly at: Point;
  /** m. */
  readonly radius: number;
}

/** The defects that the library knows, in SI; each names its place, its size and its strength. */
export type Defect =
  | ({ readonly kind: 'hole'; readonly foil: Polarity } & Round & InPair)
  | ({
      readonly kind: 'slit';
      readonly foil: Polarity;
      readonly from: Point;
      readonly to: Point;
      readonly width: number;
    } & InPair)
  /** Conductance relative to the whole foil's. */
  | ({ readonly kind: 'thinned_foil'; readonly foil: Polarity; readonly conductance: number } & Round & InPair)
  /** The part of the tab that is welded, 0 to 1 along it. */
  | ({ readonly kind: 'partial_weld'; readonly tab: string; readonly part: readonly [number, number] } & InPair)
  | ({ readonly kind: 'missing_tab'; readonly tab: string } & InPair)
  | ({ readonly kind: 'misalignment'; readonly shift: Point } & InPair)
  | ({ readonly kind: 'fold'; readonly foil: Polarity; readonly line: readonly [Point, Point] } & InPair)
  /** The part of the reaction that is left. */
  | ({ readonly kind: 'dead_spot'; readonly activity: number } & Round & InPair)
  /** Area resistance relative to the usual. */
  | ({ readonly kind: 'hot_spot'; readonly resistance: number } & Round & InPair)
  /** Current at the open-circuit voltage, A, of the whole short. */
  | ({ readonly kind: 'short'; readonly current: number } & Round & InPair)
  | ({ readonly kind: 'open_layer' } & InPair)
  /** Current at the open-circuit voltage, A; the wire's path, m, from the positive to the negative tab. */
  | { readonly kind: 'external_short'; readonly current: number; readonly path?: readonly Vector3[] };

export type DefectKind = Defect['kind'];
