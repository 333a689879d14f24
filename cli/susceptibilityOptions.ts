import { measuredField } from '../inversion/susceptibility/appliedField.js';
import type { AppliedField, SusceptibilityOptions } from '../inversion/susceptibility/solution.js';
import type { Vector3 } from '../src/biotSavart/index.js';
import { InputError, UsageError } from '../src/errors.js';
import type { ProcessRecord } from '../src/result.js';
import { located, readScan } from './invertInput.js';
import { footprintOf, type InvertOptions } from './invertOptions.js';
import { millimetres, numberOption } from './options.js';
import { progressLine } from './progress.js';

/** The options that shape the map. Also for the scans of a series. */
export function susceptibilityOptions(options: InvertOptions): SusceptibilityOptions {
  const lambda = numberOption('--lambda', options.lambda, { above: 0 });
  const pitch = millimetres('--pitch-mm', options.pitchMm, 0);
  const footprint = footprintOf(options);
  return {
    ...(lambda === undefined ? {} : { lambda }),
    ...(pitch === undefined ? {} : { pitch }),
    ...(footprint === undefined ? {} : { footprint }),
    ...(options.prior === undefined ? {} : { prior: options.prior }),
    ...(options.drift === undefined ? {} : { drift: options.drift }),
    ...(options.errors === false ? { errors: false } : {}),
    onProgress: progressLine('inverting'),
  };
}

/**
 * The field that magnetises the cell: of the command line, of a map, or of the cell.
 * @throws {InputError} where none of them tells it, or it is zero
 */
export async function appliedField(
  options: Pick<InvertOptions, 'fieldUT' | 'appliedField'>,
  ofCell: Vector3 | undefined,
  cellPath: string,
): Promise<{ field: AppliedField; files: ProcessRecord['inputs']; warnings: readonly string[] }> {
  if (options.fieldUT !== undefined && options.appliedField !== undefined) {
    throw new UsageError('--field-uT and --applied-field both say the applied field', { advice: 'give one of them' });
  }
  if (options.appliedField !== undefined) {
    const { path, scan, input } = await readScan(options.appliedField, undefined, undefined);
    const { at, warnings } = located(path, () => measuredField(scan));
    return { field: at, files: [input], warnings };
  }
  const given = vectorOption('--field-uT', options.fieldUT);
  const field = given === undefined ? ofCell : microteslas(given);
  if (field === undefined || field.every(v => v === 0)) {
    throw new InputError('no applied field is given, and chi is what the cell adds to it', {
      file: cellPath,
      column: 'applied_field_uT',
      advice: 'add applied_field_uT: [x, y, z], or give --field-uT',
    });
  }
  return { field, files: [], warnings: [] };
}

/** @throws {UsageError} for a second scan whose field is not known, and for options that go with none */
export function checkSecond({ second, secondFieldUT, remanenceAlong, reference }: InvertOptions): void {
  if ((second === undefined) !== (secondFieldUT === undefined)) {
    throw new UsageError('a second scan needs its applied field, and the other way round', {
      advice: 'give --second and --second-field-uT together',
    });
  }
  if (remanenceAlong !== undefined && second === undefined) {
    throw new UsageError('--remanence-along needs a second scan in another field', { advice: 'give --second' });
  }
  if (second !== undefined && reference !== undefined) {
    throw new UsageError(
      '--second and --reference exclude each other: the difference of the two scans needs no reference',
      {
        advice: 'leave one of them out',
      },
    );
  }
}

/** Noise of a reading as the command line says it, uT. */
export function sigmaOf(options: InvertOptions): number | undefined {
  return numberOption('--sigma-uT', options.sigmaUT, { above: 0 });
}

/** Three numbers with commas between them. */
export function vectorOption(name: string, text: string | undefined): Vector3 | undefined {
  if (text === undefined) return undefined;
  const parts = text.split(',').map(part => (part.trim() === '' ? Number.NaN : Number(part)));
  if (parts.length !== 3 || !parts.every(Number.isFinite)) {
    throw new UsageError(`${name} needs three numbers with commas, not '${text}'`, {
      advice: `such as ${name}=0,0,250`,
    });
  }
  return [parts[0], parts[1], parts[2]];
}

export function microteslas([x, y, z]: Vector3): Vector3 {
  return [1e-6 * x, 1e-6 * y, 1e-6 * z];
}
