/** One electrode pair of a cell: its currents, steady and over time, and what they say of the design. */
export { cellModel } from './buildModel.js';
export type { CellModel, CellState, Faces, TabInjection } from './cellModel.js';
export { type ChargeStep, type ConstantCurrentOptions, constantCurrent } from './constantCurrent.js';
export {
  type FiguresOfMerit,
  figuresOfMerit,
  type Losses,
  reactionSpread,
  type Spread,
  spreadOf,
} from './figuresOfMerit.js';
export { netStreamFunction } from './netStreamFunction.js';
export { facesWithTabs, netSheetCurrent, type SheetCurrent, sheetCurrent } from './sheetCurrent.js';
export type { SocTable } from './socTable.js';
export { type PairSolver, pairSolver, type SolvedState, steadyState } from './steadyState.js';
