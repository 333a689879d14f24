import type { CURRENT_DRIVERS, RigFile, SENSOR_DRIVERS, STAGE_DRIVERS } from './rigSchema.js';

/** A point or direction: x, y, z in m, or a unit vector. */
export type Vector3 = readonly [number, number, number];
/** From and to, m. */
export type Interval = readonly [number, number];

/** How a device is reached. */
export type Connection = RigFile['sensors'][number]['connect'];

/** One magnetometer of an array. */
export interface SensorElement {
  readonly name: string;
  /** Its sensing volume from the stage's point, m. */
  readonly offset: Vector3;
  /** Unit vectors that its channels measure, in the order of the channels. */
  readonly axes: readonly Vector3[];
  /** How much later than its time stamp it was read, s. */
  readonly delay: number;
}

export interface RigSensor {
  readonly name: string;
  readonly driver: (typeof SENSOR_DRIVERS)[number];
  readonly connect: Connection;
  /** Settings of the driver, which checks them. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly preset?: string;
  /** White noise of one reading at `rate`, T. */
  readonly noise: number;
  /** Largest reading of either sign, T; Infinity: not known. */
  readonly range: number;
  /** Readings per second. */
  readonly rate: number;
  /** Below this frequency the noise grows as 1/f, Hz; 0: white. */
  readonly corner: number;
  readonly role: 'scan' | 'reference';
  readonly elements: readonly SensorElement[];
  /** The file of its calibration as `rig.yaml` gives it, relative to that file. */
  readonly calibration?: string;
}

export interface RigStage {
  readonly driver: (typeof STAGE_DRIVERS)[number];
  readonly connect?: Connection;
  readonly options: Readonly<Record<string, unknown>>;
  /** Soft limits in the stage's own coordinates, m; z absent: no z axis. */
  readonly travel: { readonly x: Interval; readonly y: Interval; readonly z?: Interval };
  /** The stage's position when its point stands over the cell's origin at z = 0, m. */
  readonly cellAt: Vector3;
  /** +1, or -1 where the stage's coordinate falls as the cell's grows: stage = cellAt + sign * cell. */
  readonly sign: Vector3;
  /** m/s. */
  readonly feed: number;
  /** m/s^2. */
  readonly acceleration: number;
  /** Wait after a move before a reading counts, s. */
  readonly settle: number;
  readonly home: boolean;
}

export interface RigCurrent {
  readonly driver: (typeof CURRENT_DRIVERS)[number];
  readonly connect?: Connection;
  readonly options: Readonly<Record<string, unknown>>;
  /** Largest current of either sign that may be set, A. */
  readonly limit: number;
}

export interface ScanSettings {
  /** In the cell's axes, m; absent: the outline and the margin. */
  readonly area?: { readonly x: Interval; readonly y: Interval };
  /** m. */
  readonly margin: number;
  readonly pitch: number;
  /** Heights of the planes above the middle of the stack, m. */
  readonly heights: readonly number[];
  readonly mode: 'step' | 'fly';
  /** Time of averaging per point, s. */
  readonly average: number;
  /** Standard error at which a point is done earlier, T. */
  readonly targetSigma?: number;
  readonly scheme: 'steady' | 'on_off' | 'reversed' | 'lock_in';
  /** A; absent: the cell's. */
  readonly current?: number;
  /** Hz; present for `lock_in`. */
  readonly frequency?: number;
  /** 50, 60, or 0 for none. */
  readonly mains: 0 | 50 | 60;
  /** After how many points the first is read again; 0: never. */
  readonly repeatEvery: number;
}

/** What measures, what moves, what drives the current, and how it is scanned. */
export interface Rig {
  readonly name: string;
  readonly sensors: readonly RigSensor[];
  readonly stage?: RigStage;
  readonly current?: RigCurrent;
  readonly scan: ScanSettings;
  /** How much gains err from reading to reading, relative. */
  readonly gainError: number;
  /** How much positions err along each axis, m. */
  readonly positionError: number;
}
