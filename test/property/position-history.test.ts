/**
 * The history of a partition's position and freshness: whatever changes from one moment to the next, and whatever
 * records are lost on the way, what is read is what was written, or nothing.
 */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PROVINCE_CODES } from '#core/field/regions.ts';
import { type DatedMoment, FULL_EVERY_MS, MomentReader, MomentWriter } from '#exchange/view/position-history.ts';
import { runs } from '#test/support/runs.ts';

const time = fc.integer({ min: 0, max: 2_000_000_000_000 });
const instance = fc.record({
  province: fc.constantFrom(...PROVINCE_CODES.slice(0, 4)),
  instance: fc.constantFrom('11-a', '12-a', '13-a', '11-b'),
  throughMs: time,
});
const moment: fc.Arbitrary<Omit<DatedMoment, 'atMs'>> = fc.record({
  generation: fc.integer({ min: 1, max: 2 }),
  position: fc.record({
    clusterId: fc.constantFrom('c', 'd'),
    topics: fc.dictionary(
      fc.constantFrom('tests', 'codes', 'erasures'),
      fc.record({ topicId: fc.constantFrom('t', 'u'), nextOffset: fc.integer({ min: 0, max: 1e12 }) }),
    ),
  }),
  freshness: fc.record({
    watermarks: fc.uniqueArray(instance, { maxLength: 3, selector: (one) => one.instance }),
    incompleteProvinces: fc.subarray([...PROVINCE_CODES.slice(0, 2), null]),
    withdrawals: fc.constantFrom('', 'digest'),
    acceptedUpToMs: time,
    leaks: fc.constantFrom([], [{ key: 'province-11-1', of: '11' as const, sinceMs: 5, isOut: false }]),
  }),
});
/** The same in all but its numbers, as mostly. */
const onward = (from: Omit<DatedMoment, 'atMs'>, by: readonly number[]): Omit<DatedMoment, 'atMs'> => {
  const step = (index: number): number => by[index % by.length] ?? 0;
  const topics = Object.entries(from.position.topics).map(([topic, at], index) => [
    topic,
    { ...at, nextOffset: at.nextOffset + step(index) },
  ]);
  return {
    ...from,
    position: { ...from.position, topics: Object.fromEntries(topics) as DatedMoment['position']['topics'] },
    freshness: {
      ...from.freshness,
      watermarks: from.freshness.watermarks.map((one, index) => ({ ...one, throughMs: one.throughMs + step(index) })),
    },
  };
};
const course = fc
  .tuple(
    moment,
    fc.array(
      fc.record({
        afterMs: fc.integer({ min: 1, max: 30_000 }),
        by: fc.array(fc.integer({ min: -5, max: 5_000 }), { minLength: 1, maxLength: 4 }),
        another: fc.option(moment, { freq: 5 }),
        isLost: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
        isTakenOver: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
      }),
      { minLength: 1, maxLength: 30 },
    ),
  )
  .map(([first, steps]) => {
    let last = first;
    let atMs = 1_600_000_000_000;
    return steps.map(({ afterMs, by, another, ...step }) => {
      last = another ?? onward(last, by);
      atMs += afterMs;
      return { ...step, moment: { ...last, atMs } };
    });
  });

it('gives every moment back as it was written', () => {
  fc.assert(
    fc.property(course, (steps) => {
      const [writer, reader] = [new MomentWriter('a'), new MomentReader()];
      for (const { moment: written } of steps) expect(reader.take(writer.next(written))).toEqual(written);
    }),
    { numRuns: runs(200) },
  );
});

it('gives nothing rather than what it doesn’t know, and everything again from the next full record on', () => {
  fc.assert(
    fc.property(course, (steps) => {
      let writer = new MomentWriter('a');
      const reader = new MomentReader();
      let full: { readonly atMs: number; readonly isLost: boolean } | null = null;
      for (const [index, { moment: written, isLost, isTakenOver }] of steps.entries()) {
        if (isTakenOver) writer = new MomentWriter(`another ${index}`);
        const record = writer.next(written);
        if (record[0] === '{'.charCodeAt(0)) full = { atMs: written.atMs, isLost };
        if (!isLost) expect(reader.take(record)).toEqual(full?.isLost === true ? null : written);
        expect(written.atMs - (full?.atMs ?? 0)).toBeLessThan(FULL_EVERY_MS);
      }
    }),
    { numRuns: runs(200) },
  );
});

it('of a change whose full record is an older writer’s knows that too', () => {
  const at = (atMs: number, nextOffset: number): DatedMoment => ({
    atMs,
    generation: 1,
    position: { clusterId: 'c', topics: { tests: { topicId: 't', nextOffset } } },
    freshness: { watermarks: [], incompleteProvinces: [], withdrawals: '', acceptedUpToMs: 0, leaks: [] },
  });
  const [before, after, reader] = [new MomentWriter('a'), new MomentWriter('b'), new MomentReader()];
  const records = [before.next(at(1, 1)), after.next(at(3, 3)), before.next(at(2, 2)), after.next(at(4, 4))];
  expect(records.map((record) => reader.take(record)?.position.topics['tests']?.nextOffset)).toEqual([1, 3, 2, 4]);
});

it('takes what is no record of the history for nothing', () => {
  const reader = new MomentReader();
  for (const value of [null, '', '{', '7', '{}', '["a",1]', 'null']) {
    expect(reader.take(value === null ? null : Buffer.from(value))).toBeNull();
  }
});
