/** Codes of column types; the high nibble is the size in bytes. */
export const TWINLEAF_TYPES = {
  u8: 0x10,
  i8: 0x11,
  u16: 0x20,
  i16: 0x21,
  u24: 0x30,
  i24: 0x31,
  u32: 0x40,
  i32: 0x41,
  f32: 0x42,
  u64: 0x80,
  i64: 0x81,
  f64: 0x82,
} as const;
const KNOWN_TYPES = new Set<number>(Object.values(TWINLEAF_TYPES));

/** Whether a code is one of {@link TWINLEAF_TYPES}. */
export function isTwinleafType(type: number): boolean {
  return KNOWN_TYPES.has(type);
}

/** One value; 64-bit integers beyond 2^53 are rounded. */
export function readTwinleafValue(view: DataView, at: number, type: number): number {
  switch (type) {
    case TWINLEAF_TYPES.u8:
      return view.getUint8(at);
    case TWINLEAF_TYPES.i8:
      return view.getInt8(at);
    case TWINLEAF_TYPES.u16:
      return view.getUint16(at, true);
    case TWINLEAF_TYPES.i16:
      return view.getInt16(at, true);
    case TWINLEAF_TYPES.u24:
      return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    case TWINLEAF_TYPES.i24:
      return view.getUint16(at, true) | (view.getInt8(at + 2) << 16);
    case TWINLEAF_TYPES.u32:
      return view.getUint32(at, true);
    case TWINLEAF_TYPES.i32:
      return view.getInt32(at, true);
    case TWINLEAF_TYPES.f32:
      return view.getFloat32(at, true);
    case TWINLEAF_TYPES.u64:
      return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
    case TWINLEAF_TYPES.i64:
      return view.getUint32(at, true) + view.getInt32(at + 4, true) * 2 ** 32;
    default:
      return view.getFloat64(at, true);
  }
}

/** Writes a value as a column's type holds it: whole and within its range for integers. */
export function writeTwinleafValue(view: DataView, at: number, type: number, value: number): void {
  if (type === TWINLEAF_TYPES.f32) view.setFloat32(at, value, true);
  else if (type === TWINLEAF_TYPES.f64) view.setFloat64(at, value, true);
  else {
    const bytes = type >> 4;
    const signed = (type & 1) === 1;
    const span = 2 ** (8 * Math.min(bytes, 6));
    const [least, most] = signed ? [-span / 2, span / 2 - 1] : [0, span - 1];
    const whole = Math.min(most, Math.max(least, Math.round(value)));
    let rest = whole < 0 ? whole + span : whole;
    for (let i = 0; i < bytes; i++) {
      // Beyond six bytes only the sign is left.
      view.setUint8(at + i, i < 6 ? rest % 256 : whole < 0 ? 255 : 0);
      rest = Math.floor(rest / 256);
    }
  }
}
