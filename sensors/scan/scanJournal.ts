import { InputError } from '../../src/errors.js';
import { type JournalEnd, readJournal } from '../journal/journalFile.js';
import type { NoteRecord, SampleRecord } from '../journal/records.js';
import type { SampleBlock } from '../samples.js';

/*
 * What a scan writes into its journal, in this order: `begin` once; per session `session`; per step its samples, then
 * `step`, which says that it is complete; between them `event`; at last `end`.
 */

/** The version of these records. */
export const JOURNAL_VERSION = 1;

/** A file as it was read. */
export interface ScanText {
  readonly name: string;
  readonly sha256: string;
  readonly text: string;
}

/** What the scan is, so that it can go on with nothing but its journal. */
export interface BeginNote extends NoteRecord {
  readonly kind: 'begin';
  readonly journal: number;
  readonly program: string;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly rig: ScanText;
  /** A cell, or a pack. */
  readonly cell?: ScanText;
  /** Of a pack: the cells' own files, by what it calls them. */
  readonly packed?: Readonly<Record<string, ScanText>>;
  /** By the name of the sensor. */
  readonly calibrations: Readonly<Record<string, ScanText>>;
  /** How many steps the plan has. */
  readonly steps: number;
}

/** The scan was begun or goes on. */
export interface SessionNote extends NoteRecord {
  readonly kind: 'session';
  readonly date: string;
  readonly version: string;
  /** Host time of the session at its start, s. */
  readonly clock: number;
  /** The time of the scan at its start, s: interruptions do not count. */
  readonly running: number;
  readonly devices: readonly { readonly name: string; readonly identity: string }[];
}

/** One phase of a step. */
export interface PhaseNote {
  /** A. */
  readonly current: number;
  /** See `Phase` of the processing. */
  readonly phase?: number;
  /** The measured current: host times, s, and A. */
  readonly trace?: { readonly time: readonly number[]; readonly current: readonly number[] };
}

/** A step is complete; its samples stand before it. */
export interface StepNote extends NoteRecord {
  readonly kind: 'step';
  readonly step: number;
  readonly attempt: number;
  readonly phases: readonly PhaseNote[];
  /** Lines: host time at which the stage was told to go, s. */
  readonly start?: number;
  /** Host time at its end, s. */
  readonly end: number;
  /** How many samples stand before it: where some were damaged, the step is read again. */
  readonly samples: number;
  /** Points read again after an interruption; no part of the map. */
  readonly check?: boolean;
}

export interface EventNote extends NoteRecord {
  readonly kind: 'event';
  readonly time: number;
  readonly message: string;
}

export interface EndNote extends NoteRecord {
  readonly kind: 'end';
}

/** Samples of one element in one phase of a step. */
export interface StepSamples {
  readonly sensor: number;
  readonly element: number;
  readonly phase: number;
  readonly blocks: SampleBlock[];
}

/** A step that is complete, in the time of the scan. */
export interface DoneStep {
  readonly step: number;
  readonly phases: readonly PhaseNote[];
  readonly start?: number;
  readonly samples: readonly StepSamples[];
}

/** What a journal holds. Host times are those of the scan: interruptions do not count. */
export interface JournalState extends JournalEnd {
  readonly begin: BeginNote;
  readonly sessions: readonly SessionNote[];
  /** By step; the last complete attempt. */
  readonly done: ReadonlyMap<number, DoneStep>;
  /** What sensors that stand still recorded, by `sensor/element`. */
  readonly references: readonly StepSamples[];
  /** Attempts that were begun, by step. */
  readonly attempts: ReadonlyMap<number, number>;
  /** Time of the scan at the end of the last complete step, s. */
  readonly running: number;
  readonly ended: boolean;
}

/** The phase number of what sensors that stand still record. */
export const REFERENCE_PHASE = 0xffff;

/**
 * Reads the journal of a scan.
 * @throws {InputError} when it is not there, or no journal of a scan.
 */
export async function readScanJournal(path: string): Promise<JournalState> {
  const reader = new StateReader(path);
  const end = await readJournal(path, record => reader.take(record));
  return reader.state(end);
}

class StateReader {
  #begin: BeginNote | undefined;
  readonly #sessions: SessionNote[] = [];
  readonly #done = new Map<number, DoneStep>();
  readonly #attempts = new Map<number, number>();
  readonly #references = new Map<string, StepSamples>();
  /** Samples of attempts that are not yet known to be complete. */
  #open = new Map<string, { readonly step: number; readonly attempt: number; readonly samples: StepSamples }>();
  /** From the host time of the session to the time of the scan, s. */
  #shift = 0;
  #running = 0;
  #ended = false;

  constructor(private readonly path: string) {}

  take(record: SampleRecord | NoteRecord): void {
    if (record.kind === 'samples') this.#samples(record as SampleRecord);
    else if (record.kind === 'begin') this.#begin = record as BeginNote;
    else if (record.kind === 'session') this.#session(record as SessionNote);
    else if (record.kind === 'step') this.#step(record as StepNote);
    else if (record.kind === 'end') this.#ended = true;
  }

  state(end: JournalEnd): JournalState {
    if (this.#begin === undefined || this.#begin.journal !== JOURNAL_VERSION) {
      throw new InputError(
        this.#begin === undefined
          ? 'is no journal of a scan, or its beginning is lost'
          : 'was written by another version of Savart',
        { file: this.path, advice: 'start the scan anew under another name' },
      );
    }
    return {
      ...end,
      begin: this.#begin,
      sessions: this.#sessions,
      done: this.#done,
      references: [...this.#references.values()],
      attempts: this.#attempts,
      running: this.#running,
      ended: this.#ended,
    };
  }

  #session(session: SessionNote): void {
    this.#sessions.push(session);
    this.#shift = session.running - session.clock;
    this.#open = new Map();
  }

  #samples({ step, attempt, sensor, element, phase, block }: SampleRecord): void {
    const shifted = { ...block, hostTime: block.hostTime.map(time => time + this.#shift) };
    if (phase === REFERENCE_PHASE) {
      const key = `${sensor}/${element}`;
      const reference = this.#references.get(key) ?? { sensor, element, phase, blocks: [] };
      reference.blocks.push(shifted);
      this.#references.set(key, reference);
      return;
    }
    this.#attempts.set(step, Math.max(attempt, this.#attempts.get(step) ?? 0));
    const key = `${step}/${attempt}/${sensor}/${element}/${phase}`;
    const open = this.#open.get(key) ?? { step, attempt, samples: { sensor, element, phase, blocks: [] } };
    open.samples.blocks.push(shifted);
    this.#open.set(key, open);
  }

  #step(note: StepNote): void {
    const { step, attempt, phases, start, end, samples, check } = note;
    this.#attempts.set(step, Math.max(attempt, this.#attempts.get(step) ?? 0));
    const own = [...this.#open].filter(([, open]) => open.step === step && open.attempt === attempt);
    for (const [key] of own) this.#open.delete(key);
    const found = own.flatMap(([, open]) => open.samples.blocks).reduce((sum, { count }) => sum + count, 0);
    if (check === true || found !== samples) return;
    const shift = this.#shift;
    this.#running = end + shift;
    this.#done.set(step, {
      step,
      phases: phases.map(phase => shiftedPhase(phase, shift)),
      ...(start === undefined ? {} : { start: start + shift }),
      samples: own.map(([, open]) => open.samples),
    });
  }
}

function shiftedPhase({ trace, ...phase }: PhaseNote, shift: number): PhaseNote {
  if (trace === undefined) return phase;
  return { ...phase, trace: { ...trace, time: trace.time.map(time => time + shift) } };
}
