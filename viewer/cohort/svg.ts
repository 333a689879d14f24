/** An SVG element with attributes and children; texts go in as text. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  children: readonly (Node | string)[] = [],
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** A picture that is drawn anew for every width of its place. */
export function fluid(root: HTMLElement, draw: (width: number) => Node | undefined): () => void {
  let width = 0;
  const redraw = () => {
    const made = width > 0 ? draw(width) : undefined;
    root.replaceChildren(...(made === undefined ? [] : [made]));
  };
  new ResizeObserver(([entry]) => {
    const now = Math.floor(entry.contentRect.width);
    if (now === width) return;
    width = now;
    redraw();
  }).observe(root);
  return redraw;
}
