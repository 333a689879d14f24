/** Laying pictures of a cell (X-ray, neutrons, ultrasound, heat) over its maps, and telling how alike they are. */
export {
  fitPoints,
  inversePlaneMap,
  type PlaneMap,
  type PointFit,
  type PointPair,
  toPlaneX,
  toPlaneY,
} from './affine.js';
export { type InformationFit, registerByInformation } from './byInformation.js';
export { type Correlation, correlation } from './correlation.js';
export { type CellInPicture, cellInPicture, type Extent, fitOutline, type OutlineFit } from './outline.js';
export { oriented, type Picture, sampledOn } from './picture.js';
