/**
 * What the topic `dead-letters` comes to: each letter once, whether it is open, and who settled it how. Pure; it keeps
 * no bytes of records. Letters and notes may come again and in any order.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { provinceOfSource } from '#exchange/keys/check.ts';
import { claimOf, type RecordClaim } from '#exchange/topics/claim-header.ts';
import {
  type ClaimFound,
  claimFoundOf,
  letterOf,
  type LetterHead,
  noteOf,
  placeText,
  type RecordPlace,
  type SettlementNote,
} from '#exchange/topics/letters.ts';
import type { KafkaMessage } from '#platform/kafka/client.ts';
import type { Headers } from '#platform/kafka/record.ts';

/** A record of `dead-letters`, as Kafka gives it. */
export interface LetterRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Headers;
  readonly appendedAtMs: number;
}

export function letterRecordOf({ key, value, headers = {}, timestamp }: KafkaMessage): LetterRecord {
  return { key, value, headers, appendedAtMs: Number(timestamp) };
}

export interface Settled extends SettlementNote {
  readonly atMs: number;
}

export interface Letter extends LetterHead {
  /** In hex; null without one. */
  readonly key: string | null;
  readonly province: ProvinceCode | null;
  /** Which record of which process it says that it is; null: of none. */
  readonly claim: RecordClaim | null;
  /** Null for a tombstone. */
  readonly bytes: number | null;
  readonly writtenAtMs: number;
}

export class LetterBook {
  readonly #letters = new Map<string, Letter>();
  readonly #settled = new Map<string, Settled>();

  take({ key, value, headers, appendedAtMs }: LetterRecord): void {
    const note = noteOf(headers);
    if (note !== null) {
      const of = placeText(note.settlement.place);
      // The first one counts; another is the same that was read again, or another operator's that came later.
      if (!this.#settled.has(of)) this.#settled.set(of, { ...note, atMs: appendedAtMs });
      return;
    }
    const found = claimFoundOf(headers);
    if (found !== null) return this.#markFound(found);
    const head = letterOf(headers);
    if (head === null || this.#letters.has(placeText(head.place))) return;
    this.#letters.set(placeText(head.place), {
      ...head,
      key: key?.toString('hex') ?? null,
      province: provinceOfSource(headers),
      claim: claimOf(headers),
      bytes: value?.length ?? null,
      writtenAtMs: appendedAtMs,
    });
  }

  /** From now on they mark whom they say they are of. */
  #markFound({ topic, partition, instance, epoch, from, through }: ClaimFound): void {
    for (const [name, letter] of this.#letters) {
      const { place, claim, marks } = letter;
      const isOfProcess = claim?.instance === instance && claim.epoch === epoch;
      if (marks !== 'nobody' || !isOfProcess || place.topic !== topic || place.partition !== partition) continue;
      if (from <= claim.number && claim.number <= through)
        this.#letters.set(name, { ...letter, marks: instance.slice(0, 2) as ProvinceCode });
    }
  }

  /** In the order in which they were written. */
  get letters(): readonly Letter[] {
    return [...this.#letters.values()];
  }

  letterAt(place: RecordPlace): Letter | undefined {
    return this.#letters.get(placeText(place));
  }

  settledOf({ place }: { readonly place: RecordPlace }): Settled | null {
    return this.#settled.get(placeText(place)) ?? null;
  }

  /** The letter that the replay of this one became, where it was unreadable again. */
  nextOf(letter: { readonly place: RecordPlace }): Letter | null {
    const at = this.settledOf(letter)?.at;
    return at === null || at === undefined ? null : (this.letterAt(at) ?? null);
  }
}

/**
 * While letters are settled one after the other: up to which offset every letter of a person, topic and partition is
 * settled. Of a lower offset there is no letter that isn't in the book, since a partition's letters are written in
 * order.
 */
export class SettledThrough {
  readonly #book: LetterBook;
  readonly #groups = new Map<string, { readonly letters: readonly Letter[]; settled: number }>();
  readonly #now = new Set<Letter>();

  constructor(book: LetterBook) {
    this.#book = book;
    for (const [name, letters] of Map.groupBy(book.letters, groupOf))
      this.#groups.set(name, { letters: letters.toSorted((a, b) => a.place.offset - b.place.offset), settled: 0 });
  }

  /** With this letter settled too; null where an earlier one is open, or the letter marks nobody's view. */
  with(letter: Letter): number | null {
    this.#now.add(letter);
    const group = this.#groups.get(groupOf(letter));
    if (group === undefined || letter.marks !== undefined) return null;
    for (; group.settled < group.letters.length; group.settled += 1) {
      const next = group.letters[group.settled] as Letter;
      if (this.#book.settledOf(next) === null && !this.#now.has(next)) break;
    }
    return group.letters[group.settled - 1]?.place.offset ?? null;
  }
}

function groupOf({ key, place: { topic, partition } }: Letter): string {
  return `${key}/${topic}/${partition}`;
}
