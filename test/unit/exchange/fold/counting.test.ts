/** What a step's records come to when they are counted, whatever the step that they fall into. */

import { describe, expect, it } from 'vitest';
import { countsOf } from '#exchange/fold/counting.ts';
import type { Effect } from '#exchange/fold/step.ts';
import type { Marked, UnreadableReason } from '#exchange/topics/letters.ts';
import { topicOf } from '#exchange/topics/records.ts';
import { personErased, testReported, vaccinationAdministered } from '#exercises/town/events.ts';
import { LOG } from '#test/support/first-edition.ts';
import { MemoryLog, rigOf } from './support.ts';

const KEY = Buffer.alloc(16);
const effectsOf = (...events: ReturnType<typeof testReported | typeof vaccinationAdministered>[]): Effect[] =>
  events.map((event, offset) => ({ key: KEY, event, topic: topicOf(LOG, event.type), offset }));
const letter = (reason: UnreadableReason, marked: Marked, topic = 'tests') => ({
  record: { topic, partition: 0, offset: 0, key: null, value: null, headers: {}, appendedAtMs: 0 },
  reason,
  detail: '',
  key: null,
  marked,
});

describe('what the log says is counted', () => {
  it('by province and topic: events, how many of them correct or retract, and when the latest was accepted', () => {
    const effects = effectsOf(
      testReported({ status: 'final', acceptedAtMs: 7 }),
      testReported({ status: 'corrected', acceptedAtMs: 9 }),
      testReported({ status: 'retracted', province: '11', acceptedAtMs: 3 }),
      vaccinationAdministered({ acceptedAtMs: 4 }),
    );
    expect(countsOf({ effects, letters: [] })).toEqual({
      added: [
        ['43 tests events', 2],
        ['43 tests corrections', 1],
        ['43 vaccinations events', 1],
        ['11 tests events', 1],
        ['11 tests retractions', 1],
      ],
      reached: [
        ['43 tests latest', 9],
        ['43 vaccinations latest', 4],
        ['11 tests latest', 3],
      ],
    });
  });
  it('an erasure as an event that has no versions', () => {
    const event = personErased({ acceptedAtMs: 5 });
    const { added } = countsOf({ effects: [{ key: KEY, event, topic: 'erasures', offset: 0 }], letters: [] });
    expect(added).toEqual([['43 erasures events', 1]]);
  });
  it('what can’t be read by its reason, under the province that is told of it, else under none', () => {
    const letters = [
      letter('bad_tag', '43'),
      letter('bad_tag', '43'),
      letter('tombstone', null, 'codes'),
      letter('bad_tag', 'nobody'),
    ];
    expect(countsOf({ effects: [], letters }).added).toEqual([
      ['43 tests unreadable:bad_tag', 2],
      ['unknown codes unreadable:tombstone', 1],
      ['unknown tests unreadable:bad_tag', 1],
    ]);
  });
});

it('a worker counts each record in the step that moves the position past it', async () => {
  const [rig, log] = [rigOf({ commitEventsMax: 2 }), new MemoryLog()];
  for (const status of ['preliminary', 'final', 'corrected'] as const) log.append(KEY, testReported({ status }));
  await rig.begin();
  rig.worker.offer(log.chunk('tests', 0));
  await expect.poll(() => rig.store.commits.length).toBe(2);
  expect(rig.store.commits.map(({ counts }) => counts?.added)).toEqual([
    [['43 tests events', 2]],
    [
      ['43 tests events', 1],
      ['43 tests corrections', 1],
    ],
  ]);
});
