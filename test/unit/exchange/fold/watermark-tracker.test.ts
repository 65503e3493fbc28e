/** Which watermark is in force at a position: never one that speaks for records which the position has not passed. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstanceWatermark, Position } from '#core/view/snapshot.ts';
import { type Watermark, WatermarkTracker } from '#exchange/fold/watermark-tracker.ts';
import { LOG } from '#test/support/first-edition.ts';

const DAY_MS = 86_400_000;
const positionAt = (tests: number, vaccinations = 0): Position => ({
  clusterId: 'c',
  topics: { tests: { topicId: 't', nextOffset: tests }, vaccinations: { topicId: 'v', nextOffset: vaccinations } },
});
const watermark = (
  throughMs: number,
  tests: readonly number[],
  vaccinations: readonly number[] = [0, 0],
  instance = '43-a',
  epoch = 0,
): Watermark => ({
  province: '43',
  instance,
  throughMs,
  epoch,
  offsets: [
    { topic: 'tests', nextOffsets: tests },
    { topic: 'vaccinations', nextOffsets: vaccinations },
  ],
});
const throughOf = (watermarks: readonly InstanceWatermark[], instance = '43-a') =>
  watermarks.find((each) => each.instance === instance)?.throughMs;

function trackerOf(...watermarks: Watermark[]): WatermarkTracker {
  const tracker = new WatermarkTracker(LOG);
  for (const each of watermarks) tracker.add(each, each.throughMs);
  return tracker;
}

describe('a watermark', () => {
  it('comes into force when the position has passed its offsets in every topic, in this partition', () => {
    const tracker = trackerOf(watermark(100, [5, 900], [2, 900]));
    expect(throughOf(tracker.inForce(0, positionAt(4, 2), []))).toBe(0);
    expect(throughOf(tracker.inForce(0, positionAt(5, 1), []))).toBe(0);
    expect(throughOf(tracker.inForce(0, positionAt(5, 2), []))).toBe(100);
    expect(throughOf(tracker.inForce(1, positionAt(5, 2), []))).toBe(0);
  });
  it('gives way to a newer one that is covered too, and not to one that isn’t', () => {
    const tracker = trackerOf(watermark(100, [5, 0]), watermark(200, [8, 0]), watermark(300, [12, 0]));
    expect([5, 7, 8, 11, 12].map((tests) => throughOf(tracker.inForce(0, positionAt(tests), [])))).toEqual([
      100, 100, 200, 200, 300,
    ]);
  });
  it('is not lost from sight behind older ones while all are read again', () => {
    const [first, second, third] = [watermark(100, [5, 0]), watermark(200, [8, 0]), watermark(300, [12, 0])];
    const tracker = trackerOf(first, second, third, first);
    expect([5, 8, 11, 12].map((tests) => throughOf(tracker.inForce(0, positionAt(tests), [])))).toEqual([
      100, 200, 200, 300,
    ]);
  });
  it('from a clock that was a day ahead spoke for its province a day longer than that was there', () => {
    const ahead = watermark(DAY_MS + 100, [0, 0]);
    const tracker = trackerOf(watermark(100, [0, 0]));
    tracker.add(ahead, 200); // only the writer's clock was wrong
    expect(throughOf(tracker.inForce(0, positionAt(0), []))).toBe(100);
    tracker.add(ahead, DAY_MS + 100); // the broker's too
    const wrong = tracker.inForce(0, positionAt(0), []);
    expect(throughOf(wrong)).toBe(DAY_MS + 100);
    tracker.add(watermark(300, [0, 0]), 300); // and is right again
    expect(throughOf(tracker.inForce(0, positionAt(0), wrong))).toBe(300);
  });
  it('of a partition without a record of the instance is in force at once', () => {
    expect(throughOf(trackerOf(watermark(100, [5, 0])).inForce(1, positionAt(0), []))).toBe(100);
  });
  it('that speaks of another edition of the log is in force nowhere, and its instance is known', () => {
    const other: Watermark = {
      ...watermark(100, [0]),
      offsets: [
        { topic: 'tests-2', nextOffsets: [0] },
        { topic: 'vaccinations-2', nextOffsets: [0] },
      ],
    };
    expect(throughOf(trackerOf(other).inForce(0, positionAt(900, 900), []))).toBe(0);
    // Back in this edition, the offsets of the other one are no condition.
    expect(throughOf(trackerOf(watermark(100, [5]), other, watermark(200, [5])).inForce(0, positionAt(5), []))).toBe(
      200,
    );
  });
  it('that was in force stays so after a restart, before newer ones are read', () => {
    const tracker = new WatermarkTracker(LOG);
    tracker.register('43', '43-a', 0);
    expect(tracker.inForce(0, positionAt(9), [{ province: '43', instance: '43-a', throughMs: 700 }])).toEqual([
      { province: '43', instance: '43-a', throughMs: 700 },
    ]);
  });
});

describe('a watermark that is silent about a topic', () => {
  const codes = { topic: 'codes', nextOffsets: [3, 3] };
  const withCodes = (throughMs: number): Watermark => ({
    ...watermark(throughMs, [5, 5]),
    offsets: [...watermark(throughMs, [5, 5]).offsets, codes],
  });
  const at = (nextOffset: number | null): Position => {
    const { clusterId, topics } = positionAt(9, 9);
    return { clusterId, topics: nextOffset === null ? topics : { ...topics, codes: { topicId: 'k', nextOffset } } };
  };
  it('that its writer didn’t know comes into force without it, also where the position doesn’t know it', () => {
    const tracker = trackerOf(watermark(100, [5, 5]));
    expect([null, 0, 3].map((nextOffset) => throughOf(tracker.inForce(0, at(nextOffset), [])))).toEqual([
      100, 100, 100,
    ]);
  });
  it('gives way to the first that names it only when a position has passed that', () => {
    const tracker = trackerOf(watermark(100, [5, 5]), withCodes(200));
    expect([null, 0, 2, 3].map((nextOffset) => throughOf(tracker.inForce(0, at(nextOffset), [])))).toEqual([
      100, 100, 100, 200,
    ]);
  });
  it('that the instance has written to before, as an older process would, still waits for what was written', () => {
    const tracker = trackerOf(withCodes(200), watermark(300, [6, 6]), watermark(400, [7, 7]));
    expect([0, 2, 3].map((nextOffset) => throughOf(tracker.inForce(0, at(nextOffset), [])))).toEqual([0, 0, 400]);
  });
});

describe('an instance', () => {
  it('without a watermark holds its province back from the moment it is registered', () => {
    const tracker = trackerOf(watermark(100, [0, 0]));
    tracker.register('43', '43-b', 0);
    expect(tracker.inForce(0, positionAt(9), [])).toEqual([
      { province: '43', instance: '43-a', throughMs: 100 },
      { province: '43', instance: '43-b', throughMs: 0 },
    ]);
  });
  it('keeps its watermarks when it registers again', () => {
    const tracker = trackerOf(watermark(100, [0, 0]));
    tracker.register('43', '43-a', 0);
    expect(throughOf(tracker.inForce(0, positionAt(9), []))).toBe(100);
  });
  it('speaks for itself only', () => {
    const tracker = trackerOf(watermark(100, [0, 0]), watermark(900, [50, 0], [0, 0], '43-b'));
    expect(tracker.inForce(0, positionAt(9), []).map(({ throughMs }) => throughMs)).toEqual([100, 0]);
  });
  it('that is retired holds nobody back any more', () => {
    const tracker = trackerOf(watermark(100, [0, 0]), watermark(1, [0, 0], [0, 0], '43-b'));
    tracker.retire('43-b', 0, 50);
    expect(tracker.inForce(0, positionAt(9), [{ province: '43', instance: '43-b', throughMs: 1 }])).toEqual([
      { province: '43', instance: '43-a', throughMs: 100 },
    ]);
  });
  it('that is retired doesn’t come back with a watermark from before, but does when it registers again', () => {
    const tracker = trackerOf(watermark(100, [0, 0]));
    tracker.retire('43-a', 0, 150);
    tracker.add(watermark(140, [0, 0]), 140);
    expect(tracker.inForce(0, positionAt(9), [])).toEqual([]);
    tracker.register('43', '43-a', 0);
    tracker.add(watermark(200, [0, 0]), 200);
    expect(throughOf(tracker.inForce(0, positionAt(9), []))).toBe(200);
  });
});

describe('a process that takes an instance up again', () => {
  const of = (epoch: number, throughMs: number, tests: number): Watermark =>
    watermark(throughMs, [tests, 0], [0, 0], '43-a', epoch);
  it('makes what the former one says from then on count no more, and leaves what it said before', () => {
    const tracker = trackerOf(of(1, 100, 5), of(1, 200, 8));
    tracker.register('43', '43-a', 2);
    tracker.add(of(1, 300, 8), 300); // it knows nothing of what the newer one has taken
    expect(throughOf(tracker.inForce(0, positionAt(9), []))).toBe(200);
    tracker.add(of(2, 250, 12), 300);
    tracker.add(of(1, 400, 8), 400);
    expect([8, 12].map((tests) => throughOf(tracker.inForce(0, positionAt(tests), [])))).toEqual([200, 250]);
  });
  it('does so by its watermark alone, for its registration may be read later', () => {
    const tracker = trackerOf(of(1, 100, 5), of(2, 200, 9), of(1, 300, 5));
    expect([5, 9].map((tests) => throughOf(tracker.inForce(0, positionAt(tests), [])))).toEqual([100, 200]);
    tracker.register('43', '43-a', 1);
    tracker.register('43', '43-a', 2);
    tracker.add(of(1, 400, 5), 400);
    expect(throughOf(tracker.inForce(0, positionAt(5), []))).toBe(100);
  });
  it('counts after the instance was retired, which its predecessor doesn’t', () => {
    const tracker = trackerOf(of(1, 100, 0));
    tracker.retire('43-a', 1, 150);
    tracker.register('43', '43-a', 1);
    tracker.add(of(1, 200, 0), 200);
    expect(tracker.inForce(0, positionAt(9), [])).toEqual([]);
    tracker.add(of(2, 120, 0), 200);
    tracker.retire('43-a', 1, 300); // read again
    expect(throughOf(tracker.inForce(0, positionAt(9), []))).toBe(120);
  });
});

describe('thousands of watermarks that wait for a view far behind', () => {
  /** Each a second after the last, with some records more. */
  const history = (growth: readonly number[]): Watermark[] => {
    let nextOffset = 0;
    return growth.map((records, index) => watermark((index + 1) * 1_000, [(nextOffset += records), 0]));
  };
  it('never come into force before the position covers them, and always go forward', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 1_500, size: 'max' }),
        fc.array(fc.integer({ min: 0, max: 4_500 }), { minLength: 1, maxLength: 30 }),
        (growth, positions) => {
          const all = history(growth);
          const tracker = trackerOf(...all);
          let before: readonly InstanceWatermark[] = [];
          for (const nextOffset of positions.sort((a, b) => a - b)) {
            const covered =
              all.filter(({ offsets }) => (offsets[0]?.nextOffsets[0] ?? 0) <= nextOffset).at(-1)?.throughMs ?? 0;
            const now = tracker.inForce(0, positionAt(nextOffset), before);
            const throughMs = throughOf(now) as number;
            expect(throughMs).toBeLessThanOrEqual(covered);
            expect(throughMs).toBeGreaterThanOrEqual(throughOf(before) ?? 0);
            if (all.length <= 600) expect(throughMs).toBe(covered);
            before = now;
          }
        },
      ),
      { numRuns: 40 },
    );
  });
  it.each([600, 601, 602, 901, 1_201, 5_000])(
    'lose neither the first nor the last when they are thinned: %i of them',
    (count) => {
      const all = history(Array<number>(count).fill(1));
      const tracker = trackerOf(...all);
      expect(throughOf(tracker.inForce(0, positionAt(1), []))).toBe(1_000);
      expect(throughOf(tracker.inForce(0, positionAt(count), []))).toBe(count * 1_000);
    },
  );
});
