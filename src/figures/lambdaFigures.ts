import { type Curve, curvePanel, type Mark } from './curveFigure.js';
import { formatNumber } from './format.js';
import type { InversionPanel } from './inversionPanel.js';
import type { MarkShape } from './legend.js';
import type { PanelSize } from './mapFrame.js';
import type { Panel } from './panel.js';
import type { RichText } from './text.js';

/** The rules by which the regularisation parameter can be chosen; any other word is shown as it is. */
export type LambdaRule = 'gcv' | 'discrepancy' | 'lcurve';

/** What the choice of lambda was made from: one entry per lambda that was tried. */
export interface LambdaCurve {
  /** Positive, ascending or descending. */
  readonly lambda: Float64Array;
  /** Score of generalised cross-validation. */
  readonly gcv: Float64Array;
  /** Norm of the weighted residual, in sigma. */
  readonly residualNorm: Float64Array;
  /** Norm of what the prior penalises. */
  readonly solutionNorm: Float64Array;
  readonly chosen: { readonly rule: LambdaRule | (string & {}); readonly lambda: number };
  /** What each rule would have chosen. */
  readonly candidates: Readonly<Partial<Record<LambdaRule, number>>>;
}

const RULES: Readonly<Record<LambdaRule, { name: string; shape: MarkShape }>> = {
  gcv: { name: 'GCV', shape: 'circle' },
  discrepancy: { name: 'discrepancy', shape: 'square' },
  lcurve: { name: 'L-curve', shape: 'diamond' },
};

/** The name of a rule for people. */
export function ruleName(rule: string): string {
  return (RULES as Record<string, { name: string } | undefined>)[rule]?.name ?? rule;
}

/** GCV score against lambda, with the chosen lambda and those of the other rules. */
export function lambdaPanel(curve: LambdaCurve, size: PanelSize = {}): Panel {
  return curvePanel({
    ...size,
    title: 'Choice of the regularisation',
    subtitle: chosenText(curve),
    x: { label: ['regularisation parameter ', { italic: 'λ' }], scale: 'log' },
    y: { label: 'GCV score', scale: 'log' },
    curves: [{ x: curve.lambda, y: curve.gcv }],
    marks: ruleMarks(curve, lambda => [lambda, at(curve.lambda, curve.gcv, lambda)]),
  });
}

/** Norm of the solution against norm of the residual, each point one lambda. */
export function lCurvePanel(curve: LambdaCurve, size: PanelSize = {}): Panel {
  const line: Curve = { x: curve.residualNorm, y: curve.solutionNorm };
  return curvePanel({
    ...size,
    title: 'L-curve',
    subtitle: 'fit against roughness, one point per λ',
    x: { label: 'residual norm', unit: 'σ', scale: 'log' },
    y: { label: 'solution norm', scale: 'log' },
    curves: [line],
    marks: ruleMarks(curve, lambda => [
      at(curve.lambda, curve.residualNorm, lambda),
      at(curve.lambda, curve.solutionNorm, lambda),
    ]),
  });
}

/** The charts of the choice of lambda with their captions. */
export function lambdaPanels(curve: LambdaCurve, size: PanelSize): InversionPanel[] {
  return [
    {
      group: 'regularisation',
      panel: lambdaPanel(curve, size),
      caption: [
        'Score of generalised cross-validation. ',
        { italic: 'λ' },
        ` was chosen by ${ruleName(curve.chosen.rule)}; the other marks show what the other rules say.`,
      ],
    },
    {
      group: 'regularisation',
      panel: lCurvePanel(curve, size),
      caption: 'L-curve: the residual against the size of what the prior penalises.',
    },
  ];
}

function chosenText({ chosen }: LambdaCurve): RichText {
  return [{ italic: 'λ' }, ` = ${formatNumber(chosen.lambda)}, by ${ruleName(chosen.rule)}`];
}

function ruleMarks(curve: LambdaCurve, place: (lambda: number) => readonly [number, number]): Mark[] {
  const { chosen, candidates } = curve;
  const marks: Mark[] = [];
  const add = (name: string, shape: MarkShape, lambda: number, isChosen: boolean) => {
    const [x, y] = place(lambda);
    marks.push({ x, y, name: isChosen ? `${name} (chosen)` : name, shape, chosen: isChosen });
  };
  // The chosen rule first: it has the same colour in every chart.
  const known = RULES[chosen.rule as LambdaRule] as { name: string; shape: MarkShape } | undefined;
  add(known?.name ?? chosen.rule, known?.shape ?? 'triangle', chosen.lambda, true);
  for (const [rule, { name, shape }] of Object.entries(RULES) as [LambdaRule, { name: string; shape: MarkShape }][]) {
    const lambda = candidates[rule];
    if (lambda !== undefined && rule !== chosen.rule) add(name, shape, lambda, false);
  }
  return marks;
}

/** A curve at a lambda between those that were tried, logarithmic in both; its end beyond them. */
function at(lambdas: Float64Array, values: Float64Array, lambda: number): number {
  const n = lambdas.length;
  if (n === 0) return Number.NaN;
  for (let i = 1; i < n; i++) {
    const [a, b] = [lambdas[i - 1], lambdas[i]];
    if ((lambda - a) * (lambda - b) > 0 || a === b) continue;
    const t = Math.log(lambda / a) / Math.log(b / a);
    const [u, v] = [values[i - 1], values[i]];
    return u > 0 && v > 0 ? u * (v / u) ** t : u + t * (v - u);
  }
  return Math.abs(Math.log(lambda / lambdas[0])) < Math.abs(Math.log(lambda / lambdas[n - 1]))
    ? values[0]
    : values[n - 1];
}
