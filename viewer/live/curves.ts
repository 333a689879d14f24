import type uPlot from 'uplot';
import { element } from '../controls/dom.js';
import { CURVES, lineChart } from '../profile/chart.js';
import type { LiveChoice } from './messages.js';

/** Beyond so many decades from the chosen lambda the curves say nothing more. */
const DECADES = 5;
const HEIGHT = 150;

/** The curves from which lambda is chosen; the point on them can be dragged. */
export interface LambdaCurves {
  readonly root: HTMLElement;
  /** Draws the curves of a choice. */
  show(choice: LiveChoice): void;
  /** Moves the point. */
  mark(lambda: number): void;
}

/** @param choose called while the point is dragged */
export function lambdaCurves(choose: (lambda: number) => void): LambdaCurves {
  const root = element('div', { class: 'curves' });
  let open: { readonly plot: uPlot; close(): void }[] = [];
  let lambda = 1;

  const draggable = (lambdaOf: (plot: uPlot, event: PointerEvent) => number, pointOf: () => [number, number]) => ({
    ready: [
      (u: uPlot) => {
        const follow = (event: PointerEvent) => {
          if (event.buttons === 1) choose(lambdaOf(u, event));
        };
        u.over.style.cursor = 'ew-resize';
        u.over.style.touchAction = 'none';
        u.over.addEventListener('pointerdown', event => {
          u.over.setPointerCapture(event.pointerId);
          follow(event);
        });
        u.over.addEventListener('pointermove', follow);
      },
    ],
    draw: [
      (u: uPlot) => {
        const [x, y] = pointOf();
        if (!(Number.isFinite(x) && Number.isFinite(y))) return;
        u.ctx.beginPath();
        u.ctx.arc(u.valToPos(x, 'x', true), u.valToPos(y, 'y', true), 6 * devicePixelRatio, 0, 2 * Math.PI);
        u.ctx.fillStyle = CURVES[1];
        u.ctx.fill();
        u.ctx.strokeStyle = '#fff';
        u.ctx.lineWidth = 1.5 * devicePixelRatio;
        u.ctx.stroke();
      },
    ],
  });

  return {
    root,
    show(choice) {
      for (const chart of open) chart.close();
      const near = [...choice.lambdas.keys()].filter(
        i => Math.abs(Math.log10(choice.lambdas[i] / choice.lambda)) <= DECADES && choice.gcv[i] > 0,
      );
      // The charts are drawn in decadic logarithms.
      const pick = (values: Float64Array) => near.map(i => Math.log10(values[i]));
      const lambdas = pick(choice.lambdas);
      const [gcv, residual, norm] = [pick(choice.gcv), pick(choice.residualNorm), pick(choice.solutionNorm)];
      const at = (values: readonly number[]) => between(lambdas, values, Math.log10(lambda));
      const [left, right] = [
        element('div', { class: 'chart', role: 'img', 'aria-label': 'GCV score against lambda' }),
        element('div', { class: 'chart', role: 'img', 'aria-label': 'L-curve' }),
      ];
      root.replaceChildren(left, right);
      open = [
        lineChart(left, lambdas, [{ name: 'GCV', values: gcv, colour: CURVES[0] }], {
          xLabel: 'λ',
          yLabel: 'GCV score',
          height: HEIGHT,
          decades: true,
          hooks: draggable(
            (u, event) => 10 ** clamp(u.posToVal(event.offsetX, 'x'), lambdas),
            () => [Math.log10(lambda), at(gcv)],
          ),
        }),
        lineChart(right, residual, [{ name: 'L-curve', values: norm, colour: CURVES[0] }], {
          xLabel: 'residual norm',
          yLabel: 'solution norm',
          height: HEIGHT,
          decades: true,
          hooks: draggable(
            (u, event) => {
              let [best, least] = [0, Infinity];
              for (let i = 0; i < lambdas.length; i++) {
                const distance = Math.hypot(
                  u.valToPos(residual[i], 'x') - event.offsetX,
                  u.valToPos(norm[i], 'y') - event.offsetY,
                );
                if (distance < least) [best, least] = [i, distance];
              }
              return 10 ** lambdas[best];
            },
            () => [at(residual), at(norm)],
          ),
        }),
      ];
    },
    mark(next) {
      lambda = next;
      for (const { plot } of open) plot.redraw(false);
    },
  };
}

function clamp(value: number, sorted: readonly number[]): number {
  return Math.min(sorted[sorted.length - 1], Math.max(sorted[0], value));
}

/** A curve between the points that were tried. */
function between(lambdas: readonly number[], values: readonly number[], lambda: number): number {
  const after = lambdas.findIndex(l => l >= lambda);
  if (after <= 0) return values[after === 0 ? 0 : values.length - 1];
  const t = (lambda - lambdas[after - 1]) / (lambdas[after] - lambdas[after - 1]);
  return values[after - 1] + t * (values[after] - values[after - 1]);
}
