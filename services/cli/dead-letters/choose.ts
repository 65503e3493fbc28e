/** Which dead letters an operator means: by place, or by reason, topic, partition, province and time. Pure. */

import type { ProvinceCode } from '#core/field/regions.ts';
import { placeText, type RecordPlace } from '#exchange/topics/letters.ts';
import type { Letter, LetterBook } from '#services/cli/shared/letter-book.ts';

export const STATES = ['open', 'settled', 'all'] as const;

export interface LetterFilter {
  readonly reasons: readonly string[] | null;
  readonly topic: string | null;
  readonly partition: number | null;
  readonly province: ProvinceCode | null;
  /** Written at this instant or later. */
  readonly sinceMs: number | null;
}

export const EVERY_LETTER: LetterFilter = {
  reasons: null,
  topic: null,
  partition: null,
  province: null,
  sinceMs: null,
};

export function matches({ place, reason, province, writtenAtMs }: Letter, filter: LetterFilter): boolean {
  return (
    (filter.reasons === null || filter.reasons.includes(reason)) &&
    (filter.topic === null || place.topic === filter.topic) &&
    (filter.partition === null || place.partition === filter.partition) &&
    (filter.province === null || province === filter.province) &&
    (filter.sinceMs === null || writtenAtMs >= filter.sinceMs)
  );
}

export function listed(book: LetterBook, filter: LetterFilter, state: (typeof STATES)[number]): readonly Letter[] {
  return book.letters.filter(
    (letter) =>
      matches(letter, filter) && (state === 'all' || (book.settledOf(letter) === null) === (state === 'open')),
  );
}

/** Named ones, or with an empty list every open one that matches. */
export function chosen(
  book: LetterBook,
  places: readonly RecordPlace[],
  filter: LetterFilter,
): { readonly letters: readonly Letter[]; readonly unknown: readonly string[] } {
  if (places.length === 0) return { letters: listed(book, filter, 'open'), unknown: [] };
  const found = places.map((place) => book.letterAt(place));
  return {
    letters: [...new Set(found.filter((letter) => letter !== undefined))],
    unknown: places.filter((_, index) => found[index] === undefined).map(placeText),
  };
}
