/**
 * Where a topic's partitions begin and end. kafkajs' admin client shares one refresh of its metadata among calls that
 * overlap, and fails with a TypeError for a topic that came too late for it: then it is asked again.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Admin } from './client.ts';

const ATTEMPTS_MAX = 20;
const AGAIN_MS = 50;

export async function topicEnds(admin: Admin, topic: string): ReturnType<Admin['fetchTopicOffsets']> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await admin.fetchTopicOffsets(topic);
    } catch (error) {
      if (!(error instanceof TypeError) || attempt === ATTEMPTS_MAX) throw error;
      await delay(AGAIN_MS);
    }
  }
}
