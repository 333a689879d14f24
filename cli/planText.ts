import { FALSE_ALARMS, FOUND } from '../inversion/planner/detector.js';
import type { PlannedDefect, ScanPlan } from '../inversion/planner/planScan.js';
import { faultName, holeSentences, uniformity } from '../inversion/planner/sightStatements.js';
import type { Setting, WantedPlan } from '../inversion/planner/wantedPlan.js';
import { formatNumber, formatQuantity, type ReportRow } from '../src/figures/index.js';

export const DEFECT_HEAD = ['defect', 'change', 'times the error', "d'", 'without leads', 'verdict'];
export const WANTED_HEAD = ['turn one of', 'to', "d'", 'time of the scan'];
/** A patch of foil, in standoffs of radius, that the smallest hole is compared with. */
const PATCH = 2;

/** What will be seen, in how long, with what. */
export function verdictOf(plan: ScanPlan): string[] {
  const { course, holes, resolution, standoff, sigma, deviation, readings, places } = plan;
  const { time } = course;
  const lines = [
    `The scan takes ${duration(time.total)}: ${course.x.length} points (${duration(time.moving)} of moves, ${duration(time.settling)} to settle, ` +
      `${duration(time.averaging)} of averaging${time.repeatCount > 0 ? `, ${duration(time.repeats)} for going back ${time.repeatCount} times` : ''}).`,
    `${readings} readings ${formatQuantity(standoff, 'm')} above the current, each with a noise of ${formatQuantity(sigma, 'T', 2)} after averaging, ` +
      `${formatQuantity(deviation, 'T', 2)} with gain and position errors; expected resolution ${formatQuantity(resolution, 'm', 2)}.`,
    `Found means: in ${Math.round(100 * FOUND)} of 100 scans, with a false alarm in ${Math.round(100 * FALSE_ALARMS)} of 100; where the place has to be searched ` +
      `for (${places} places) that takes d' = ${plan.neededSearched.toFixed(1)}, where place and shape are known ${plan.neededKnown.toFixed(1)}.`,
  ];
  return holes.length === 0 ? lines : [holeSentences(holes), ...lines];
}

export function verdictWord({ detectability, electrodeFault }: PlannedDefect, plan: ScanPlan): string {
  if (detectability >= plan.neededSearched) return electrodeFault ? 'noticed, not placed' : 'found';
  if (electrodeFault) return 'cannot be shown';
  return detectability >= plan.neededKnown ? 'only at a known place' : 'not seen';
}

export function defectRow(defect: PlannedDefect, plan: ScanPlan): string[] {
  return [
    defect.text,
    formatQuantity(defect.peak, 'T'),
    formatNumber(defect.peak / plan.deviation, 2),
    formatNumber(defect.detectability, 2),
    formatNumber(defect.withoutNuisances, 2),
    verdictWord(defect, plan),
  ];
}

const NAMES: Record<Setting, { name: string; unit: string }> = {
  pitch: { name: 'pitch', unit: 'm' },
  height: { name: 'height', unit: 'm' },
  average: { name: 'averaging', unit: 's' },
  current: { name: 'current', unit: 'A' },
};

export function wantedRows({ detectability, seconds, settings, quickest, wanted }: WantedPlan): string[][] {
  const row = (name: string, to: string, dprime: number, time: number) => [
    name,
    to,
    formatNumber(dprime, 2),
    duration(time),
  ];
  return [
    row('nothing', 'as it is', detectability, seconds),
    ...settings.map(({ setting, value, reached, detectability: d, seconds: time }) => {
      const { name, unit } = NAMES[setting];
      const bound = reached && d > 1.5 * wanted ? ' or beyond' : '';
      return row(name, `${formatQuantity(value, unit, 2)}${reached ? bound : ' (does not do)'}`, d, time);
    }),
    quickest === undefined
      ? ['quickest', 'no pitch and averaging do', '', '']
      : row(
          'quickest',
          `pitch ${formatQuantity(quickest.pitch, 'm', 2)}, averaging ${formatQuantity(quickest.average, 's', 2)}`,
          quickest.detectability,
          quickest.seconds,
        ),
  ];
}

/** What the scan can see and what not. */
export function canSee(plan: ScanPlan): string[] {
  const { defects, holes, simulated, deviation, standoff } = plan;
  const faults = defects.filter(defect => defect.electrodeFault);
  return [
    ...(simulated.assumed
      ? [
          'The cell says nothing of its foils (electrical): one pair of 10 um aluminium and 10 um copper was assumed, and defects were left out.',
        ]
      : []),
    ...faults.map(defect => {
      const how = defect.detectability >= plan.neededSearched ? 'is noticed but not placed' : 'cannot be shown';
      return (
        `${capital(faultName(defect.text))} ${how}: it changes a reading by ${formatQuantity(defect.peak, 'T', 2)} at most, ` +
        `beside an error of ${formatQuantity(deviation, 'T', 2)}, for what flows from foil to foil cancels outside.`
      );
    }),
    ...uniformity(holes, PATCH * standoff),
    'The detector knows the healthy cell (outline, tabs, foils of uniform thickness) and fits along what nobody knows: leads, profiles of the tabs, background, ' +
      'total current, place of the scan, gains and turns of an array. All that it does not know of makes it worse than said here.',
    'Position and gain errors are taken to be independent from reading to reading, and the place of the whole scan to be as uncertain.',
  ];
}

export function warningsOf({ beyondRange, readings, rig, course }: ScanPlan): string[] {
  const { mains, scheme } = rig.scan;
  const halves = scheme === 'on_off' || scheme === 'reversed' ? 2 : 1;
  const periods = (course.average * mains) / halves;
  return [
    ...(beyondRange > 0
      ? [
          `${beyondRange} of ${readings} readings would be beyond the range of their sensor, and count for nothing: scan higher, with less current or another sensor.`,
        ]
      : []),
    ...(mains > 0 && scheme !== 'lock_in' && Math.abs(periods - Math.round(periods)) > 0.02
      ? [
          `Averaging ${formatQuantity(course.average, 's')} does not hold whole periods of the mains of ${mains} Hz${halves === 2 ? ' in each half' : ''}: hum is not averaged out.`,
        ]
      : []),
  ];
}

/** The table of the report. */
export function planRows(
  plan: ScanPlan,
  ways: readonly { readonly text: string; readonly plan: WantedPlan }[],
): ReportRow[] {
  return [
    ...plan.defects.map(defect => ({
      label: defect.text,
      value: `d' = ${formatNumber(defect.detectability, 2)}`,
      note: `${verdictWord(defect, plan)}; changes a reading by ${formatQuantity(defect.peak, 'T')} at most`,
    })),
    { label: 'Time of the scan', value: duration(plan.course.time.total), note: `${plan.course.x.length} points` },
    { label: 'Noise of a reading after averaging', value: plan.sigma, unit: 'T' },
    { label: 'with gain and position errors', value: plan.deviation, unit: 'T', note: 'median' },
    { label: 'Expected resolution', value: plan.resolution, unit: 'm', note: 'full width at half maximum' },
    { label: 'Current', value: plan.current, unit: 'A' },
    ...ways.flatMap(({ text, plan: wanted }) =>
      wantedRows(wanted).map(([setting, to, dprime, time]) => ({
        label: `${text}: ${setting}`,
        value: to,
        note: dprime === '' ? '' : `d' = ${dprime}, ${time}`,
      })),
    ),
  ];
}

function duration(seconds: number): string {
  if (seconds < 90) return `${formatNumber(seconds, 2)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
