import { FALSE_ALARMS, FOUND } from '../inversion/planner/detector.js';
import type { PlannedDefect, ScanPlan } from '../inversion/planner/planScan.js';
import { faultName, uniformity } from '../inversion/planner/sightStatements.js';
import type { HoleMap } from '../inversion/planner/smallestHole.js';
import type { Setting, WantedPlan } from '../inversion/planner/wantedPlan.js';
import { formatNumber, formatQuantity, type ReportRow } from '../src/figures/index.js';

export const DEFECT_HEAD = ['defect', 'largest change', 'over an error', "d'", 'if leads were known', 'verdict'];
export const WANTED_HEAD = ['turn one of', 'to', "d'", 'time of the scan'];
/** A patch of foil, in standoffs of radius, that the smallest hole is compared with. */
const PATCH = 2;

/** What will be seen, what will not, what to change; then the scan in figures. */
export function verdictOf(plan: ScanPlan): string[] {
  return [willSee(plan), willNotSee(plan), toChange(plan), figuresOf(plan)];
}

/** The smallest hole that is seen almost anywhere in either foil; better and worse places. */
function willSee({ holes, defects, neededSearched }: ScanPlan): string {
  const real = defects.filter(defect => !defect.electrodeFault);
  const seen = real.filter(defect => defect.detectability >= neededSearched);
  const others =
    real.length > 0 ? ` Of the ${real.length} faults of foils and tabs below it finds ${seen.length}.` : '';
  const usable = holes.filter(({ median }) => Number.isFinite(median));
  if (usable.length === 0) return `You will see: no hole over most of the cell.${others}`;
  const size = (hole: HoleMap) => `${formatQuantity(2 * hole.median, 'm', 2)} (${hole.foil} foil)`;
  return `You will see: holes wider than ${usable.map(size).join(' and ')} at a usual place.${others}`;
}

function willNotSee(plan: ScanPlan): string {
  const { holes, defects } = plan;
  const blind = holes.flatMap(({ foil, blind: part, worst }) =>
    part > 0
      ? [`any hole over ${formatNumber(100 * part, 2)}\u00a0% of the ${foil} foil`]
      : Number.isFinite(worst.radius) && worst.radius > 0
        ? [`holes under ${formatQuantity(2 * worst.radius, 'm', 2)} at ${placeOf(worst)} (${foil} foil)`]
        : [],
  );
  const faults = defects.filter(defect => verdictWord(defect, plan) === 'cannot be shown');
  const names = faults.map(({ text }) => faultName(text));
  const electrode = names.length > 0 ? [`${names.join(', ')}: no magnetic scan shows faults of the electrodes`] : [];
  return `You will not see: ${[...blind, ...electrode].join('; ') || 'what is smaller'}.`;
}

/** What limits the readings, and what helps against it. */
function toChange(plan: ScanPlan): string {
  const { sigma, deviation, standoff, course, rig } = plan;
  const height = formatQuantity(standoff, 'm', 2);
  const limited = deviation > 2 * sigma;
  const against = limited
    ? `place and gain of the sensors limit this scan (${formatQuantity(deviation, 'T', 2)} per reading, noise only ${formatQuantity(sigma, 'T', 2)}): place them better, describe the leads; longer averaging gains nothing`
    : `noise limits this scan (${formatQuantity(sigma, 'T', 2)} per reading): average longer than ${formatQuantity(course.average, 's', 2)} or send more current`;
  const pitch =
    rig.scan.pitch > standoff
      ? `a pitch below ${height} (now ${formatQuantity(rig.scan.pitch, 'm', 2)})`
      : 'a finer pitch adds readings';
  return `To see more: ${against}. Going nearer than ${height} helps most; ${pitch}. --detect 'DEFECT' says how far each must go.`;
}

function figuresOf({ course, resolution, standoff, readings, places, neededSearched, neededKnown }: ScanPlan): string {
  const { time } = course;
  const parts = [
    `${duration(time.moving)} of moves`,
    `${duration(time.settling)} to settle`,
    `${duration(time.averaging)} of averaging`,
    ...(time.repeatCount > 0 ? [`${duration(time.repeats)} to go back ${time.repeatCount} times`] : []),
  ];
  return (
    `It takes ${duration(time.total)} (${parts.join(', ')}): ${readings} readings at ${course.x.length} points, ${formatQuantity(standoff, 'm')} above the current; ` +
    `lines in the map ${formatQuantity(resolution, 'm', 2)} wide. Seen means: found in ${Math.round(100 * FOUND)} of 100 scans, with a false alarm in ` +
    `${Math.round(100 * FALSE_ALARMS)} of 100 (d' = ${neededSearched.toFixed(1)} for a search over ${places} places, ${neededKnown.toFixed(1)} where place and shape are known).`
  );
}

function placeOf({ x, y }: { readonly x: number; readonly y: number }): string {
  return `x = ${formatNumber(1e3 * x)}, y = ${formatNumber(1e3 * y)}\u00a0mm`;
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
