/** What the erasures in the log hide: by person, all that was accepted up to an instant. */

import { personOf } from '#exchange/fold/step.ts';
import { decodeFetching } from '#exchange/topics/records.ts';
import { forRecordsInHand } from '#exchange/topics/registry.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { incoming, type IncomingRecord } from '#platform/kafka/record.ts';
import type { ConnectedLog } from '#services/cli/shared/connected.ts';

/**
 * Of all erasures that the log holds now, by `personOf` the key: the latest reach. One that a view wouldn't take, such
 * as one in a wrong partition, hides nothing.
 * @throws HutongError KAFKA_UNAVAILABLE, REGISTRY_UNAVAILABLE
 */
export async function erasures({ log, kafka, schemas, partitions }: ConnectedLog): Promise<Map<string, number>> {
  const records: IncomingRecord[] = [];
  const topic = log.topicOf.erasures;
  await TopicFeed.readAll(kafka, topic, (message, partition) => void records.push(incoming(topic, partition, message)));
  const through = new Map<string, number>();
  const inHand = forRecordsInHand(schemas);
  for (const record of records) {
    const decoded = await decodeFetching(record, inHand, log, partitions);
    if (!('event' in decoded) || decoded.event.type !== 'PersonErased') continue;
    const person = personOf(decoded.key);
    through.set(person, Math.max(through.get(person) ?? 0, decoded.event.erasesThroughMs));
  }
  return through;
}
