import { NumericalError } from '../../errors.js';

/**
 * Branches between nodes. Every branch is a resistance with a voltage in series: from node `from` to node `to` it drops
 * emf + resistance i, its current i counted from `from` to `to`.
 */
export interface Circuit {
  readonly nodes: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Where the outer current comes in and where it leaves. */
  readonly source: number;
  readonly sink: number;
}

/** A circuit whose equations stand ready. */
export interface SolvableCircuit extends Circuit {
  /** Number of independent loops. */
  readonly loops: number;
  /** +1 or -1 where a loop goes along or against a branch, else 0: `[loop][branch]`. */
  readonly loopOf: Int8Array;
  /** The loops through each branch, ascending. */
  readonly loopsThrough: readonly Int32Array[];
  /** The same of the way from source to sink along the tree. */
  readonly way: Int8Array;
}

/**
 * Finds the loops of a connected circuit: branches are taken into a spanning tree in their order, each of the others
 * closes one loop. Put the branches of least resistance first (busbars, which may have none at all): then the unknowns
 * are currents of cells and the equations stay well conditioned down to busbars of no resistance, where equations for
 * the potentials of the nodes would lose all digits.
 * @throws {NumericalError} if a node is not connected.
 */
export function solvableCircuit(circuit: Circuit): SolvableCircuit {
  const { nodes, from, to } = circuit;
  const branches = from.length;
  const inTree = spanningTree(circuit);
  const { parent, parentBranch, depth } = rooted(circuit, inTree);
  const loops = branches - (nodes - 1);
  const loopOf = new Int8Array(loops * branches);
  const way = new Int8Array(branches);

  /** Adds the way along the tree from a to b. */
  const addWay = (a: number, b: number, out: Int8Array) => {
    while (a !== b) {
      const up = depth[a] >= depth[b];
      const node = up ? a : b;
      const branch = parentBranch[node];
      const along = (from[branch] === node) === up;
      out[branch] += along ? 1 : -1;
      if (up) a = parent[a];
      else b = parent[b];
    }
  };
  let loop = 0;
  for (let b = 0; b < branches; b++) {
    if (inTree[b] === 1) continue;
    const row = loopOf.subarray(loop * branches, (loop + 1) * branches);
    row[b] = 1;
    addWay(to[b], from[b], row);
    loop++;
  }
  addWay(circuit.source, circuit.sink, way);
  const loopsThrough = Array.from({ length: branches }, (_, b) =>
    Int32Array.from({ length: loops }, (_, l) => l).filter(l => loopOf[l * branches + b] !== 0),
  );
  return { ...circuit, loops, loopOf, loopsThrough, way };
}

/**
 * A solver with its own buffers. It sets `currents` (one per branch, A) for resistances (ohm) and voltages (V) of the
 * branches and the outer current (A): with B the loops and p the way from source to sink,
 *
 *     i = p I + B^T x,   B diag(R) B^T x = -B (U + R p I)
 *
 * (Kirchhoff's voltage law around every loop). The current law holds at every node by construction, to the rounding of
 * sums, whatever x.
 * @throws {NumericalError} from the solver where a loop has no positive resistance: its current has no limit.
 */
export function circuitSolver(
  circuit: SolvableCircuit,
): (resistance: Float64Array, emf: Float64Array, current: number, currents: Float64Array) => void {
  const { loops, loopOf, loopsThrough, way } = circuit;
  const branches = way.length;
  const matrix = new Float64Array(loops * loops);
  const x = new Float64Array(loops);
  return (resistance, emf, current, currents) => {
    matrix.fill(0);
    x.fill(0);
    for (let b = 0; b < branches; b++) {
      const r = resistance[b];
      const drop = emf[b] + r * way[b] * current;
      const through = loopsThrough[b];
      for (let p = 0; p < through.length; p++) {
        const l = through[p];
        const sign = loopOf[l * branches + b];
        x[l] -= sign * drop;
        for (let q = 0; q <= p; q++) matrix[l * loops + through[q]] += sign * loopOf[through[q] * branches + b] * r;
      }
    }
    solveInPlace(matrix, x);
    for (let b = 0; b < branches; b++) {
      let i = way[b] * current;
      for (const l of loopsThrough[b]) i += loopOf[l * branches + b] * x[l];
      currents[b] = i;
    }
  };
}

/** Voltage from source to sink, V: the drops along the tree. */
export function terminalVoltage(
  { way }: SolvableCircuit,
  resistance: Float64Array,
  emf: Float64Array,
  currents: Float64Array,
): number {
  let voltage = 0;
  for (let b = 0; b < way.length; b++) {
    if (way[b] !== 0) voltage += way[b] * (emf[b] + resistance[b] * currents[b]);
  }
  return voltage;
}

/** 1 for the branches of the tree (Kruskal's way, in the order of the branches). */
function spanningTree({ nodes, from, to }: Circuit): Uint8Array {
  const inTree = new Uint8Array(from.length);
  const root = Int32Array.from({ length: nodes }, (_, i) => i);
  const find = (node: number): number => {
    while (root[node] !== node) {
      root[node] = root[root[node]];
      node = root[node];
    }
    return node;
  };
  let joined = 0;
  for (let b = 0; b < from.length; b++) {
    const [p, q] = [find(from[b]), find(to[b])];
    if (p === q) continue;
    root[p] = q;
    inTree[b] = 1;
    joined++;
  }
  if (joined !== nodes - 1) throw new NumericalError('the circuit is not connected');
  return inTree;
}

/** The tree hung up at node 0. */
function rooted({ nodes, from, to }: Circuit, inTree: Uint8Array) {
  const neighbours: number[][] = Array.from({ length: nodes }, () => []);
  for (let b = 0; b < from.length; b++) {
    if (inTree[b] === 0) continue;
    neighbours[from[b]].push(b);
    neighbours[to[b]].push(b);
  }
  const parent = new Int32Array(nodes).fill(-1);
  const parentBranch = new Int32Array(nodes).fill(-1);
  const depth = new Int32Array(nodes);
  const open = [0];
  while (open.length > 0) {
    const node = open.pop() as number;
    for (const branch of neighbours[node]) {
      if (branch === parentBranch[node]) continue;
      const other = from[branch] === node ? to[branch] : from[branch];
      parent[other] = node;
      parentBranch[other] = branch;
      depth[other] = depth[node] + 1;
      open.push(other);
    }
  }
  return { parent, parentBranch, depth };
}

/** Solves the symmetric positive definite system whose lower triangle stands in `matrix`; both are overwritten. */
function solveInPlace(matrix: Float64Array, x: Float64Array): void {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k] * matrix[j * n + k];
      if (i !== j) {
        matrix[i * n + j] = sum / matrix[j * n + j];
      } else if (sum > 0) {
        matrix[i * n + i] = Math.sqrt(sum);
      } else {
        const advice = 'give every cell a positive resistance';
        throw new NumericalError('a loop of the pack has no resistance', { advice });
      }
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= matrix[i * n + k] * x[k];
    x[i] /= matrix[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= matrix[k * n + i] * x[k];
    x[i] /= matrix[i * n + i];
  }
}
