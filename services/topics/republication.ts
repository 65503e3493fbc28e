/**
 * How far the former edition of the log has been re-published into this one. A producer of this edition claims, by its
 * watermarks, that all it ever took is in the log: so it must not start while some of it is only in the former one.
 */
import { HutongError } from '#platform/errors.ts';
import type { Admin } from './kafka.ts';
import { topicEnds } from './topic-ends.ts';
import { LOG_EDITION, sharedTopicsOf } from './topics.ts';

/** The group whose committed offsets say it. */
export function republicationGroup(edition: number): string {
  return `hutong-republish-${edition}`;
}

/** @throws HutongError LOG_NOT_REPUBLISHED, KAFKA_UNAVAILABLE */
export async function requireRepublished(admin: Admin, edition = LOG_EDITION): Promise<void> {
  if (edition === 1) return;
  const left = await recordsLeft(admin, edition).catch((cause: unknown) => {
    throw new HutongError('KAFKA_UNAVAILABLE', 'it could not be read how far the log was re-published', { retriable: true, cause });
  });
  if (left === 0) return;
  throw new HutongError('LOG_NOT_REPUBLISHED', `edition ${edition - 1} of the log holds ${left} records that are not in edition ${edition} yet`, {
    retriable: false,
    hint: `stop all producers of edition ${edition - 1}, and let hutong log republish come to its end`,
  });
}

async function recordsLeft(admin: Admin, edition: number): Promise<number> {
  const existing = new Set(await admin.listTopics());
  const former = sharedTopicsOf(edition - 1).filter((topic) => existing.has(topic));
  const committed = await admin.fetchOffsets({ groupId: republicationGroup(edition), topics: former });
  // Kafka forgets what a group committed some days after its last use; then the number of records must do.
  const isForgotten = committed.every(({ partitions }) => partitions.every(({ offset }) => Number(offset) < 0));
  if (isForgotten && (await sizeOf(admin, sharedTopicsOf(edition))) >= (await sizeOf(admin, former))) return 0;
  let left = 0;
  for (const { topic, partitions } of committed) {
    for (const { partition, low, high } of await topicEnds(admin, topic)) {
      const next = Number(partitions.find((each) => each.partition === partition)?.offset ?? -1);
      left += Math.max(0, Number(high) - Math.max(next, Number(low)));
    }
  }
  return left;
}

async function sizeOf(admin: Admin, topics: readonly string[]): Promise<number> {
  const ends = await Promise.all(topics.map((topic) => topicEnds(admin, topic)));
  return ends.flat().reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
}
