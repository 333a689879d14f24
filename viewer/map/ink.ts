/** The colours in which a canvas draws what is not the map itself: those of the page, dark or light. */
export interface Ink {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly paper: string;
  readonly wash: string;
  readonly accent: string;
}

/** As the style sheet says now. */
export function readInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: value('ink'),
    soft: value('soft'),
    line: value('line'),
    paper: value('paper'),
    wash: value('wash'),
    accent: value('accent'),
  };
}

export const FONT = "12px Inter, system-ui, 'Segoe UI', Roboto, sans-serif";
export const SMALL_FONT = "11px Inter, system-ui, 'Segoe UI', Roboto, sans-serif";
