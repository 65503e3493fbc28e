/** What the erasures in the log hide: by person, all that was accepted up to an instant. */

import { personOf } from '#exchange/fold/step.ts';
import { decodeFetching } from '#exchange/topics/records.ts';
import { forRecordsInHand } from '#exchange/topics/registry.ts';
import { ERASURES_TOPIC } from '#exchange/topics/topics.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { incoming, type IncomingRecord } from '#platform/kafka/record.ts';
import type { ConnectedLog } from '#services/cli/shared/connected.ts';

/**
 * Of all erasures that the log holds now, by `personOf` the key: the latest reach. One that a view wouldn't take, such
 * as one in a wrong partition, hides nothing.
 * @throws HutongError KAFKA_UNAVAILABLE, REGISTRY_UNAVAILABLE
 */
export async function erasures({ kafka, schemas, partitions }: ConnectedLog): Promise<Map<string, number>> {
  const records: IncomingRecord[] = [];
  await TopicFeed.readAll(
    kafka,
    ERASURES_TOPIC,
    (message, partition) => void records.push(incoming(ERASURES_TOPIC, partition, message)),
  );
  const through = new Map<string, number>();
  const inHand = forRecordsInHand(schemas);
  for (const record of records) {
    const decoded = await decodeFetching(record, inHand, partitions);
    if (!('event' in decoded) || decoded.event.type !== 'PersonErased') continue;
    const person = personOf(decoded.key);
    through.set(person, Math.max(through.get(person) ?? 0, decoded.event.erasesThroughMs));
  }
  return through;
}
