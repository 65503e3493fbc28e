/**
 * `hutong log republish`: copies the shared topics into their next edition, with more partitions or newer keys. A
 * record counts as copied once all in-sync replicas have it; broken off, it goes on from there, and what it then copies
 * twice changes no view. All runs keep to the plan of the first.
 */

import { OPERATOR } from '#exchange/identity/principals.ts';
import { ensureTopics } from '#exchange/topics/admin.ts';
import { stateCutOff } from '#exchange/topics/cut-off.ts';
import { type EditionPlan, planFor } from '#exchange/topics/editions.ts';
import { noteOf, placeText } from '#exchange/topics/letters.ts';
import { type Log, logOf } from '#exchange/topics/log.ts';
import { forRecordsInHand } from '#exchange/topics/registry.ts';
import { republicationGroup } from '#exchange/topics/republication.ts';
import { DEAD_LETTERS_TOPIC } from '#exchange/topics/topics.ts';
import { HutongError } from '#platform/errors.ts';
import { type Admin, type Consumer, consumerRetries, type Kafka, onGivenUp } from '#platform/kafka/client.ts';
import { TopicFeed } from '#platform/kafka/feed.ts';
import { Outbox, OUTBOX_LIMITS } from '#platform/kafka/outbox.ts';
import { incoming, type IncomingRecord } from '#platform/kafka/record.ts';
import { KafkaSender } from '#platform/kafka/sender.ts';
import { every } from '#platform/limits/every.ts';
import { until } from '#platform/limits/until.ts';
import { acknowledged } from '#services/cli/shared/acknowledged.ts';
import { connectLog, type ConnectedLog, type LogAddresses, sayable } from '#services/cli/shared/connected.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { readErasures } from '#services/cli/shared/read-erasures.ts';
import { closeAll, unlessItStandsStill } from '#services/cli/shared/standstill.ts';
import { Erased } from './erased.ts';
import { type Copying, intoEdition, type Stays, STAYS } from './new-edition.ts';
import { agreeOn, commandOf, noteCopied, requireSamePlan } from './plan.ts';
import { committedTo, Progress } from './progress.ts';

export interface RepublishOptions extends LogAddresses {
  /** Null: as many as before. */
  readonly partitions: number | null;
  readonly keyVersion: number | null;
  readonly secrets: readonly Buffer[];
  /** Whether what erasures hide is left out. */
  readonly withoutErased: boolean;
  /** The options that say where the log is, as they were given. */
  readonly addressFlags: readonly string[];
}

const COPIES_QUEUE_MAX = 100_000;
/** So long a run that was broken off keeps the next one waiting. */
const SESSION_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 1_000;

/**
 * @returns the exit status
 * @throws HutongError of what isn't there; LOG_OTHER_PLAN; ALREADY_RUNNING; KAFKA_TOPIC_MISSING when the new topics
 *   have another shape
 */
export async function republishLog(log: Log, options: RepublishOptions, print: Print): Promise<number> {
  const connected = await connectLog(log, options);
  try {
    const plan = planFor(
      {
        edition: log.edition + 1,
        partitions: options.partitions ?? connected.partitions,
        keyVersion: options.keyVersion,
        withoutErased: options.withoutErased,
      },
      options.secrets,
    );
    const copied = await copyByPlan(connected, plan, options.secrets);
    print(
      `Copied ${copied.records} records of ${log.topics.join(', ')} into ` +
        `${logOf(plan.edition).topics.join(', ')} of ${plan.partitions} partitions.`,
    );
    for (const reason of STAYS)
      if (copied.stayed[reason] > 0)
        print(`${copied.stayed[reason]} records stay where they are: ${WHY_STAYS[reason]}.`);
    print(
      `Stop the producers of edition ${log.edition}, and give this command again until it copies 0 records: ` +
        `${commandOf(plan, options.addressFlags)}`,
    );
    const secrets = plan.keyVersion === null ? '' : ` and the ${plan.keyVersion} secrets of this run`;
    print(
      `Then start everything with HUTONG_LOG_EDITION=${plan.edition} HUTONG_PARTITIONS=${plan.partitions}${secrets}; ` +
        'a producer that is too early says so.',
    );
    return EXIT.ok;
  } catch (error) {
    throw sayable(error);
  } finally {
    await closeAll(connected.close);
  }
}

const MARKS_STAY = 'their dead letters, and the marks of their provinces, stay too';
const WHY_STAYS: Readonly<Record<Stays, string>> = {
  no_person_key: `they have no key of a person; ${MARKS_STAY}`,
  wrong_partition: `they lie in the wrong partition; ${MARKS_STAY}`,
  bad_tag: `nobody vouches for them; ${MARKS_STAY}`,
  no_key_version: 'their headers name no key version that could be advanced',
  settled: 'unreadable ones that were replayed or discarded, and what says so',
  erased: 'an erasure of their person hides them',
};

async function copyByPlan(connected: ConnectedLog, plan: EditionPlan, secrets: readonly Buffer[]): Promise<Copied> {
  const { log, kafka, admin } = connected;
  const groupId = republicationGroup(plan.edition);
  await requireAlone(admin, groupId);
  const known = await requireSamePlan(connected, plan);
  await ensureTopics({
    log: logOf(plan.edition),
    kafka: connected.access,
    partitions: plan.partitions,
    replicationFactor: await replicasOf(admin, log),
  });
  await stateCutOff(kafka, admin, logOf(plan.edition), 'empty');
  const { edition, beginsAnew } = await agreeOn(connected, plan, known);
  const progress = await Progress.begin(connected, groupId, edition, beginsAnew);
  const settled = await settledPlaces(kafka);
  const erased = new Erased();
  if (plan.withoutErased) for (const { key, event } of await readErasures(connected)) erased.add(key, event);
  const recordKey = connected.ring().newestOf(OPERATOR);
  const { tags, keys } = await connected.followingTags();
  const whole = { ...plan, from: log, partitionsBefore: connected.partitions, tags, keys, recordKey };
  try {
    const copied = await copyAll(connected, { ...whole, secrets, settled, erased }, groupId, progress);
    await noteCopied(connected, edition, await committedTo(admin, log, groupId));
    return copied;
  } finally {
    await closeAll(() => keys.stop());
  }
}

/**
 * Two runs would share the log between them. One that was broken off is a member until its session ends.
 * @throws HutongError ALREADY_RUNNING
 */
async function requireAlone(admin: Admin, groupId: string): Promise<void> {
  const isAlone = async (): Promise<boolean> => {
    const { groups } = await admin.describeGroups([groupId]);
    return groups.every(({ members }) => members.length === 0);
  };
  if (await until(isAlone, { everyMs: LOOK_EVERY_MS, waitMsMax: 2 * SESSION_TIMEOUT_MS })) return;
  throw new HutongError('ALREADY_RUNNING', 'another hutong log republish copies into the same edition', {
    retriable: true,
    hint: 'wait for its end',
  });
}

/** Of unreadable records that were replayed or discarded. */
async function settledPlaces(kafka: Kafka): Promise<ReadonlySet<string>> {
  const settled = new Set<string>();
  await TopicFeed.readAll(kafka, DEAD_LETTERS_TOPIC, ({ headers = {} }) => {
    const note = noteOf(headers);
    if (note !== null) settled.add(placeText(note.settlement.place));
  });
  return settled;
}

interface Copied {
  records: number;
  readonly stayed: Record<Stays, number>;
}

/** All that lies between what was copied before and the end that the log has now. */
async function copyAll(
  { log, kafka, admin, schemas, trouble }: ConnectedLog,
  copying: Copying,
  groupId: string,
  progress: Progress,
): Promise<Copied> {
  const copied: Copied = {
    records: 0,
    stayed: { no_person_key: 0, wrong_partition: 0, bad_tag: 0, no_key_version: 0, settled: 0, erased: 0 },
  };
  if (progress.isDone) return copied;
  const sender = await acknowledged(KafkaSender.connect(kafka));
  const outbox = new Outbox(
    sender,
    { queueRecordsMax: COPIES_QUEUE_MAX, ...OUTBOX_LIMITS },
    trouble.logger,
    () => undefined,
  );
  const copy = async (records: readonly IncomingRecord[]): Promise<void> => {
    const inHand = forRecordsInHand(schemas);
    const taken = await Promise.all(records.map((record) => intoEdition(record, copying, inHand)));
    // In the order of the log, hence each person's in each topic; the outbox sends one batch at a time.
    await Promise.all(taken.flatMap((each) => ('record' in each ? [outbox.add(each.record, 0, true)] : [])));
    for (const each of taken) {
      if ('stays' in each) copied.stayed[each.stays] += 1;
      else copied.records += 1;
    }
  };
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    sessionTimeout: SESSION_TIMEOUT_MS,
    maxWaitTimeInMs: 250,
    retry: consumerRetries(),
  });
  // Whatever ends this run's part of a partition between a commit and what is known of it here is found out.
  const stopLooking = every(LOOK_EVERY_MS, () => progress.reconcile(admin, log, groupId).catch(() => undefined));
  try {
    await unlessItStandsStill(consume(consumer, log, copy, progress), {
      what: 'copying the log',
      progress: () => progress.moves,
      trouble,
    });
  } finally {
    stopLooking();
    progress.stop();
    await closeAll(
      () => consumer.disconnect(),
      () => sender.close(),
    );
  }
  return copied;
}

/** Until everything is passed. Exported for its test. */
export async function consume(
  consumer: Consumer,
  { topics }: Log,
  copy: (records: readonly IncomingRecord[]) => Promise<void>,
  progress: Progress,
): Promise<void> {
  onGivenUp(consumer, (error) => progress.fail(error));
  const passed = async (topic: string, partition: number, lastOffset: string): Promise<void> => {
    const next = Number(lastOffset) + 1;
    await consumer.commitOffsets([{ topic, partition, offset: String(next) }]);
    // At once: what follows a commit may fail, and the batch doesn't come again.
    progress.passed(`${topic} ${partition}`, next);
  };
  // A batch of control records or of an aborted transaction never reaches eachBatch, and may be what the log ends with.
  consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
    if (batchSize === 0)
      passed(topic, partition, lastOffset).catch((cause: unknown) =>
        progress.fail(
          new HutongError('KAFKA_UNAVAILABLE', 'what was copied could not be committed', {
            retriable: true,
            cause,
            hint: 'give the command again: it goes on from there',
          }),
        ),
      );
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
      await copy(batch.messages.map((message) => incoming(batch.topic, batch.partition, message)));
      await passed(batch.topic, batch.partition, batch.lastOffset());
      resolveOffset(batch.lastOffset());
      await heartbeat();
    },
  });
  await progress.done;
}

async function replicasOf(admin: Admin, log: Log): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [...log.topics] });
  return topics[0]?.partitions[0]?.replicas.length ?? 1;
}
