/** From samples wherever they were taken to the map that the Fourier method needs. */
export { movingLeastSquares } from './movingLeastSquares.js';
export { type GriddedField, type GriddingOptions, onRaster, toFieldMap } from './toFieldMap.js';
