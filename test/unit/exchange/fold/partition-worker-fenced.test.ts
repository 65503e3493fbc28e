/** One of two copies at a time: whoever has been overtaken finds out before it changes anything. */

import { expect, it } from 'vitest';
import { turns } from '#test/unit/platform/kafka/support.ts';
import { NO_CLAIMS, type Rig, rigOf, START } from './support.ts';

async function begun(given?: Parameters<typeof rigOf>[0]): Promise<Rig> {
  const rig = rigOf(given);
  await rig.begin();
  return rig;
}

it('a copy that woke up took away what the one after it had marked, though no record had come since', async () => {
  const asleep = await begun();
  asleep.worker.tick();
  await turns();
  const after = await begun({
    store: asleep.store,
    exchange: {
      freshnessAt: () => ({ watermarks: [], incompleteProvinces: ['43'], withdrawals: [] }),
      markIncomplete: () => undefined,
      ...NO_CLAIMS,
    },
  });
  after.worker.begin(await asleep.store.loadPartition(), START, 0);
  after.worker.tick();
  await turns();
  expect(asleep.store.freshness.incompleteProvinces).toEqual(['43']);
  asleep.worker.tick();
  await turns();
  expect(asleep.store.freshness.incompleteProvinces).toEqual(['43']);
  expect(asleep.happened.at(-1)).toBe('reload');
  expect(asleep.worker.isRunning).toBe(false);
});
