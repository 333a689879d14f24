import type { Background, DenseWorkspace } from '../../src/linearAlgebra/index.js';

/** Rows that wait, at most: a panel of the product. */
const MOST = 256;

/** Rows that reach all columns and whose products are summed up together: of a few at a time, writing costs more than multiplying. */
export class WideRows {
  private readonly rows: Float64Array;
  private count = 0;

  constructor(
    private readonly columns: number,
    dense: DenseWorkspace,
    private readonly background: Background,
    /** Lower triangle that the sums are added to. */
    private readonly matrix: Float64Array,
    private readonly single: boolean,
  ) {
    this.rows = dense.room(MOST * columns);
  }

  /** So many rows of zeros to be filled in; undefined where they are many enough to be summed up alone. */
  next(count: number): Float64Array | undefined {
    if (count > MOST) return undefined;
    if (this.count + count > MOST) this.sumUp();
    this.count += count;
    return this.rows.subarray((this.count - count) * this.columns, this.count * this.columns).fill(0);
  }

  /** Has all rows so far added behind. */
  sumUp(): void {
    this.background.addGram(this.rows, this.count, this.columns, this.matrix, { single: this.single });
    this.count = 0;
  }
}
