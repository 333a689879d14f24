import type { AxisName } from '../../src/fieldMap.js';
import { COMPONENTS, type FieldScan, measuredComponents } from '../../src/fieldScan.js';
import type { Footprint, Readings } from '../../src/forward/index.js';

/** The scalar readings of a scan, sample by sample: those of sample s are `first[s]` to `first[s + 1] - 1`. */
export interface ScanReadings extends Readings {
  readonly count: number;
  /** Over which every sensor averages. */
  readonly footprint: Footprint | undefined;
  /** T */
  readonly value: Float64Array;
  /** Noise, T; 1 where the scan states none. */
  readonly sigma: Float64Array;
  readonly sigmaStated: boolean;
  readonly first: Int32Array;
  /** Sample of each reading. */
  readonly sample: Int32Array;
  /** Index into COMPONENTS of each reading. */
  readonly component: Uint8Array;
  /** T, as measured: `value` may have known fields taken off. */
  readonly raw: Float64Array;
  /** Sensor of each reading, where the scan tells them apart. */
  readonly sensor: Int32Array | undefined;
  readonly sensorNames: readonly string[];
  /** Cartesian components that were measured. */
  readonly axes: readonly AxisName[];
}

/** Readings of the samples for which `wanted` is 1; the others take no part. */
export function scanReadings(scan: FieldScan, wanted?: Uint8Array, footprint?: Footprint): ScanReadings {
  const names = measuredComponents(scan);
  const samples: number[] = [];
  for (let s = 0; s < scan.count; s++) if (wanted === undefined || wanted[s] === 1) samples.push(s);
  const count = samples.length * names.length;
  const array = () => new Float64Array(count);
  const readings = { x: array(), y: array(), z: array(), nx: array(), ny: array(), nz: array() };
  const value = array();
  const sigma = array();
  const sample = new Int32Array(count);
  const component = new Uint8Array(count);
  const sensor = scan.sensor && new Int32Array(count);
  const first = new Int32Array(scan.count + 1);
  const stated = names.every(name => scan.sigma !== undefined || scan.components[name]!.sigma !== undefined);
  let r = 0;
  let next = 0;
  for (let s = 0; s < scan.count; s++) {
    first[s] = r;
    if (samples[next] !== s) continue;
    next++;
    for (const name of names) {
      const { values, sigma: own } = scan.components[name]!;
      readings.x[r] = scan.x[s];
      readings.y[r] = scan.y[s];
      readings.z[r] = scan.z[s];
      readings.nx[r] = name === 'b' ? scan.direction!.x[s] : name === 'bx' ? 1 : 0;
      readings.ny[r] = name === 'b' ? scan.direction!.y[s] : name === 'by' ? 1 : 0;
      readings.nz[r] = name === 'b' ? scan.direction!.z[s] : name === 'bz' ? 1 : 0;
      value[r] = values[s];
      sigma[r] = stated ? (own?.[s] ?? scan.sigma!) : 1;
      sample[r] = s;
      if (sensor) sensor[r] = scan.sensor![s];
      component[r] = COMPONENTS.indexOf(name);
      r++;
    }
  }
  first[scan.count] = r;
  const axes = names.filter((name): name is AxisName => name !== 'b');
  return {
    ...readings,
    count,
    footprint,
    value,
    raw: value,
    sigma,
    sigmaStated: stated,
    first,
    sample,
    component,
    sensor,
    sensorNames: scan.sensorNames ?? [],
    axes,
  };
}
