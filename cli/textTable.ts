/** A table for the terminal: the first column flush left, the others flush right, two spaces between. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, c) => Math.max(...all.map(row => [...row[c]].length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, c) => {
        const blank = ' '.repeat(widths[c] - [...cell].length);
        return c === 0 ? cell + blank : blank + cell;
      })
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
}
