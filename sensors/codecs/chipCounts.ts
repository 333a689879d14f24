import { InputError } from '../../src/errors.js';

/** T = (count - zero) * scale of a magnetometer chip. */
export interface ChipScale {
  readonly zero: number;
  /** T per count, along x, y, z. */
  readonly scale: readonly [number, number, number];
  /** The count that says that the field is too large, where there is one. */
  readonly overflow?: number;
  /** Range, T: counts beyond it are clipped; absent: the preset of the sensor tells. */
  readonly range?: number;
}

export const CHIPS = ['MMC5983MA', 'MMC5983MA_16bit', 'RM3100', 'HMC5883L', 'QMC5883L'] as const;
export type Chip = (typeof CHIPS)[number];

const GAUSS = 1e-4;

/** Counts per gauss of x and y, and of z, by range. */
const HMC5883L: Readonly<Record<string, readonly [number, number]>> = {
  '1.3G': [1100, 980],
  '1.9G': [855, 760],
  '2.5G': [670, 600],
  '4G': [450, 400],
  '4.7G': [400, 255],
  '5.6G': [330, 295],
  '8.1G': [230, 205],
};
const QMC5883L: Readonly<Record<string, number>> = { '2G': 12_000, '8G': 3000 };

/**
 * The scale of a chip. Sources: MEMSIC MMC5983MA data sheet; PNI RM3100 manual (0.3671 CC + 1.5 counts per uT);
 * Honeywell HMC5883L and QST QMC5883L data sheets.
 * @param range HMC5883L `1.3G` (default) to `8.1G`, QMC5883L `2G` (default) or `8G`, RM3100 the cycle count (200)
 * @throws {InputError} for a range that the chip does not have
 */
export function chipScale(chip: Chip, range?: string): ChipScale {
  const unknown = (known: string) =>
    new InputError(`a ${chip} has no range '${range?.slice(0, 20)}'`, { advice: `give ${known}` });
  switch (chip) {
    case 'MMC5983MA':
      return { zero: 131_072, scale: same(GAUSS / 16_384), range: 8 * GAUSS };
    case 'MMC5983MA_16bit':
      return { zero: 32_768, scale: same(GAUSS / 4096), range: 8 * GAUSS };
    case 'RM3100': {
      const cycles = range === undefined ? 200 : /^\d{1,4}$/.test(range) ? Number(range) : 0;
      if (cycles < 1) throw unknown('its cycle count, such as 200');
      return { zero: 0, scale: same(1e-6 / (0.3671 * cycles + 1.5)) };
    }
    case 'HMC5883L': {
      const gain = own(HMC5883L, range ?? '1.3G');
      if (gain === undefined) throw unknown(`one of ${Object.keys(HMC5883L).join(', ')}`);
      return { zero: 0, scale: [GAUSS / gain[0], GAUSS / gain[0], GAUSS / gain[1]], overflow: -4096 };
    }
    default: {
      const gain = own(QMC5883L, range ?? '2G');
      if (gain === undefined) throw unknown(`one of ${Object.keys(QMC5883L).join(', ')}`);
      return { zero: 0, scale: same(GAUSS / gain), range: (range === '8G' ? 8 : 2) * GAUSS };
    }
  }
}

function same(scale: number): [number, number, number] {
  return [scale, scale, scale];
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Data bytes that a chip gives for one reading. */
export const CHIP_BYTES: Readonly<Record<Chip, number>> = {
  MMC5983MA: 7,
  MMC5983MA_16bit: 6,
  RM3100: 9,
  HMC5883L: 6,
  QMC5883L: 6,
};

/** Counts of x, y, z out of the chip's data registers; undefined: not so many bytes as it has. */
export function unpackRegisters(chip: Chip, b: Uint8Array): [number, number, number] | undefined {
  if (b.length !== CHIP_BYTES[chip]) return undefined;
  const view = new DataView(b.buffer, b.byteOffset, b.byteLength);
  switch (chip) {
    case 'MMC5983MA':
      return [0, 2, 4].map((at, i) => (b[at] << 10) | (b[at + 1] << 2) | ((b[6] >> (6 - 2 * i)) & 3)) as never;
    case 'MMC5983MA_16bit':
      return [view.getUint16(0), view.getUint16(2), view.getUint16(4)];
    case 'RM3100':
      return [0, 3, 6].map(at => (view.getInt16(at) << 8) | b[at + 2]) as never;
    case 'HMC5883L':
      // Its registers stand in the order x, z, y.
      return [view.getInt16(0), view.getInt16(4), view.getInt16(2)];
    default:
      return [view.getInt16(0, true), view.getInt16(2, true), view.getInt16(4, true)];
  }
}

/** The bytes that {@link unpackRegisters} reads. */
export function packRegisters(chip: Chip, counts: readonly number[]): Uint8Array {
  const b = new Uint8Array(CHIP_BYTES[chip]);
  const view = new DataView(b.buffer);
  counts.forEach((count, i) => {
    if (chip === 'MMC5983MA') {
      view.setUint16(2 * i, count >> 2);
      b[6] |= (count & 3) << (6 - 2 * i);
    } else if (chip === 'RM3100') {
      view.setInt16(3 * i, count >> 8);
      b[3 * i + 2] = count & 0xff;
    } else if (chip === 'HMC5883L') view.setInt16([0, 4, 2][i], count);
    else view.setInt16(2 * i, count, chip === 'QMC5883L');
  });
  return b;
}
