import type { DriftModel } from '../inversion/susceptibility/drift.js';
import { UsageError } from '../src/errors.js';
import { boxFootprint, discFootprint, type Footprint } from '../src/forward/index.js';
import { millimetres } from './options.js';
import type { CommonOptions } from './run.js';

export type InvertMethod = 'bounded' | 'fourier';
export type InvertTarget = 'current' | 'conductance' | 'susceptibility';

/** The options of `savart invert`, as texts. */
export interface InvertOptions extends CommonOptions {
  readonly out?: string;
  readonly report?: string;
  readonly figure?: string;
  readonly method?: InvertMethod;
  readonly target?: InvertTarget;
  /** Of the conductance: weight of the total variation, 1/m, and members of the ensemble. */
  readonly variationWeight?: string;
  readonly ensemble?: string;
  readonly cell?: string;
  readonly reference?: string;
  readonly lambda?: string;
  readonly sigmaUT?: string;
  // Of the bounded method.
  readonly pitchMm?: string;
  /** False with `--no-errors`. */
  readonly errors?: boolean;
  readonly place?: 'given' | 'fit';
  readonly swelling?: boolean;
  readonly gainErrorPct?: string;
  readonly positionErrorMm?: string;
  readonly currentErrorPct?: string;
  readonly frequencyHz?: string;
  // Of a batch.
  readonly workers?: string;
  readonly resume?: boolean;
  // Of the susceptibility.
  readonly fieldUT?: string;
  readonly appliedField?: string;
  readonly prior?: 'smooth' | 'variation';
  readonly drift?: DriftModel;
  readonly second?: string;
  readonly secondFieldUT?: string;
  readonly remanenceAlong?: string;
  // Of the Fourier method.
  readonly standoffMm?: string;
  readonly relative?: string;
  readonly sensorDiscMm?: string;
  readonly sensorSquareMm?: string;
  readonly psf?: string;
  readonly psfKind?: 'dipole' | 'area';
  readonly psfStandoffMm?: string;
  readonly order?: string;
  readonly exterior?: string;
  readonly background?: 'auto' | 'fit' | 'none' | 'linear';
}

const ONLY_FOURIER = {
  standoffMm: ['--standoff-mm', 'the samples must carry their own z, counted from the middle of the cell'],
  relative: ['--relative', 'it compares the readings with the known current, so they must be in tesla'],
  psf: ['--psf', 'it averages over a disc or a square'],
  psfKind: ['--psf-kind', 'it averages over a disc or a square'],
  psfStandoffMm: ['--psf-standoff-mm', 'it averages over a disc or a square'],
  order: ['--order', 'its penalty is that of the cell'],
  exterior: ['--exterior', 'it always fits the currents outside the outline'],
} as const satisfies Partial<Record<keyof InvertOptions, readonly [string, string]>>;

const ONLY_BOUNDED = {
  pitchMm: '--pitch-mm',
  place: '--place',
  swelling: '--swelling',
  gainErrorPct: '--gain-error-pct',
  positionErrorMm: '--position-error-mm',
  currentErrorPct: '--current-error-pct',
} as const satisfies Partial<Record<keyof InvertOptions, string>>;

const ONLY_SUSCEPTIBILITY = {
  fieldUT: '--field-uT',
  appliedField: '--applied-field',
  prior: '--prior',
  drift: '--drift',
  second: '--second',
  secondFieldUT: '--second-field-uT',
  remanenceAlong: '--remanence-along',
} as const satisfies Partial<Record<keyof InvertOptions, string>>;

const NOT_SUSCEPTIBILITY = {
  method: '--method',
  place: '--place',
  gainErrorPct: '--gain-error-pct',
  positionErrorMm: '--position-error-mm',
  currentErrorPct: '--current-error-pct',
  standoffMm: '--standoff-mm',
  relative: '--relative',
  psf: '--psf',
  psfKind: '--psf-kind',
  psfStandoffMm: '--psf-standoff-mm',
  order: '--order',
  exterior: '--exterior',
  background: '--background',
  frequencyHz: '--frequency-Hz',
} as const satisfies Partial<Record<keyof InvertOptions, string>>;

/** @throws {UsageError} for options of the current where the susceptibility is wanted, and the other way round. */
export function checkTarget(options: InvertOptions): void {
  const [wrong, target] =
    options.target === 'susceptibility'
      ? ([NOT_SUSCEPTIBILITY, 'the current'] as const)
      : ([ONLY_SUSCEPTIBILITY, 'the susceptibility'] as const);
  for (const [key, flag] of Object.entries(wrong)) {
    if (options[key as keyof InvertOptions] === undefined) continue;
    throw new UsageError(`${flag} is an option of maps of ${target}`, {
      advice: target === 'the current' ? 'leave it out' : 'leave it out, or add --target susceptibility',
    });
  }
}

/**
 * The method that was asked for: the bounded one for a cell, else the Fourier method.
 * @throws {UsageError} for options that the method does not know.
 */
export function methodOf(options: InvertOptions): InvertMethod {
  checkConductance(options);
  const method = options.method ?? (options.cell === undefined ? 'fourier' : 'bounded');
  if (method === 'bounded') {
    if (options.cell === undefined) {
      throw new UsageError('the bounded method needs the outline and the tabs of the cell', {
        advice: 'give --cell cell.yaml, or leave --method out',
      });
    }
    for (const [key, [flag, why]] of Object.entries(ONLY_FOURIER)) {
      if (options[key as keyof InvertOptions] === undefined) continue;
      throw new UsageError(`${flag} is an option of the Fourier method; the bounded method has no use for it: ${why}`, {
        advice: 'leave it out, or add --method fourier',
      });
    }
    if (options.background === 'auto' || options.background === 'none') {
      throw new UsageError(
        `--background ${options.background} is a choice of the Fourier method; the bounded method fits a constant field or more`,
        {
          advice: 'leave it out, say linear, or add --method fourier',
        },
      );
    }
    return method;
  }
  const bounded = Object.entries(ONLY_BOUNDED).find(([key]) => options[key as keyof InvertOptions] !== undefined)?.[1];
  const flag =
    options.errors === false ? '--no-errors' : options.background === 'linear' ? '--background linear' : bounded;
  if (flag !== undefined) {
    throw new UsageError(`${flag} is an option of the bounded method, not of the Fourier method`, {
      advice: options.cell === undefined ? 'leave it out, or give --cell' : 'leave it out, or leave out --method',
    });
  }
  return method;
}

/** A map of the conductance needs the bounded method; its options say nothing of the current alone. */
function checkConductance({ target, method, cell, variationWeight, ensemble, errors }: InvertOptions): void {
  if (target === 'conductance') {
    if (method === 'fourier' || cell === undefined) {
      throw new UsageError('the conductance of a foil follows from the outline, the tabs and the foils of a cell', {
        advice: 'give --cell cell.yaml, and leave --method fourier out',
      });
    }
    if (errors === false) {
      throw new UsageError('--no-errors is an option of --target current', { advice: 'leave it out' });
    }
    return;
  }
  const flag = variationWeight !== undefined ? '--variation-weight' : ensemble !== undefined ? '--ensemble' : undefined;
  if (flag === undefined) return;
  throw new UsageError(`${flag} is an option of --target conductance`, { advice: 'leave it out, or give that target' });
}

/** The extent of the sensor; undefined for a point. */
export function footprintOf(options: InvertOptions): Footprint | undefined {
  const disc = millimetres('--sensor-disc-mm', options.sensorDiscMm, 0);
  const square = millimetres('--sensor-square-mm', options.sensorSquareMm, 0);
  if (disc !== undefined) return discFootprint(disc / 2);
  return square === undefined ? undefined : boxFootprint(square, square, 0);
}

/** The options that shape the result, as they were given. */
export function givenOf({
  json,
  debug,
  out,
  report,
  figure,
  workers,
  resume,
  errors,
  ...given
}: InvertOptions): Record<string, unknown> {
  return { ...given, ...(errors === false ? { errors } : {}) };
}

/** The input files beside the scan, as far as they were given. */
export function sideFiles({ cell, reference, psf, appliedField, second }: InvertOptions): string[] {
  return [cell, reference, psf, appliedField, second].filter(path => path !== undefined);
}
