/** The erasures that the log holds now, of everybody. It decides nothing of what they hide. */

import type { PersonErased } from '#core/events/events.ts';
import type { PersonKey } from '#core/field/identity.ts';
import { decodeFetching } from '#exchange/topics/records.ts';
import { forRecordsInHand } from '#exchange/topics/registry.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { incoming, type IncomingRecord } from '#platform/kafka/record.ts';
import type { ConnectedLog } from './connected.ts';

export interface ErasureRead {
  readonly key: PersonKey;
  readonly event: PersonErased;
}

/**
 * In the order of each partition. One that a view wouldn't take, such as one in a wrong partition, isn't among them.
 * @throws HutongError KAFKA_UNAVAILABLE, REGISTRY_UNAVAILABLE
 */
export async function readErasures({ log, kafka, schemas, partitions, tags }: ConnectedLog): Promise<ErasureRead[]> {
  const records: IncomingRecord[] = [];
  const topic = log.topicOf.erasures;
  await TopicFeed.readAll(kafka, topic, (message, partition) => void records.push(incoming(topic, partition, message)));
  const read: ErasureRead[] = [];
  const reading = { log, partitions, schemas: forRecordsInHand(schemas), tags: await tags() };
  for (const record of records) {
    const decoded = await decodeFetching(record, reading);
    if ('event' in decoded && decoded.event.type === 'PersonErased')
      read.push({ key: decoded.key, event: decoded.event });
  }
  return read;
}
