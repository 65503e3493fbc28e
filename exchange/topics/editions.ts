/**
 * What is known of the editions of the log, in the topic `editions`: with which partitions and secrets each was begun,
 * by what plan a further one is filled from the one before, and how far it has been. Two runs under different plans
 * would put a person's records under two keys, and no answer would say so. Kafka forgets what a group has committed,
 * and never this.
 */

import { secretFingerprint } from '#core/field/identity.ts';
import type { CutOff } from '#exchange/keys/check.ts';
import type { Admin, Kafka } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import type { OutgoingRecord } from '#platform/kafka/record.ts';
import { sendOnce } from '#platform/kafka/sender.ts';
import { untilDone } from '#platform/limits/until.ts';
import { EDITIONS_TOPIC } from './topics.ts';

export interface EditionPlan {
  readonly edition: number;
  readonly partitions: number;
  /** Null: every key stays as it is. */
  readonly keyVersion: number | null;
  /** Of the secrets of all key versions up to that one; none without one. */
  readonly fingerprints: readonly string[];
  /** Whether what erasures hide is left out. */
  readonly withoutErased: boolean;
}

export interface KnownEdition {
  readonly plan: EditionPlan;
  /** The offset of the record that holds the plan. */
  readonly at: number;
  /** By `<topic> <partition>` of the former edition: all before this offset is copied. */
  readonly copiedTo: Readonly<Record<string, number>>;
}

/**
 * A note with a plan says which plan it replaces, by that plan's offset; null: none. When several notes replace the
 * same plan, the first of them counts. Any other note says how far the copying by a plan has been.
 */
type Note =
  | { readonly plan: EditionPlan; readonly replaces: number | null }
  | { readonly edition: number; readonly of: number; readonly copiedTo: KnownEdition['copiedTo'] }
  /** From these offsets on every record of the edition bears a tag. */
  | { readonly edition: number; readonly taggedFrom: Exclude<CutOff, null> };

export function planFor(plan: Omit<EditionPlan, 'fingerprints'>, secrets: readonly Buffer[]): EditionPlan {
  return { ...plan, fingerprints: secrets.slice(0, plan.keyVersion ?? 0).map(secretFingerprint) };
}

/** The notes in the order of their topic; being told of one again changes nothing. */
export class EditionBook {
  readonly #known = new Map<number, KnownEdition>();
  readonly #cutOffs = new Map<number, CutOff>();
  #through = -1;

  of(edition: number): KnownEdition | null {
    return this.#known.get(edition) ?? null;
  }

  /** Null: nobody has stated one. */
  cutOffOf(edition: number): CutOff {
    return this.#cutOffs.get(edition) ?? null;
  }

  take(offset: number, value: Buffer | null): void {
    if (offset <= this.#through || value === null) return;
    this.#through = offset;
    const note = JSON.parse(value.toString('utf8')) as Note;
    if ('taggedFrom' in note) {
      if (!this.#cutOffs.has(note.edition)) this.#cutOffs.set(note.edition, note.taggedFrom);
      return;
    }
    const known = this.of('plan' in note ? note.plan.edition : note.edition);
    if ('plan' in note) {
      if ((known?.at ?? null) === note.replaces)
        this.#known.set(note.plan.edition, { plan: note.plan, at: offset, copiedTo: {} });
    } else if (known?.at === note.of) {
      this.#known.set(note.edition, { ...known, copiedTo: { ...known.copiedTo, ...note.copiedTo } });
    }
  }
}

/** @throws HutongError KAFKA_UNAVAILABLE */
export async function readEditions(kafka: Kafka, admin: Admin): Promise<EditionBook> {
  const book = new EditionBook();
  // A log of before there were notes knows no such topic.
  if (!(await admin.listTopics()).includes(EDITIONS_TOPIC)) return book;
  await TopicFeed.readAll(kafka, EDITIONS_TOPIC, ({ offset, value }) => book.take(Number(offset), value));
  return book;
}

export function planRecord(plan: EditionPlan, replaces: KnownEdition | null): OutgoingRecord {
  return recordOf({ plan, replaces: replaces?.at ?? null });
}

export function copiedRecord(
  { plan: { edition }, at }: KnownEdition,
  copiedTo: KnownEdition['copiedTo'],
): OutgoingRecord {
  return recordOf({ edition, of: at, copiedTo });
}

export function cutOffRecord(edition: number, taggedFrom: Exclude<CutOff, null>): OutgoingRecord {
  return recordOf({ edition, taggedFrom });
}

/**
 * Notes with what the first edition is begun, once: of several who note it at a time the first counts.
 * @throws HutongError KAFKA_UNAVAILABLE
 */
export function noteFirstEdition(
  kafka: Kafka,
  admin: Admin,
  partitions: number,
  secrets: readonly Buffer[],
): Promise<void> {
  return untilDone(
    async () => {
      if ((await readEditions(kafka, admin)).of(FIRST_EDITION) !== null) return;
      const plan = { edition: FIRST_EDITION, partitions, keyVersion: secrets.length, withoutErased: false };
      await sendOnce(kafka, [planRecord(planFor(plan, secrets), null)]);
    },
    { everyMs: 200, waitMsMax: LEADER_MS_MAX },
  );
}

const FIRST_EDITION = 1;
/** A topic that was just made has none yet. */
const LEADER_MS_MAX = 30_000;

function recordOf(note: Note): OutgoingRecord {
  return { topic: EDITIONS_TOPIC, partition: 0, key: null, value: Buffer.from(JSON.stringify(note)), headers: {} };
}
