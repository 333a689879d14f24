/**
 * Closed forms of the Biot-Savart law. Every `...Field` function adds the field (T) of one source at n points (m) to
 * buffers that the caller owns, so that sources superpose; start from `zeroField`.
 */
export { type FieldVectors, type Positions, positionsOf, type Vector3, zeroField } from './buffers.js';
export { type CircularLoop, circularLoopField } from './circularLoop.js';
export { dipoleField } from './dipole.js';
export { type Prism, prismField } from './prism.js';
export { prismKernel } from './prismKernel.js';
export { magnetisedTileField, type Rectangle, rectangleBetween, rectangleLoopField } from './rectangle.js';
export { rectangleLoopKernel } from './rectangleLoopKernel.js';
export { sheetField } from './sheet.js';
export { rectangleLogarithm, rectangleSolidAngle } from './sheetKernel.js';
export { infiniteStripField, type Strip, stripField } from './strip.js';
export { polylineField, wireField } from './wire.js';
