/** Figures as SVG strings and the report of an inversion; what needs files or native code stands in node.ts. */
export type { ArrowField } from './arrows.js';
export { type CellDrawing, cellDrawing, type TabDrawing } from './cellDrawing.js';
export { type CohortPoint, channelPanels, controlPanel, scorePanel } from './cohortFigures.js';
export {
  COLOUR_MAPS,
  type ColourMap,
  type ColourMapName,
  LEVELS,
  type Limits,
  levelColour,
  levelOf,
  type MapKind,
} from './colour.js';
export { comparisonFigure, comparisonFigures } from './comparisonFigures.js';
export type { ComparisonFigureOptions } from './comparisonPanels.js';
export { type ContourLine, contourLevels, contourLines } from './contours.js';
export { type Curve, type CurveAxis, type CurvePanelOptions, curvePanel, type Mark } from './curveFigure.js';
export { type DesignMaps, designFigure, designFigures, designMaps, type SimulatedDesign } from './designFigures.js';
export { escapeText } from './escape.js';
export { type DisplayUnit, displayUnit, formatNumber, formatQuantity, formatWithError, squaredUnit } from './format.js';
export { type HistogramPanelOptions, histogramPanel } from './histogramFigure.js';
export { inversionFigure, inversionFigures, inversionPanels } from './inversionFigures.js';
export type { InversionFigureOptions, InversionPanel } from './inversionPanel.js';
export { type LambdaCurve, type LambdaRule, lambdaPanel, lCurvePanel } from './lambdaFigures.js';
export { type FigureOptions, figure } from './layout.js';
export type { MarkShape } from './legend.js';
export { colourLimits } from './limits.js';
export { type MapPanelOptions, mapPanel, type Path } from './mapFigure.js';
export { mapStackFigure, mapStackFigures } from './mapStackFigures.js';
export { type PackFigureCell, type PackPanelOptions, packPanel } from './packFigure.js';
export type { Panel } from './panel.js';
export { type PlannedHoles, planFigure, planFigures } from './planFigures.js';
export type { PointCloud } from './pointCloud.js';
export { rasterPng } from './raster.js';
export {
  type InteractivePart,
  inversionReport,
  type ReportFigure,
  type ReportInput,
  type ReportRow,
} from './report.js';
export { type SamplePanelOptions, samplePanel } from './sampleFigure.js';
export { seriesFigure, seriesFigures, stateName } from './seriesFigures.js';
export { type SimulationPictures, simulationFigure, simulationFigures } from './simulationFigures.js';
export {
  chiPanel,
  type SusceptibilityFigureOptions,
  susceptibilityFigure,
  susceptibilityFigures,
} from './susceptibilityFigures.js';
export type { RichText, Run } from './text.js';
