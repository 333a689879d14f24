const ERRORS: readonly (string | undefined)[] = [
  undefined,
  'a letter is missing where a word begins',
  'a number is missing or malformed',
  'a $ command is not known',
  'a value is negative that must not be',
  'homing is switched off ($22)',
  'the step pulse is shorter than 3 us',
  'the settings could not be read and were set to defaults',
  'it is allowed only when idle',
  'G-code is locked: alarm or jog',
  'soft limits need homing ($22)',
  'the line is too long',
  'the step rate is too high',
  'the safety door is open',
  'a start-up line is too long',
  'the jog goes beyond the travel',
  'the jog is malformed',
  'laser mode needs a variable spindle',
  undefined,
  undefined,
  'a command is not supported',
  'two commands of the same group in one line',
  'no feed rate was set',
  'a whole number is needed',
  'two commands want the axis words',
  'a word is repeated',
  'the axis words are missing',
  'the line number is out of range',
  'a needed value is missing',
  'there is no such coordinate system (G59.x)',
  'G53 needs G0 or G1',
  'axis words are not used',
  'the arc has no axis in its plane',
  'the target of the arc is impossible',
  'the radius of the arc is wrong',
  'the offsets of the arc are missing',
  'words are not used',
  'G43.1 needs the axis of the tool',
  'the number of the tool is too large',
];

/** What an `error:N` of GRBL means. */
export function grblErrorText(code: number): string {
  return ERRORS[code] ?? `error ${code}`;
}

/** Alarms after which the position is lost: hard limit, reset in motion, homing that failed. */
const LOST = new Set([1, 3, 6, 7, 8, 9, 10]);

const ALARMS: readonly (string | undefined)[] = [
  undefined,
  'a limit switch was hit',
  'the target is beyond the travel',
  'it was reset in motion',
  'the probe was not as expected at the start',
  'the probe did not touch',
  'homing was ended by a reset',
  'the safety door was opened while homing',
  'homing could not pull off the limit switch',
  'homing did not find a limit switch',
  'homing did not find the second switch of an axis',
];

/** What an `ALARM:N` of GRBL means, and whether the position is lost; unknown alarms count as lost. */
export function grblAlarm(code: number): { readonly text: string; readonly positionLost: boolean } {
  const text = ALARMS[code];
  return { text: text ?? `alarm ${code}`, positionLost: text === undefined || LOST.has(code) };
}
