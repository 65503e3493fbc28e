/**
 * What the dead-letter topic comes to: each letter once, whether it is open, and up to where a person's are settled.
 */

import { describe, expect, it } from 'vitest';
import { claimHeader } from '#exchange/topics/claim-header.ts';
import {
  claimFoundHeaders,
  letterHeaders,
  noteHeaders,
  type RecordPlace,
  settlementHeaders,
} from '#exchange/topics/letters.ts';
import { chosen, EVERY_LETTER, listed } from '#services/cli/dead-letters/choose.ts';
import { LetterBook, type LetterRecord, SettledThrough } from '#services/cli/shared/letter-book.ts';

const KEY = Buffer.alloc(16, 7);
const at = (offset: number, topic = 'tests', partition = 3): RecordPlace => ({ topic, partition, offset });
const settlement = (place: RecordPlace, by = 'Li') => ({ place, through: null, as: 'replayed', by, why: 'w' }) as const;

function letter(
  place: RecordPlace,
  {
    key = KEY as Buffer | null,
    headers = {},
    appendedAtMs = 1_000,
    reason = 'not_wire_format' as const,
    province = '43' as const,
  } = {},
): LetterRecord {
  return {
    key,
    value: Buffer.of(1, 2),
    appendedAtMs,
    headers: letterHeaders(
      { ...place, appendedAtMs: 7, headers: { ce_source: `/provinces/${province}/producers/x`, ...headers } },
      reason,
      'd',
      key,
      province,
    ),
  };
}
function note(place: RecordPlace, settledAt: RecordPlace | null, by?: string): LetterRecord {
  return {
    key: null,
    value: null,
    appendedAtMs: 2_000,
    headers: noteHeaders({ settlement: settlement(place, by), at: settledAt }),
  };
}
function bookOf(...records: readonly LetterRecord[]): LetterBook {
  const book = new LetterBook();
  for (const record of records) book.take(record);
  return book;
}

describe('the book', () => {
  it('holds a letter once, however often it was written, and says who settled it first', () => {
    const book = bookOf(letter(at(4)), note(at(4), at(9)), letter(at(4)), note(at(4), at(10), 'Wang'), letter(at(5)));
    expect(book.letters.map(({ place }) => place)).toEqual([at(4), at(5)]);
    expect(book.settledOf({ place: at(4) })).toMatchObject({ settlement: { by: 'Li' }, at: at(9), atMs: 2_000 });
    expect(book.settledOf({ place: at(5) })).toBeNull();
  });
  it('says what a replay became that was unreadable again', () => {
    const book = bookOf(
      letter(at(4)),
      letter(at(9), { headers: settlementHeaders(settlement(at(4))) }),
      note(at(4), at(9)),
    );
    expect(book.nextOf({ place: at(4) })).toMatchObject({ place: at(9), replays: at(4) });
    expect(book.nextOf({ place: at(9) })).toBeNull();
  });
  it('says whom letters mark once they are found claimed, and of no others', () => {
    const claim = (number: number) => claimHeader({ instance: '43-a', epoch: 1, attempt: 0, number });
    const failing = (offset: number, number: number): LetterRecord => ({
      key: KEY,
      value: Buffer.of(1),
      appendedAtMs: 1_000,
      headers: letterHeaders(
        { ...at(offset), appendedAtMs: 7, headers: claim(number) },
        'bad_tag',
        'd',
        null,
        'nobody',
      ),
    });
    const found = { instance: '43-a', epoch: 1, topic: 'tests', partition: 3, from: 2, through: 3 };
    const headers = claimFoundHeaders(found);
    const book = bookOf(failing(4, 1), failing(5, 2), { key: null, value: null, appendedAtMs: 2_000, headers });
    expect(book.letters.map(({ marks }) => marks)).toEqual(['nobody', '43']);
  });
  it('chooses by place, or every open one by the filters together', () => {
    const book = bookOf(
      letter(at(4)),
      letter(at(1, 'codes', 2), { appendedAtMs: 5_000 }),
      letter(at(8), { province: '43' }),
      note(at(8), null),
    );
    const offsets = (filter: Partial<typeof EVERY_LETTER>, state: 'open' | 'settled' | 'all' = 'open') =>
      listed(book, { ...EVERY_LETTER, ...filter }, state).map(({ place }) => place.offset);
    expect(offsets({})).toEqual([4, 1]);
    expect(offsets({}, 'settled')).toEqual([8]);
    expect(offsets({ topic: 'codes' })).toEqual([1]);
    expect(offsets({ partition: 3 }, 'all')).toEqual([4, 8]);
    expect(offsets({ sinceMs: 5_000 })).toEqual([1]);
    expect(offsets({ reasons: ['tombstone'] })).toEqual([]);
    expect(offsets({ province: '44' })).toEqual([]);
    expect(chosen(book, [at(8), at(77), at(8)], EVERY_LETTER)).toMatchObject({
      letters: [{ place: at(8) }],
      unknown: ['tests/3/77'],
    });
    expect(chosen(book, [], { ...EVERY_LETTER, topic: 'tests' }).letters.map(({ place }) => place.offset)).toEqual([4]);
  });
});

describe('up to where a person’s letters are settled', () => {
  const letters = [4, 7, 9].map((offset) => letter(at(offset)));
  const through = (book: LetterBook, ...offsets: readonly number[]) => {
    const settledThrough = new SettledThrough(book);
    return offsets.map((offset) => settledThrough.with(book.letterAt(at(offset)) as never));
  };
  it('grows as they are settled from the first one on', () => {
    expect(through(bookOf(...letters), 4, 7, 9)).toEqual([4, 7, 9]);
    expect(through(bookOf(...letters, note(at(7), null)), 4)).toEqual([7]);
    expect(through(bookOf(...letters, note(at(4), null)), 9, 7)).toEqual([4, 9]);
  });
  it('isn’t known while an earlier one is open', () => {
    expect(through(bookOf(...letters), 7)).toEqual([null]);
    expect(through(bookOf(...letters), 7, 9, 4)).toEqual([null, null, 9]);
  });
  it('counts no other person’s, topic’s or partition’s letters, and none that marks a province', () => {
    const others = [letter(at(1), { key: Buffer.alloc(16, 8) }), letter(at(2, 'codes')), letter(at(3, 'tests', 4))];
    expect(through(bookOf(...others, ...letters), 4)).toEqual([4]);
    const nobody = bookOf(letter(at(4), { key: null }));
    expect(through(nobody, 4)).toEqual([null]);
  });
});
