/** What every other room and every user may build on. */
export { amplitudeAndPhase, skinDepth } from './alternatingCurrent.js';
export * from './biotSavart/index.js';
export * from './comparison/index.js';
export type { ConductanceMap } from './conductanceMap.js';
export { MU0 } from './constants.js';
export { type CurrentMap, magnitude } from './currentMap.js';
export * from './diagnosis/index.js';
export {
  DeviceError,
  type ErrorCode,
  type ErrorOptions,
  type ErrorPlace,
  InputError,
  NumericalError,
  OutputError,
  SavartError,
  UsageError,
} from './errors.js';
export { AXES, type AxisName, type FieldMap } from './fieldMap.js';
export {
  COMPONENTS,
  type ComponentName,
  checkScan,
  type FieldComponent,
  type FieldScan,
  measuredComponents,
} from './fieldScan.js';
export * from './figures/index.js';
export { formatMapStack } from './formats/nexusMapStack.js';
export { formatReference, parseReference } from './formats/nexusReference.js';
export { formatResult, parseResult } from './formats/nexusResult.js';
export { formatStack } from './formats/nexusStack.js';
export { formatSusceptibility, isSusceptibility, parseSusceptibility } from './formats/nexusSusceptibility.js';
export { readImage } from './formats/npzScan.js';
export { detectFormat, formatScan, parseScan, type ScanFormat } from './formats/scanFile.js';
export type { BareMap, ScanReadOptions } from './formats/scanReadOptions.js';
export type { Image } from './formats/squidLayout.js';
export { type Grid, gridSize, xAxis, yAxis } from './grid.js';
export { type GriddedField, type GriddingOptions, toFieldMap } from './gridding/index.js';
export type { Cell } from './model/cell.js';
export { cellCurrent } from './model/cellCurrent.js';
export { cellJsonSchema } from './model/cellSchema.js';
export { packJsonSchema } from './model/packSchema.js';
export { parseCell } from './model/parseCell.js';
export { type Busbar, type LoadStep, type Pack, type PackedCell, parsePack } from './model/parsePack.js';
export { parseRig } from './model/parseRig.js';
export type {
  Connection,
  Interval,
  Rig,
  RigCurrent,
  RigSensor,
  RigStage,
  ScanSettings,
  SensorElement,
  Vector3,
} from './model/rig.js';
export { CURRENT_DRIVERS, rigJsonSchema, SENSOR_DRIVERS, STAGE_DRIVERS } from './model/rigSchema.js';
export { type Random, random } from './random.js';
export { subtractReference } from './referenceScan.js';
export type { InversionResult, ProcessRecord, Residual } from './result.js';
export { SENSORS, type SensorPreset, sensorNamed } from './sensorPresets.js';
export { type MapStack, mapStack, mapsOfResult, mapsOfScan } from './series/mapStack.js';
export { type PiecewiseLinear, piecewiseLinear } from './series/piecewiseLinear.js';
export type { SeriesAxis, SeriesStack, StackHotSpot, StackRegion } from './series/stack.js';
export * from './simulation/cell/index.js';
export * from './simulation/defects/index.js';
export * from './simulation/field/index.js';
export * from './simulation/pack/index.js';
export type { RemanenceMap, SusceptibilityMap, SusceptibilityResult } from './susceptibilityMap.js';
export * from './transforms/index.js';
export { parseUnit, type Quantity, type Unit } from './units.js';
