/** Hears the part of the work that is done, 0..1, and what comes next. */
export type Progress = (part: number, next: string) => void;

/**
 * A progress that never goes back: where the work starts again (the scan was moved, a finer model is needed), what is left
 * of the scale is shared out anew.
 */
export function onward(report: Progress): Progress {
  let floor = 0;
  let last = 0;
  let shown = 0;
  return (part, next) => {
    if (part < last) floor = shown;
    last = part;
    shown = Math.max(shown, floor + (1 - floor) * part);
    report(shown, next);
  };
}
