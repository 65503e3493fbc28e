/** Following the published rules: a reader that has given up begins anew, and the look-up goes on. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Kafka } from '#platform/kafka/client.ts';
import { followRules } from '#services/lookup/follow-rules.ts';
import type { PublishedRules } from '#services/lookup/published-rules.ts';
import { SILENT } from '#test/unit/platform/kafka/support.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a reader that gave up for good left the look-up without new rules until its restart', async () => {
  let crash: (event: object) => void = () => undefined;
  let runs = 0;
  const consumer = {
    events: { CRASH: 'consumer.crash' },
    on: (_event: string, tell: typeof crash) => void (crash = tell),
    connect: async () => undefined,
    subscribe: async () => undefined,
    run: async () => void (runs += 1),
    disconnect: async () => undefined,
  };
  const admin = {
    connect: async () => undefined,
    disconnect: async () => undefined,
    fetchTopicOffsets: async () => [{ partition: 0, low: '0', high: '0' }],
  };
  const kafka = { consumer: () => consumer, admin: () => admin } as unknown as Kafka;
  let seen = 0;
  const { stop } = followRules(kafka, { seen: () => void (seen += 1) } as unknown as PublishedRules, SILENT, Date.now);
  await vi.advanceTimersByTimeAsync(5_000);
  crash({ payload: { restart: true, error: new Error('it tries again by itself') } });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(runs).toBe(1);
  crash({ payload: { restart: false, error: new Error('no more') } });
  const before = seen;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(runs).toBe(2);
  expect(seen).toBeGreaterThan(before);
  await stop();
});
