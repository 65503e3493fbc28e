/** Which records of the log are poison: where the broker put each, and the reason that its dead letter must give. */

import type { UnreadableReason } from '#exchange/topics/records.ts';
import { createSerialProducer, type Kafka } from '#platform/kafka/client.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';

export class PoisonLedger {
  /** By `topic/partition/offset`. */
  readonly reasons = new Map<string, UnreadableReason>();

  /** Appends one record after the other past every door; what the broker has acknowledged is noted. */
  async append(
    kafka: Kafka,
    records: readonly { readonly record: OutgoingRecord; readonly reason: UnreadableReason }[],
  ): Promise<void> {
    const producer = createSerialProducer(kafka);
    await producer.connect();
    try {
      for (const {
        record: { topic, ...message },
        reason,
      } of records) {
        const [written] = await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: [message] }] });
        this.reasons.set(`${topic}/${message.partition}/${written?.baseOffset}`, reason);
      }
    } finally {
      await producer.disconnect();
    }
  }
}
