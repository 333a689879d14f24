import type { CurrentMap } from '../../src/currentMap.js';
import { COMPONENTS, type ComponentName, type FieldComponent, type FieldScan } from '../../src/fieldScan.js';

/** Whether a scan is of an alternating field: lock-in readings with a quadrature part. */
export function isAlternating(scan: FieldScan): boolean {
  return COMPONENTS.some(name => scan.components[name]?.quadrature !== undefined);
}

/** A lock-in scan turned so that its field is as much in phase as one angle can make it. */
export interface Phases {
  /** rad, in (-pi/2, pi/2]: the field is (inPhase + i quadrature) e^(i phase). */
  readonly phase: number;
  readonly inPhase: FieldScan;
  readonly quadrature: FieldScan;
}

/**
 * Turns the lock-in's phase: the angle that leaves the least energy in quadrature, half the argument of the sum of (a + i b)^2.
 * Both parts keep the noise of the readings, which a rotation does not change. A component without quadrature has none.
 */
export function splitPhases(scan: FieldScan): Phases {
  let [real, imaginary] = [0, 0];
  const parts = COMPONENTS.flatMap(name => {
    const component = scan.components[name];
    if (component === undefined) return [];
    const { values: a, quadrature: b = new Float64Array(scan.count) } = component;
    // Offsets have a phase of their own, which is not that of the current.
    const [ma, mb] = [meanOf(a), meanOf(b)];
    for (let s = 0; s < scan.count; s++) {
      real += (a[s] - ma) ** 2 - (b[s] - mb) ** 2;
      imaginary += 2 * (a[s] - ma) * (b[s] - mb);
    }
    return [{ name, a, b, sigma: component.sigma }];
  });
  const phase = real === 0 && imaginary === 0 ? 0 : Math.atan2(imaginary, real) / 2;
  const [c, s] = [Math.cos(phase), Math.sin(phase)];
  const turned = (along: number, across: number): FieldScan => {
    const components: Partial<Record<ComponentName, FieldComponent>> = {};
    for (const { name, a, b, sigma } of parts) {
      const values = a.map((v, i) => along * v + across * b[i]);
      components[name] = sigma === undefined ? { values } : { values, sigma };
    }
    return { ...scan, components };
  };
  return { phase, inPhase: turned(c, s), quadrature: turned(-s, c) };
}

/** Turns two maps of the current back to the lock-in's own phase: (p + i q) e^(i phase). Errors and resolution are those of p. */
export function turnedBack(
  p: CurrentMap,
  q: CurrentMap,
  phase: number,
): { inPhase: CurrentMap; quadrature: CurrentMap } {
  const [c, s] = [Math.cos(phase), Math.sin(phase)];
  const combined = (along: number, across: number): CurrentMap => {
    const of = (u: Float64Array, v: Float64Array) => u.map((value, i) => along * value + across * v[i]);
    return { ...p, psi: of(p.psi, q.psi), kx: of(p.kx, q.kx), ky: of(p.ky, q.ky) };
  };
  return { inPhase: combined(c, -s), quadrature: combined(s, c) };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
