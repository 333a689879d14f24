/**
 * Columns of an array in a tile of their own: four columns side by side make a group, [group][i][4] complex numbers. One
 * visit of a row serves many columns; for long strides it is the page tables that cost, not the bytes.
 */
export function fillTile(n: i32, columns: i32, source: usize, stride: usize, tile: usize): void {
  const group = 64 * <usize>n;
  const whole = columns >> 2;
  const rest = columns & 3;
  for (let i = 0; i < n; i++, source += stride, tile += 64) {
    let s = source;
    let t = tile;
    for (let g = 0; g < whole; g++, s += 64, t += group) {
      v128.store(t, v128.load(s));
      v128.store(t, v128.load(s, 16), 16);
      v128.store(t, v128.load(s, 32), 32);
      v128.store(t, v128.load(s, 48), 48);
    }
    for (let l = 0; l < rest; l++, s += 16, t += 16) v128.store(t, v128.load(s));
  }
}

/** The way back. */
export function emptyTile(n: i32, columns: i32, tile: usize, target: usize, stride: usize): void {
  const group = 64 * <usize>n;
  const whole = columns >> 2;
  const rest = columns & 3;
  for (let i = 0; i < n; i++, target += stride, tile += 64) {
    let s = target;
    let t = tile;
    for (let g = 0; g < whole; g++, s += 64, t += group) {
      v128.store(s, v128.load(t));
      v128.store(s, v128.load(t, 16), 16);
      v128.store(s, v128.load(t, 32), 32);
      v128.store(s, v128.load(t, 48), 48);
    }
    for (let l = 0; l < rest; l++, s += 16, t += 16) v128.store(s, v128.load(t));
  }
}
