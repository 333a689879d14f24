import { displayUnit } from '../../src/figures/format.js';
import { button, element } from '../controls/dom.js';
import type { Layer } from '../state/document.js';
import type { PageStore } from '../state/page.js';
import { limitsOf } from './draw.js';

/** The ends of a map's colours, to be typed in; one number where they are symmetric about zero. */
export function scaleEditor(page: PageStore, layerOf: () => Layer | undefined): HTMLElement {
  const form = element('form', { class: 'scale', hidden: true });
  const toggle = button('Scale', 'Sets the ends of the colours', () => {
    form.hidden = !form.hidden;
    toggle.setAttribute('aria-expanded', String(!form.hidden));
    if (!form.hidden) fill();
  });
  toggle.setAttribute('aria-expanded', 'false');
  form.addEventListener('submit', event => event.preventDefault());

  const set = (layer: Layer, min: number, max: number) => {
    if (!(Number.isFinite(min) && Number.isFinite(max) && min < max)) return;
    const clipped = (low: boolean, high: boolean) => ({
      ...(low ? { clippedLow: true } : {}),
      ...(high ? { clippedHigh: true } : {}),
    });
    const below = layer.values.some(v => v < min);
    const above = layer.values.some(v => v > max);
    page.set({ limits: { ...page.get().limits, [layer.id]: { min, max, ...clipped(below, above) } } });
  };
  const fill = () => {
    const layer = layerOf();
    if (layer === undefined) return;
    const limits = limitsOf(layer, page.get());
    const shown = displayUnit(layer.unit, Math.max(Math.abs(limits.min), Math.abs(limits.max)));
    const input = (name: string, value: number) =>
      element('input', {
        type: 'number',
        step: 'any',
        'aria-label': `${name} of the colours, ${shown.unit}`,
        value: String(Number((value * shown.factor).toPrecision(4))),
      });
    const high = input('Upper end', limits.max);
    const low = layer.kind === 'signed' ? undefined : input('Lower end', limits.min);
    const apply = () => {
      const max = Number(high.value) / shown.factor;
      set(layer, low === undefined ? -max : Number(low.value) / shown.factor, max);
    };
    for (const one of [low, high]) one?.addEventListener('change', apply);
    form.replaceChildren(
      ...(low === undefined ? ['±'] : [low, ' to ']),
      high,
      ` ${shown.unit}`,
      button('Reset', 'The ends that show this map best', () => {
        const { [layer.id]: _, ...others } = page.get().limits;
        page.set({ limits: others });
        fill();
      }),
    );
  };
  page.watch(['panels', 'current', 'documents'], () => {
    form.hidden = true;
    toggle.setAttribute('aria-expanded', 'false');
  });
  return element('span', { class: 'scale-editor' }, [toggle, form]);
}
