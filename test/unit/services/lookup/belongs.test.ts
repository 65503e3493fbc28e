/** A look-up that reads another exchange's views says so, instead of finding nobody. */

import { describe, expect, it } from 'vitest';
import { KnownCluster, ofExchange } from '#services/lookup/belongs.ts';
import { snapshot } from '#test/support/lookup.ts';

const KEY = Buffer.alloc(16, 7);
const OURS = snapshot(null);
const sourceOf = (id: string | null) => {
  const cluster = new KnownCluster();
  cluster.id = id;
  return ofExchange({ read: async () => OURS, readMany: async (keys) => keys.map(() => OURS) }, cluster);
};
const clusterId = OURS.position?.clusterId ?? 'none';

describe('views', () => {
  it('of the look-up’s own exchange are read', async () => {
    expect(await sourceOf(clusterId).read(KEY)).toBe(OURS);
    expect(await sourceOf(clusterId).readMany([KEY, KEY])).toEqual([OURS, OURS]);
  });
  it('of another aren’t, one by one or many', async () => {
    for (const read of [sourceOf('another').read(KEY), sourceOf('another').readMany([KEY])])
      await expect(read).rejects.toMatchObject({ code: 'OTHER_EXCHANGE', hint: expect.stringMatching(/HUTONG_REDIS/) });
  });
  it('are read while it isn’t known which cluster is the exchange’s', async () => {
    expect(await sourceOf(null).read(KEY)).toBe(OURS);
  });
});
