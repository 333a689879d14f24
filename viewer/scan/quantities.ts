import { formatNumber } from '../../src/figures/format.js';
import { solveSmall } from '../../src/linearAlgebra/smallSystem.js';
import type { ScanSnapshot } from '../../src/liveScan.js';

type Axes = ScanSnapshot['plan']['elements'][number]['axes'];

/** Something that the elements of a rig read together: a component of the field, or the field along one direction. */
export interface Quantity {
  /** `bx`, `by`, `bz`, or `along` with the direction. */
  readonly key: string;
  readonly name: string;
  /** Per element: what its channels are multiplied by; undefined where it does not see this quantity. */
  readonly weights: readonly (readonly number[] | undefined)[];
}

const COMPONENTS = [
  ['bx', 'Bx'],
  ['by', 'By'],
  ['bz', 'Bz'],
] as const;

/** An axis so close to one of the cell's is that axis. */
const ALIGNED = 1 - 1e-6;

/**
 * Bx, By and Bz in the cell's axes from every element that sees them: one with three axes sees all, another what its axes
 * point along. Axes that point elsewhere are quantities of their own.
 */
export function quantitiesOf(elements: readonly { readonly axes: Axes }[]): Quantity[] {
  const found = new Map<string, { name: string; weights: (readonly number[] | undefined)[] }>();
  const see = (element: number, key: string, name: string, weights: readonly number[]) => {
    const quantity = found.get(key) ?? { name, weights: elements.map(() => undefined) };
    quantity.weights[element] = weights;
    found.set(key, quantity);
  };
  elements.forEach(({ axes }, element) => {
    const inverse = axes.length === 3 ? inverseOf(axes) : undefined;
    if (inverse !== undefined) {
      for (const [k, [key, name]] of COMPONENTS.entries()) see(element, key, name, inverse.slice(3 * k, 3 * k + 3));
      return;
    }
    axes.forEach((axis, channel) => {
      const only = (weight: number) => axes.map((_, c) => (c === channel ? weight : 0));
      const k = axis.findIndex(part => Math.abs(part) > ALIGNED);
      if (k >= 0) {
        const [key, name] = COMPONENTS[k];
        see(element, key, name, only(Math.sign(axis[k])));
      } else {
        const direction = axis.map(part => formatNumber(part, 2)).join(', ');
        see(element, `along ${direction}`, `B along (${direction})`, only(1));
      }
    });
  });
  const order = COMPONENTS.map(([key]): string => key);
  const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return [...found].map(([key, quantity]) => ({ key, ...quantity })).sort((a, b) => place(a.key) - place(b.key));
}

/** The inverse of the matrix whose rows are the axes, row by row: (AᵀA)⁻¹Aᵀ; undefined where they lie in one plane. */
function inverseOf(axes: Axes): number[] | undefined {
  const normal = new Float64Array(9);
  const transposed = new Float64Array(9);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      transposed[3 * i + j] = axes[j][i];
      for (const axis of axes) normal[3 * i + j] += axis[i] * axis[j];
    }
  }
  const found = solveSmall(normal, 3, transposed, 3);
  return found === undefined ? undefined : Array.from(found);
}
