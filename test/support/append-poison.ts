/** Three records that can't become events, appended to `tests` as by someone who writes past the door. */

import type { PersonKey } from '#core/field/identity.ts';
import { DAY_MS } from '#core/field/time.ts';
import { encodeValue } from '#exchange/topics/records.ts';
import { RegistrySchemas } from '#exchange/topics/registry.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { testReported } from '#exercises/town/events.ts';
import { createSerialProducer } from '#platform/kafka/client.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';

/** Of the first person a record that is cut short, of the second one from the future, and one of nobody. */
export async function appendPoison(
  { stack, kafka }: Exchange,
  { truncated, tooEarly }: { readonly truncated: PersonKey; readonly tooEarly: PersonKey },
): Promise<void> {
  const ids = await new RegistrySchemas(stack.addresses.registry ?? '').currentIds();
  const event = encodeValue('TestReported', ids.TestReported, testReported());
  const ahead = encodeValue('TestReported', ids.TestReported, testReported({ reportIssuedAtMs: Date.now() + DAY_MS }));
  const producer = createSerialProducer(kafka);
  await producer.connect();
  const headers = { ce_personkeyversion: '1', ce_source: '/provinces/54/producers/54-a' };
  const messages = [
    [truncated, event.subarray(0, 40)],
    [tooEarly, ahead],
  ] as const;
  await producer.sendBatch({
    acks: -1,
    topicMessages: [
      {
        topic: 'tests',
        messages: [
          ...messages.map(([key, value]) => ({ key, value, headers, partition: partitionOf(key, stack.partitions) })),
          { key: Buffer.from('short'), value: event, headers, partition: 0 },
        ],
      },
    ],
  });
  await producer.disconnect();
}
