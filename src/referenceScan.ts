import { InputError } from './errors.js';
import { type ComponentName, type FieldComponent, type FieldScan, measuredComponents } from './fieldScan.js';
import { nearestSamples } from './samplePairs.js';

/** Samples of the two scans further apart than this are not the same place, m. */
export const REFERENCE_DISTANCE = 0.2e-3;
/** A scan with more than this part of the scan's current is no current-off scan. */
const NO_CURRENT = 0.01;

/**
 * The scan minus a scan of the same places without current: the earth's field, magnetised parts and the offsets of the
 * sensors go, the cell's current stays. Each reading loses that of the nearest sample of the reference; the noise of the
 * two adds in quadrature. Where only one of the scans states its noise, the other is taken to be as noisy.
 * @throws {InputError} where samples have no partner within {@link REFERENCE_DISTANCE}, where the reference lacks a
 * component or was taken with current, or where units or directions differ.
 */
export function subtractReference(scan: FieldScan, reference: FieldScan): FieldScan {
  checkComparable(scan, reference);
  const partner = partners(scan, reference);
  const components: Partial<Record<ComponentName, FieldComponent>> = {};
  for (const name of measuredComponents(scan)) {
    const on = scan.components[name]!;
    const off = reference.components[name]!;
    const values = on.values.map((v, s) => v - off.values[partner[s]]);
    const quadrature =
      on.quadrature === undefined ? undefined : on.quadrature.map((v, s) => v - (off.quadrature?.[partner[s]] ?? 0));
    const sigmaOn = (s: number) => on.sigma?.[s] ?? scan.sigma;
    const sigmaOff = (s: number) => off.sigma?.[partner[s]] ?? reference.sigma;
    const stated = sigmaOn(0) !== undefined || sigmaOff(0) !== undefined;
    const sigma = values.map((_, s) =>
      Math.hypot(sigmaOn(s) ?? sigmaOff(s) ?? Number.NaN, sigmaOff(s) ?? sigmaOn(s) ?? Number.NaN),
    );
    components[name] = {
      values,
      ...(quadrature === undefined ? {} : { quadrature }),
      ...(stated ? { sigma } : {}),
    };
  }
  const { sigma, ...rest } = scan;
  const constant = sigma ?? reference.sigma;
  // Every reading now has its own noise; the scan's stands for the file's header and is kept in step.
  return {
    ...rest,
    components,
    ...(constant === undefined ? {} : { sigma: Math.hypot(constant, reference.sigma ?? constant) }),
  };
}

function checkComparable(scan: FieldScan, reference: FieldScan): void {
  for (const name of measuredComponents(scan)) {
    if (reference.components[name] !== undefined) continue;
    throw new InputError(`${name} was not measured in the reference`, {
      column: name,
      advice: 'take the reference with the same sensors',
    });
  }
  if (scan.relativeUnit !== reference.relativeUnit) {
    const unit = (given: FieldScan) => given.relativeUnit ?? 'T';
    throw new InputError(`the reference is in ${unit(reference)}, the scan in ${unit(scan)}`, {
      advice: 'give both in one unit',
    });
  }
  const flowing = largest(reference.current);
  if (flowing > NO_CURRENT * (largest(scan.current) || 1)) {
    throw new InputError(`the reference was taken with up to ${Number(flowing.toPrecision(3))} A`, {
      column: 'current_A',
      advice: 'give a scan without current',
    });
  }
}

function largest(values: Float64Array | undefined): number {
  return values?.reduce((most, v) => Math.max(most, Math.abs(v)), 0) ?? 0;
}

/**
 * The sample of the reference that is nearest to each sample.
 * @throws {InputError} where there is none
 */
function partners(scan: FieldScan, reference: FieldScan): Int32Array {
  const out = nearestSamples(scan, reference, REFERENCE_DISTANCE);
  const missing = out.reduce((count, r) => (r < 0 ? count + 1 : count), 0);
  if (missing > 0) {
    const first = out.indexOf(-1);
    const mm = (v: number) => Number((1e3 * v).toFixed(2));
    const place = `(${mm(scan.x[first])}, ${mm(scan.y[first])}, ${mm(scan.z[first])}) mm`;
    const reach = mm(REFERENCE_DISTANCE);
    throw new InputError(
      `${missing} of ${scan.count} samples of the scan have no sample of the reference within ${reach} mm, the first at ${place}`,
      { advice: 'take the reference along the same path' },
    );
  }
  return out;
}
