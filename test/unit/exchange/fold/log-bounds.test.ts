/**
 * Where a partition may start: at its stored position in the same log, or at a beginning that is whole. Else nowhere.
 */

import { describe, expect, it } from 'vitest';
import type { Position } from '#core/view/snapshot.ts';
import { startOf } from '#exchange/fold/log-bounds.ts';

const IDENTITY = {
  clusterId: 'cluster-1',
  topicIds: new Map([
    ['tests', 'id-t'],
    ['vaccinations', 'id-v'],
  ]),
};
const bounds = (low: number, high: number, vaccinations = { low: 0, high: 0 }) =>
  new Map([
    ['tests', { low, high }],
    ['vaccinations', vaccinations],
  ]);
const stored = (tests: number, changed: { clusterId?: string; topicId?: string } = {}): Position => ({
  clusterId: changed.clusterId ?? 'cluster-1',
  topics: {
    tests: { topicId: changed.topicId ?? 'id-t', nextOffset: tests },
    vaccinations: { topicId: 'id-v', nextOffset: 0 },
  },
});

describe('a partition starts', () => {
  it('at the beginning of a whole log when nothing was ever stored', () => {
    expect(startOf(3, null, IDENTITY, bounds(0, 50))).toEqual(stored(0));
  });
  it.each([0, 10, 50])('at its stored position %i where the log holds it, the very end included', (nextOffset) => {
    expect(startOf(3, stored(nextOffset), IDENTITY, bounds(0, 50))).toEqual(stored(nextOffset));
  });
  it('at a stored position that is the first one the log still holds', () => {
    expect(startOf(3, stored(20), IDENTITY, bounds(20, 50))).toEqual(stored(20));
  });
  it('at the beginning of a topic that the stored position doesn’t know yet', () => {
    const { vaccinations: _unknown, ...topics } = stored(20).topics;
    expect(startOf(3, { clusterId: 'cluster-1', topics }, IDENTITY, bounds(0, 50, { low: 0, high: 9 }))).toEqual(
      stored(20),
    );
  });
});

describe('a partition is stopped, and nothing reset,', () => {
  it.each([
    [
      'when its position is of another cluster',
      stored(10, { clusterId: 'cluster-2' }),
      bounds(0, 50),
      /another Kafka cluster/,
    ],
    [
      'when a topic was deleted and made again',
      stored(10, { topicId: 'id-before' }),
      bounds(0, 50),
      /earlier topic tests/,
    ],
    [
      'when the log has lost records that it has not read',
      stored(10),
      bounds(11, 50),
      /needs tests from offset 10, but the log begins at 11/,
    ],
    ['when the log ends before its position', stored(51), bounds(0, 50), /is 51 in tests, but the log ends at 50/],
    [
      'when it is new and the log’s beginning is gone',
      null,
      bounds(1, 50),
      /needs tests from offset 0, but the log begins at 1/,
    ],
    [
      'when the beginning of the other topic is gone',
      null,
      bounds(0, 50, { low: 4, high: 9 }),
      /needs vaccinations from offset 0/,
    ],
    ['when a topic is empty that held records', stored(10), bounds(0, 0), /the log ends at 0/],
  ])('%s', (_when, position, ends, message) => {
    expect(() => startOf(3, position, IDENTITY, ends)).toThrow(message);
    expect(() => startOf(3, position, IDENTITY, ends)).toThrow(
      expect.objectContaining({
        code: 'POSITION_UNREACHABLE',
        retriable: false,
        message: expect.stringContaining('partition 3') as string,
        hint: expect.stringMatching(/\S{3}/) as string,
      }) as Error,
    );
  });
});
