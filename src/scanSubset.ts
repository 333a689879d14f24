import type { ComponentName, FieldComponent, FieldScan } from './fieldScan.js';

/**
 * Some samples of a scan, in the order given, with everything that belongs to them.
 * @param samples indices
 * @param names the components to keep; all if left out
 */
export function scanSubset(
  scan: FieldScan,
  samples: ArrayLike<number>,
  names: readonly ComponentName[] = Object.keys(scan.components) as ComponentName[],
): FieldScan {
  const pick = (values: Float64Array) => Float64Array.from(samples, i => values[i]);
  const components: Partial<Record<ComponentName, FieldComponent>> = {};
  for (const name of names) {
    const { values, quadrature, sigma } = scan.components[name]!;
    components[name] = {
      values: pick(values),
      ...(quadrature === undefined ? {} : { quadrature: pick(quadrature) }),
      ...(sigma === undefined ? {} : { sigma: pick(sigma) }),
    };
  }
  const { direction, sensor, time, line, current, soc, temperature, ...rest } = scan;
  return {
    ...rest,
    count: samples.length,
    x: pick(scan.x),
    y: pick(scan.y),
    z: pick(scan.z),
    components,
    ...(direction === undefined || !names.includes('b')
      ? {}
      : { direction: { x: pick(direction.x), y: pick(direction.y), z: pick(direction.z) } }),
    ...(sensor === undefined ? {} : { sensor: Int32Array.from(samples, i => sensor[i]) }),
    ...(time === undefined ? {} : { time: pick(time) }),
    ...(line === undefined ? {} : { line: pick(line) }),
    ...(current === undefined ? {} : { current: pick(current) }),
    ...(soc === undefined ? {} : { soc: pick(soc) }),
    ...(temperature === undefined ? {} : { temperature: pick(temperature) }),
  };
}
