import type { Vector3 } from '../../src/biotSavart/index.js';
import { MU0 } from '../../src/constants.js';
import { InputError } from '../../src/errors.js';
import { COMPONENTS, type ComponentName, type FieldComponent, type FieldScan } from '../../src/fieldScan.js';
import { subtractReference } from '../../src/referenceScan.js';
import type { RemanenceMap } from '../../src/susceptibilityMap.js';
import { scanReadings } from '../bounded/scanReadings.js';
import { slabField } from './slabField.js';
import type { AppliedField, Slab, SusceptibilityOptions, SusceptibilitySolution } from './solution.js';
import { susceptibilityInversion } from './susceptibilityInversion.js';

/** Fields closer to each other than this part of the larger one do not tell induced from remanent magnetisation. */
const LEAST_CHANGE = 0.02;

export interface SeparatedMagnetisation {
  readonly susceptibility: SusceptibilitySolution;
  readonly remanence: RemanenceMap;
  /** The remanent magnetisation's own inversion: chi there is A/m. */
  readonly remanent: SusceptibilitySolution;
}

/**
 * Induced and remanent magnetisation from two scans of the same places in two applied fields. What does not change with the
 * field, remanence and magnetic parts nearby, goes out of the difference of the scans exactly: it gives chi, by the field's
 * change. What is left of their mean is inverted to a remanent magnetisation along one direction, which it cannot tell from
 * others by itself.
 *
 * @param second the scan in the field `secondField`; every sample of `scan` needs one of it within 0.2 mm
 * @param direction of the remanence; default that of the first applied field
 * @throws {InputError} where the two fields are the same, or the places differ
 */
export function separateRemanence(
  scan: FieldScan,
  second: FieldScan,
  slab: Slab,
  secondField: AppliedField,
  options: SusceptibilityOptions = {},
  direction?: Vector3,
): SeparatedMagnetisation {
  const [a, b] = [slab.field, secondField].map(
    field => (x: number, y: number) => (typeof field === 'function' ? field(x, y) : field),
  );
  const combined =
    (p: number, q: number) =>
    (x: number, y: number): Vector3 => {
      const [u, v] = [a(x, y), b(x, y)];
      return [p * u[0] + q * v[0], p * u[1] + q * v[1], p * u[2] + q * v[2]];
    };
  const middle = middleOf(slab);
  const first = a(...middle);
  const size = Math.max(Math.hypot(...first), Math.hypot(...b(...middle)));
  if (!(Math.hypot(...combined(1, -1)(...middle)) > LEAST_CHANGE * size)) {
    throw new InputError('the two applied fields are the same, so nothing tells induced from remanent magnetisation', {
      advice: 'measure again with the field reversed, or switched off',
    });
  }
  const difference = subtractReference(scan, second);
  const susceptibility = susceptibilityInversion(difference, { ...slab, field: combined(1, -1) }, options);

  const induced = slabField(scan, { ...slab, field: combined(0.5, 0.5) }, susceptibility.tiles, options.footprint);
  const rest = remainder(scan, difference, induced);
  const along = direction ?? first;
  const length = Math.hypot(...along);
  const unit: Vector3 = [along[0] / length, along[1] / length, along[2] / length];
  // A unit of 'chi' in a field of mu0 is a magnetisation of 1 A/m.
  const remanent = susceptibilityInversion(
    rest,
    { ...slab, field: [MU0 * unit[0], MU0 * unit[1], MU0 * unit[2]] },
    { ...options, drift: susceptibility.drift },
  );
  const { chi, chiErrors } = remanent.map;
  return {
    susceptibility,
    remanent,
    remanence: { direction: unit, magnetisation: chi, ...(chiErrors === undefined ? {} : { errors: chiErrors }) },
  };
}

/** The mean of the two scans, the first minus half of the difference, without the induced field. */
function remainder(scan: FieldScan, difference: FieldScan, induced: Float64Array): FieldScan {
  const { sample, component, count } = scanReadings(scan);
  const components: Partial<Record<ComponentName, FieldComponent>> = {};
  for (const name of COMPONENTS) {
    const own = scan.components[name];
    if (own === undefined) continue;
    const { values, sigma } = difference.components[name]!;
    components[name] = {
      values: own.values.map((v, s) => v - values[s] / 2),
      ...(sigma === undefined ? {} : { sigma: sigma.map(s => s / 2) }),
    };
  }
  for (let r = 0; r < count; r++) components[COMPONENTS[component[r]]]!.values[sample[r]] -= induced[r];
  const { sigma } = difference;
  return { ...scan, components, ...(sigma === undefined ? {} : { sigma: sigma / 2 }) };
}

function middleOf({ outline }: Slab): [number, number] {
  const { corners } = outline;
  const middle: [number, number] = [0, 0];
  for (let i = 0; i < corners.length; i++) middle[i % 2] += (2 * corners[i]) / corners.length;
  return middle;
}
