/** A quantity over the state of charge: straight lines between points. */
export interface SocTable {
  /** State of charge, ascending, at least two points. */
  readonly soc: Float64Array;
  /** The quantity there, in SI. */
  readonly values: Float64Array;
}

/** One number for every state of charge, or a table. */
export type OverSoc = number | SocTable;

/** The value at a state of charge; beyond the ends of the table its first and last line go on. */
export function valueAt(quantity: OverSoc, soc: number): number {
  if (typeof quantity === 'number') return quantity;
  const { soc: x, values } = quantity;
  const i = segmentAt(x, soc);
  return values[i] + (soc - x[i]) * slope(quantity, i);
}

/** The slope at a state of charge; on a point of the table that of the line to its right. */
export function slopeAt(quantity: OverSoc, soc: number): number {
  return typeof quantity === 'number' ? 0 : slope(quantity, segmentAt(quantity.soc, soc));
}

/** The integral over the state of charge from one to another, in closed form. */
export function integralBetween(quantity: OverSoc, from: number, to: number): number {
  if (typeof quantity === 'number') return quantity * (to - from);
  return primitive(quantity, to) - primitive(quantity, from);
}

/** The state of charge at which a table that rises has a value; beyond its ends the first and last line go on. */
export function socAt(quantity: SocTable, value: number): number {
  const i = segmentAt(quantity.values, value);
  return quantity.soc[i] + (value - quantity.values[i]) / slope(quantity, i);
}

function primitive(table: SocTable, to: number): number {
  const { soc, values } = table;
  const last = segmentAt(soc, to);
  let sum = 0;
  for (let i = 0; i < last; i++) sum += ((values[i] + values[i + 1]) / 2) * (soc[i + 1] - soc[i]);
  const rest = to - soc[last];
  return sum + rest * (values[last] + (rest * slope(table, last)) / 2);
}

function slope({ soc, values }: SocTable, i: number): number {
  return (values[i + 1] - values[i]) / (soc[i + 1] - soc[i]);
}

/** The line that a place belongs to: i with x[i] <= place < x[i + 1], or the first or last. */
function segmentAt(x: Float64Array, place: number): number {
  let low = 0;
  let high = x.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= place) low = middle;
    else high = middle;
  }
  return low;
}
