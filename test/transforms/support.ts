import fc from 'fast-check';

export { dot as product, normals as normal, relativeError } from '../numbers.js';

/** Lengths with every radix, alone and mixed. */
export const LENGTHS = fc.constantFrom(1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 20, 25, 27, 30, 32, 40, 48, 60, 64, 96);
