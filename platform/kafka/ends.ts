/**
 * Where the partitions of topics begin and end: the one place that asks Kafka for it. kafkajs' admin client shares one
 * refresh of its metadata among calls that overlap, and fails with a TypeError for a topic that came too late for it:
 * then it is asked again.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from './client.ts';

const ATTEMPTS_MAX = 20;
const AGAIN_MS = 50;

export interface PartitionEnds {
  readonly topic: string;
  readonly partition: number;
  /** The first offset that is held. */
  readonly low: number;
  /** The offset after the last record. */
  readonly high: number;
}

/** Of every partition of these topics, in their order. @throws what the client throws */
export async function endsOf(admin: Admin, topics: readonly string[]): Promise<readonly PartitionEnds[]> {
  const ends = await Promise.all(
    topics.map(async (topic) =>
      (await asked(admin, topic)).map(({ partition, low, high }) => ({
        topic,
        partition,
        low: Number(low),
        high: Number(high),
      })),
    ),
  );
  return ends.flat();
}

async function asked(admin: Admin, topic: string): ReturnType<Admin['fetchTopicOffsets']> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await admin.fetchTopicOffsets(topic);
    } catch (error) {
      if (!(error instanceof TypeError) || attempt === ATTEMPTS_MAX) throw error;
      await delay(AGAIN_MS);
    }
  }
}
