/** What came of an instance while the registry was away: in its order, and bounded, but for registrations. */

import { expect, it } from 'vitest';
import { Unread } from '#exchange/fold/unread.ts';
import type { KafkaMessage } from '#platform/kafka/client.ts';

const message = (offset: number): KafkaMessage => ({ offset: String(offset) }) as KafkaMessage;

it('gives up the oldest watermarks of too many, and no registration', () => {
  const unread = new Unread();
  unread.add('43-a', { kind: 'registration', message: message(0) });
  for (let offset = 1; offset <= 602; offset += 1) unread.add('43-a', { kind: 'watermark', message: message(offset) });
  unread.add('43-b', { kind: 'watermark', message: message(9) });
  const offsets: string[] = [];
  for (let first = unread.first('43-a'); first !== undefined; first = unread.first('43-a')) {
    offsets.push(first.message.offset);
    unread.shift('43-a');
  }
  expect([offsets.length, offsets[0], offsets[1], offsets.at(-1)]).toEqual([601, '0', '3', '602']);
  expect(unread.first('43-b')?.message.offset).toBe('9');
});
