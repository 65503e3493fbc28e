/**
 * The topics of the exchange and how each is kept. The shared topics have the same number of partitions and are keyed by
 * person, so that all of a person's events lie in one partition number, in order.
 */
/** Small, and read before the others: what an erasure takes must not be merged after it has been forgotten. */
export const ERASURES_TOPIC = 'erasures';
export const SHARED_TOPICS = ['tests', 'vaccinations', 'codes', ERASURES_TOPIC] as const;
export type SharedTopic = (typeof SHARED_TOPICS)[number];

export const WATERMARKS_TOPIC = 'watermarks';
export const PRODUCERS_TOPIC = 'producers';
export const DEAD_LETTERS_TOPIC = 'dead-letters';
/** The recognition rules that are published, all of them in one record. */
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
const KEPT = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1', ...BROKER_TIME } as const;

export const TOPICS: readonly TopicSettings[] = [
  ...SHARED_TOPICS.map((topic) => ({ topic, partitions: null, config: KEPT })),
  // Larger than what any topic takes, for the letter adds headers to the record that it holds.
  { topic: DEAD_LETTERS_TOPIC, partitions: 1, config: { ...KEPT, 'max.message.bytes': '2097152' } },
  { topic: WATERMARKS_TOPIC, partitions: 1, config: { 'cleanup.policy': 'delete', 'retention.ms': '3600000', 'segment.ms': '600000', ...BROKER_TIME } },
  { topic: PRODUCERS_TOPIC, partitions: 1, config: { 'cleanup.policy': 'compact', ...BROKER_TIME } },
  { topic: POLICIES_TOPIC, partitions: 1, config: { 'cleanup.policy': 'compact', ...BROKER_TIME } },
];
