import { NumericalError } from '../../errors.js';
import type { CellModel, CellState, Faces } from '../cell/cellModel.js';
import { pairSolver } from '../cell/steadyState.js';
import type { CellStack, StackPair } from './cellStack.js';

/** The currents of a stack. */
export interface StackState {
  readonly stack: CellStack;
  /** Current through the leads, A; what the tabs carry is less by the external short. */
  readonly current: number;
  /** Current through the external short from the positive to the negative side, A. */
  readonly externalCurrent: number;
  /** Voltage between the tabs, V, the same for all pairs. */
  readonly voltage: number;
  /** Of each pair in the order of the stack; the state of one pair where the entry stands for several. */
  readonly states: readonly CellState[];
}

/**
 * Steady state of a stack: the pairs are in parallel at the tabs, so the current splits such that all have one voltage.
 * Each pair is affine, V = V0 + R I with V0 at no current (U, less where a short discharges it), from two solutions; pairs
 * that share a model share them. An open pair carries nothing, unless a short discharges it.
 * @param current through the leads, A
 * @param known solutions of earlier calls for stacks that share models with this one
 * @throws {NumericalError} where no pair is connected
 */
export function stackState(stack: CellStack, current: number, known: KnownSolutions = new WeakMap()): StackState {
  const connected = stack.pairs.filter(pair => !pair.open);
  if (connected.length === 0) {
    throw new NumericalError('every electrode pair is open, so no current can flow', {
      advice: 'leave at least one pair connected',
    });
  }
  const pairs = connected.reduce((sum, pair) => sum + pair.weight, 0);
  const unit = current / pairs;
  // A current to find the resistance with, whatever flows.
  const usual = unit === 0 ? 1 : unit;
  const solutionOf = (model: CellModel): Affine => {
    let solution = known.get(model);
    if (solution === undefined) known.set(model, (solution = affine(model, usual)));
    return solution;
  };
  const external = stack.externalShort?.conductance ?? 0;
  let conductance = external;
  let driven = 0;
  for (const { model, weight } of connected) {
    const { zero, one, probe } = solutionOf(model);
    const resistance = (one.voltage - zero.voltage) / probe;
    conductance += weight / resistance;
    driven += (weight * zero.voltage) / resistance;
  }
  const voltage = (current + driven) / conductance;
  const found = new Map<CellModel, CellState>();
  const stateOf = ({ model, open }: StackPair): CellState => {
    const { zero, one, probe } = solutionOf(model);
    if (open) return zero;
    let state = found.get(model);
    if (state === undefined) {
      state = blend(zero, one, (voltage - zero.voltage) / (one.voltage - zero.voltage), probe);
      found.set(model, state);
    }
    return state;
  };
  return {
    stack,
    current,
    externalCurrent: external * voltage,
    voltage,
    states: stack.pairs.map(stateOf),
  };
}

/** The states of a pair without current and with that of `probe`, A. */
interface Affine {
  readonly zero: CellState;
  readonly one: CellState;
  readonly probe: number;
}

/** Solutions by model: see {@link stackState}. */
export type KnownSolutions = WeakMap<CellModel, Affine>;

function affine(model: CellModel, probe: number): Affine {
  const solver = pairSolver(model);
  return { zero: solver.solve(0), one: solver.solve(probe), probe };
}

/** zero + t (one - zero). */
function blend(zero: CellState, one: CellState, t: number, probe: number): CellState {
  const of = (a: Float64Array, b: Float64Array) => a.map((v, i) => v + t * (b[i] - v));
  const faces = (a: Faces, b: Faces) => ({ x: of(a.x, b.x), y: of(a.y, b.y) });
  return {
    model: zero.model,
    current: t * probe,
    voltage: zero.voltage + t * (one.voltage - zero.voltage),
    positivePotential: of(zero.positivePotential, one.positivePotential),
    negativePotential: of(zero.negativePotential, one.negativePotential),
    reactionCurrent: of(zero.reactionCurrent, one.reactionCurrent),
    shortCurrent: of(zero.shortCurrent, one.shortCurrent),
    positiveFaces: faces(zero.positiveFaces, one.positiveFaces),
    negativeFaces: faces(zero.negativeFaces, one.negativeFaces),
  };
}
