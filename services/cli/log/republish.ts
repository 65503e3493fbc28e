/**
 * `hutong log republish`: copies the shared topics into their next edition, with more partitions or newer keys. A record
 * counts as copied once all in-sync replicas have it; broken off, it goes on from there, and what it then copies twice
 * changes no view.
 */
import { type Options, Presets, SingleBar } from 'cli-progress';
import { HutongError } from '#platform/errors.ts';
import { ensureTopics } from '#topics/admin.ts';
import { type Admin, type Consumer, consumerRetries, type EachBatchPayload, type Kafka, onGivenUp } from '#topics/kafka.ts';
import { KafkaSender } from '#topics/kafka-sender.ts';
import { noteOf, placeText } from '#topics/letters.ts';
import { Outbox, OUTBOX_LIMITS } from '#topics/outbox.ts';
import type { IncomingRecord } from '#topics/records.ts';
import { forRecordsInHand } from '#topics/registry.ts';
import { republicationGroup } from '#topics/republication.ts';
import { TopicFeed } from '#topics/topic-feed.ts';
import { DEAD_LETTERS_TOPIC, LOG_EDITION, SHARED_TOPICS, sharedTopicsOf } from '#topics/topics.ts';
import { connectLog, type ConnectedLog, type LogAddresses, type LogEnd, logEnds } from '../connected.ts';
import { type EditionPlan, intoEdition, type Stays, STAYS } from './new-edition.ts';

export interface RepublishOptions extends LogAddresses {
  /** Null: as many as before. */
  readonly partitions: number | null;
  readonly keyVersion: number | null;
  readonly secrets: readonly Buffer[];
}

const QUEUE_RECORDS_MAX = 100_000;
/** So long a run that was broken off keeps the next one waiting. */
const SESSION_TIMEOUT_MS = 10_000;

/** @returns the exit status. @throws HutongError of what isn't there; KAFKA_TOPIC_MISSING when the new topics have another shape */
export async function republishLog(options: RepublishOptions, print: (text: string) => void): Promise<number> {
  const connected = await connectLog(options);
  try {
    const plan: EditionPlan = { edition: LOG_EDITION + 1, partitions: options.partitions ?? connected.partitions, partitionsBefore: connected.partitions, keyVersion: options.keyVersion, secrets: options.secrets, settled: await settledPlaces(connected) };
    await ensureTopics({ brokers: options.kafka.split(','), partitions: plan.partitions, replicationFactor: await replicasOf(connected.admin), edition: plan.edition });
    const copied = await copyAll(connected, plan);
    print(`Copied ${copied.records} records of ${SHARED_TOPICS.join(', ')} into ${sharedTopicsOf(plan.edition).join(', ')} of ${plan.partitions} partitions.`);
    for (const reason of STAYS) if (copied.stayed[reason] > 0) print(`${copied.stayed[reason]} records stay where they are: ${WHY_STAYS[reason]}.`);
    print(`Stop the producers of edition ${LOG_EDITION}, run this again until it copies 0 records, then start everything with HUTONG_LOG_EDITION=${plan.edition} HUTONG_PARTITIONS=${plan.partitions}; a producer that is too early says so.`);
    return 0;
  } finally {
    await connected.close();
  }
}

const MARKS_STAY = 'their dead letters, and the marks of their provinces, stay too';
const WHY_STAYS: Readonly<Record<Stays, string>> = {
  no_person_key: `they have no key of a person; ${MARKS_STAY}`,
  wrong_partition: `they lie in the wrong partition; ${MARKS_STAY}`,
  no_key_version: 'their headers name no key version that could be advanced',
  settled: 'unreadable ones that were replayed or discarded, and what says so',
};

/** Of unreadable records that were replayed or discarded. */
async function settledPlaces({ kafka }: ConnectedLog): Promise<ReadonlySet<string>> {
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
async function copyAll({ kafka, admin, schemas, logger }: ConnectedLog, plan: EditionPlan): Promise<Copied> {
  const groupId = republicationGroup(plan.edition);
  const progress = await Progress.begin(admin, groupId);
  const copied: Copied = { records: 0, stayed: { no_person_key: 0, wrong_partition: 0, no_key_version: 0, settled: 0 } };
  if (progress.isDone) return copied;
  const sender = await KafkaSender.connect(kafka);
  const outbox = new Outbox(sender, { queueRecordsMax: QUEUE_RECORDS_MAX, ...OUTBOX_LIMITS }, logger, () => undefined);
  const copy = async (records: readonly IncomingRecord[]): Promise<void> => {
    const inHand = forRecordsInHand(schemas);
    const taken = await Promise.all(records.map((record) => intoEdition(record, plan, inHand)));
    // In the order of the log, hence each person's in each topic; the outbox sends one batch at a time.
    await Promise.all(taken.flatMap((each) => ('record' in each ? [outbox.add(each.record, 0, true)] : [])));
    for (const each of taken) {
      if ('stays' in each) copied.stayed[each.stays] += 1;
      else copied.records += 1;
    }
  };
  try {
    await consume(kafka, groupId, copy, progress);
  } finally {
    progress.stop();
    await sender.close();
  }
  return copied;
}

/** Before anything is copied: a copy that is broken off must not look like one of long ago, which Kafka has forgotten. */
async function commitBeginning(admin: Admin, groupId: string, ends: readonly LogEnd[]): Promise<void> {
  for (const topic of SHARED_TOPICS) {
    const partitions = ends.filter((end) => end.topic === topic).map(({ partition, low }) => ({ partition, offset: String(low) }));
    await admin.setOffsets({ groupId, topic, partitions }).catch((cause: unknown) => {
      throw new HutongError('KAFKA_UNAVAILABLE', 'where the copying begins could not be noted', { retriable: true, cause, hint: 'another hutong log republish may be at work: wait for its end' });
    });
  }
}

/** Where the copying is and where it ends, by topic and partition, with a bar. */
class Progress {
  readonly #open: Map<string, { next: number; readonly high: number }>;
  readonly #bar = new SingleBar(BAR, Presets.shades_classic);
  readonly #done = Promise.withResolvers<void>();

  private constructor(open: Map<string, { next: number; readonly high: number }>) {
    this.#open = open;
    this.#bar.start([...open.values()].reduce((sum, { next, high }) => sum + high - next, 0), 0);
    this.#done.promise.catch(() => undefined); // whoever waits gets it
  }

  static async begin(admin: Admin, groupId: string): Promise<Progress> {
    const committed = await admin.fetchOffsets({ groupId, topics: [...SHARED_TOPICS] });
    const isNew = committed.every(({ partitions }) => partitions.every(({ offset }) => Number(offset) < 0));
    const nextOf = ({ topic, partition, low }: LogEnd): number => Math.max(low, Number(committed.find((each) => each.topic === topic)?.partitions.find((each) => each.partition === partition)?.offset ?? -1));
    const ends = await logEnds(admin);
    if (isNew) await commitBeginning(admin, groupId, ends);
    return new Progress(new Map(ends.filter((end) => end.high > nextOf(end)).map((end) => [`${end.topic} ${end.partition}`, { next: nextOf(end), high: end.high }])));
  }

  get isDone(): boolean {
    return this.#open.size === 0;
  }

  get done(): Promise<void> {
    return this.#done.promise;
  }

  fail(error: unknown): void {
    this.#done.reject(error);
  }

  passed(topic: string, partition: number, nextOffset: number): void {
    const known = this.#open.get(`${topic} ${partition}`);
    if (known === undefined) return;
    this.#bar.increment(Math.max(0, Math.min(nextOffset, known.high) - known.next));
    known.next = nextOffset;
    if (nextOffset >= known.high) this.#open.delete(`${topic} ${partition}`);
    if (this.isDone) this.#done.resolve();
  }

  stop(): void {
    this.#bar.stop();
  }
}

const BAR: Options = { stream: process.stderr, format: 'copying {bar} {percentage} % | {value} of {total} records | {eta_formatted} left', clearOnComplete: true, noTTYOutput: false };

async function consume(kafka: Kafka, groupId: string, copy: (records: readonly IncomingRecord[]) => Promise<void>, progress: Progress): Promise<void> {
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, sessionTimeout: SESSION_TIMEOUT_MS, maxWaitTimeInMs: 250, retry: consumerRetries() });
  onGivenUp(consumer, (error) => progress.fail(error));
  // A batch of control records or of an aborted transaction never reaches eachBatch, and may be what the log ends with.
  consumer.on(consumer.events.START_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
    if (batchSize === 0) void commit(consumer, topic, partition, Number(lastOffset) + 1).then(() => progress.passed(topic, partition, Number(lastOffset) + 1), progress.fail.bind(progress));
  });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...SHARED_TOPICS], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
        await copy(recordsOf(batch));
        await commit(consumer, batch.topic, batch.partition, Number(batch.lastOffset()) + 1);
        resolveOffset(batch.lastOffset());
        await heartbeat();
        progress.passed(batch.topic, batch.partition, Number(batch.lastOffset()) + 1);
      },
    });
    await progress.done;
  } finally {
    await consumer.disconnect();
  }
}

async function commit(consumer: Consumer, topic: string, partition: number, nextOffset: number): Promise<void> {
  await consumer.commitOffsets([{ topic, partition, offset: String(nextOffset) }]);
}

function recordsOf({ topic, partition, messages }: EachBatchPayload['batch']): IncomingRecord[] {
  return messages.map(({ offset, timestamp, key, value, headers }) => ({ topic, partition, offset: Number(offset), appendedAtMs: Number(timestamp), key, value, headers: headers ?? {} }));
}

async function replicasOf(admin: Admin): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [...SHARED_TOPICS] });
  return topics[0]?.partitions[0]?.replicas.length ?? 1;
}
