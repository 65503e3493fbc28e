/** Reading people within a bound: what a wait tells of Redis, and what it doesn't. */

import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Snapshot } from '#core/view/snapshot.ts';
import { HutongError } from '#platform/errors.ts';
import { boundedSource, type ViewSource } from '#services/lookup/view-source.ts';

const KEY = Buffer.alloc(16);
const SNAPSHOT = {} as Snapshot;
const REQUEST_MS = 1_000;

function sourceThat(read: () => Promise<Snapshot>): ViewSource {
  return { read, readMany: async () => [] };
}

it('requests that came too late made a Redis that was well count as away', async () => {
  const source = boundedSource(
    sourceThat(() => delay(20, SNAPSHOT)),
    REQUEST_MS,
    () => performance.now(),
  );
  for (let late = 0; late < 6; late += 1)
    await expect(source.read(KEY, 1)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
  await expect(source.read(KEY, REQUEST_MS)).resolves.toBe(SNAPSHOT);
});

it('a Redis that fails some times in a row isn’t waited for any more, however late the requests came', async () => {
  let asked = 0;
  const source = boundedSource(
    sourceThat(async () => {
      asked += 1;
      throw new HutongError('REDIS_UNAVAILABLE', 'away', { retriable: true });
    }),
    REQUEST_MS,
    () => 0,
  );
  for (let late = 0; late < 8; late += 1)
    await expect(source.read(KEY, 1)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
  expect(asked).toBe(5);
});
