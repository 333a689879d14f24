import { more } from '../../transforms/kernel/fused';
import { Job } from './job';
import { two } from './vectors';

/** Numbers of a hat: a middle, four sides and four corners, row by row. */
const HAT = 9;

/**
 * Rows of one place, block b: for every source i, sum over the points of the place of
 * area_i r^-5 (a rx + b ry + c (3 zz - r^2)), r = (rx, ry, z) from the source to the point.
 */
export function dipoleBlock(job: Job, b: i32): void {
  if (job.short) dipoleRows<f32>(job, b);
  else dipoleRows<f64>(job, b);
}

// @ts-ignore: decorator
@inline
function put<T>(at: usize, pair: bool, value: v128): void {
  if (sizeof<T>() == 8) {
    if (pair) v128.store(at, value);
    else v128.store64_lane(at, value, 0);
  } else {
    const short = f32x4.demote_f64x2_zero(value);
    if (pair) v128.store64_lane(at, short, 0);
    else v128.store32_lane(at, short, 0);
  }
}

function dipoleRows<T>(job: Job, b: i32): void {
  const perPlace = job.depth;
  const first = load<i32>(job.along + 4 * <usize>b);
  const last = load<i32>(job.along + 4 * <usize>b, 4);
  for (let q = 0; q < perPlace; q++) {
    const point = job.source + 24 * <usize>(b * perPlace + q);
    const px = v128.load64_splat(point);
    const py = v128.load64_splat(point, 8);
    const zz = v128.load64_splat(point, 16);
    const zz3 = f64x2.mul(f64x2.splat(3), zz);
    const looks = job.deep + 24 * <usize>(first * perPlace + q);
    for (let i: i32 = 0; i < job.count; i += 2) {
      const pair = i + 1 < job.count;
      const at = 8 * <usize>i;
      const rx = f64x2.sub(px, pair ? v128.load(job.p + at) : v128.load64_splat(job.p + at));
      const ry = f64x2.sub(py, pair ? v128.load(job.q + at) : v128.load64_splat(job.q + at));
      const area = pair ? v128.load(job.weights + at) : v128.load64_splat(job.weights + at);
      const rr = more<f64>(more<f64>(zz, rx, rx), ry, ry);
      const inverse = f64x2.div(f64x2.splat(1), rr);
      const strength = f64x2.mul(area, f64x2.mul(f64x2.mul(inverse, inverse), f64x2.sqrt(inverse)));
      const upright = f64x2.sub(zz3, rr);
      let look = looks;
      let target = job.target + <usize>first * job.stride + sizeof<T>() * <usize>i;
      for (let r = first; r < last; r++, look += 24 * <usize>perPlace, target += job.stride) {
        const level = more<f64>(f64x2.mul(v128.load64_splat(look), rx), v128.load64_splat(look, 8), ry);
        let value = f64x2.mul(strength, more<f64>(level, v128.load64_splat(look, 16), upright));
        if (q > 0) value = f64x2.add(value, pair ? two<T>(target) : f64x2.splat(<f64>load<T>(target)));
        put<T>(target, pair, value);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function source(row: usize, hat: usize, k: usize): f64 {
  return load<f64>(row + 8 * <usize>load<i32>(hat + 4 * k));
}

/** Row b of hats, from that of their sources: the middle, half of the sides and a quarter of the corners. */
export function hatBlock(job: Job, b: i32): void {
  if (job.short) hatRow<f32>(job, b);
  else hatRow<f64>(job, b);
}

function hatRow<T>(job: Job, b: i32): void {
  const row = job.source + <usize>b * job.along;
  let hat = job.weights;
  let target = job.target + <usize>b * job.stride;
  for (let f = 0; f < job.columns; f++, hat += 4 * HAT, target += sizeof<T>()) {
    const sides = source(row, hat, 1) + source(row, hat, 3) + source(row, hat, 5) + source(row, hat, 7);
    const corners = source(row, hat, 0) + source(row, hat, 2) + source(row, hat, 6) + source(row, hat, 8);
    store<T>(target, <T>(source(row, hat, 4) + 0.5 * sides + 0.25 * corners));
  }
}
