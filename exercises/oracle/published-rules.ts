/** The rules that look-ups judge by, read from the log itself. It must never ask a look-up what they are. */

import type { PolicyBook } from '#core/book/policy-book.ts';
import { loadPolicies } from '#exchange/policy/files.ts';
import { unpackPolicies } from '#exchange/policy/publication.ts';
import { POLICIES_TOPIC } from '#exchange/topics/topics.ts';
import { POLICIES } from '#platform/folders.ts';
import type { Kafka } from '#platform/kafka/client.ts';
import { readTopics } from './raw-log.ts';

export interface RulesInForce {
  /** Of the project's folder: a look-up judges by them until it has taken a publication. */
  readonly shipped: PolicyBook;
  /** The newest publication; null: there is none. */
  readonly published: PolicyBook | null;
}

export async function rulesInForce(kafka: Kafka): Promise<RulesInForce> {
  const newest = (await readTopics(kafka, [POLICIES_TOPIC])).at(-1)?.message;
  const published =
    newest?.value === undefined || newest.value === null
      ? null
      : await unpackPolicies(newest.value, Number(newest.timestamp));
  return { shipped: await loadPolicies(POLICIES), published };
}
