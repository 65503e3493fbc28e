/**
 * An edition of the log, as a value: each main.ts and each command makes it once, from the configuration, and hands it
 * on. Nothing here reads the environment, so a process may hold two editions: one to copy from, and one to copy into.
 */

export const SHARED_KINDS = ['tests', 'vaccinations', 'codes', 'erasures'] as const;
export type SharedKind = (typeof SHARED_KINDS)[number];
export type SharedTopic = SharedKind | `${SharedKind}-${number}`;

/**
 * The shared topics have the same number of partitions and are keyed by person, so that all of a person's events lie in
 * one partition number, in order. More partitions or another key version are a new edition of them.
 */
export interface Log {
  /** 1 and up. */
  readonly edition: number;
  /** The shared topics, always in the same order. */
  readonly topics: readonly SharedTopic[];
  /** The same by what each of them holds. */
  readonly topicOf: Readonly<Record<SharedKind, SharedTopic>>;
  /** What its keys in Redis begin with. Views of two editions never mix: they differ in partitions or person keys. */
  readonly keyPrefix: string;
}

export function logOf(edition: number): Log {
  const topicOf = Object.fromEntries(SHARED_KINDS.map((kind) => [kind, inEdition(edition, kind)])) as Log['topicOf'];
  return {
    edition,
    topics: SHARED_KINDS.map((kind) => topicOf[kind]),
    topicOf,
    keyPrefix: edition === 1 ? '' : `e${edition}:`,
  };
}

/** The name of a topic, or of a consumer group, in an edition: the first edition has the plain names. */
export function inEdition<Name extends string>(edition: number, name: Name): Name | `${Name}-${number}` {
  return edition === 1 ? name : `${name}-${edition}`;
}

/** Of a shared topic, in whatever edition; null of any other. */
export function kindOfTopic(topic: string): SharedKind | null {
  const [, kind] = /^([a-z]+)(?:-\d+)?$/.exec(topic) ?? [];
  return SHARED_KINDS.find((known) => known === kind) ?? null;
}

/** Whether it is a shared topic, of another edition than this one. */
export function isOfOtherEdition({ topics }: Log, topic: string): boolean {
  return kindOfTopic(topic) !== null && !topics.some((own) => own === topic);
}
