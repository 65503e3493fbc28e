/**
 * `hutong policy publish`: puts the rules of a folder in force everywhere, as one record that every look-up takes
 * within seconds. A folder with a fault isn't published.
 */

import { packPolicies, PUBLICATION_KEY } from '#exchange/policy/publication.ts';
import { POLICIES_TOPIC } from '#exchange/topics/topics.ts';
import { HutongError } from '#platform/errors.ts';
import { createKafka, createSerialProducer } from '#platform/kafka/client.ts';
import { createLogger } from '#platform/log.ts';
import { acknowledged } from '#services/cli/shared/acknowledged.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';

export interface PublishOptions {
  readonly folder: string;
  readonly brokers: readonly string[];
  readonly publishedBy: string;
}

/** @throws HutongError POLICY_INVALID before anything is sent; KAFKA_UNAVAILABLE */
export async function publishPolicies({ folder, brokers, publishedBy }: PublishOptions, print: Print): Promise<number> {
  const { value, book } = await packPolicies(folder);
  const producer = createSerialProducer(createKafka(brokers, 'hutong-policy', createLogger('policy', 'silent')));
  try {
    await acknowledged(producer.connect()).catch((cause: unknown) => {
      throw cause instanceof HutongError
        ? cause
        : new HutongError('KAFKA_UNAVAILABLE', `kafka at ${brokers.join(',')} did not answer: nothing is published`, {
            retriable: true,
            cause,
            hint: 'is Kafka up and reachable at that address?',
          });
    });
    await acknowledged(
      producer.sendBatch({
        acks: -1,
        topicMessages: [
          {
            topic: POLICIES_TOPIC,
            messages: [{ key: PUBLICATION_KEY, value, partition: 0, headers: { 'published-by': publishedBy } }],
          },
        ],
      }),
    );
  } finally {
    await producer.disconnect();
  }
  print(
    `published: ${book.rules.length} versions of rules, ${value.length} bytes. Every look-up takes them ` +
      'within seconds; each version is in force from its own instant.',
  );
  return EXIT.ok;
}
