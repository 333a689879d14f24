/** The library of defects: changed models of a healthy cell. */
export { applyDefect, applyDefects } from './applyDefect.js';
export type { Defect, DefectKind, WhichPair } from './defect.js';
export { DEFECT_NAMES, defectsJsonSchema } from './defectSchema.js';
export { deadSpot, hotSpot, misalignedElectrodes, pointShort } from './electrodeDefects.js';
export { foilHole, foilSlit, foldedElectrode, thinnedFoil } from './foilDefects.js';
export { parseDefects } from './parseDefects.js';
export { missingTab, partialWeld } from './tabDefects.js';
