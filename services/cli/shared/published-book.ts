/** The rules that look-ups judge by: the newest publication; without one, those of the project. It changes nothing. */

import type { PolicyBook } from '#core/book/policy-book.ts';
import { loadPolicies } from '#exchange/policy/files.ts';
import { unpackPolicies } from '#exchange/policy/publication.ts';
import { POLICIES_TOPIC } from '#exchange/topics/topics.ts';
import { POLICIES } from '#platform/folders.ts';
import type { Kafka } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';

/** @throws HutongError KAFKA_UNAVAILABLE, POLICY_INVALID */
export async function publishedBook(kafka: Kafka): Promise<PolicyBook> {
  let newest: { readonly value: Buffer; readonly publishedAtMs: number } | null = null;
  await TopicFeed.readAll(kafka, POLICIES_TOPIC, ({ value, timestamp }) => {
    if (value !== null) newest = { value, publishedAtMs: Number(timestamp) };
  });
  const found = newest as { readonly value: Buffer; readonly publishedAtMs: number } | null;
  return found === null ? loadPolicies(POLICIES) : unpackPolicies(found.value, found.publishedAtMs);
}
