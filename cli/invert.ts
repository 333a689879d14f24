import invertBounded from './invertBounded.js';
import invertConductance from './invertConductance.js';
import invertFourier from './invertFourier.js';
import { checkTarget, type InvertOptions, methodOf } from './invertOptions.js';
import invertSusceptibility from './invertSusceptibility.js';
import { requireExtension, requireSeparate } from './options.js';

/** `savart invert SCAN`: the current by the bounded method where a cell is given, else by the Fourier method; the susceptibility. */
export default async function invert([path]: string[], options: InvertOptions, version: string): Promise<void> {
  requireExtension('-o', options.out, ['.h5', '.hdf5', '.nxs']);
  requireExtension('--figure', options.figure, ['.png', '.svg']);
  requireExtension('--report', options.report, ['.html', '.htm']);
  const { psf, cell, reference, appliedField, second, target } = options;
  requireSeparate([path, psf, cell, reference, appliedField, second], [options.out, options.report, options.figure]);
  checkTarget(options);
  if (target === 'susceptibility') return invertSusceptibility(path, options, version);
  const bounded = target === 'conductance' ? invertConductance : invertBounded;
  await (methodOf(options) === 'bounded' ? bounded : invertFourier)(path, options, version);
}
