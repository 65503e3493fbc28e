/** What of the exchange is held against a province, and what isn't its own doing. */

import { expect, it } from 'vitest';
import { claimHeader } from '#exchange/topics/claim-header.ts';
import { claimFoundHeaders, letterHeaders, type Marked } from '#exchange/topics/letters.ts';
import { openLettersOf } from '#services/cli/contract/facts.ts';
import { LetterBook } from '#services/cli/shared/letter-book.ts';

const letter = (offset: number, reason: 'bad_tag' | 'wrong_partition', marked: Marked, number = 1) => {
  const claim = claimHeader({ instance: '43-a', epoch: 1, attempt: 0, number });
  const headers = { ce_source: '/provinces/43/producers/43-a', ...claim };
  const place = { topic: 'tests', partition: 3, offset, appendedAtMs: 7, headers };
  return { key: null, value: null, appendedAtMs: 0, headers: letterHeaders(place, reason, '', null, marked) };
};

it('a province that somebody forges is ready all the same, until one of its own records is found claimed', () => {
  const book = new LetterBook();
  book.take(letter(1, 'bad_tag', 'nobody'));
  expect(openLettersOf(book).get('43')).toBeUndefined();
  book.take(letter(2, 'wrong_partition', '43'));
  expect(openLettersOf(book).get('43')).toEqual({ wrong_partition: 1 });
  const found = { instance: '43-a', epoch: 1, topic: 'tests', partition: 3, from: 1, through: 1 };
  book.take({ key: null, value: null, appendedAtMs: 0, headers: claimFoundHeaders(found) });
  expect(openLettersOf(book).get('43')).toEqual({ bad_tag: 1, wrong_partition: 1 });
});
