import { InputError } from '../../src/errors.js';
import type { RigStage, Vector3 } from '../../src/model/rig.js';
import type { PlannedElement, ScanStep } from './plan.js';

const AXES = ['x', 'y', 'z'] as const;
/** Rounding of decimal millimetres, m. */
const ROUNDING = 1e-9;

/** Cell's axes to stage coordinates, m: cellAt + sign * at. */
export function stageOf({ cellAt, sign }: Pick<RigStage, 'cellAt' | 'sign'>, at: Vector3): Vector3 {
  return [cellAt[0] + sign[0] * at[0], cellAt[1] + sign[1] * at[1], cellAt[2] + sign[2] * at[2]];
}

/** Stage coordinates to the cell's axes, m. */
export function cellOf({ cellAt, sign }: Pick<RigStage, 'cellAt' | 'sign'>, stage: Vector3): Vector3 {
  return [sign[0] * (stage[0] - cellAt[0]), sign[1] * (stage[1] - cellAt[1]), sign[2] * (stage[2] - cellAt[2])];
}

/**
 * @throws {InputError} where a step leads out of the travel of the stage: which axis, how far, and what would help. An
 * axis that the stage does not have is not checked.
 */
export function checkTravel(stage: RigStage, steps: readonly ScanStep[], elements: readonly PlannedElement[]): void {
  AXES.forEach((axis, k) => {
    const travel = stage.travel[axis];
    if (travel === undefined) return;
    let [low, high] = [Infinity, -Infinity];
    for (const step of steps) {
      const places = step.kind === 'point' ? [step.stage] : step.kind === 'line' ? [step.stageFrom, step.stageTo] : [];
      for (const place of places) {
        low = Math.min(low, place[k]);
        high = Math.max(high, place[k]);
      }
    }
    const [below, above] = [travel[0] - low, high - travel[1]];
    if (below <= ROUNDING && above <= ROUNDING) return;
    const mm = (metres: number) => Number((1e3 * metres).toFixed(2));
    const lines = steps.some(step => step.kind === 'line');
    const array = elements.some(({ offset }) => Math.abs(offset[k]) > ROUNDING);
    throw new InputError(
      `the scan needs ${axis} from ${mm(low)} to ${mm(high)} mm, but the stage travels from ${mm(travel[0])} to ${mm(travel[1])} mm${
        array ? ' (the offsets of the elements count)' : ''
      }${lines ? ' (the run-up of the lines counts)' : ''}`,
      {
        column: `stage.travel_mm.${axis}`,
        advice:
          axis === 'z'
            ? 'check cell_at_mm and heights_mm'
            : `move the cell on the table and change cell_at_mm, or make the area smaller by ${mm(Math.max(below, above))} mm`,
      },
    );
  });
}
