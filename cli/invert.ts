import invertBounded from './invertBounded.js';
import invertConductance from './invertConductance.js';
import invertFourier from './invertFourier.js';
import { type InvertOptions, methodOf } from './invertOptions.js';
import { requireExtension, requireSeparate } from './options.js';

/** `savart invert SCAN`: by the bounded method where a cell is given, else by the Fourier method. */
export default async function invert([path]: string[], options: InvertOptions, version: string): Promise<void> {
  requireExtension('-o', options.out, ['.h5', '.hdf5', '.nxs']);
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  requireExtension('--report', options.report, ['.html', '.htm']);
  requireSeparate([path, options.psf, options.cell, options.reference], [options.out, options.report, options.figure]);
  const bounded = options.target === 'conductance' ? invertConductance : invertBounded;
  await (methodOf(options) === 'bounded' ? bounded : invertFourier)(path, options, version);
}
