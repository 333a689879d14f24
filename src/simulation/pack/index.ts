/** Packs: how the current divides among cells, over time, and the field of all of them. */
export { type CellField, type HarmonicFieldOptions, harmonicCellField } from './cellField.js';
export { currentShares, type PackMoment, packCurrents } from './packCurrents.js';
export { addFields, placedField } from './packField.js';
export { type CellBranch, chargingSign, type PackModel, packModel } from './packModel.js';
export { type Load, loadOf, type OverTimeOptions, ofCell, type PackHistory, packOverTime } from './packOverTime.js';
export { type PackSimulation, type PackSimulationOptions, simulatePack } from './simulatePack.js';
