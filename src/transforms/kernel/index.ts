import { convolvePass } from './convolve';
import { Job } from './job';
import { linePass } from './passes';
import { samplePass, spreadPass } from './points';
import { projectPass, shrinkPass } from './splitting';
import { trigonometricPass } from './trigonometric';

const CONVOLVE = 3;
const TRIGONOMETRIC = 4;
const PROJECT = 5;
const SHRINK = 6;
const SAMPLE = 7;
const SPREAD = 8;

/** Does the blocks from `from` to `to` of a job, with `scratch` as this thread's own room. */
export function run(at: usize, scratch: usize, from: i32, to: i32): void {
  const job = changetype<Job>(at);
  if (job.kind == CONVOLVE) convolvePass(job, scratch, from, to);
  else if (job.kind == TRIGONOMETRIC) trigonometricPass(job, scratch, from, to);
  else if (job.kind == PROJECT) projectPass(job, scratch, from, to);
  else if (job.kind == SHRINK) shrinkPass(job, scratch, from, to);
  else if (job.kind == SAMPLE) samplePass(job, from, to);
  else if (job.kind == SPREAD) spreadPass(job, from, to);
  else linePass(job, scratch, from, to);
}
