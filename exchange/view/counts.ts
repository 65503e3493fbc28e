/**
 * What the log has said of a partition up to its position, counted by province and topic: what a step adds, and how the
 * sums lie in Redis. It must never hold anything that tells one person from another.
 */

import { isProvinceCode, type ProvinceCode } from '#core/field/regions.ts';
import { UNREADABLE_REASONS, type UnreadableReason } from '#exchange/topics/letters.ts';
import { SHARED_KINDS, type SharedKind } from '#exchange/topics/log.ts';

/** Unknown: of a record that can't be read and names no province, or none that vouches for it. */
export type CountedOf = ProvinceCode | 'unknown';

/** Of one province in one topic. */
export interface Counts {
  /** Records that are events; one that was sent twice counts twice. */
  events: number;
  /** How many of them correct, and how many retract. */
  corrections: number;
  retractions: number;
  /** Records that could not be read, by reason. */
  unreadable: Partial<Record<UnreadableReason, number>>;
  /** When the latest of the events was accepted, on the broker's clock; 0: there is none. */
  latestAcceptedAtMs: number;
}

/** As a step hands them to the store: by field, how many more there are, or the instant that it has reached. */
export interface StepCounts {
  readonly added: readonly (readonly [field: string, by: number])[];
  readonly reached: readonly (readonly [field: string, atMs: number])[];
}

export const NOTHING_COUNTED: StepCounts = { added: [], reached: [] };

type OfTopics = Map<SharedKind, Counts>;
const NUMBERS = ['events', 'corrections', 'retractions'] as const;
const UNREADABLE = 'unreadable:';
const REACHED = 'latest';

export class CountsBySource {
  readonly #of = new Map<CountedOf, OfTopics>();

  /** To count on; without anything before it was asked for. */
  at(province: CountedOf, kind: SharedKind): Counts {
    let topics = this.#of.get(province);
    if (topics === undefined) this.#of.set(province, (topics = new Map()));
    let counts = topics.get(kind);
    if (counts === undefined) topics.set(kind, (counts = none()));
    return counts;
  }

  /** The sums in one partition, as they are stored. What a later version counts besides is passed over. */
  addStored(stored: Readonly<Record<string, string>>): void {
    for (const [field, value] of Object.entries(stored)) {
      const [province = '', topic, what = ''] = field.split(' ');
      const kind = SHARED_KINDS.find((known) => known === topic);
      if (kind === undefined || !(province === 'unknown' || isProvinceCode(province))) continue;
      addTo(this.at(province, kind), what, Number(value));
    }
  }

  get step(): StepCounts {
    const added: [string, number][] = [];
    const reached: [string, number][] = [];
    for (const [province, topics] of this.#of)
      for (const [kind, counts] of topics) {
        const field = (what: string): string => `${province} ${kind} ${what}`;
        for (const what of NUMBERS) if (counts[what] > 0) added.push([field(what), counts[what]]);
        for (const [reason, count] of Object.entries(counts.unreadable))
          added.push([field(UNREADABLE + reason), count]);
        if (counts.latestAcceptedAtMs > 0) reached.push([field(REACHED), counts.latestAcceptedAtMs]);
      }
    return { added, reached };
  }
}

function none(): Counts {
  return { events: 0, corrections: 0, retractions: 0, unreadable: {}, latestAcceptedAtMs: 0 };
}

function addTo(counts: Counts, what: string, value: number): void {
  const number = NUMBERS.find((known) => known === what);
  const reason = UNREADABLE_REASONS.find((known) => UNREADABLE + known === what);
  if (number !== undefined) counts[number] += value;
  else if (reason !== undefined) counts.unreadable[reason] = (counts.unreadable[reason] ?? 0) + value;
  else if (what === REACHED) counts.latestAcceptedAtMs = Math.max(counts.latestAcceptedAtMs, value);
}
