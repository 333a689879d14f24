import type { Cell } from '../../src/model/cell.js';
import type { PlaceFit } from './placeFit.js';
import { type Motion, motionOf, numbersOf, reachOf } from './placement.js';
import type { ScanPlace } from './solution.js';
import { swellingWarning } from './swelling.js';

/** Samples are moved where the fit exceeds so many standard errors and so much at the rim of the cell, m. */
const SIGNIFICANT = 4;
const WORTH_MOVING = 0.4e-3;
/** Once they are on the move, they are brought so close: the first step can miss by a third. */
const CLOSE = 0.1e-3;
/**
 * What a fit errs beside its noise, at the rim of the cell, m, as seen on simulated scans in their right place. Wires that
 * rise steeply at the tabs make most of it: up to 0.3 mm along the wires and 0.7 mm in height; without them it is 0.03 mm.
 */
const FLOOR = { shift: 0.1e-3, height: 0.2e-3, turn: 0.1e-3, tilt: 0.5e-3, swelling: 0.3e-3 };
const FLOORS = [FLOOR.shift, FLOOR.shift, FLOOR.height, FLOOR.tilt, FLOOR.tilt, FLOOR.turn];
const TILTS = [3, 4];

/** What each of the six numbers of a motion must be multiplied with to be metres at the rim of the cell. */
function levers(cell: Cell): number[] {
  const reach = reachOf(cell);
  return [1, 1, 1, reach, reach, reach];
}

/** The fit with what the model itself may err in its standard errors. */
export function withFloor({ motion, error, swelling }: PlaceFit, cell: Cell): PlaceFit {
  const lever = levers(cell);
  const risen = swelling && { ...swelling, errors: swelling.errors.map(e => Math.hypot(e, FLOOR.swelling)) };
  return {
    motion,
    ...(risen && { swelling: risen }),
    error: motionOf(numbersOf(error).map((e, i) => Math.hypot(e, FLOORS[i] / lever[i]))),
  };
}

/**
 * The part of the fitted motion that should be done because the data plainly contradict the place of the samples. Tilts are
 * never done: they are too uncertain.
 */
export function contradicted(fit: PlaceFit, applied: Motion, cell: Cell): Motion | undefined {
  const lever = levers(cell);
  const done = numbersOf(applied);
  const error = numbersOf(withFloor(fit, cell).error);
  const move = numbersOf(fit.motion).map((v, i) => {
    const least = done[i] === 0 ? Math.max(WORTH_MOVING, SIGNIFICANT * error[i] * lever[i]) : CLOSE;
    return !TILTS.includes(i) && Math.abs(v) * lever[i] > least ? v : 0;
  });
  return move.some(v => v !== 0) ? motionOf(move) : undefined;
}

const NAMES = ['x', 'y', 'height', 'tilt about x', 'tilt about y', 'rotation'];

/** What was done to the samples, and tilts that were found and left. */
export function placeWarnings({ applied, left, error, swelling }: ScanPlace, cell: Cell): string[] {
  const [done, found, errors] = [applied, left, error].map(numbersOf);
  const lever = levers(cell);
  const text = (v: number, i: number) =>
    i < 3
      ? `${NAMES[i]} ${(1e3 * v).toFixed(2)} ± ${(1e3 * errors[i]).toFixed(2)} mm`
      : `${NAMES[i]} ${degrees(v)} ± ${degrees(errors[i])}°`;
  const moves = NAMES.flatMap((_, i) => (done[i] === 0 ? [] : [text(done[i], i)]));
  const tilts = TILTS.filter(
    i => Math.abs(found[i]) * lever[i] > WORTH_MOVING && Math.abs(found[i]) > SIGNIFICANT * errors[i],
  ).map(i => text(found[i], i));
  return [
    ...(moves.length === 0
      ? []
      : [
          `The data contradict the place that the scan states: it was moved against the outline, ${moves.join(', ')}. Check origin and standoff.`,
        ]),
    ...(swelling === undefined ? [] : swellingWarning(swelling)),
    ...(tilts.length === 0
      ? []
      : [`The scan may be tilted against the cell: ${tilts.join(', ')}. It was left as it is.`]),
  ];
}

function degrees(rad: number): string {
  return ((180 / Math.PI) * rad).toFixed(2);
}
