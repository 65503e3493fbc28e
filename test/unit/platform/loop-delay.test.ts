/** The watch over a service's event loop. */

import fastify from 'fastify';
import { afterEach, expect, it, vi } from 'vitest';
import { type LoopDelay, watchLoopDelay } from '#platform/loop-delay.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('is one for all who ask about the same service: the door and its admission each had their own', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const app = fastify();
  const told: LoopDelay[][] = [[], []];
  for (const delays of told) watchLoopDelay(app, (delay) => delays.push(delay));
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(200);
  expect(told.map((delays) => delays.length)).toEqual([2, 2]);
  expect(told[0]?.[1]).toBe(told[1]?.[1]);
  await app.close();
  expect(vi.getTimerCount()).toBe(0);
});

it('is another for another service', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const apps = [fastify(), fastify()];
  for (const app of apps) watchLoopDelay(app, () => undefined);
  expect(vi.getTimerCount()).toBe(2);
  for (const app of apps) await app.close();
});
