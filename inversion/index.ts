/** From field to current and susceptibility. */
export { isAlternating, type Phases, splitPhases, turnedBack } from './alternating/phases.js';
export { bothByBounded, quadratureByFourier } from './alternating/quadrature.js';
export { boundedInversion } from './bounded/boundedInversion.js';
export { boundedResult, type Origin } from './bounded/boundedRecord.js';
export { boundedStatements } from './bounded/boundedStatements.js';
export { type Coverage, coverage } from './bounded/coverage.js';
export { type Departure, type Departures, departures, smallestHole } from './bounded/departure.js';
export { SharedGeometry } from './bounded/sharedGeometry.js';
export type { BoundedOptions, BoundedSolution } from './bounded/solution.js';
export {
  type CellCurrents,
  type CellCurrentsOptions,
  type CellPlace,
  cellCurrents,
  type ScanCurrents,
} from './cellCurrents/cellCurrents.js';
export type { PackCell } from './cellCurrents/packCell.js';
export type { ConductanceEnsemble } from './conductance/conductanceEnsemble.js';
export {
  type ConductanceOptions,
  type ConductanceSolution,
  conductanceInversion,
  type Hypothesis,
} from './conductance/conductanceInversion.js';
export { conductanceResult } from './conductance/conductanceRecord.js';
export { conductanceStatements } from './conductance/conductanceStatements.js';
export type { ConductanceDefect, FoilDefect } from './conductance/defects.js';
export type { WeldDefect } from './conductance/welds.js';
export type { SensorImage } from './fourier/dipoleImage.js';
export type { Exterior } from './fourier/exterior.js';
export { type FourierOptions, type FourierSolution, fourierInversion } from './fourier/fourierInversion.js';
export type { Sensor } from './fourier/sensorResponse.js';
export type { StandardErrors } from './fourier/standardError.js';
export { totalVariationInversion, type VariationOptions, type VariationSolution } from './fourier/totalVariation.js';
export { type Inversion, invertScan, processRecord } from './invertScan.js';
export { type PlannedDefect, type PlanOptions, planScan, type ScanPlan } from './planner/planScan.js';
export type { ScanCourse, ScanTime } from './planner/scanCourse.js';
export { type ScanSight, scanSight } from './planner/scanSight.js';
export type { HoleMap } from './planner/smallestHole.js';
export { standardDefects } from './planner/standardDefects.js';
export { type Reached, type WantedPlan, wantedPlan } from './planner/wantedPlan.js';
export {
  chooseLambda,
  type LambdaCandidates,
  type LambdaChoice,
  type LambdaCurve as LambdaSweep,
  type LambdaRule as RegularisationRule,
} from './regularisation/chooseLambda.js';
export { discrepancyLambda } from './regularisation/discrepancy.js';
export { type Filtered, filtered, type Spectrum } from './regularisation/filteredSpectrum.js';
export { gcvLambda, gcvScore } from './regularisation/gcv.js';
export { lCurveCurvature, lCurveLambda } from './regularisation/lCurve.js';
export { type Decay, type RelaxationFit, relaxationFit } from './relaxation/relaxationFit.js';
export { isRelaxation, type RelaxationScan, relaxationScan } from './relaxation/relaxationScan.js';
export { findHotSpots, type HotSpot, type HotSpotSearch } from './series/hotSpots.js';
export {
  type SeriesScan,
  type SeriesState,
  type SusceptibilitySeries,
  susceptibilitySeries,
} from './series/susceptibilitySeries.js';
export { type Statements, statements } from './statements.js';
export { type MeasuredField, measuredField } from './susceptibility/appliedField.js';
export type { DriftModel, SensorOffset } from './susceptibility/drift.js';
export {
  type MagnetisationOptions,
  type PrismMagnetisations,
  prismMagnetisations,
} from './susceptibility/prismMagnetisation.js';
export { type SeparatedMagnetisation, separateRemanence } from './susceptibility/remanence.js';
export { slabField } from './susceptibility/slabField.js';
export type {
  AppliedField,
  Slab,
  SusceptibilityOptions,
  SusceptibilitySolution,
} from './susceptibility/solution.js';
export { susceptibilityInversion } from './susceptibility/susceptibilityInversion.js';
export { susceptibilityStatements } from './susceptibility/susceptibilityStatements.js';
