/**
 * Whether this edition of the log may be worked with: how far the former one has been re-published into it, and with
 * which secrets. A producer of this edition claims, by its watermarks, that all it ever took is in the log: so it must
 * not start while some of it is only in the former one, or lies under keys that nobody asks for.
 */

import { secretFingerprint } from '#core/field/identity.ts';
import { HutongError } from '#platform/errors.ts';
import type { Admin, Kafka } from '#platform/kafka/client.ts';
import { endsOf } from '#platform/kafka/ends.ts';
import { type EditionBook, type KnownEdition, readEditions } from './editions.ts';
import { type Log, logOf } from './log.ts';

/** The group whose committed offsets say it. */
export function republicationGroup(edition: number): string {
  return `hutong-republish-${edition}`;
}

/** @throws HutongError LOG_NOT_REPUBLISHED, KAFKA_UNAVAILABLE */
export async function requireRepublished(kafka: Kafka, admin: Admin, { edition }: Log): Promise<void> {
  if (edition === 1) return;
  const left = await readEditions(kafka, admin)
    .then((book) => recordsLeft(admin, edition, book.of(edition)))
    .catch((cause: unknown) => {
      throw new HutongError('KAFKA_UNAVAILABLE', 'it could not be read how far the log was re-published', {
        retriable: true,
        cause,
      });
    });
  if (left === 0) return;
  throw new HutongError(
    'LOG_NOT_REPUBLISHED',
    `edition ${edition - 1} of the log holds ${left} records that are not in edition ${edition} yet`,
    {
      retriable: false,
      hint: `stop all producers of edition ${edition - 1}, and let hutong log republish come to its end`,
    },
  );
}

/**
 * The keys of an edition are made with the secrets that it was republished with. A process with others would file
 * events, or ask for people, under keys of its own, and every answer would be a plain `no_evidence`.
 * @throws HutongError LOG_OTHER_PLAN, KAFKA_UNAVAILABLE
 */
export async function requireKeysOfLog(
  kafka: Kafka,
  admin: Admin,
  { edition }: Log,
  secrets: readonly Buffer[],
): Promise<void> {
  const fault = keyFaultOf(await readEditions(kafka, admin), edition, secrets);
  if (fault === null) return;
  throw new HutongError(
    'LOG_OTHER_PLAN',
    `the person keys of edition ${edition} of the log are not made with these secrets: ${fault}`,
    {
      retriable: false,
      hint:
        'give HUTONG_PERSON_KEY_SECRETS as it was given to hutong log republish: all secrets up to the key ' +
        'version, in order',
    },
  );
}

/** Null where they fit, or where nothing is known: keys were never republished, or by a version that noted no plan. */
export function keyFaultOf(book: EditionBook, edition: number, secrets: readonly Buffer[]): string | null {
  const plan = book.of(edition)?.plan;
  if (plan === undefined) return null;
  const { keyVersion, fingerprints } = plan;
  if (keyVersion === null) return keyFaultOf(book, edition - 1, secrets);
  if (secrets.length !== keyVersion) return `its key version is ${keyVersion}, and there are ${secrets.length} secrets`;
  const other = secrets.findIndex((secret, index) => secretFingerprint(secret) !== fingerprints[index]);
  return other === -1 ? null : `secret ${other + 1} is another`;
}

async function recordsLeft(admin: Admin, edition: number, known: KnownEdition | null): Promise<number> {
  const existing = new Set(await admin.listTopics());
  const former = logOf(edition - 1).topics.filter((topic) => existing.has(topic));
  const committed = await admin.fetchOffsets({ groupId: republicationGroup(edition), topics: former });
  // Kafka forgets what a group committed some days after its last use. What is noted it keeps; of an edition that was
  // made before there were notes, the number of records must do.
  const isForgotten =
    known === null && committed.every(({ partitions }) => partitions.every(({ offset }) => Number(offset) < 0));
  if (isForgotten && (await sizeOf(admin, logOf(edition).topics)) >= (await sizeOf(admin, former))) return 0;
  let left = 0;
  for (const { topic, partition, low, high } of await endsOf(admin, former)) {
    const { partitions = [] } = committed.find((each) => each.topic === topic) ?? {};
    const next = Math.max(
      Number(partitions.find((each) => each.partition === partition)?.offset ?? -1),
      known?.copiedTo[`${topic} ${partition}`] ?? -1,
    );
    left += Math.max(0, high - Math.max(next, low));
  }
  return left;
}

async function sizeOf(admin: Admin, topics: readonly string[]): Promise<number> {
  return (await endsOf(admin, topics)).reduce((sum, { low, high }) => sum + high - low, 0);
}
