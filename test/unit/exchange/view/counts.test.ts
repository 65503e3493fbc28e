/** What was counted of the log: what a step adds, as it is stored, and read again over partitions. */

import { expect, it } from 'vitest';
import { CountsBySource, NOTHING_COUNTED } from '#exchange/view/counts.ts';

/** As Redis holds it after some steps. */
function stored(...steps: CountsBySource[]): Record<string, string> {
  const hash: Record<string, string> = {};
  for (const { added, reached } of steps.map(({ step }) => step)) {
    for (const [field, by] of added) hash[field] = String(Number(hash[field] ?? 0) + by);
    for (const [field, atMs] of reached) hash[field] = String(Math.max(Number(hash[field] ?? 0), atMs));
  }
  return hash;
}

it('says nothing of a step without records', () => {
  expect(new CountsBySource().step).toEqual(NOTHING_COUNTED);
});

it('comes back from what was stored, summed over steps and partitions', () => {
  const [first, second] = [new CountsBySource(), new CountsBySource()];
  Object.assign(first.at('43', 'tests'), { events: 3, corrections: 1, latestAcceptedAtMs: 9 });
  Object.assign(second.at('43', 'tests'), { events: 2, retractions: 1, latestAcceptedAtMs: 5 });
  second.at('unknown', 'codes').unreadable = { tombstone: 4 };
  const sums = new CountsBySource();
  sums.addStored(stored(first, second));
  sums.addStored(stored(second));
  expect(sums.at('43', 'tests')).toEqual({
    events: 7,
    corrections: 1,
    retractions: 2,
    unreadable: {},
    latestAcceptedAtMs: 9,
  });
  expect(sums.at('unknown', 'codes').unreadable).toEqual({ tombstone: 8 });
});

it('passes over what a later version counts besides', () => {
  const counts = new CountsBySource();
  counts.addStored({ '43 tests duplicates': '5', '43 smells events': '1', '99 tests events': '1', odd: 'x' });
  expect(counts.step).toEqual(NOTHING_COUNTED);
});
