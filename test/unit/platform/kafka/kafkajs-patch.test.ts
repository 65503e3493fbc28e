/** The kafkajs timer mend is applied: an idle client arms no timer, a throttled one wakes up when the throttle ends. */

import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

interface Queue {
  throttledUntil: number;
  readonly pending: unknown[];
  push(request: object): void;
  maybeThrottle(ms: number): void;
  fulfillRequest(response: { correlationId: number; payload: null; size: number }): void;
}
type QueueClass = new (options: object) => Queue;

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as QueueClass;
const ignore = (): void => {};
const queue = (maxInFlightRequests: number | null = null): Queue =>
  new RequestQueue({
    maxInFlightRequests,
    requestTimeout: 50,
    enforceRequestTimeout: false,
    clientId: 'c',
    broker: 'b',
    logger: { debug: ignore, warn: ignore },
  });

function push(target: Queue, correlationId: number, sendRequest: () => void): void {
  target.push({ entry: { correlationId, resolve: ignore, reject: ignore }, expectResponse: true, sendRequest });
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('arms no timer when nothing is pending', () => {
  const idle = queue();
  push(idle, 1, ignore);
  idle.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
  expect(vi.getTimerCount()).toBe(0);
});

it('waits until the throttle ends, with one timer, then sends what is pending', () => {
  const throttled = queue();
  const sent: number[] = [];
  throttled.maybeThrottle(200);
  push(throttled, 1, () => sent.push(1));
  push(throttled, 2, () => sent.push(2));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(199);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(sent).toEqual([1, 2]);
  expect(vi.getTimerCount()).toBe(0);
});

it('looks again at the usual interval while too many requests are in flight', () => {
  const full = queue(1);
  push(full, 1, ignore);
  push(full, 2, ignore);
  vi.advanceTimersByTime(100);
  expect(full.pending).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(1);
  full.fulfillRequest({ correlationId: 1, payload: null, size: 0 });
  expect(full.pending).toHaveLength(0);
});
