/** The field of a simulated cell as an instrument reads it. */

export {
  type CellStack,
  cellStack,
  type ExternalShort,
  FOIL_DISTANCE,
  OPEN_CIRCUIT,
  type StackPair,
} from './cellStack.js';
export { currentMaps } from './currentMaps.js';
export { knownConductorField } from './knownConductors.js';
export { type InstrumentOptions, type ReadField, readField } from './readField.js';
export { planAlong, planLike, type RasterOptions, rasterPlan, type SamplePlan } from './samplePlan.js';
export { type Outlets, type Simulation, type SimulationOptions, simulateCell } from './simulateCell.js';
export { type PackedStack, packedStack } from './stackCellField.js';
export { currentsDifference, type PairFlow, type StackCurrents, stackCurrents } from './stackCurrents.js';
export { outletField, stackField } from './stackField.js';
export { type StackState, stackState } from './stackState.js';
