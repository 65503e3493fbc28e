/** The topics of the exchange and how each is kept. What the shared ones are called in an edition is in log.ts. */

import type { Log } from './log.ts';

export const WATERMARKS_TOPIC = 'watermarks';
export const PRODUCERS_TOPIC = 'producers';
export const DEAD_LETTERS_TOPIC = 'dead-letters';
/** The watermarks that claim something new, for as long as the log is kept. */
export const VOUCHERS_TOPIC = 'vouchers';
/** The public keys of those who sign. */
export const KEYS_TOPIC = 'keys';
/** Which results of laboratories no longer count, and which of that was undone. */
export const WITHDRAWALS_TOPIC = 'withdrawals';
/** Of each partition, second by second, the position and the freshness that look-ups read. */
export const POSITIONS_TOPIC = 'positions';
/** With which secrets each edition was begun, and by what plan a further one was filled, and how far. */
export const EDITIONS_TOPIC = 'editions';
/** The recognition rules that are published, all of them in one record; the newest counts, and each stays. */
export const POLICIES_TOPIC = 'policies';

export interface TopicSettings {
  readonly topic: string;
  /** Null: as many as the shared topics are configured with. */
  readonly partitions: number | null;
  readonly config: Readonly<Record<string, string>>;
}

// LogAppendTime everywhere: a producer learns the broker's clock from its acknowledgements, and the materialiser can
// hold an event's acceptance time against a clock that no publisher sets.
const BROKER_TIME = { 'message.timestamp.type': 'LogAppendTime' } as const;
/** For ever. */
export const KEPT = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  ...BROKER_TIME,
} as const;

/** All topics that an edition of the log takes. */
export function topicsOf({ topics }: Log): readonly TopicSettings[] {
  return [...topics.map((topic) => ({ topic, partitions: null, config: KEPT })), ...EXCHANGE_TOPICS];
}

/** Whatever the edition. */
const EXCHANGE_TOPICS: readonly TopicSettings[] = [
  // Larger than what any topic takes, for the letter adds headers to the record that it holds.
  { topic: DEAD_LETTERS_TOPIC, partitions: 1, config: { ...KEPT, 'max.message.bytes': '2097152' } },
  {
    topic: WATERMARKS_TOPIC,
    partitions: 1,
    config: { 'cleanup.policy': 'delete', 'retention.ms': '3600000', 'segment.ms': '600000', ...BROKER_TIME },
  },
  { topic: VOUCHERS_TOPIC, partitions: 1, config: KEPT },
  { topic: KEYS_TOPIC, partitions: 1, config: KEPT },
  { topic: WITHDRAWALS_TOPIC, partitions: 1, config: KEPT },
  { topic: POSITIONS_TOPIC, partitions: 1, config: KEPT },
  { topic: EDITIONS_TOPIC, partitions: 1, config: KEPT },
  // Several write it: by compaction one of them could take away what another wrote.
  { topic: PRODUCERS_TOPIC, partitions: 1, config: KEPT },
  // By which rules an answer was given must be known for as long as it may be asked about.
  { topic: POLICIES_TOPIC, partitions: 1, config: KEPT },
];
