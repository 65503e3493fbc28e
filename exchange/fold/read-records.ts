/** The records of a step, each with the verdict on its tag and with what it comes to. It decides nothing of either. */

import type { Position } from '#core/view/snapshot.ts';
import type { Verdict } from '#exchange/keys/check.ts';
import { type Decoded, decodeFetching, type Reading } from '#exchange/topics/records.ts';
import type { IncomingRecord } from '#platform/kafka/record.ts';

export interface Chunk {
  readonly topic: string;
  readonly records: readonly IncomingRecord[];
  /** The offset after the last record that was fetched, control records included: offsets are sparse. */
  readonly nextOffset: number;
}

export interface ReadRecord {
  readonly record: IncomingRecord;
  readonly verdict: Verdict;
  readonly decoded: Decoded;
}

/** In their order. @throws what fetching a schema throws */
export async function readRecords(
  chunks: readonly Pick<Chunk, 'records'>[],
  reading: Reading,
): Promise<readonly ReadRecord[]> {
  const read: ReadRecord[] = [];
  for (const { records } of chunks)
    for (const record of records) {
      const verdict = reading.tags.verdictOf(record);
      read.push({ record, verdict, decoded: await decodeFetching(record, reading, verdict) });
    }
  return read;
}

/** When the newest of the records was appended; none has been where there is none. */
export function newestMsOf(chunks: readonly Pick<Chunk, 'records'>[]): number {
  return Math.max(Number.NEGATIVE_INFINITY, ...chunks.flatMap(({ records }) => records.map((one) => one.appendedAtMs)));
}

/** Where a position is once it has passed these. */
export function advance(position: Position, chunks: readonly Chunk[]): Position {
  if (chunks.length === 0) return position;
  const topics = { ...position.topics };
  for (const { topic, nextOffset } of chunks) {
    const before = topics[topic];
    if (before !== undefined) topics[topic] = { ...before, nextOffset };
  }
  return { ...position, topics };
}
