/**
 * What is wrong with a sample, in the order in which it is mended: each fault once, with how often it was met and where
 * first. Pure; it never holds a value of an event, and the places that it names hold no document's number.
 */

import { holdsNumber } from '#core/field/number-in-text.ts';
import { describeLocation, type Location } from '#exchange/formats/location.ts';

export const STEPS = {
  file: 'What can’t be read',
  identity: 'Who sends, and of whom',
  form: 'The form of events',
  rules: 'The rules of events',
  record: 'The records of events',
  door: 'What the door says',
  warning: 'Worth knowing',
} as const;
export type Step = keyof typeof STEPS;
const ORDER = Object.keys(STEPS) as Step[];

export interface Found {
  readonly step: Step;
  /** Of problem types or of this command's own; '' of a fault of a format. */
  readonly code: string;
  /** JSON pointer or field of a format; '' for the whole. */
  readonly field: string;
  readonly detail: string;
  readonly hint: string;
}

export interface Finding extends Found {
  readonly count: number;
  /** Null: it stands in no file. */
  readonly first: string | null;
}

/** Fields' names are a sender's own where they are wrong, so kinds of faults aren't bounded by themselves. */
const KINDS_MAX = 200;

export class Findings {
  readonly #byKind = new Map<string, Found & { count: number; first: string | null }>();
  readonly #today: number;
  /** Faults of further kinds than are told apart. */
  others = 0;

  /** @param today days since 1970-01-01 */
  constructor(today: number) {
    this.#today = today;
  }

  add(found: Found, location: Location | null = null): void {
    const kind = JSON.stringify([found.step, found.code, found.field, found.detail]);
    const known = this.#byKind.get(kind);
    if (known !== undefined) known.count += 1;
    else if (this.#byKind.size >= KINDS_MAX) this.others += 1;
    else this.#byKind.set(kind, { ...found, count: 1, first: location === null ? null : this.#placeIn(location) });
  }

  /** By step; within one, what was met most often first. */
  get all(): readonly Finding[] {
    const found = [...this.#byKind.values()];
    return ORDER.flatMap((step) => found.filter((one) => one.step === step).toSorted((a, b) => b.count - a.count));
  }

  /** Whether anything is to be mended. */
  get isClean(): boolean {
    return this.others === 0 && this.all.every(({ step }) => step === 'warning');
  }

  /** A place may hold the number that a laboratory gave its message; some give a person's. */
  #placeIn(location: Location): string {
    const { at } = location;
    const words = at.split(/[\s()]+/);
    const shown = words.some((word) => holdsNumber(word, null, this.#today)) ? at.replace(/ \(.*\)$/, '') : at;
    return describeLocation({ ...location, at: shown });
  }
}
