import { dipoleBlock, hatBlock } from './dipoles';
import { Job } from './job';
import { packBlock } from './pack';
import { productBlock } from './product';
import { clearBlock, mirrorBlock, scatterBlock } from './scatter';
import { sparseBlock } from './sparse';
import { factorBlock, solveBlock, solveVector } from './triangle';
import { symmetricBlock, timesBlock, timesTransposedBlock } from './vectors';

const PACK = 0;
const FACTOR = 1;
const SOLVE = 2;
const PRODUCT = 3;
const TIMES = 4;
const TIMES_TRANSPOSED = 5;
const SOLVE_VECTOR = 6;
const DIPOLES = 7;
const HATS = 8;
const SCATTER = 9;
const MIRROR = 10;
const CLEAR = 11;
const SPARSE = 12;
const SYMMETRIC = 13;

/** Does the blocks from `from` to `to` of a job, with `scratch` as this thread's own room. */
export function run(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<Job>(at);
  const kind = job.kind;
  for (let b = from; b < to; b++) {
    if (kind == PRODUCT) productBlock(job, b, scratch);
    else if (kind == SOLVE) solveBlock(job, b);
    else if (kind == PACK) packBlock(job, b);
    else if (kind == FACTOR) factorBlock(job);
    else if (kind == TIMES) timesBlock(job, b);
    else if (kind == TIMES_TRANSPOSED) timesTransposedBlock(job, b);
    else if (kind == SOLVE_VECTOR) solveVector(job);
    else if (kind == DIPOLES) dipoleBlock(job, b);
    else if (kind == HATS) hatBlock(job, b);
    else if (kind == SCATTER) scatterBlock(job, b);
    else if (kind == MIRROR) mirrorBlock(job, b);
    else if (kind == CLEAR) clearBlock(job, b);
    else if (kind == SPARSE) sparseBlock(job, b);
    else if (kind == SYMMETRIC) symmetricBlock(job);
  }
}
