/**
 * The topics of the exchange and how each is kept. The shared topics have the same number of partitions and are keyed
 * by person, so that all of a person's events lie in one partition number, in order. More partitions or another key
 * version are a new edition of them: a process works with one edition for as long as it runs.
 */

import { readLogEdition } from '#platform/config.ts';

const SHARED_KINDS = ['tests', 'vaccinations', 'codes', 'erasures'] as const;
export type SharedKind = (typeof SHARED_KINDS)[number];
export type SharedTopic = SharedKind | `${SharedKind}-${number}`;

export const LOG_EDITION = readLogEdition();

/** The first edition has the plain names. */
export function sharedTopic(kind: SharedKind, edition = LOG_EDITION): SharedTopic {
  return edition === 1 ? kind : `${kind}-${edition}`;
}

export function sharedTopicsOf(edition: number): readonly SharedTopic[] {
  return SHARED_KINDS.map((kind) => sharedTopic(kind, edition));
}

export const SHARED_TOPICS = sharedTopicsOf(LOG_EDITION);

/** Whether it is a shared topic of another edition than this process works with. */
export function isOfOtherEdition(topic: string): boolean {
  const [, kind] = /^([a-z]+)(?:-\d+)?$/.exec(topic) ?? [];
  return SHARED_KINDS.some((known) => known === kind) && !SHARED_TOPICS.some((own) => own === topic);
}

/** Small, and read before the others: what an erasure takes must not be merged after it has been forgotten. */
export const ERASURES_TOPIC = sharedTopic('erasures');

export const WATERMARKS_TOPIC = 'watermarks';
export const PRODUCERS_TOPIC = 'producers';
export const DEAD_LETTERS_TOPIC = 'dead-letters';
/** By what plan each edition after the first was filled, and how far. */
export const EDITIONS_TOPIC = 'editions';
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

export function topicsOf(edition: number): readonly TopicSettings[] {
  return [
    ...sharedTopicsOf(edition).map((topic) => ({ topic, partitions: null, config: KEPT })),
    ...EXCHANGE_TOPICS,
    ...(edition === 1 ? [] : [EDITIONS]),
  ];
}

const EDITIONS: TopicSettings = { topic: EDITIONS_TOPIC, partitions: 1, config: KEPT };

/** Whatever the edition. */
const EXCHANGE_TOPICS: readonly TopicSettings[] = [
  // Larger than what any topic takes, for the letter adds headers to the record that it holds.
  { topic: DEAD_LETTERS_TOPIC, partitions: 1, config: { ...KEPT, 'max.message.bytes': '2097152' } },
  {
    topic: WATERMARKS_TOPIC,
    partitions: 1,
    config: { 'cleanup.policy': 'delete', 'retention.ms': '3600000', 'segment.ms': '600000', ...BROKER_TIME },
  },
  { topic: PRODUCERS_TOPIC, partitions: 1, config: { 'cleanup.policy': 'compact', ...BROKER_TIME } },
  { topic: POLICIES_TOPIC, partitions: 1, config: { 'cleanup.policy': 'compact', ...BROKER_TIME } },
];

export const TOPICS = topicsOf(LOG_EDITION);
