/** Building elements. Text goes in as text, never as HTML. */

type Child = Node | string;

/** An element with attributes and children; `class` and `data-*` as they are, listeners by `on`. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | boolean>> = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** A button that calls `press`. */
export function button(text: string, title: string, press: () => void, attributes: Record<string, string> = {}) {
  const made = element('button', { type: 'button', title, ...attributes }, [text]);
  made.addEventListener('click', press);
  return made;
}

/** A drop-down list; groups become headings. */
export function select(
  label: string,
  options: readonly { readonly value: string; readonly text: string; readonly group?: string }[],
  value: string,
  choose: (value: string) => void,
): HTMLSelectElement {
  const made = element('select', { 'aria-label': label });
  let group: HTMLOptGroupElement | undefined;
  for (const option of options) {
    const entry = element('option', { value: option.value }, [option.text]);
    if (option.group === undefined) made.append(entry);
    else {
      if (group?.label !== option.group) {
        group = element('optgroup', { label: option.group });
        made.append(group);
      }
      group.append(entry);
    }
  }
  made.value = value;
  made.addEventListener('change', () => choose(made.value));
  return made;
}

/** A slider with its name, and room for what it says. */
export function slider(name: string, min: number, max: number, step: number, value?: number) {
  const input = element('input', {
    type: 'range',
    min: String(min),
    max: String(max),
    step: String(step),
    ...(value === undefined ? {} : { value: String(value) }),
    'aria-label': name,
  });
  const output = element('output');
  return { input, output, root: element('label', {}, [name, input, output]) };
}

/** Calls `work` once before the next picture, however often it is asked for. */
export function oncePerFrame(work: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      work();
    });
  };
}
