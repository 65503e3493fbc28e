/** A topic whose metadata came too late for kafkajs' shared refresh is asked for again; any other failure is one. */

import { expect, it } from 'vitest';
import type { Admin } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';

const ENDS = [{ partition: 0, offset: '7', low: '0', high: '7' }];

function adminThatFails(times: number, error: Error): Admin & { asked: number } {
  const admin = {
    asked: 0,
    fetchTopicOffsets: async () => {
      admin.asked += 1;
      if (admin.asked <= times) throw error;
      return ENDS;
    },
  };
  return admin as unknown as Admin & { asked: number };
}

it('a producer that starts on several brokers is not stopped by metadata that come late', async () => {
  const late = new TypeError("Cannot destructure property 'partitions' of 'high.pop(...)' as it is undefined.");
  await expect(endsOf(adminThatFails(2, late), ['tests'])).resolves.toEqual([
    { topic: 'tests', partition: 0, low: 0, high: 7 },
  ]);
});

it('what never comes, or fails otherwise, is not asked for without end', async () => {
  const never = adminThatFails(Number.POSITIVE_INFINITY, new TypeError('no metadata'));
  await expect(endsOf(never, ['tests'])).rejects.toThrow('no metadata');
  expect(never.asked).toBeLessThan(50);
  const away = adminThatFails(1, new Error('broker is away'));
  await expect(endsOf(away, ['tests'])).rejects.toThrow('broker is away');
  expect(away.asked).toBe(1);
});
