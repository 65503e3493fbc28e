/** The bytes of AlterClientQuotas, by the protocol's guide: what is asked, and what an answer says. */

import { expect, it } from 'vitest';
import { encodeRequest, refusedIn } from '#platform/kafka/quotas.ts';

it('asks for both quotas of each principal, and that they be set', () => {
  const quotas = new Map([['ab', { writesBytesPerSecond: 1, threadPercent: 2 }]]);
  expect(encodeRequest(quotas).toString('latin1')).toBe(
    '\0\x31\0\0' + // AlterClientQuotas, version 0
      '\0\0\0\0\0\x0dhutong-quotas' +
      '\0\0\0\x01' +
      '\0\0\0\x01\0\x04user\0\x02ab' +
      '\0\0\0\x02' +
      '\0\x12producer_byte_rate\x3f\xf0\0\0\0\0\0\0\0' +
      '\0\x12request_percentage\x40\0\0\0\0\0\0\0\0' +
      '\0',
  );
});

const entry = (code: number, why: string): string =>
  `\0${String.fromCodePoint(code)}\0${String.fromCodePoint(why.length)}${why}\0\0\0\x01\0\x04user\0\x02ab`;
const answer = (...entries: string[]): Buffer =>
  Buffer.from(`\0\0\0\0\0\0\0${String.fromCodePoint(entries.length)}${entries.join('')}`, 'latin1');

it('tells which answer refuses one of them, wherever it stands', () => {
  expect(refusedIn(answer())).toBeNull();
  expect(refusedIn(answer(entry(0, ''), entry(0, 'x')))).toBeNull();
  expect(refusedIn(answer(entry(0, ''), entry(31, 'cluster')))).toBe('error 31: cluster');
  const unsaid = Buffer.from('\0\0\0\0\0\0\0\x01\0\x1f\xff\xff\0\0\0\0', 'latin1');
  expect(refusedIn(unsaid)).toBe('error 31: ');
});
