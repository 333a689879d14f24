/** Files dropped anywhere on `target` are opened, one after the other. */
export function acceptDrops(target: HTMLElement, open: (name: string, bytes: Uint8Array) => Promise<void>): void {
  let inside = 0;
  const mark = (by: number) => {
    inside = Math.max(0, inside + by);
    target.classList.toggle('dropping', inside > 0);
  };
  target.addEventListener('dragenter', event => {
    event.preventDefault();
    mark(1);
  });
  target.addEventListener('dragleave', () => mark(-1));
  target.addEventListener('dragover', event => event.preventDefault());
  target.addEventListener('drop', async event => {
    event.preventDefault();
    inside = 0;
    mark(0);
    // The list is emptied when the event is over.
    const files = [...(event.dataTransfer?.files ?? [])];
    for (const file of files) await open(file.name, new Uint8Array(await file.arrayBuffer()));
  });
}
