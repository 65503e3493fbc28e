/** Three records that can't become events, appended to `tests` as by someone who writes past the door. */

import type { PersonKey } from '#core/field/identity.ts';
import { DAY_MS } from '#core/field/time.ts';
import { encodeValue } from '#exchange/topics/records.ts';
import { RegistrySchemas } from '#exchange/topics/registry.ts';
import type { Exchange } from '#exercises/oracle/exchange.ts';
import { testReported } from '#exercises/town/events.ts';
import { operatorRegistry } from '#infra/stack/identities.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';

/** Of the first person a record that is cut short, of the second one from the future, and one of nobody. */
export async function appendPoison(
  exchange: Exchange,
  { truncated, tooEarly }: { readonly truncated: PersonKey; readonly tooEarly: PersonKey },
): Promise<void> {
  const { stack } = exchange;
  const ids = await new RegistrySchemas(operatorRegistry(stack)).currentIds();
  const event = encodeValue('TestReported', ids.TestReported, testReported({ province: '54' }));
  const ahead = encodeValue(
    'TestReported',
    ids.TestReported,
    testReported({ province: '54', reportIssuedAtMs: Date.now() + DAY_MS }),
  );
  const headers = { ce_personkeyversion: '1', ce_source: '/provinces/54/producers/54-a' };
  const records = [
    { key: truncated, value: event.subarray(0, 40), partition: partitionOf(truncated, stack.partitions) },
    { key: tooEarly, value: ahead, partition: partitionOf(tooEarly, stack.partitions) },
    { key: Buffer.from('short'), value: event, partition: 0 },
  ];
  await exchange.append(...records.map((record) => exchange.taggedBy('54', { topic: 'tests', ...record, headers })));
}
