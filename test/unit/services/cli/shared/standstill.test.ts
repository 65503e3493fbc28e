/** A command of an operator ends, whatever Kafka and Redis do: it says what went wrong and can be given again. */

import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Position } from '#core/view/snapshot.ts';
import { closeAll, unlessItStandsStill } from '#services/cli/shared/standstill.ts';
import { Trouble } from '#services/cli/shared/trouble.ts';
import { catchUp } from '#services/cli/view/catch-up.ts';

const forever = (): Promise<never> => new Promise(() => undefined);

function followerAt(offset: () => number) {
  const positionOf = (): Position => ({ clusterId: 'c', topics: { tests: { topicId: 't', nextOffset: offset() } } });
  return { positionOf, during: <T>(work: Promise<T>): Promise<T> => work };
}

const ENDS = [{ topic: 'tests', partition: 0, low: 0, high: 10 }];

describe('catching up', () => {
  it('waited for ever and said nothing when Kafka went away midway', async () => {
    const trouble = new Trouble();
    trouble.logger.warn({ broker: 'b:9092', error: 'connection timeout' }, 'kafka client: Connection error');
    const stuck = catchUp({
      follower: followerAt(() => 4),
      ends: ENDS,
      label: 'rebuilding',
      trouble,
      standstillMsMax: 100,
    });
    await expect(stuck).rejects.toMatchObject({
      code: 'KAFKA_UNAVAILABLE',
      message:
        'rebuilding: nothing has moved for 0.1 s; last, kafka client: Connection error (b:9092): connection timeout',
      hint: expect.stringContaining('again') as string,
    });
  });
  it('goes on for as long as it moves', async () => {
    let offset = 0;
    const moving = setInterval(() => (offset += 1), 50);
    await catchUp({
      follower: followerAt(() => offset),
      ends: ENDS,
      label: 'rebuilding',
      trouble: new Trouble(),
      standstillMsMax: 3_000,
    });
    clearInterval(moving);
    expect(offset).toBeGreaterThanOrEqual(10);
  });
});

describe('work', () => {
  it('that ends, or fails by itself, is as it was', async () => {
    const watched = { what: 'work', progress: () => 0, trouble: new Trouble(), standstillMsMax: 500 };
    await expect(unlessItStandsStill(delay(20, 'done'), watched)).resolves.toBe('done');
    await expect(unlessItStandsStill(Promise.reject(new RangeError('no')), watched)).rejects.toThrow('no');
  });
});

describe('closing', () => {
  it('of what is gone, or was never opened, keeps nothing else open', async () => {
    const closed: string[] = [];
    await closeAll(
      undefined,
      () => Promise.reject(new Error('gone')),
      async () => void closed.push('kafka'),
    );
    expect(closed).toEqual(['kafka']);
  });
  it('that hangs is given up', async () => {
    vi.useFakeTimers();
    const closing = closeAll(forever, forever).finally(() => vi.useRealTimers());
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(closing).resolves.toBeUndefined();
  });
});
