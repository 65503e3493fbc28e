/** A look-up's reading of freshness: withdrawals are fetched once for all who wait, and never mixed up. */

import { expect, it } from 'vitest';
import { NO_FRESHNESS } from '#core/view/snapshot.ts';
import type { InForce } from '#core/withdrawals/in-force.ts';
import { FreshnessReader } from '#exchange/view/freshness-reader.ts';
import { freshnessText, withdrawalsText } from '#exchange/view/stored-freshness.ts';
import { withdrawal } from '#test/support/withdrawals.ts';

const SET: InForce = [withdrawal()];
const bytesOf = (withdrawals: InForce, acceptedUpToMs = 1): Buffer =>
  Buffer.from(freshnessText({ ...NO_FRESHNESS, withdrawals, acceptedUpToMs }));

it('fetches what is withdrawn once, for all that wait and for all partitions', async () => {
  const reader = new FreshnessReader();
  let fetched = 0;
  const fetch = async (): Promise<string> => {
    fetched += 1;
    return withdrawalsText(SET);
  };
  const read = await Promise.all([0, 1, 2, 2].map((partition) => reader.read(partition, bytesOf(SET), fetch)));
  expect(read.map((freshness) => freshness?.withdrawals)).toEqual([SET, SET, SET, SET]);
  expect(read[3]).toBe(read[2]);
  expect(reader.known(2, bytesOf(SET))).toBe(read[2]);
  expect(reader.known(2, bytesOf(SET, 2))).toBeNull();
  expect((await reader.read(2, bytesOf(SET, 2), fetch))?.acceptedUpToMs).toBe(2);
  expect(fetched).toBe(1);
});

it('fetches nothing where nothing is withdrawn', async () => {
  const reader = new FreshnessReader();
  const none = await reader.read(0, bytesOf([]), () => Promise.reject(new Error('asked')));
  expect(none?.withdrawals).toEqual([]);
  expect(reader.known(0, null)).toBe(NO_FRESHNESS);
});

it('says that it has not got them where others are stored by now, and asks again the next time', async () => {
  const reader = new FreshnessReader();
  expect(await reader.read(0, bytesOf(SET), async () => withdrawalsText([withdrawal({ id: 'w9' })]))).toBeNull();
  expect(await reader.read(0, bytesOf(SET), async () => null)).toBeNull();
  await expect(reader.read(0, bytesOf(SET), () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect((await reader.read(0, bytesOf(SET), async () => withdrawalsText(SET)))?.withdrawals).toEqual(SET);
});

it('forgets those that are no longer in force', async () => {
  const reader = new FreshnessReader();
  let fetched = 0;
  const read = (run: string): Promise<unknown> =>
    reader.read(0, bytesOf([withdrawal({ run })]), async () => {
      fetched += 1;
      return withdrawalsText([withdrawal({ run })]);
    });
  for (const run of ['1', '2', '3', '4', '5', '5', '1']) await read(run);
  expect(fetched).toBe(6);
});
