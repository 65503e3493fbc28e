/**
 * A record of one edition of the log as it goes into the next: under the newest version of its key, in the partition of
 * that, with its bytes and headers. Pure but for the schemas; what can't be taken over is said, never guessed.
 */

import { advancePersonKey, type PersonKey } from '#core/field/identity.ts';
import { NATIONAL, provincePrincipal } from '#exchange/identity/principals.ts';
import { type TagCheck, underText, UNKNOWN, type Verdict } from '#exchange/keys/check.ts';
import { CLAIM, type RecordKey, TAG_AT, TAG_BY, TAG_FOR } from '#exchange/keys/tags.ts';
import type { EditionPlan } from '#exchange/topics/editions.ts';
import type { ReadsKeys } from '#exchange/topics/keys-feed.ts';
import { originalHeaders, placeText } from '#exchange/topics/letters.ts';
import { type Log, logOf } from '#exchange/topics/log.ts';
import { decodeFetching, tagged } from '#exchange/topics/records.ts';
import type { SchemaSource } from '#exchange/topics/registry.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import type { IncomingRecord, OutgoingRecord } from '#platform/kafka/record.ts';
import type { Erased } from './erased.ts';

/** A plan and what it takes to carry it out. */
export interface Copying extends Pick<EditionPlan, 'edition' | 'partitions' | 'keyVersion'> {
  /** The edition that is read. */
  readonly from: Log;
  readonly partitionsBefore: number;
  readonly tags: TagCheck;
  readonly keys: ReadsKeys;
  /** That copies are tagged with: the operator's. */
  readonly recordKey: RecordKey;
  /** One per key version, in order. */
  readonly secrets: readonly Buffer[];
  /** Places of unreadable records that were replayed or discarded. */
  readonly settled: ReadonlySet<string>;
  /** What is hidden by erasures, and left out. */
  readonly erased: Pick<Erased, 'hides'>;
}

/** Why a record stays where it is. */
export const STAYS = ['no_person_key', 'wrong_partition', 'bad_tag', 'no_key_version', 'settled', 'erased'] as const;
export type Stays = (typeof STAYS)[number];

export type Taken = { readonly record: OutgoingRecord } | { readonly stays: Stays };

const KEY_VERSION = 'ce_personkeyversion';

/** @throws HutongError REGISTRY_UNAVAILABLE, KAFKA_UNAVAILABLE */
export async function intoEdition(record: IncomingRecord, plan: Copying, schemas: SchemaSource): Promise<Taken> {
  const { from: log, partitionsBefore: partitions, tags } = plan;
  await plan.keys.readThrough(record.appendedAtMs);
  const verdict = tags.verdictOf(record);
  const decoded = await decodeFetching(record, { log, partitions, schemas, tags }, verdict);
  const stays = decoded.ok ? undefined : STAYS.find((reason) => reason === decoded.reason);
  if (stays !== undefined) return { stays };
  // Its place means nothing in another log: what was settled is left out, and so is what only settles.
  if (decoded.ok ? !('event' in decoded) : plan.settled.has(placeText(record))) return { stays: 'settled' };
  if ('event' in decoded && plan.erased.hides(decoded.key, decoded.event)) return { stays: 'erased' };
  const version = plan.keyVersion === null ? null : keyVersionOf(record, plan.keyVersion);
  if (version === undefined) return { stays: 'no_key_version' };
  const key =
    version === null
      ? (record.key as PersonKey)
      : plan.secrets.slice(version, plan.keyVersion ?? 0).reduce(advancePersonKey, record.key as PersonKey);
  return {
    record: tagged(plan.recordKey, {
      topic: logOf(plan.edition).topics[plan.from.topics.findIndex((topic) => topic === record.topic)] as string,
      partition: partitionOf(key, plan.partitions),
      key,
      value: record.value,
      headers: {
        ...ownHeaders(originalHeaders(record.headers)),
        ...(plan.keyVersion === null ? {} : { [KEY_VERSION]: String(plan.keyVersion) }),
        [TAG_FOR]: copiedFor(verdict),
        ...(verdict.holds && verdict.under !== null ? { [TAG_BY]: underText(verdict.under) } : {}),
        // By this the next edition judges it, and not by the time of the copying: a time that lay too far ahead when
        // it was written doesn't pass by now, and its person stays marked.
        [TAG_AT]: String((verdict.holds ? verdict.firstAppendedAtMs : null) ?? record.appendedAtMs),
      },
    }),
  };
}

/** A copy isn't among what an instance claims of this edition, and under which key it was is said anew. */
function ownHeaders({
  [CLAIM]: _claim,
  [TAG_BY]: _by,
  ...headers
}: OutgoingRecord['headers']): OutgoingRecord['headers'] {
  return headers;
}

/** Its own tag names the topic and the key that it had. What it was checked to be goes along under the copier's. */
function copiedFor(verdict: Verdict): string {
  if (!verdict.holds) return UNKNOWN;
  if (verdict.isNational) return NATIONAL;
  return verdict.province === null ? UNKNOWN : provincePrincipal(verdict.province);
}

/** Undefined when it isn't said, or is newer than the one wanted: nobody can go back. */
function keyVersionOf({ headers }: IncomingRecord, wanted: number): number | undefined {
  const given = headers[KEY_VERSION];
  const version = given === undefined || Array.isArray(given) ? Number.NaN : Number(given.toString());
  return Number.isInteger(version) && version >= 1 && version <= wanted ? version : undefined;
}
