/**
 * Reads back what look-ups read of a partition at an instant, from the topic that keeps it. It reads no view, and never
 * takes a later moment for an earlier one.
 */

import type { Log } from '#exchange/topics/log.ts';
import { POSITIONS_TOPIC } from '#exchange/topics/topics.ts';
import type { Kafka } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { type DatedMoment, FULL_EVERY_MS, momentKey, MomentReader } from './position-history.ts';

/** So long after its commit a record may come, and so far clocks may differ. */
const LATE_MS_MAX = 10_000;
/** Mostly a full record is found in the first look back; while a partition stood still its last one lies further. */
const LOOK_BACK = { firstMs: 2 * FULL_EVERY_MS, factor: 30 } as const;

/**
 * The newest that was committed by then; its `atMs` says how old it was. Between two of them, which are a second apart,
 * a look-up may have read one that isn't kept: the log says what lies between their positions.
 * @returns null before the first
 * @throws HutongError KAFKA_UNAVAILABLE
 */
export async function readMomentAt(
  kafka: Kafka,
  log: Log,
  partition: number,
  atMs: number,
): Promise<DatedMoment | null> {
  const wanted = momentKey(log, partition);
  for (let backMs: number = LOOK_BACK.firstMs; ; backMs *= LOOK_BACK.factor) {
    const span = { fromMs: Math.max(0, atMs - backMs), toMs: atMs + LATE_MS_MAX };
    const reader = new MomentReader();
    const found: DatedMoment[] = [];
    await TopicFeed.readSpan(kafka, POSITIONS_TOPIC, span, ({ key, value }) => {
      const moment = key?.toString() === wanted ? reader.take(value) : null;
      if (moment === null || moment.atMs > atMs || moment.atMs < (found[0]?.atMs ?? 0)) return;
      found[0] = moment;
    });
    if (found[0] !== undefined || span.fromMs === 0) return found[0] ?? null;
  }
}
