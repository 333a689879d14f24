/** Hands bytes to the browser as a file to keep. */
export function save(name: string, bytes: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A file's name from a document's and a layer's: no folders, nothing that a system would refuse. */
export function fileName(document: string, layer: string, extension: string): string {
  const plain = (text: string) => text.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|-+$/g, '');
  return `${plain(document.replace(/\.[^.]*$/, '')) || 'savart'}-${plain(layer) || 'map'}.${extension}`;
}
