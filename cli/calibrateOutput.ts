import type { CalibrationStep, Measurement } from '../sensors/calibration/calibrateSensor.js';
import type { Calibration } from '../sensors/calibration/calibration.js';
import {
  curvePanel,
  figure,
  formatQuantity,
  formatWithError,
  inversionReport,
  type ReportRow,
} from '../src/figures/index.js';
import { embedFonts, fontFaceCss, renderPng } from '../src/figures/node.js';
import { LINE_COLOURS, type Panel } from '../src/figures/panel.js';
import type { RigSensor } from '../src/model/rig.js';
import { textTable } from './textTable.js';

export interface CalibrationTold {
  readonly sensor: RigSensor;
  readonly calibration: Calibration;
  readonly steps: readonly CalibrationStep[];
  readonly verdict: readonly string[];
  readonly inputs: readonly Measurement[];
  readonly version: string;
}

/** What was found of every element, with errors. */
export function calibrationTable(steps: readonly CalibrationStep[]): string {
  const rows = steps.flatMap(step =>
    found(step).map(([what, x, y, z]) => [`${step.element}  ${step.kind}`, what, x, y, z]),
  );
  return textTable(['element', 'what', 'x', 'y', 'z'], rows);
}

/** Rows of numbers for the terminal and the report. */
function found({ kind, calibration, scale, scaleError }: CalibrationStep): [string, string, string, string][] {
  const { gain, offset_nT, offset_slope_nT_per_K, gain_slope_per_K, turn_deg, shift_mm, errors } = calibration;
  const three = (what: string, values: readonly number[], e: readonly number[] | undefined, digits = 4) => {
    const of = (k: number) => (e === undefined ? values[k].toPrecision(digits) : formatWithError(values[k], e[k]));
    return [what, of(0), of(1), of(2)] as [string, string, string, string];
  };
  const diagonal = (m: readonly (readonly number[])[]) => [m[0][0], m[1][1], m[2][2]];
  const off = (m: readonly (readonly number[])[]) => [m[1][2], m[0][2], m[0][1]];
  const slope = errors.gain_slope_per_K;
  switch (kind) {
    case 'rotations':
      return [
        three('gain', diagonal(gain), errors.gain === undefined ? undefined : diagonal(errors.gain)),
        three('cross gain yz, xz, xy', off(gain), errors.gain === undefined ? undefined : off(errors.gain)),
        three('offset, nT', offset_nT, errors.offset_nT),
      ];
    case 'flips':
      return [three('offset, nT', offset_nT, errors.offset_nT)];
    case 'temperature':
      return [
        three('offset slope, nT/K', offset_slope_nT_per_K, errors.offset_slope_nT_per_K),
        ...(slope === undefined
          ? []
          : [
              ['gain slope, %/K', formatWithError(100 * gain_slope_per_K, 100 * slope), '', ''] as [
                string,
                string,
                string,
                string,
              ],
            ]),
      ];
    case 'wire':
      return [
        three('turn, degrees', turn_deg, errors.turn_deg),
        three('shift, mm', shift_mm, errors.shift_mm),
        ['scale', formatWithError(scale!, scaleError!), '', ''],
      ];
  }
}

export function calibrationVerdict(sensor: RigSensor, steps: readonly CalibrationStep[]): string[] {
  const worst = steps.reduce((a, b) => (b.residual > a.residual ? b : a));
  const elements = new Set(steps.map(({ element }) => element)).size;
  const lines = [
    `${sensor.name}: ${elements} ${elements === 1 ? 'element' : 'elements'} calibrated, residual ${formatQuantity(worst.residual, 'T')} at most (${worst.element}, ${worst.kind}).`,
  ];
  const noise = sensor.noise;
  if (steps.some(({ kind, residual }) => kind !== 'temperature' && residual > 5 * noise)) {
    lines.push(
      `That is more than five times the noise of a reading (${formatQuantity(noise, 'T')}): iron nearby, a field that is not uniform, or a source elsewhere than stated.`,
    );
  }
  for (const { element, kind, calibration } of steps) {
    if (kind !== 'wire') continue;
    const unseen = (calibration.errors.shift_mm ?? []).flatMap((e, k) => (e > 0.5 ? ['xyz'[k]] : []));
    if (unseen.length > 0) {
      lines.push(
        `The place of ${element} along ${unseen.join(' and ')} is not seen with this source: scan a second wire across it, or a coil.`,
      );
    }
  }
  return lines;
}

/** What each fit left, reading by reading. */
function panels(steps: readonly CalibrationStep[]): Panel[] {
  return (['rotations', 'wire'] as const).flatMap(kind => {
    const shown = steps.filter(step => step.kind === kind && step.left !== undefined);
    if (shown.length === 0) return [];
    return [
      curvePanel({
        title: kind === 'rotations' ? 'Rotations: size of the field less its mean' : 'Known source: reading less field',
        subtitle: `root mean square ${formatQuantity(Math.sqrt(shown.reduce((sum, s) => sum + s.residual ** 2, 0) / shown.length), 'T')}`,
        x: { label: kind === 'rotations' ? 'reading' : 'component of a reading', scale: 'linear' },
        y: { label: 'left', unit: 'T', scale: 'linear' },
        curves: [],
        points: shown.map(({ element, left }, k) => ({
          x: left!.map((_, i) => i + 1),
          y: left!,
          name: element,
          shape: 'circle' as const,
          colour: LINE_COLOURS[k % LINE_COLOURS.length],
        })),
        maxWidth: 420,
      }),
    ];
  });
}

export function calibrationFigureFile(name: string, told: CalibrationTold): Uint8Array {
  const svg = figure(panels(told.steps), { caption: told.verdict[0] });
  return name.toLowerCase().endsWith('.png') ? renderPng(svg) : new TextEncoder().encode(embedFonts(svg));
}

export function calibrationReport({ sensor, calibration, steps, verdict, inputs, version }: CalibrationTold): string {
  const rows = steps.flatMap((step): ReportRow[] => [
    ...found(step).map(([what, ...values]) => ({
      label: `${step.element}: ${what}`,
      value: values.filter(v => v !== '').join(', '),
      note: step.kind,
    })),
    {
      label: `${step.element}: residual`,
      value: step.residual,
      unit: 'T',
      note: `${step.readings} readings, ${step.kind}`,
    },
  ]);
  const charts = panels(steps);
  return inversionReport({
    title: `Calibration of ${sensor.name}`,
    verdict: verdict.slice(0, 1),
    warnings: verdict.slice(1),
    figures: charts.map(panel => ({
      svg: figure([panel], { background: 'none' }),
      caption: 'What the fit left of every reading; noise alone looks like a level band.',
    })),
    table: rows,
    canSee: [
      'Rotations in a uniform field show gain, orthogonality and offset, not how the sensor is turned in the rig; a known source shows turn and place.',
      'A straight wire does not show the place along itself.',
      'Offsets of magnetoresistive sensors change when they were in a strong field: flip them (SET/RESET) before every scan, or calibrate again.',
    ],
    sightHeading: 'What such measurements can and cannot show',
    process: {
      program: 'savart',
      version,
      date: calibration.date,
      inputs: inputs.map(({ input, sha256 }) => ({ name: input, sha256 })),
      parameters: { command: 'calibrate', sensor: sensor.name, steps: calibration.steps },
    },
    fontCss: fontFaceCss(),
  });
}
