/**
 * What became of all that a file holds, counted: each result has one fate, and the fates of a file add up to what is in
 * it. Pure, and of bounded size: it keeps no content, and of each reason the first places alone.
 */

import type { FormatFault } from '#exchange/formats/format-fault.ts';

/** `duplicate`: the door had it before. `not_sent`: the door was away, so nothing is known of it. */
export const FATES = ['accepted', 'duplicate', 'refused', 'quarantined', 'ignored', 'not_sent'] as const;
export type Fate = (typeof FATES)[number];

/** A fault of the file itself is of no result, and `note` changes no fate: both are named, and in no sum. */
export type Told = Exclude<Fate, 'accepted' | 'duplicate'> | 'fault' | 'note';

/** A fault; with a code where a door, or who judges as it does, has said it. */
export interface Said extends FormatFault {
  readonly code?: string;
}

export interface Reason extends Said {
  readonly told: Told;
  /** Of how many results it was said. */
  readonly count: number;
  /** The first ones. */
  readonly places: readonly string[];
}

export interface FileSum {
  readonly file: string;
  /** Messages, rows or lines in which something stood. */
  readonly records: number;
  /** Of these records; the sum of the fates. */
  readonly results: number;
  readonly fates: Readonly<Record<Fate, number>>;
  readonly faults: number;
  readonly reasons: readonly Reason[];
}

export const PLACES_MAX = 10;
/** Different reasons of one file; a file whose every line has another is told by the lines themselves. */
const REASONS_MAX = 1_000;

const FURTHER: Said = { field: '', reason: 'has one of further reasons', hint: 'mend those named first' };

interface Counted extends Said {
  readonly told: Told;
  count: number;
  readonly places: string[];
}

class FileAccount {
  readonly fates: Record<Fate, number> = {
    accepted: 0,
    duplicate: 0,
    refused: 0,
    quarantined: 0,
    ignored: 0,
    not_sent: 0,
  };
  records = 0;
  faults = 0;
  lastRecord = '';
  readonly reasons = new Map<string, Counted>();
}

export class Account {
  readonly #files = new Map<string, FileAccount>();

  constructor(files: readonly string[]) {
    for (const file of files) this.#of(file);
  }

  /** As it is read, in the order of the file: what stands at one place is one record. */
  read(file: string, at: string): void {
    const account = this.#of(file);
    if (account.lastRecord !== at) account.records += 1;
    account.lastRecord = at;
  }

  /** One result's fate, once it is known. */
  count(file: string, fate: Fate): void {
    this.#of(file).fates[fate] += 1;
  }

  /** Why; a result of which several things are wrong is told of with each. */
  tell(file: string, told: Told, place: string, { field, reason, hint, code }: Said): void {
    const account = this.#of(file);
    if (told === 'fault') account.faults += 1;
    const { reasons } = account;
    const key = JSON.stringify([told, field, reason, hint, code]);
    const isFull = reasons.size >= REASONS_MAX && !reasons.has(key);
    const said = isFull ? FURTHER : { field, reason, hint, ...(code === undefined ? {} : { code }) };
    const known = isFull ? JSON.stringify([told]) : key;
    const counted = reasons.get(known) ?? { told, ...said, count: 0, places: [] };
    reasons.set(known, counted);
    counted.count += 1;
    if (counted.places.length < PLACES_MAX) counted.places.push(place);
  }

  get files(): readonly FileSum[] {
    return [...this.#files].map(([file, { fates, records, faults, reasons }]) => ({
      file,
      records,
      results: FATES.reduce((sum, fate) => sum + fates[fate], 0),
      fates: { ...fates },
      faults,
      reasons: [...reasons.values()],
    }));
  }

  /** Asked for often: for the progress. */
  total(fate: Fate | 'faults'): number {
    let sum = 0;
    for (const { fates, faults } of this.#files.values()) sum += fate === 'faults' ? faults : fates[fate];
    return sum;
  }

  #of(file: string): FileAccount {
    const account = this.#files.get(file) ?? new FileAccount();
    this.#files.set(file, account);
    return account;
  }
}
