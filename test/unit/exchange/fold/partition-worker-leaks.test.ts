/** That a key had leaked travels with the position: whoever folded before that was known says so, and goes on to. */

import { expect, it } from 'vitest';
import type { Leak } from '#core/keys/leak.ts';
import type { ReadsKeys } from '#exchange/topics/keys-feed.ts';
import { turns } from '#test/unit/platform/kafka/support.ts';
import { begun } from './begun.ts';
import { START } from './support.ts';

const LEAK: Leak = { key: 'province-43-1', of: '43', sinceMs: 5 };

/** As an instance has read them by now. */
function keysOf(...leaks: readonly Leak[]): ReadsKeys & { leaks: readonly Leak[] } {
  return { leaks, readThrough: async () => undefined };
}

it('a generation that began before a leak was known says so from the next step on, without any record', async () => {
  const keys = keysOf();
  const { worker, store } = await begun({ keys });
  worker.tick();
  await turns();
  expect(store.freshness.leaks).toEqual([]);
  keys.leaks = [LEAK];
  worker.tick();
  await turns();
  expect(store.freshness.leaks).toEqual([{ ...LEAK, isOut: false }]);
});

it('a generation that began knowing it is without, and stays so', async () => {
  const { worker, store, begin } = await begun({ keys: keysOf(LEAK) });
  worker.tick();
  await turns();
  expect(store.freshness.leaks).toEqual([{ ...LEAK, isOut: true }]);
  await worker.halt();
  await begin();
  worker.tick();
  await turns();
  expect(store.freshness.leaks).toEqual([{ ...LEAK, isOut: true }]);
});

it('an instance that takes over and hasn’t read of the leak yet took its mark away', async () => {
  const before = await begun({ keys: keysOf() });
  before.worker.tick();
  await turns();
  for (const keys of [keysOf(LEAK), keysOf()]) {
    const { worker } = await begun({ store: before.store, keys });
    worker.begin(await before.store.loadPartition(), START, 0);
    worker.tick();
    await turns();
  }
  expect(before.store.freshness.leaks).toEqual([{ ...LEAK, isOut: false }]);
});

it('what is learned while a step is under way is told by that very step', async () => {
  const keys = keysOf();
  const { worker, store } = await begun({
    keys: {
      ...keys,
      readThrough: async () => void (keys.leaks = [LEAK]),
      get leaks() {
        return keys.leaks;
      },
    },
  });
  worker.tick();
  await turns();
  expect(store.freshness.leaks).toEqual([{ ...LEAK, isOut: false }]);
});
